"""The life of a list, from what is due to the work in the outbox, on both kinds of database."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from dms.db.tables import OutboxRow
from dms.kernel.errors import Conflict, Refused
from dms.model.disposal import DisposalStep, ListState
from dms.model.events import EventKind
from retention.service.lists import DISPOSE
from tests.disposal.disposal_world import ALL_DUE, NAME, approved, items_of, moved, nothing_gone, proposed, row_of
from tests.houses import BRIN, House


def test_from_due_to_start(house: House) -> None:
    with moved(house) as (later, clock):
        desk = later.app.disposal
        made = proposed(later, 3)
        assert (row_of(later, made).state, len(items_of(later, made))) == (ListState.IN_REVIEW, 3)
        found = desk.approval.approve(later.by("dirk"), made)
        assert (found.ready, dict(found.left_out), found.waits_until) == (3, {}, row_of(later, made).waits_until)
        assert found.waits_until == row_of(later, made).approved_at + timedelta(days=7)
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
        with pytest.raises(Conflict):
            desk.lists.start(later.by("femke"), made, NAME)
        happened = [x.kind for x in desk.reading.one(later.by("femke"), made).happened]
        assert happened == [EventKind.DISPOSAL_PROPOSED, EventKind.DISPOSAL_APPROVED, EventKind.DISPOSAL_STARTED]


def test_who_proposed_cannot_approve(house: House) -> None:
    made = proposed(house)
    with pytest.raises(Refused):
        house.app.disposal.approval.approve(house.by("femke"), made)
    assert row_of(house, made).state is ListState.IN_REVIEW
    assert nothing_gone(house)


def test_a_stopped_list_can_be_proposed_again(house: House) -> None:
    made = approved(house, 2)
    house.app.disposal.lists.abort(house.by("dirk"), made, "toch nog een bezwaar")
    assert {x.state for x in items_of(house, made)} == {DisposalStep.EXCLUDED}
    again = house.app.disposal.lists.propose(house.by("femke"), BRIN, NAME, ALL_DUE)
    assert again.items == 2
