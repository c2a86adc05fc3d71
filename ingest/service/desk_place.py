"""Who stands at an item: whether she may take it, who is busy with it, and what every act at a desk writes down."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from dms.db.tables import DeskAssignmentRow, DeskClaimRow, ItemRow, UserRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import Conflict, NotFound
from dms.kernel.text import N_
from dms.model.documents import ItemState
from dms.model.events import By, Event, EventKind
from dms.services.tools import Tools
from rights.service.gate import Gate
from rights.service.places import may_take

CLAIM = timedelta(minutes=5)
"""How long an item stays with who opened it without a sign of life of the page."""


@dataclass(frozen=True, slots=True)
class ClaimView:
    """Who is busy with an item. `name` is empty where it is the person herself, or nobody."""

    mine: bool
    name: str = ""
    until: datetime | None = None


class DeskClaims:
    """One person at a time with an item: who opened it first goes on, unless she leaves it."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def state(self, by: By, item_id: UUID) -> ClaimView:
        """Who is busy with it now."""
        with self._tools.database.read() as session:
            found = busy_colleague(session, by, item_id, self._tools.clock.now())
            return ClaimView(False, *found) if found else ClaimView(True)

    def keep(self, by: By, item_id: UUID, *, take_over: bool = False) -> ClaimView:
        """A sign of life: the item stays with the person. `take_over`: from the colleague who has it.

        Raises NotFound for what she may not take or is dealt with.
        """
        with self._tools.database.begin() as uow:
            takeable(uow.session, Gate(uow.session, by.user_id, uow.today), item_id)
            claim(uow, by, item_id, take_over=take_over)
            found = busy_colleague(uow.session, by, item_id, uow.now)
            return ClaimView(False, *found) if found else ClaimView(True)


def takeable(session: Session, gate: Gate, item_id: UUID) -> ItemRow:
    """The item at a desk of the person. Raises NotFound."""
    row = session.get(ItemRow, item_id)
    if row is None or row.state is not ItemState.DESK:
        raise NotFound
    if not may_take(gate, row.board_id, row.school_id, row.category, row.level):
        raise NotFound
    return row


def busy_colleague(session: Session, by: By, item_id: UUID, now: datetime) -> tuple[str, datetime] | None:
    """The name of the colleague who is busy with an item, and until when it stays hers; None for nobody."""
    found = session.execute(
        select(UserRow.name, DeskClaimRow.until)
        .join(UserRow, UserRow.id == DeskClaimRow.user_id)
        .where(DeskClaimRow.item_id == item_id, DeskClaimRow.user_id != by.user_id, DeskClaimRow.until > now)
    ).first()
    return (found[0], found[1]) if found else None


def claim(uow: UnitOfWork, by: By, item_id: UUID, *, take_over: bool = False) -> None:
    """Let the person be busy with an item that nobody else is busy with, and with no other."""
    if by.user_id is None:
        return
    uow.session.execute(delete(DeskClaimRow).where(DeskClaimRow.user_id == by.user_id, DeskClaimRow.item_id != item_id))
    row = uow.session.scalars(
        select(DeskClaimRow).where(DeskClaimRow.item_id == item_id).with_for_update()
    ).one_or_none()
    if row is None:
        uow.session.add(DeskClaimRow(item_id=item_id, user_id=by.user_id, until=uow.now + CLAIM))
    elif row.user_id == by.user_id or row.until <= uow.now or take_over:
        row.user_id, row.until = by.user_id, uow.now + CLAIM
    uow.flush()


def must_be_free(uow: UnitOfWork, by: By, item_id: UUID) -> None:
    """Raises Conflict while a colleague is busy with the item."""
    found = busy_colleague(uow.session, by, item_id, uow.now)
    if found is not None:
        raise Conflict(
            N_("Een collega is met dit stuk bezig."),
            N_("Ga verder met het volgende, of neem het over."),
            code="busy_colleague",
        )


def let_go(uow: UnitOfWork, item_id: UUID) -> None:
    """The item is dealt with: nobody is busy with it, and it is nobody's to do."""
    for table in (DeskClaimRow, DeskAssignmentRow):
        uow.session.execute(delete(table).where(table.item_id == item_id))


def taken_meanwhile() -> Conflict:
    """The answer to who comes second."""
    return Conflict(
        N_("Dit stuk is intussen door iemand anders behandeld."),
        N_("Ga verder met het volgende."),
        code="taken_meanwhile",
    )


def event(kind: EventKind, by: By, row: ItemRow, note: str) -> Event:
    """The log line of an act on an item."""
    return Event(kind, by, row.board_id, row.school_id, object_kind="item", object_id=row.id, details={}, note=note)
