"""A house with a clock that tests move, and what they need of disposal lists."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from dms.app import App
from dms.db.tables import DisposalItemRow, DisposalListRow, DocumentRow, OutboxRow, PlacementRow
from dms.kernel.clock import SystemClock, legal_date
from dms.model.disposal import DisposalStep, ListState
from dms.model.documents import PlacementState
from dms.settings import load
from retention.service.lists import DISPOSE
from retention.service.lists_compose import Selection
from tests.houses import BRIN, House, settings_of
from tests.retention.retention_world import enrol, file, numbers, placement

LEFT = date(2019, 8, 1)
ALL_DUE = Selection(all_due=True)
NAME = "Uitstroom 2019"


class MovedClock(SystemClock):
    """The system's clock, so much later as a test says."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        """The moved present."""
        return super().now() + self.ahead

    def today(self) -> date:
        """Its day."""
        return legal_date(self.now())


def with_clock(house: House, **more: str) -> tuple[House, MovedClock]:
    """The same house under a clock that can be moved. Close its app at the end."""
    clock = MovedClock()
    return House(App.open(load(settings_of(house.folder, **more), house.folder), clock), house.folder), clock


@contextmanager
def moved(house: House) -> Iterator[tuple[House, MovedClock]]:
    """`with_clock`, closed at the end."""
    made, clock = with_clock(house)
    try:
        yield made, clock
    finally:
        made.app.close()


def left_pupil(house: House, nth: int = 0, on: date = LEFT) -> UUID:
    """A pupil who left on a day."""
    found = house.pupil_id(numbers(house)[nth])
    enrol(house, found, on)
    return found


def due_papers(house: House, count: int = 3, category: str = "OND-05", nth: int = 0) -> list[UUID]:
    """Placements that are due, of a pupil who left."""
    made = file(house, left_pupil(house, nth), category, count=count)
    return [placement(house, x).id for x in made]


def proposed(house: House, count: int = 3, category: str = "OND-05") -> UUID:
    """A list that Femke proposed."""
    due_papers(house, count, category)
    return house.app.disposal.lists.propose(house.by("femke"), BRIN, NAME, ALL_DUE).list_id


def approved(house: House, count: int = 3) -> UUID:
    """A list that Dirk approved."""
    made = proposed(house, count)
    house.app.disposal.approval.approve(house.by("dirk"), made)
    return made


def row_of(house: House, list_id: UUID) -> DisposalListRow:
    """The list as it is now."""
    with house.app.database.read() as session:
        return session.get_one(DisposalListRow, list_id)


def items_of(house: House, list_id: UUID) -> list[DisposalItemRow]:
    """Its items."""
    with house.app.database.read() as session:
        asked = select(DisposalItemRow).where(DisposalItemRow.list_id == list_id)
        return list(session.scalars(asked.order_by(DisposalItemRow.due_from, DisposalItemRow.id)))


def lists_there(house: House) -> int:
    """How many lists there are."""
    with house.app.database.read() as session:
        return len(session.scalars(select(DisposalListRow.id)).all())


def nothing_gone(house: House) -> bool:
    """Whether every document and placement is there as before, no list is carried out and no work for it waits."""
    with house.app.database.read() as session:
        states = set(session.scalars(select(PlacementRow.state)))
        running = session.scalars(
            select(DisposalListRow.id).where(
                DisposalListRow.state.in_(
                    (ListState.EXECUTING, ListState.VERIFYING, ListState.COMPLETED, ListState.PARTLY_FAILED)
                )
            )
        ).all()
        steps = set(session.scalars(select(DisposalItemRow.state)))
        work = session.scalars(select(OutboxRow.id).where(OutboxRow.kind == DISPOSE)).all()
        orphans = set(session.scalars(select(DocumentRow.id))) - set(session.scalars(select(PlacementRow.document_id)))
    quiet = {DisposalStep.OPEN, DisposalStep.READY, DisposalStep.EXCLUDED}
    return states <= {PlacementState.ACTIVE} and not running and steps <= quiet and not work and not orphans
