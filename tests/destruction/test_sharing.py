"""Several workers on one run: an item is one worker's at a time, and whoever lost it does nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from dms.db.tables import DestructionRunRow
from dms.model.disposal import DisposalStep
from dms.model.events import Event, EventKind
from retention.service.steps_work import LEASE, advance, claim, give_back, held, states
from tests.disposal.disposal_world import NAME, approved, with_clock
from tests.houses import OPERATOR, House

pytestmark = pytest.mark.slow


def test_workers_share_a_run_and_never_an_item(house: House) -> None:
    made, clock = with_clock(house)
    app = made.app
    try:
        list_id = approved(made, 5)
        clock.ahead += timedelta(days=8)
        app.disposal.lists.start(made.by("dirk"), list_id, NAME)
        run_id = app.destruction.execution.run_of(list_id)
        assert run_id is not None
        assert app.destruction.execution.run_of(list_id) == run_id, "one run, however often it is taken up"
        with app.database.read() as session:
            run = session.get_one(DestructionRunRow, run_id)
            assert session.scalar(select(func.count()).select_from(DestructionRunRow)) == 1
        one, two = claim(app.database, run, "een", 3), claim(app.database, run, "twee", 3)
        assert (len(one), len(two)) == (3, 2)
        assert not {x.id for x in one} & {x.id for x in two}
        assert claim(app.database, run, "drie", 3) == []
        assert {x.state for x in (*one, *two)} == {DisposalStep.TAKEN}

        clock.ahead += LEASE + timedelta(seconds=1)
        again = claim(app.database, run, "drie", 10)
        assert {x.id for x in again} == {x.id for x in (*one, *two)}
        with app.database.begin() as uow:
            assert held(uow.session, one, "een") == [], "who lost it may not go on"
            ours = held(uow.session, again, "drie")
            assert len(ours) == 5
            advance(uow, ours[:1], DisposalStep.HIDDEN)
            uow.record(Event(EventKind.DESTRUCTION_HIDDEN, OPERATOR, run.board_id))
        with app.database.begin() as uow:
            assert len(held(uow.session, again, "drie")) == 4, "what went on in between is not where it was"
        give_back(app.database, again, "drie", 5)
        assert claim(app.database, run, "vier", 10) == []
        clock.ahead += timedelta(seconds=6)
        assert len(claim(app.database, run, "vier", 10)) == 5
        with app.database.read() as session:
            assert states(session, run) == {DisposalStep.TAKEN: 4, DisposalStep.HIDDEN: 1}
    finally:
        app.close()
