"""The pure rules: every move in every state, what stands in the way of an item, and what a list leaves behind."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from uuid import UUID, uuid4

import pytest

from dms.kernel.outcome import Reason
from dms.model.disposal import ListKind, ListState
from retention.rules.disposal import BEFORE_EXECUTION, MOVES, STATES, ListFacts, Move, Moved, Stays, move
from retention.rules.disposal_consequences import Lying, last_of_kind, own_data, remains, shared
from retention.rules.disposal_items import TEXTS, ItemFacts, kind_of, must_be_judged, obstacle, text_of
from retention.rules.due import Due, Verdict
from retention.rules.schedule import DisposalAction

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = date(2026, 11, 22)
PROPOSER, OTHER = uuid4(), uuid4()


def facts(state: ListState, kind: ListKind = ListKind.DESTROY, **more: object) -> ListFacts:
    """A list of three items whose waiting period is over."""
    values: dict[str, object] = {"name": "Uitstroom 2019", "open_items": 3, "waits_until": NOW - timedelta(days=1)}
    return ListFacts(kind, state, PROPOSER, **(values | more))  # type: ignore[arg-type]


def outcome(found: Moved | Stays) -> str:
    """The state it went to, or the code of why not."""
    return found.state.value if isinstance(found, Moved) else found.reason.code


def test_a_list_that_says_nothing_of_items_has_none() -> None:
    assert (
        outcome(move(ListFacts(ListKind.DESTROY, ListState.IN_REVIEW, PROPOSER), Move.APPROVE, OTHER, NOW)) == "nothing"
    )


ALLOWED = {
    ("draft", "compose"): "draft", ("adjusting", "compose"): "adjusting",
    ("draft", "submit"): "in_review", ("adjusting", "submit"): "in_review",
    ("in_review", "answer"): "in_review", ("in_review", "return"): "adjusting", ("in_review", "approve"): "approved",
    ("approved", "start"): "executing", ("waiting", "start"): "executing", ("received", "start"): "executing",
    **{(x, "abort"): "aborted" for x in ("draft", "in_review", "adjusting", "approved", "waiting", "sent", "received")},
    ("executing", "verify"): "verifying", ("verifying", "complete"): "completed",
    ("executing", "fail"): "partly_failed", ("verifying", "fail"): "partly_failed",
    ("partly_failed", "retry"): "executing",
}  # fmt: skip
"""The life of a list to be destroyed, written by hand."""
HANDED_OVER = {
    ("approved", "send"): "sent", ("waiting", "send"): "sent",
    ("approved", "receive"): "received", ("waiting", "receive"): "received", ("sent", "receive"): "received",
}  # fmt: skip


@pytest.mark.parametrize("kind", list(ListKind))
def test_every_move_in_every_state(kind: ListKind) -> None:
    for state, wanted in product(ListState, Move):
        who = PROPOSER if wanted in (Move.COMPOSE, Move.SUBMIT) else OTHER
        found = outcome(move(facts(state, kind), wanted, who, NOW, "Uitstroom 2019"))
        expected = ALLOWED.get((state.value, wanted.value))
        if kind is ListKind.TRANSFER:
            if wanted is Move.START and state.value in ("approved", "waiting", "sent"):
                expected = "not_received"
            expected = HANDED_OVER.get((state.value, wanted.value), expected)
        elif wanted in (Move.SEND, Move.RECEIVE):
            expected = "no_transfer"
        assert found == (expected or "wrong_state"), (state, wanted)


def test_all_states_have_a_name_and_all_moves_a_place() -> None:
    assert set(STATES) == set(ListState)
    assert set(MOVES) == set(Move)
    assert set(BEFORE_EXECUTION) == set(MOVES[Move.ABORT])


@pytest.mark.parametrize("who", [PROPOSER, None])
def test_nobody_approves_what_they_proposed(who: UUID | None) -> None:
    assert outcome(move(facts(ListState.IN_REVIEW), Move.APPROVE, who, NOW)) == "same_person"


@pytest.mark.parametrize("wanted", [Move.COMPOSE, Move.SUBMIT])
def test_only_the_proposer_composes(wanted: Move) -> None:
    assert outcome(move(facts(ListState.DRAFT), wanted, OTHER, NOW)) == "not_proposer"


def test_an_empty_list_goes_nowhere() -> None:
    for state, wanted, who in (
        (ListState.DRAFT, Move.SUBMIT, PROPOSER),
        (ListState.IN_REVIEW, Move.APPROVE, OTHER),
        (ListState.WAITING, Move.START, OTHER),
    ):
        assert outcome(move(facts(state, open_items=0), wanted, who, NOW, "Uitstroom 2019")) == "nothing"


def test_what_a_person_must_judge_holds_up_the_approval() -> None:
    found = move(facts(ListState.IN_REVIEW, unanswered=2), Move.APPROVE, OTHER, NOW)
    assert isinstance(found, Stays)
    assert (found.reason.code, found.reason.params) == ("unanswered", {"count": 2})


@pytest.mark.parametrize(
    ("until", "expected"),
    [(None, "waiting"), (NOW + timedelta(seconds=1), "waiting"), (NOW, "executing"), (NOW - timedelta(1), "executing")],
)
def test_the_waiting_period_ends_at_its_instant(until: datetime | None, expected: str) -> None:
    found = move(facts(ListState.WAITING, waits_until=until), Move.START, OTHER, NOW, "Uitstroom 2019")
    assert outcome(found) == expected


def test_the_day_is_told_in_amsterdam() -> None:
    found = move(facts(ListState.WAITING, waits_until=NOW + timedelta(days=1)), Move.START, OTHER, NOW)
    assert isinstance(found, Stays)
    assert str(found.reason) == "De bedenktijd loopt nog, tot 2026-11-23 13:00."


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Uitstroom 2019", "executing"),
        ("  Uitstroom   2019 ", "executing"),
        ("uitstroom 2019", "wrong_name"),
        ("", "wrong_name"),
    ],
)
def test_the_name_is_typed(typed: str, expected: str) -> None:
    assert outcome(move(facts(ListState.WAITING), Move.START, OTHER, NOW, typed)) == expected


def due_as(
    verdict: Verdict, action: DisposalAction = DisposalAction.DESTROY, since: date | None = date(2021, 8, 1)
) -> Due:
    """A verdict."""
    return Due(verdict, Reason(verdict.value, "x"), 1, since, since, action)


DUE = due_as(Verdict.DUE)


@pytest.mark.parametrize(
    ("item", "code"),
    [
        (ItemFacts(ListKind.DESTROY, DUE), None),
        (ItemFacts(ListKind.TRANSFER, DUE), None),
        (ItemFacts(ListKind.DESTROY, due_as(Verdict.DUE, DisposalAction.REVIEW)), None),
        (ItemFacts(ListKind.TRANSFER, due_as(Verdict.DUE, DisposalAction.TRANSFER_THEN_DESTROY)), None),
        (ItemFacts(ListKind.DESTROY, due_as(Verdict.DUE, DisposalAction.TRANSFER_THEN_DESTROY)), "other_action"),
        (ItemFacts(ListKind.DESTROY, due_as(Verdict.DUE, DisposalAction.KEEP)), "other_action"),
        (ItemFacts(ListKind.DESTROY, None), "gone"),
        (ItemFacts(ListKind.DESTROY, DUE, living=False), "gone"),
        (ItemFacts(ListKind.DESTROY, DUE, elsewhere=True), "elsewhere"),
        (ItemFacts(ListKind.DESTROY, DUE, same_category=False), "reclassified"),
        (ItemFacts(ListKind.DESTROY, DUE, same_content=False), "changed"),
        (ItemFacts(ListKind.DESTROY, DUE, deferred_until=TODAY + timedelta(1)), "deferred"),
        (ItemFacts(ListKind.DESTROY, DUE, deferred_until=TODAY), None),
        (ItemFacts(ListKind.DESTROY, due_as(Verdict.DUE, since=TODAY)), None),
        (ItemFacts(ListKind.DESTROY, due_as(Verdict.DUE, since=TODAY + timedelta(1))), "running"),
        (ItemFacts(ListKind.DESTROY, due_as(Verdict.DUE, since=None)), "running"),
        *((ItemFacts(ListKind.DESTROY, due_as(x)), x.value) for x in Verdict if x is not Verdict.DUE),
    ],
)
def test_what_stands_in_the_way(item: ItemFacts, code: str | None) -> None:
    found = obstacle(item, TODAY)
    assert (found.code if found else None) == code
    if found is not None:
        assert str(found)
        assert text_of(found.code) == TEXTS[found.code]


def test_the_kind_of_list_and_who_judges() -> None:
    assert {x: kind_of(x) for x in DisposalAction} == {
        DisposalAction.DESTROY: ListKind.DESTROY,
        DisposalAction.REVIEW: ListKind.DESTROY,
        DisposalAction.TRANSFER_THEN_DESTROY: ListKind.TRANSFER,
        DisposalAction.KEEP: None,
    }
    assert kind_of(None) is None
    assert [x for x in DisposalAction if must_be_judged(x)] == [DisposalAction.REVIEW]
    assert text_of("x") == ""


def lying(document: UUID, dossier: UUID, category: str = "OND-05") -> Lying:
    """A placement; the pupil has the dossier's id."""
    return Lying(uuid4(), document, dossier, dossier, category)


def test_shared_documents_stay_or_go_with_the_last_place() -> None:
    one, two, three, four, mine, theirs = (uuid4() for _ in range(6))
    items = [lying(one, mine), lying(two, mine), lying(two, theirs), lying(three, mine), lying(four, mine)]
    found = {x.document_id: (x.going, x.others, x.stays) for x in shared(items, {one: 1, three: 0})}
    assert found == {one: (1, 1, True), two: (2, 0, False)}


def test_what_is_left_of_each_dossier() -> None:
    mine, theirs = uuid4(), uuid4()
    items = [lying(uuid4(), mine), lying(uuid4(), mine, "OND-03"), lying(uuid4(), theirs)]
    beside = [lying(uuid4(), mine, "OND-03"), lying(uuid4(), mine, "ADM-01"), lying(uuid4(), mine, "ADM-01")]
    found = {x.dossier_id: (x.going, dict(x.left), x.empty) for x in remains(items, beside)}
    assert found == {mine: (2, {"ADM-01": 2, "OND-03": 1}, False), theirs: (1, {}, True)}
    last = {(x.pupil_id, x.category): x.going for x in last_of_kind(items, beside)}
    assert last == {(mine, "OND-05"): 1, (theirs, "OND-05"): 1}


@pytest.mark.parametrize(
    ("rules", "left", "day", "code"),
    [
        ([DUE], [], date(2021, 8, 1), "own_data"),
        ([DUE], [due_as(Verdict.RUNNING, since=date(2028, 1, 1))], date(2028, 1, 1), "own_data"),
        ([due_as(Verdict.RUNNING, since=date(2030, 1, 1))], [DUE], date(2030, 1, 1), "own_data"),
        ([DUE], [due_as(Verdict.UNKNOWN_TRIGGER, since=None)], None, "something_stays"),
        ([DUE], [due_as(Verdict.HELD)], None, "something_stays"),
        ([due_as(Verdict.HELD)], [], None, "held"),
        ([due_as(Verdict.UNKNOWN_TRIGGER, since=None)], [], None, "unknown_trigger"),
        ([], [], None, "no_rule"),
    ],
)
def test_the_pupils_own_data_go_last(rules: list[Due], left: list[Due], day: date | None, code: str) -> None:
    found = own_data(uuid4(), rules, left)
    assert (found.due_from, found.reason.code) == (day, code)
    assert str(found.reason)
