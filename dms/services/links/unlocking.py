"""Unlocking a link that locked after wrong codes: its maker may, once, and the receiver needs a new access code."""

from sqlalchemy import update

from dms.db.tables import LinkChallengeRow, ScopedLinkRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from dms.model.events import By, Event, EventKind
from dms.model.links import LinkLife, Verification
from dms.services.links import doorway_counters as counters
from dms.services.links.reach import effective_now


def may_unlock(link: ScopedLinkRow, life: LinkLife) -> bool:
    """Whether its maker may unlock it."""
    return life is LinkLife.LOCKED and link.unlocked_at is None


def unlock(uow: UnitOfWork, by: By, link: ScopedLinkRow, code_hash: str) -> None:
    """Let the link be opened again, with the access code of this hash and with nothing older. For its maker.

    Wrong codes of today count no longer; at the next lock it stays locked. Raises BadInput.
    """
    counters.clear(uow, counters.WRONG, link.id)  # held first, as who tries a code does
    uow.session.refresh(link, with_for_update=True)
    if not may_unlock(link, effective_now(uow.session, link, uow.now, uow.today).life):
        raise BadInput(
            N_("Deze link kan niet (meer) van het slot."),
            N_("Een link mag één keer van het slot. Maak een nieuwe link."),
            code="not_to_unlock",
        )
    link.locked_at, link.unlocked_at = None, uow.now
    link.verification, link.access_code_hash = Verification.CODE, code_hash
    link.row_version += 1
    uow.session.execute(
        update(LinkChallengeRow)
        .where(LinkChallengeRow.link_id == link.id, LinkChallengeRow.used_at.is_(None))
        .values(used_at=uow.now)
    )
    uow.record(
        Event(
            EventKind.LINK_UNLOCKED,
            by,
            link.board_id,
            link.school_id,
            link.pupil_id,
            object_kind="link",
            object_id=link.id,
            details={"openings": link.openings},
        )
    )
