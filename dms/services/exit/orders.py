"""Two persons for an exit: the head of the school orders it, the operator of the machine makes it.

The operator cannot take a school along by herself, and the head needs no access to the machine. An order holds for
fourteen days and for one export.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import ExitOrderRow, UserRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import Conflict, NotFound, Refused
from dms.kernel.text import N_
from dms.model.events import By, Event, EventKind
from dms.model.exits import ExitState
from dms.model.people import RoleCode
from dms.services.exit.layout import NotOrdered
from dms.services.shapes import SchoolView
from dms.services.tools import Tools, school_by_brin, school_by_id
from rights.service.gate import Gate

TERM = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order as the screen shows it. `live`: an export may be made with it now."""

    id: UUID
    state: ExitState
    ordered_by: str
    ordered_at: datetime
    expires_at: datetime
    made_at: datetime | None
    mark: str
    documents: int
    live: bool


class ExitOrders:
    """Orders of a school, for its head."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def order(self, by: By, brin: str) -> OrderView:
        """Order an export of the school. Raises NotFound, Refused for who is not its head, Conflict while one holds."""
        with self._tools.database.begin() as uow:
            school = _admitted(uow.session, by, brin, self._tools)
            if live_order(uow.session, school.id, uow.now) is not None:
                raise Conflict(
                    N_("Er is al opdracht gegeven om deze school uit te voeren."),
                    N_("Laat de beheerder van de server de uitvoer maken, of trek de opdracht eerst in."),
                    code="exit_ordered",
                )
            assert by.user_id is not None
            row = ExitOrderRow(
                board_id=school.board_id,
                school_id=school.id,
                state=ExitState.OPEN,
                ordered_by=by.user_id,
                ordered_at=uow.now,
                expires_at=uow.now + TERM,
            )
            uow.session.add(row)
            uow.flush()
            _record(uow, EventKind.EXIT_ORDERED, by, row)
            return _view(uow.session, row, uow.now)

    def withdraw(self, by: By, order_id: UUID) -> None:
        """Take an order back that was not carried out. Raises NotFound, Conflict."""
        with self._tools.database.begin() as uow:
            row = uow.session.get(ExitOrderRow, order_id, with_for_update=True)
            if row is None:
                raise NotFound
            _admitted(uow.session, by, school_by_id(uow.session, row.school_id).brin, self._tools)
            if row.state is not ExitState.OPEN:
                raise Conflict(N_("Deze opdracht is al uitgevoerd of ingetrokken."), code="exit_order_state")
            row.state = ExitState.WITHDRAWN
            _record(uow, EventKind.EXIT_WITHDRAWN, by, row)

    def list(self, by: By, brin: str) -> tuple[OrderView, ...]:
        """All orders of a school, newest first. Raises NotFound, Refused."""
        with self._tools.database.read() as session:
            school = _admitted(session, by, brin, self._tools)
            now = self._tools.clock.now()
            rows = session.scalars(
                select(ExitOrderRow).where(ExitOrderRow.school_id == school.id).order_by(ExitOrderRow.ordered_at.desc())
            )
            return tuple(_view(session, x, now) for x in rows)


def live_order(session: Session, school_id: UUID, now: datetime) -> ExitOrderRow | None:
    """The order that an export may be made with now."""
    return session.scalar(
        select(ExitOrderRow)
        .where(ExitOrderRow.school_id == school_id, ExitOrderRow.state == ExitState.OPEN, ExitOrderRow.expires_at > now)
        .order_by(ExitOrderRow.ordered_at.desc())
        .limit(1)
    )


def require_order(session: Session, school_id: UUID, now: datetime) -> UUID:
    """The id of the order that holds. Raises NotOrdered."""
    row = live_order(session, school_id, now)
    if row is None:
        raise NotOrdered
    return row.id


def _admitted(session: Session, by: By, brin: str, tools: Tools) -> SchoolView:
    school = school_by_brin(session, brin)
    gate = Gate(session, by.user_id, tools.clock.today())
    if not gate.holds_role(school.id, school.board_id, RoleCode.HEAD.value):
        if any(x.board_id == school.board_id and x.school_id in (None, school.id) for x in gate.actor.roles):
            raise Refused
        raise NotFound
    return school


def _view(session: Session, row: ExitOrderRow, now: datetime) -> OrderView:
    who = session.get(UserRow, row.ordered_by)
    return OrderView(
        row.id,
        row.state,
        who.name if who is not None else "",
        row.ordered_at,
        row.expires_at,
        row.made_at,
        row.mark,
        row.documents,
        row.state is ExitState.OPEN and row.expires_at > now,
    )


def _record(uow: UnitOfWork, kind: EventKind, by: By, row: ExitOrderRow) -> None:
    uow.record(Event(kind, by, row.board_id, row.school_id, object_kind="exit_order", object_id=row.id))
