"""Making links, looking at them before they are made, and revoking them."""

import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dms.db.tables import (
    BoardRow,
    SchoolRow,
    ScopedLinkCategoryRow,
    ScopedLinkDocumentRow,
    ScopedLinkRow,
)
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.digest import token_digest
from dms.kernel.errors import BadInput, NotFound, Refused
from dms.kernel.ids import new_id
from dms.kernel.text import N_
from dms.model.events import By, Event, EventKind
from dms.model.links import LinkEnd, LinkTarget, Permission, Verification
from dms.services import passwords
from dms.services.filing import log_act
from dms.services.links import letters
from dms.services.links.listing import sight_of
from dms.services.links.orders import Plan, planned
from dms.services.links.reach import effective_now
from dms.services.links.recipients import Recipient, digest_of, sealed
from dms.services.links.shapes import Made, Order, Preview
from dms.services.links.unlocking import unlock
from dms.services.links.warnings import warnings
from dms.services.tools import Tools, full_name, school_view
from rights.rules.links import RANDOM_BYTES, make_token
from rights.service.gate import Gate

CODE_DIGITS = 8
"""An access code is so many digits: short enough for the telephone."""


class Links:
    """What colleagues do with links. `public_url`: the address of the house, as receivers know it."""

    def __init__(self, tools: Tools, public_url: str) -> None:
        self._tools = tools
        self._public_url = public_url.rstrip("/")

    def preview(self, by: By, order: Order) -> Preview:
        """The link as it would be. Nothing is made. Raises NotFound, Refused, BadInput."""
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            plan = planned(gate, order, self._tools.clock.now())
            return self._preview(session, order, plan)

    def create(self, by: By, order: Order) -> Made:
        """Make the link; its address and code are in this answer only. Raises NotFound, Refused, BadInput."""
        token = make_token(secrets.token_bytes(RANDOM_BYTES))
        secret = _new_secret()
        with self._tools.database.begin() as uow:
            return self._made(uow, by, order, token, secret)

    def readdress(self, by: By, link_id: UUID, recipient: str, email: str = "") -> Made:
        """The same for another receiver: the link is revoked, and a new one made until the same moment.

        What was frozen is frozen anew. Raises NotFound, Refused, BadInput.
        """
        token = make_token(secrets.token_bytes(RANDOM_BYTES))
        secret = _new_secret()
        with self._tools.database.begin() as uow:
            gate = Gate(uow.session, by.user_id, uow.today)
            row = self._revocable(uow.session, gate, by, link_id)
            if row.revoked_at is not None or row.ends <= uow.now or row.target is LinkTarget.PACKAGE:
                raise BadInput(
                    N_("Deze link is voorbij, of hoort bij een pakket."), N_("Maak een nieuwe link."), code="link_over"
                )
            still = effective_now(uow.session, row, uow.now, uow.today).open_places
            if not still:
                raise BadInput(N_("Deze link opent nu niets."), N_("Maak een nieuwe link."), code="link_powerless")
            documents = () if row.live else tuple(x.document_id for x in still)
            copies = frozenset(x.document_id for x in still if x.copy_id is not None)
            order = order_of(uow.session, row, Recipient(recipient, email), documents, copies, uow.now)
            _end(uow, by, row, LinkEnd.RECIPIENT_CHANGED)
            return self._made(uow, by, order, token, secret, ends=row.ends)

    def revoke(self, by: By, link_id: UUID) -> bool:
        """End a link at once: the next request of its receiver finds nothing. False: it was over already.

        For its maker, for who may share something of it, and for the privacy officer. Raises NotFound.
        """
        with self._tools.database.begin() as uow:
            row = self._revocable(uow.session, Gate(uow.session, by.user_id, uow.today), by, link_id)
            return _end(uow, by, row, LinkEnd.REVOKED)

    def revoke_dossier(self, by: By, pupil_id: UUID) -> int:
        """End all links of a dossier that the person may revoke; says how many. Raises NotFound."""
        with self._tools.database.begin() as uow:
            gate = Gate(uow.session, by.user_id, uow.today)
            sight = sight_of(gate, by)
            sight.require_dossier(pupil_id)
            rows = sight.open_links(ScopedLinkRow.pupil_id == pupil_id, uow.now)
            return sum(_end(uow, by, x, LinkEnd.REVOKED) for x in rows if sight.may_revoke(x))

    def revoke_recipient(self, by: By, link_id: UUID) -> int:
        """End all links of the receiver of this link at its school that the person may revoke; says how many.

        Raises NotFound.
        """
        with self._tools.database.begin() as uow:
            gate = Gate(uow.session, by.user_id, uow.today)
            row = self._revocable(uow.session, gate, by, link_id)
            sight = sight_of(gate, by)
            same = (ScopedLinkRow.school_id == row.school_id) & (ScopedLinkRow.recipient_digest == row.recipient_digest)
            rows = sight.open_links(same, uow.now)
            return sum(_end(uow, by, x, LinkEnd.REVOKED) for x in rows if sight.may_revoke(x))

    def unlock(self, by: By, link_id: UUID) -> str:
        """Unlock a link that locked after wrong codes; its new access code, in this answer only. For its maker, once.

        Raises NotFound, Refused, BadInput.
        """
        code, code_hash = _new_secret()
        with self._tools.database.begin() as uow:
            row = uow.session.get(ScopedLinkRow, link_id)
            sight = sight_of(Gate(uow.session, by.user_id, uow.today), by)
            if row is None or not sight.sees(row):
                raise NotFound
            if not sight.mine(row):
                raise Refused
            unlock(uow, by, row, code_hash)
        return code

    def _revocable(self, session: Session, gate: Gate, by: By, link_id: UUID) -> ScopedLinkRow:
        row = session.get(ScopedLinkRow, link_id)
        sight = sight_of(gate, by)
        if row is None or not sight.sees(row):
            raise NotFound
        if not sight.may_revoke(row):
            raise Refused
        return row

    def _made(
        self,
        uow: UnitOfWork,
        by: By,
        order: Order,
        token: str,
        secret: tuple[str, str],
        ends: datetime | None = None,
    ) -> Made:
        if by.user_id is None:
            raise Refused
        gate = Gate(uow.session, by.user_id, uow.today)
        plan = planned(gate, order, uow.now)
        link_id = new_id()
        code, code_hash = secret if plan.verification is Verification.CODE else ("", None)
        vault = self._tools.vault
        row = ScopedLinkRow(
            id=link_id,
            board_id=plan.dossier.board_id,
            school_id=plan.dossier.school_id,
            dossier_id=plan.dossier.id,
            pupil_id=plan.pupil.id,
            creator_id=by.user_id,
            token_digest=token_digest(token),
            target=plan.target,
            live=order.live and plan.target in (LinkTarget.CATEGORIES, LinkTarget.DOSSIER),
            package_id=order.package_id,
            permissions=" ".join(sorted(x.value for x in plan.permissions)),
            recipient_sealed=sealed(vault, plan.pupil.id, link_id, plan.recipient),
            recipient_digest=digest_of(vault, plan.dossier.school_id, plan.recipient),
            purpose=plan.purpose,
            legal_basis=order.basis,
            language=order.language,
            starts=plan.starts,
            ends=plan.ends if ends is None else ends,
            max_openings=order.openings,
            openings=0,
            verification=plan.verification,
            access_code_hash=code_hash,
            account_id=plan.account_id,
            watermark=order.watermark,
            row_version=1,
            created_at=uow.now,
        )
        uow.session.add(row)
        uow.flush()
        if not row.live:
            uow.session.add_all(
                ScopedLinkDocumentRow(
                    link_id=link_id,
                    document_id=x.placement.document_id,
                    version_id=x.version_id,
                    placement_id=x.placement.id,
                    copy_id=x.copy_id,
                )
                for x in plan.items
            )
        elif plan.target is LinkTarget.CATEGORIES:
            uow.session.add_all(ScopedLinkCategoryRow(link_id=link_id, category=x.code) for x in plan.categories)
        url = f"{self._public_url}/l/{token}"
        sends = _sends(order, plan, uow.now)
        if sends:
            letters.send_link(uow, vault, row, plan.recipient, url)
        uow.record(
            Event(
                EventKind.LINK_MADE,
                by,
                row.board_id,
                row.school_id,
                row.pupil_id,
                object_kind="link",
                object_id=link_id,
                details={
                    "target": row.target.value,
                    "live": row.live,
                    "documents": len(plan.items),
                    "redacted": sum(x.shown.redacted for x in plan.items),
                    "permissions": row.permissions,
                    "verification": row.verification.value,
                    "basis": row.legal_basis.value,
                    "highest": str(plan.highest),
                    "ends": row.ends.isoformat(),
                    "openings": row.max_openings,
                    "sent": sends,
                },
                note=row.purpose,
            )
        )
        _tell_dossier(uow, by, row, plan)
        return Made(link_id, url, code, sends)

    def _preview(self, session: Session, order: Order, plan: Plan) -> Preview:
        school = session.get_one(SchoolRow, plan.dossier.school_id)
        board = session.get_one(BoardRow, plan.dossier.board_id)
        now = self._tools.clock.now()
        digest = digest_of(self._tools.vault, school.id, plan.recipient)
        others = session.scalar(
            select(func.count())
            .select_from(ScopedLinkRow)
            .where(
                ScopedLinkRow.pupil_id == plan.pupil.id,
                ScopedLinkRow.recipient_digest == digest,
                ScopedLinkRow.revoked_at.is_(None),
                ScopedLinkRow.ends > now,
            )
        )
        return Preview(
            pupil_id=plan.pupil.id,
            pupil=full_name(plan.pupil),
            school=school_view(school, board),
            target=plan.target,
            live=order.live,
            recipient=plan.recipient.name,
            email=plan.recipient.email,
            purpose=plan.purpose,
            basis=order.basis,
            permissions=plan.permissions,
            verification=plan.verification,
            least=plan.least,
            starts=plan.starts,
            ends=plan.ends,
            openings=order.openings,
            watermark=order.watermark,
            going=tuple(x.shown for x in plan.items),
            left_out=plan.left_out,
            categories=tuple(x.name for x in plan.categories),
            highest=plan.highest,
            warnings=warnings(order, plan, others or 0),
            sends=_sends(order, plan, now),
        )


def order_of(
    session: Session,
    row: ScopedLinkRow,
    recipient: Recipient,
    documents: tuple[UUID, ...],
    redacted: frozenset[UUID],
    now: datetime,
) -> Order:
    """The order that would make this link again, for another receiver, from now until it ends. `documents` are those
    of a frozen list that it still opens; of the `redacted` ones their copy goes.
    """
    return Order(
        recipient=recipient.name,
        email=recipient.email,
        purpose=row.purpose,
        pupil_id=row.pupil_id,
        documents=documents,
        redacted=redacted,
        categories=tuple(
            session.scalars(select(ScopedLinkCategoryRow.category).where(ScopedLinkCategoryRow.link_id == row.id))
        ),
        live=row.live,
        basis=row.legal_basis,
        permissions=frozenset(Permission(x) for x in row.permissions.split()),
        days=max(1, (row.ends - now).days),
        openings=row.max_openings,
        verification=Verification.CODE if row.verification is Verification.CODE else None,
        watermark=row.watermark,
        language=row.language,
    )


def _tell_dossier(uow: UnitOfWork, by: By, row: ScopedLinkRow, plan: Plan) -> None:
    """Lines for the histories of what is shared, seen by who sees the thing itself."""
    if not row.live:
        for item in plan.items:
            log_act(uow, by, EventKind.DOCUMENT_SHARED, item.placement.document_id, [item.placement])
        return
    uow.record(
        Event(
            EventKind.DOSSIER_SHARED,
            by,
            row.board_id,
            row.school_id,
            row.pupil_id,
            object_kind="dossier",
            object_id=row.dossier_id,
        )
    )


def _end(uow: UnitOfWork, by: By, row: ScopedLinkRow, why: LinkEnd) -> bool:
    """Revoke, and write that down; False where the link was over already."""
    uow.session.refresh(row, with_for_update=True)
    if row.revoked_at is not None or row.ends <= uow.now:
        return False
    row.revoked_at, row.revoked_by, row.revoked_for = uow.now, by.user_id, why
    row.row_version += 1
    uow.record(
        Event(
            EventKind.LINK_REVOKED,
            by,
            row.board_id,
            row.school_id,
            row.pupil_id,
            object_kind="link",
            object_id=row.id,
            details={"reason": why.value, "openings": row.openings},
        )
    )
    return True


def _sends(order: Order, plan: Plan, now: datetime) -> bool:
    """Whether the house mails the address itself: only what works from now on."""
    return order.send and bool(plan.recipient.email) and plan.starts <= now


def _new_secret() -> tuple[str, str]:
    """An access code and its hash: made before the transaction, which nobody waits for then."""
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    return code, passwords.again(code)
