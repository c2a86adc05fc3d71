"""The life of a list, from what is due to the work in the outbox, on both kinds of database."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from dms.db.tables import OutboxRow
from dms.kernel.errors import BadInput, Conflict, DmsError, Refused
from dms.model.disposal import DisposalStep, ListState
from dms.model.events import EventKind
from retention.service.lists import DISPOSE
from tests.disposal.disposal_world import (
    ALL_DUE,
    NAME,
    MovedClock,
    approved,
    due_papers,
    items_of,
    lists_there,
    nothing_gone,
    proposed,
    row_of,
    with_clock,
)
from tests.houses import BRIN, House


@pytest.fixture
def moving(any_house: House) -> Iterator[tuple[House, MovedClock]]:
    """A fresh house on each kind of database, under a clock that moves."""
    more = {} if any_house.app.database.dialect == "sqlite" else {"DMS_DATABASE_URL": any_house.app.database.url}
    made, clock = with_clock(any_house, **more)
    yield made, clock
    made.app.close()


def propose_twice(house: House) -> UUID:
    """Two proposals of all that is due, at the same moment: one list."""
    femke, start, outcomes, made = house.by("femke"), threading.Barrier(2), list[str](), list[UUID]()

    def propose() -> None:
        start.wait()
        try:
            made.append(house.app.disposal.lists.propose(femke, BRIN, NAME, ALL_DUE).list_id)
        except DmsError as fault:
            outcomes.append(fault.code)

    threads = [threading.Thread(target=propose) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert outcomes in (["elsewhere"], ["nothing_chosen"])
    assert (len(made), lists_there(house)) == (1, 1)
    return made[0]


def test_from_due_to_start(moving: tuple[House, MovedClock]) -> None:
    later, clock = moving
    desk = later.app.disposal
    due_papers(later, 3)
    made = propose_twice(later)
    assert (row_of(later, made).state, len(items_of(later, made))) == (ListState.IN_REVIEW, 3)
    with pytest.raises(Refused):
        desk.approval.approve(later.by("femke"), made)
    with pytest.raises(IntegrityError), later.app.database.begin() as uow:
        uow.session.execute(text("UPDATE disposal_lists SET approved_by = proposed_by"))
    found = desk.approval.approve(later.by("dirk"), made)
    row = row_of(later, made)
    assert row.approved_at is not None
    assert (found.ready, dict(found.left_out), found.waits_until) == (3, {}, row.waits_until)
    assert found.waits_until == row.approved_at + timedelta(days=7)
    assert {x.state for x in items_of(later, made)} == {DisposalStep.READY}
    with pytest.raises(Conflict) as early:
        desk.lists.start(later.by("femke"), made, NAME)
    assert early.value.code == "waiting"
    assert nothing_gone(later)
    clock.ahead = timedelta(days=7, seconds=1)
    with pytest.raises(Conflict) as other_name:
        desk.lists.start(later.by("femke"), made, "Een andere naam")
    assert other_name.value.code == "wrong_name"
    desk.lists.start(later.by("femke"), made, f"  {NAME} ")
    assert row_of(later, made).state is ListState.EXECUTING
    with later.app.database.read() as session:
        (work,) = session.scalars(select(OutboxRow).where(OutboxRow.kind == DISPOSE))
        assert work.object_id == made
    for late in (desk.lists.start, desk.lists.abort):
        with pytest.raises(Conflict):
            late(later.by("femke"), made, NAME)
    happened = [x.kind for x in desk.reading.one(later.by("femke"), made).happened]
    assert happened == [EventKind.DISPOSAL_PROPOSED, EventKind.DISPOSAL_APPROVED, EventKind.DISPOSAL_STARTED]


def test_a_stopped_list_can_be_proposed_again(house: House) -> None:
    made = approved(house, 2)
    with pytest.raises(BadInput):
        house.app.disposal.lists.abort(house.by("dirk"), made, " ")
    house.app.disposal.lists.abort(house.by("dirk"), made, "toch nog een bezwaar")
    assert {x.state for x in items_of(house, made)} == {DisposalStep.EXCLUDED}
    assert row_of(house, made).abort_reason == "toch nog een bezwaar"
    again = house.app.disposal.lists.propose(house.by("femke"), BRIN, NAME, ALL_DUE)
    assert again.items == 2


def test_a_board_chooses_its_waiting_period(house: House) -> None:
    made = proposed(house, 1)
    settings = house.app.administration.settings
    board_id = row_of(house, made).board_id
    version = settings.view(house.by("gijs"), board_id, None).row_version
    settings.change(house.by("gijs"), board_id, None, version, {"disposal_days": "21"}, apply=True)
    house.app.disposal.approval.approve(house.by("dirk"), made)
    row = row_of(house, made)
    assert row.waits_until is not None
    assert row.approved_at is not None
    assert row.waits_until - row.approved_at == timedelta(days=21)
