"""Judging items, handing over first, keeping until a day, and what each does at the approval."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from dms.db.tables import AuditEventRow, AuditNoteRow, DisposalItemRow, DocumentVersionRow, PlacementRow
from dms.kernel.errors import BadInput, Conflict, NotFound, Refused
from dms.model.disposal import Answer, DisposalStep, ListKind, ListState
from dms.model.events import Event, EventKind
from retention.rules.disposal import Move
from retention.service.lists_compose import Selection
from retention.service.lists_desk import DisposalDesk
from retention.service.review import Judgement
from tests.disposal.disposal_world import (
    MovedClock,
    due_papers,
    items_of,
    left_pupil,
    nothing_gone,
    row_of,
)
from tests.houses import BRIN, OPERATOR, House
from tests.retention.retention_world import file, placement

pupils = count()
NAME = "Te beoordelen"


@pytest.fixture
def world(kept_house: tuple[House, MovedClock]) -> Iterator[House]:
    """The house; the clock is put right after each test."""
    house, clock = kept_house
    yield house
    clock.ahead = timedelta()
    assert nothing_gone(house)


def desk(house: House) -> DisposalDesk:
    """The services."""
    return house.app.disposal


def listed(house: House, papers: list[UUID]) -> UUID:
    """A list of these in review, proposed by Femke."""
    return desk(house).lists.propose(house.by("femke"), BRIN, NAME, Selection(tuple(papers))).list_id


def answer(house: House, made: UUID, item: UUID, said: Answer, **more: object) -> None:
    """Femke judges one item."""
    told = Judgement(said, "bekeken met de mentor", **more)  # type: ignore[arg-type]
    assert desk(house).review.answer(house.by("femke"), made, [item], told) == 1


def test_keep_until_counts_with_the_approval_and_ends_by_itself(
    world: House, kept_house: tuple[House, MovedClock]
) -> None:
    kept, gone = due_papers(world, 2, nth=next(pupils))
    made, today = listed(world, [kept, gone]), world.app.clock.today()
    answer(world, made, kept, Answer.KEEP, until=today + timedelta(days=30))
    found = desk(world).approval.approve(world.by("dirk"), made)
    assert (found.ready, dict(found.left_out)) == (1, {"answered_keep": 1})
    assert {x.placement_id: x.state for x in items_of(world, made)} == {
        kept: DisposalStep.EXCLUDED,
        gone: DisposalStep.READY,
    }
    with pytest.raises(BadInput) as deferred:
        listed(world, [kept])
    assert (deferred.value.code, deferred.value.params) == (
        "deferred",
        {"until": (today + timedelta(days=30)).isoformat()},
    )
    assert kept not in [x.placement_id for x in desk(world).candidates.page(world.by("femke"), BRIN, size=500).lines]
    kept_house[1].ahead = timedelta(days=31)
    assert kept in [x.placement_id for x in desk(world).candidates.page(world.by("femke"), BRIN, size=500).lines]
    assert desk(world).lists.propose(world.by("femke"), BRIN, NAME, Selection((kept,))).items == 1


def test_keep_without_a_day_is_a_year_and_never_the_past(world: House) -> None:
    (one,) = due_papers(world, 1, nth=next(pupils))
    made, today = listed(world, [one]), world.app.clock.today()
    answer(world, made, one, Answer.KEEP)
    assert items_of(world, made)[0].answer_until == today + timedelta(days=365)
    with pytest.raises(BadInput):
        answer(world, made, one, Answer.KEEP, until=today)


def test_a_list_of_which_all_is_kept_has_ended(world: House) -> None:
    papers = due_papers(world, 2, nth=next(pupils))
    made = listed(world, papers)
    for one in papers:
        answer(world, made, one, Answer.KEEP)
    found = desk(world).approval.approve(world.by("dirk"), made)
    assert (found.ready, found.waits_until) == (0, None)
    assert (row_of(world, made).state, row_of(world, made).approved_by) == (ListState.ABORTED, None)


def test_another_category_counts_at_once_and_leaves_the_list(world: House) -> None:
    one, other = due_papers(world, 2, nth=next(pupils))
    made = listed(world, [one, other])
    answer(world, made, one, Answer.RECLASSIFY, category="ADM-01")
    with world.app.database.read() as session:
        row = session.get_one(PlacementRow, one)
    assert (row.category, row.due_from, row.level) == ("ADM-01", date(2024, 8, 1), 1)
    assert {x.state_reason for x in items_of(world, made)} == {"", "answered_reclassify"}
    with pytest.raises(BadInput):
        answer(world, made, other, Answer.RECLASSIFY, category="BESTAAT-NIET")
    with pytest.raises(Refused):  # a head approves, but classifies nothing
        told = Judgement(Answer.RECLASSIFY, "hoort elders", category="ADM-01")
        desk(world).review.answer(world.by("dirk"), made, [other], told)


def test_handing_over_first_makes_a_list_that_waits_for_its_receiver(
    world: House, kept_house: tuple[House, MovedClock]
) -> None:
    over, gone = due_papers(world, 2, nth=next(pupils))
    made = listed(world, [over, gone])
    answer(world, made, over, Answer.TRANSFER)
    found = desk(world).approval.approve(world.by("dirk"), made)
    assert found.transfer_list is not None
    row = row_of(world, found.transfer_list)
    assert (row.kind, row.state, [x.placement_id for x in items_of(world, row.id)]) == (
        ListKind.TRANSFER,
        ListState.IN_REVIEW,
        [over],
    )
    desk(world).approval.approve(world.by("dirk"), row.id)
    kept_house[1].ahead = timedelta(days=8)
    with pytest.raises(Conflict) as waits:
        desk(world).lists.start(world.by("femke"), row.id, row.name)
    assert waits.value.code == "not_received"
    desk(world).transfer.sent(world.by("femke"), row.id)
    with pytest.raises(BadInput):
        desk(world).transfer.received(world.by("femke"), row.id, " ")
    desk(world).transfer.received(world.by("femke"), row.id, "OSO-2026-0412")
    now = row_of(world, row.id)
    assert (now.state, now.receipt) == (ListState.RECEIVED, "OSO-2026-0412")
    view = desk(world).reading.one(world.by("femke"), row.id)
    assert Move.START in view.moves
    assert [x.kind for x in view.happened][-2:] == [EventKind.DISPOSAL_SENT, EventKind.DISPOSAL_RECEIVED]
    desk(world).lists.abort(world.by("dirk"), row.id, "einde van de proef")


def test_what_the_schedule_hands_over_comes_on_a_list_of_its_own(world: House) -> None:
    nth = next(pupils)
    pupil = left_pupil(world, nth)
    papers = [placement(world, x).id for c in ("OND-01", "OND-05") for x in file(world, pupil, c)]
    found = desk(world).lists.propose(world.by("femke"), BRIN, NAME, Selection(tuple(papers)))
    assert (found.kind, found.items, [x[1:] for x in found.others]) == (ListKind.DESTROY, 1, [(ListKind.TRANSFER, 1)])
    transfer = found.others[0][0]
    with pytest.raises(BadInput) as first:
        answer(world, transfer, papers[0], Answer.DESTROY)
    assert first.value.code == "transfer_first"
    with pytest.raises(Conflict) as none:
        desk(world).transfer.sent(world.by("femke"), found.list_id)
    assert none.value.code == "no_transfer"


def test_what_a_person_must_judge_waits_for_a_judgement(world: House) -> None:
    pupil = left_pupil(world, next(pupils))
    one = placement(world, file(world, pupil, "ADM-11", ingetrokken_op="2010-01-01")[0]).id
    made = listed(world, [one])
    with pytest.raises(Conflict) as asked:
        desk(world).approval.approve(world.by("dirk"), made)
    assert (asked.value.code, asked.value.params) == ("unanswered", {"count": 1})
    answer(world, made, one, Answer.DESTROY)
    assert desk(world).approval.approve(world.by("dirk"), made).ready == 1


def test_what_changed_since_it_was_seen_leaves_the_list(world: House) -> None:
    changed, same = due_papers(world, 2, nth=next(pupils))
    made = listed(world, [changed, same])
    with world.app.database.begin() as uow:
        document_id = uow.session.get_one(PlacementRow, changed).document_id
        uow.session.execute(
            update(DocumentVersionRow).where(DocumentVersionRow.document_id == document_id).values(digest="anders")
        )
        uow.record(Event(EventKind.VERSION_ADDED, OPERATOR, None, object_id=document_id))
    found = desk(world).approval.approve(world.by("dirk"), made)
    assert (found.ready, dict(found.left_out)) == (1, {"changed": 1})


def test_who_may_not_decide_on_all_of_it_approves_nothing(world: House) -> None:
    pupil = left_pupil(world, next(pupils))
    papers = [placement(world, x).id for c in ("ADM-04", "OND-05") for x in file(world, pupil, c)]
    made = listed(world, papers)
    with pytest.raises(Refused):
        desk(world).approval.approve(world.by("dirk"), made)
    view = desk(world).reading.one(world.by("dirk"), made)
    assert (view.hidden, view.line.items, Move.APPROVE in view.moves) == (True, 1, False)
    shown = desk(world).reading.items(world.by("dirk"), made).lines
    assert [x.category for x in shown] == ["OND-05"]
    assert desk(world).reading.one(world.by("femke"), made).line.items == 2


@pytest.mark.parametrize("who", ["anouk", "bram", "carla", "esra", "gijs", "mees"])
def test_who_disposes_of_nothing_knows_of_no_list(world: House, who: str) -> None:
    (one,) = due_papers(world, 1, nth=20)
    made = listed(world, [one])
    try:
        with pytest.raises(NotFound):
            desk(world).reading.one(world.by(who), made)
        with pytest.raises(NotFound):
            desk(world).lists.abort(world.by(who), made, "zomaar")
        with pytest.raises((NotFound, Refused)):
            desk(world).lists.propose(world.by(who), BRIN, NAME, Selection((one,)))
        assert desk(world).reading.waiting(world.by(who), BRIN).total == 0
    finally:
        desk(world).lists.abort(world.by("femke"), made, "einde van de proef")


def test_given_back_changed_and_submitted_again(world: House) -> None:
    one, other = due_papers(world, 2, nth=next(pupils))
    made = listed(world, [one])
    desk(world).lists.give_back(world.by("dirk"), made, "het tweede stuk hoort erbij")
    with pytest.raises(Refused):
        desk(world).lists.add(world.by("dirk"), made, [other])
    desk(world).lists.add(world.by("femke"), made, [other])
    first = next(x.id for x in items_of(world, made) if x.placement_id == one)
    assert desk(world).lists.remove(world.by("femke"), made, [first]) == 1
    desk(world).lists.add(world.by("femke"), made, [one])
    version = row_of(world, made).row_version
    desk(world).lists.submit(world.by("femke"), made, version)
    with pytest.raises(Conflict) as stale:
        desk(world).lists.give_back(world.by("dirk"), made, "te laat gezien", version)
    assert stale.value.code == "changed_meanwhile"
    assert desk(world).approval.approve(world.by("dirk"), made).ready == 2


def test_a_placement_is_on_one_list_and_reasons_stay_out_of_the_log(world: House) -> None:
    (one,) = due_papers(world, 1, nth=next(pupils))
    made = listed(world, [one])
    with pytest.raises(BadInput) as twice:
        listed(world, [one])
    assert twice.value.code == "elsewhere"
    with pytest.raises(NotFound):
        desk(world).lists.propose(world.by("femke"), BRIN, NAME, Selection((one, made)))
    desk(world).lists.abort(world.by("femke"), made, "zeer bijzondere reden")
    with world.app.database.read() as session:
        events = session.scalars(select(AuditEventRow).where(AuditEventRow.object_id == made)).all()
        notes = session.scalars(select(AuditNoteRow.text).where(AuditNoteRow.event_id.in_([x.id for x in events])))
        assert "zeer bijzondere reden" in set(notes)
        assert not any("bijzondere" in str(x.details) for x in events)


def test_what_waits_for_whom(world: House, kept_house: tuple[House, MovedClock]) -> None:
    def waits(who: str) -> tuple[int, int, int]:
        found = desk(world).reading.waiting(world.by(who), BRIN)
        return found.review, found.adjust, found.start

    before = {x: waits(x) for x in ("femke", "dirk")}

    def more(who: str) -> tuple[int, ...]:
        return tuple(b - a for a, b in zip(before[who], waits(who), strict=True))

    made = listed(world, due_papers(world, 1, nth=next(pupils)))
    assert (more("femke"), more("dirk")) == ((0, 0, 0), (1, 0, 0))
    desk(world).lists.give_back(world.by("dirk"), made, "nog eens kijken")
    assert (more("femke"), more("dirk")) == ((0, 1, 0), (0, 0, 0))
    desk(world).lists.submit(world.by("femke"), made)
    desk(world).approval.approve(world.by("dirk"), made)
    assert (more("femke"), more("dirk")) == ((0, 0, 0), (0, 0, 0))
    kept_house[1].ahead = timedelta(days=8)
    assert (more("femke")[2] >= 1, more("dirk")[2] >= 1) == (True, True)


def test_what_is_gone_with_its_pupil_still_counts_on_the_list(world: House) -> None:
    gone, there = due_papers(world, 2, nth=next(pupils))
    made = listed(world, [gone, there])
    with world.app.database.begin() as uow:  # as the destruction of a pupil leaves it: the item outlives its placement
        uow.session.execute(
            update(DisposalItemRow)
            .where(DisposalItemRow.list_id == made, DisposalItemRow.placement_id == gone)
            .values(placement_id=uuid4(), document_id=uuid4(), pupil_id=uuid4())
        )
        uow.record(Event(EventKind.DISPOSAL_REVIEWED, OPERATOR, None, object_id=made))
    for who in ("femke", "dirk"):
        view = desk(world).reading.one(world.by(who), made)
        assert (view.line.items, view.hidden) == (2, False)
        lines = desk(world).reading.items(world.by(who), made).lines
        assert sorted((x.title, x.pupil != "") for x in lines) == [("", False), ("OND-05 1", True)]
