"""Letters about links: the address to the receiver, and to the maker that somebody looked. No pupil's name in them."""

from sqlalchemy import update

from dms.db.tables import ScopedLinkRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.clock import legal_date
from dms.model.letters import LetterKind
from dms.services.links.recipients import Recipient
from dms.services.notices.post import Letter, Sealed, language_of, post
from storage.vault import Vault


def send_link(uow: UnitOfWork, vault: Vault, link: ScopedLinkRow, recipient: Recipient, url: str) -> None:
    """Mail the link's address to its receiver. Address and receiver stay sealed until it is sent."""
    to = Sealed(
        link.pupil_id, column := f"link-mail-{link.id}", vault.seal(link.pupil_id, column, recipient.email.encode())
    )
    secret = Sealed(link.pupil_id, named := f"link-address-{link.id}", vault.seal(link.pupil_id, named, url.encode()))
    post(
        uow,
        Letter(
            LetterKind.LINK_SENT,
            to,
            link.school_id,
            language=link.language,
            params={"until": legal_date(link.ends)},
            secret=secret,
        ),
    )


def first_view(uow: UnitOfWork, link: ScopedLinkRow) -> bool:
    """Somebody verified looked at a document: the first time it is kept, and its maker hears of it on the screens and,
    if she wants such letters, by mail. False where it was not the first time. For the doorway, in its transaction.
    """
    changed = uow.session.execute(
        update(ScopedLinkRow)
        .where(ScopedLinkRow.id == link.id, ScopedLinkRow.first_viewed_at.is_(None))
        .values(first_viewed_at=uow.now)
        .execution_options(synchronize_session=False)
    )
    if not changed.rowcount:  # type: ignore[attr-defined]
        return False
    _to_maker(uow, link, LetterKind.LINK_VIEWED)
    return True


def locked(uow: UnitOfWork, link: ScopedLinkRow) -> bool:
    """Too many wrong codes: the link lets nobody new in any more, and its maker hears of it. False where it was locked
    already. For the doorway, in its transaction.
    """
    changed = uow.session.execute(
        update(ScopedLinkRow)
        .where(ScopedLinkRow.id == link.id, ScopedLinkRow.locked_at.is_(None))
        .values(locked_at=uow.now, row_version=ScopedLinkRow.row_version + 1)
        .execution_options(synchronize_session=False)
    )
    if not changed.rowcount:  # type: ignore[attr-defined]
        return False
    _to_maker(uow, link, LetterKind.LINK_LOCKED)
    return True


def _to_maker(uow: UnitOfWork, link: ScopedLinkRow, kind: LetterKind) -> None:
    post(
        uow,
        Letter(
            kind,
            link.creator_id,
            link.school_id,
            language=language_of(uow, link.creator_id),
            params={"date": uow.today, "page": f"/deellinks/{link.id}"},
        ),
    )
