"""Roles that wait for a second person: what waits, and confirming or refusing it.

The second person holds a role with a view of the rights (application manager, head, privacy officer) over the place
where the gift counts, did not ask for it and does not receive it. Where a board has nobody else, the operator of the
machine is the second person for what a colleague asked; nothing is confirmed by who asked it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import BoardRow, RoleGiftRow, RoleHeldRow, SchoolRow, UserRow
from dms.kernel.errors import Conflict, NotFound, Refused
from dms.kernel.text import N_
from dms.model.duties import Duty
from dms.model.events import By, Change, Event, EventKind
from dms.services.accounts.gifts import CONFIRMED, REFUSED, WAITING, WHY
from dms.services.administration.remit import remit
from dms.services.rights.officers import checked_reason, known_roles, names_of
from dms.services.rights.shapes import RoleName
from dms.services.tools import Tools


@dataclass(frozen=True, slots=True)
class WaitingGift:
    """A role that waits. `why` is a Dutch source text; `mine`: who looks asked for it; `may_decide`: who looks can be
    the second person. `asked_by` is empty for the operator of the machine.
    """

    id: UUID
    user_id: UUID
    name: str
    email: str
    role: RoleName
    place: str
    since: date
    until: date | None
    why: str
    asked_by: str
    asked_at: datetime
    expires_at: datetime
    mine: bool
    may_decide: bool


class Gifts:
    """What waits for a second person, within reach of who looks."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def waiting(self, by: By, user_id: UUID | None = None) -> tuple[WaitingGift, ...]:
        """What waits now, the oldest first; with `user_id` only for one colleague. Raises Refused."""
        with self._tools.database.read() as session:
            reach = remit(session, by, Duty.RIGHTS_SEEN, self._tools.clock.today())
            query = select(RoleGiftRow).where(
                RoleGiftRow.state == WAITING, RoleGiftRow.expires_at > self._tools.clock.now()
            )
            if user_id is not None:
                query = query.where(RoleGiftRow.user_id == user_id)
            rows = session.scalars(query.order_by(RoleGiftRow.asked_at, RoleGiftRow.id)).all()
            return tuple(_views(session, by, [x for x in rows if reach.has_school(x.board_id, x.school_id)]))

    def decide(self, by: By, gift_id: UUID, *, agrees: bool, answer: str = "") -> None:
        """Confirm the role, so that it counts at once (or from its first day), or refuse it with a reason. Who asked
        for it may only take it back.

        Raises NotFound, Refused for who asked or receives it, Conflict where it waits no more, BadInput for no reason.
        """
        with self._tools.database.begin() as uow:
            reach = remit(uow.session, by, Duty.RIGHTS_SEEN, uow.today)
            row = uow.session.get(RoleGiftRow, gift_id, with_for_update=True)
            if row is None or not reach.has_school(row.board_id, row.school_id):
                raise NotFound
            if row.state != WAITING or row.expires_at <= uow.now:
                raise Conflict(
                    N_("Deze rol wacht niet meer."),
                    N_("Bekijk de rollen van de collega opnieuw."),
                    code="waits_no_more",
                )
            mine = row.asked_by == by.user_id
            if row.user_id == by.user_id or (mine and agrees):
                raise Refused(
                    N_("Wie een rol vroeg of krijgt, bevestigt die niet zelf."),
                    N_("Vraag een directeur, de functionaris gegevensbescherming of een andere applicatiebeheerder."),
                    code="oneself",
                )
            note = "" if agrees or mine else checked_reason(answer)
            if agrees:
                self._confirm(uow.session, row, uow.today)
            row.state = CONFIRMED if agrees else REFUSED
            row.decided_by, row.decided_at = by.user_id, uow.now
            uow.record(
                Event(
                    EventKind.ROLE_GIVEN if agrees else EventKind.ROLE_REFUSED,
                    by,
                    row.board_id,
                    row.school_id,
                    object_kind="user",
                    object_id=row.user_id,
                    details={"role": row.role, "asked_by": str(row.asked_by or ""), "withdrawn": mine},
                    note=note,
                    changes=(Change(N_("Rol"), "", row.role),) if agrees else (Change(N_("Rol"), row.role, ""),),
                )
            )

    def _confirm(self, session: Session, row: RoleGiftRow, today: date) -> None:
        """Let the role be held. Raises Conflict where the colleague, the school or the days no longer allow it."""
        user = session.get_one(UserRow, row.user_id, with_for_update=True)
        school = session.get_one(SchoolRow, row.school_id) if row.school_id else None
        since = max(row.since, today)
        ended = row.until is not None and row.until <= since
        if user.disabled_at is not None or ended or (school is not None and school.closed_on is not None):
            raise Conflict(
                N_("Deze rol kan niet meer ingaan: het account staat uit, de school is gesloten of de rol is voorbij."),
                N_("Weiger het verzoek, of vraag het opnieuw aan."),
                code="cannot_begin",
            )
        session.add(
            RoleHeldRow(
                user_id=row.user_id,
                role=row.role,
                board_id=row.board_id,
                school_id=row.school_id,
                since=since,
                until=row.until,
            )
        )
        user.row_version += 1


def _views(session: Session, by: By, rows: Iterable[RoleGiftRow]) -> Iterable[WaitingGift]:
    found = list(rows)
    askers = names_of(session, (x.asked_by for x in found))
    users = {x.id: x for x in session.scalars(select(UserRow).where(UserRow.id.in_({x.user_id for x in found})))}
    boards = {x.id: x.name for x in session.scalars(select(BoardRow))} if found else {}
    schools = {x.id: x.name for x in session.scalars(select(SchoolRow))} if found else {}
    roles = {(b, x.code): x for b in {x.board_id for x in found} for x in known_roles(session, b)}
    for row in found:
        user = users[row.user_id]
        mine = row.asked_by == by.user_id
        yield WaitingGift(
            id=row.id,
            user_id=row.user_id,
            name=user.name,
            email=user.email,
            role=roles[row.board_id, row.role],
            place=schools[row.school_id] if row.school_id else boards[row.board_id],
            since=row.since,
            until=row.until,
            why=WHY[row.why],
            asked_by=askers.get(row.asked_by, "") if row.asked_by else "",
            asked_at=row.asked_at,
            expires_at=row.expires_at,
            mine=mine,
            may_decide=not mine and row.user_id != by.user_id,
        )
