"""What never leads to a deletion: an empty selection, a hold, an unknown trigger, one person alone. On every level."""

from collections.abc import Iterator
from datetime import date
from itertools import count
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from dms.kernel.errors import BadInput, Conflict
from dms.model.disposal import Answer, DisposalStep, ListState
from dms.model.retention import HoldOn
from retention.service.holds_place import HoldTarget
from retention.service.lists_compose import Selection
from retention.service.lists_judge import standings
from retention.service.review import Judgement
from tests.disposal.disposal_levels import DIRK, FEMKE, Command, Level, Screens, Service
from tests.disposal.disposal_world import MovedClock, due_papers, items_of, lists_there, nothing_gone, row_of
from tests.houses import BRIN, House
from tests.retention.retention_world import enrol, file, numbers, placement

LEVELS = ("service", "command", "screens")
pupils = count()


@pytest.fixture(scope="module")
def levels(kept_house: tuple[House, MovedClock]) -> dict[str, Level]:
    """The three ways in."""
    house = kept_house[0]
    return {"service": Service(house), "command": Command(house), "screens": Screens(house)}


@pytest.fixture
def world(kept_house: tuple[House, MovedClock]) -> Iterator[House]:
    """The house; after each test everything is there as before."""
    house = kept_house[0]
    yield house
    assert nothing_gone(house)


@pytest.mark.parametrize("way", LEVELS)
def test_an_empty_selection_is_nothing_and_makes_no_list(world: House, levels: dict[str, Level], way: str) -> None:
    due_papers(world, 1, nth=next(pupils))
    before = lists_there(world)
    answer = levels[way].propose("Niets gekozen")
    assert (answer.through, answer.code) == (False, "nothing_chosen")
    answer = levels[way].propose("Niets vervallen", category="ADM-08")
    assert (answer.through, answer.code) == (False, "nothing_chosen")
    assert lists_there(world) == before


@pytest.mark.parametrize("way", LEVELS)
def test_what_is_held_comes_on_no_list_and_leaves_it(world: House, levels: dict[str, Level], way: str) -> None:
    nth = next(pupils)
    (held,) = due_papers(world, 1, nth=nth)
    holds, target = world.app.retention.holds, HoldTarget(HoldOn.PUPIL, numbers(world)[nth])
    before, first = lists_there(world), holds.add(world.by(DIRK), target, "bezwaar loopt")
    answer = levels[way].propose("Bevroren", [held])
    assert (answer.through, answer.code, lists_there(world)) == (False, "held", before)
    holds.release(world.by(DIRK), first.id, "afgehandeld")
    made = levels[way].propose("Daarna bevroren", [held]).list_id
    assert made is not None
    holds.add(world.by(DIRK), target, "nieuw bezwaar")
    answer = levels[way].approve(made, DIRK)
    assert (answer.through, answer.code) == (False, "nothing_left")
    assert row_of(world, made).state is ListState.IN_REVIEW
    assert {x.state for x in items_of(world, made)} == {DisposalStep.OPEN}


@pytest.mark.parametrize("way", LEVELS)
def test_an_unknown_trigger_is_never_due(world: House, levels: dict[str, Level], way: str) -> None:
    nth = next(pupils)
    pupil = world.pupil_id(numbers(world)[nth])
    enrol(world, pupil, None)
    unknown = placement(world, file(world, pupil, "OND-05")[0]).id
    before = lists_there(world)
    answer = levels[way].propose("Aanleiding onbekend", [unknown])
    assert (answer.through, answer.code, lists_there(world)) == (False, "unknown_trigger", before)
    (known,) = due_papers(world, 1, "OND-03", nth=nth)
    made = levels[way].propose("Leerling kwam terug", [known]).list_id
    assert made is not None
    enrol(world, pupil, date(2019, 8, 1), None)
    answer = levels[way].approve(made, DIRK)
    assert (answer.through, answer.code) == (False, "nothing_left")


@pytest.mark.parametrize("way", LEVELS)
def test_one_person_alone_approves_nothing(world: House, levels: dict[str, Level], way: str) -> None:
    papers = due_papers(world, 2, nth=next(pupils))
    made = levels[way].propose("Alleen Femke", papers).list_id
    assert made is not None
    answer = levels[way].approve(made, FEMKE)
    assert not answer.through
    assert answer.code in {"same_person", "refused"}
    row = row_of(world, made)
    assert (row.state, row.approved_by, row.waits_until) == (ListState.IN_REVIEW, None, None)


def test_who_has_both_rights_is_still_one_person(world: House, levels: dict[str, Level]) -> None:
    made = levels["service"].propose("Beide rechten", due_papers(world, 1, nth=next(pupils))).list_id
    assert made is not None
    with world.app.database.begin() as uow:
        uow.session.execute(
            text("UPDATE disposal_lists SET proposed_by = :dirk WHERE id = :id"),
            {"dirk": _key(world, world.by(DIRK).user_id), "id": _key(world, made)},
        )
    answer = levels["service"].approve(made, DIRK)
    assert (answer.through, answer.code) == (False, "same_person")


@pytest.mark.parametrize("kind", ["same person", "nobody"])
def test_the_database_itself_wants_two_people(world: House, levels: dict[str, Level], kind: str) -> None:
    made = levels["service"].propose("Buiten de dienst om", due_papers(world, 1, nth=next(pupils))).list_id
    assert made is not None
    approver = "proposed_by" if kind == "same person" else "NULL"
    with pytest.raises(IntegrityError), world.app.database.begin() as uow:
        uow.session.execute(
            text(f"UPDATE disposal_lists SET state = 'waiting', approved_by = {approver} WHERE id = :id"),
            {"id": _key(world, made)},
        )


def test_nothing_starts_that_nobody_approved(kept_house: tuple[House, MovedClock], levels: dict[str, Level]) -> None:
    house = kept_house[0]
    papers = due_papers(house, 1, nth=next(pupils))
    made = levels["service"].propose("Nooit akkoord", papers).list_id
    assert made is not None
    with pytest.raises(Conflict) as refused:
        house.app.disposal.lists.start(house.by(FEMKE), made, "Nooit akkoord")
    assert refused.value.code == "wrong_state"
    screens = levels["screens"]
    assert isinstance(screens, Screens)
    answer = screens.start(made, FEMKE, "Nooit akkoord")
    assert (answer.through, answer.code) == (False, "wrong_state")
    levels["service"].approve(made, DIRK)
    answer = screens.start(made, FEMKE, "Nooit akkoord")
    assert (answer.through, answer.code) == (False, "waiting")
    house.app.disposal.lists.abort(house.by(DIRK), made, "einde van de proef")
    assert nothing_gone(house)


def test_a_hold_after_the_approval_stands_in_the_way_of_the_execution(world: House, levels: dict[str, Level]) -> None:
    nth = next(pupils)
    made = levels["service"].propose("Bevroren na akkoord", due_papers(world, 2, nth=nth)).list_id
    assert made is not None
    levels["service"].approve(made, DIRK)
    world.app.retention.holds.add(world.by(DIRK), HoldTarget(HoldOn.PUPIL, numbers(world)[nth]), "toch een bezwaar")
    with world.app.database.read() as session:
        items = items_of(world, made)
        found = standings(session, items, row_of(world, made).kind, world.app.clock.today())
    assert [x.against.code if x.against else "" for x in found.values()] == ["held", "held"]


def test_no_item_is_judged_by_an_empty_form(world: House, levels: dict[str, Level]) -> None:
    made = levels["service"].propose("Lege keuze", due_papers(world, 2, nth=next(pupils))).list_id
    assert made is not None
    said = Judgement(Answer.DESTROY, "leeg formulier")
    with pytest.raises(BadInput):
        world.app.disposal.review.answer(world.by(FEMKE), made, (), said)
    screens = levels["screens"]
    assert isinstance(screens, Screens)
    sent = screens.post(
        FEMKE,
        f"/vernietiging/{made}/stukken",
        versie=screens.version(FEMKE, made),
        doe="oordeel",
        oordeel="destroy",
        reden="leeg formulier",
    )
    assert (sent.through, sent.code) == (False, "nothing_chosen")
    assert all(x.answer is None for x in items_of(world, made))


def test_two_selections_are_no_selection(world: House) -> None:
    (one,) = due_papers(world, 1, nth=next(pupils))
    with pytest.raises(BadInput):
        world.app.disposal.lists.propose(world.by(FEMKE), BRIN, "Beide", Selection((one,), all_due=True))


def _key(house: House, value: UUID | None) -> object:
    """An id as raw SQL wants it."""
    assert value is not None
    return value.hex if house.app.database.dialect == "sqlite" else value
