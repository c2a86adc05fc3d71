"""What a certificate must say, and what goes without a list: the pure rules."""

from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from dms.kernel.outcome import Reason
from dms.model.disposal import OwnDataState
from retention.rules.certificate import FIRST, FORMAT, LineFacts, canonical, digest_of, faults_of, follows, summed
from retention.rules.due import Due, Verdict
from retention.rules.own_data import (
    BinFacts,
    DecisionFacts,
    PupilFacts,
    against_approval,
    against_bin,
    against_pupil,
)
from retention.rules.schedule import DisposalAction, Rule, Trigger
from retention.rules.term import Term

FEMKE, DIRK = UUID(int=1), UUID(int=2)
NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)


def line(category: str, pseudonym: str, *, whole: bool = True, day: date | None = None) -> LineFacts:
    return LineFacts(category, category.lower(), whole, 3, "AVG", "vernietigen", date(2024, 8, 1), None, day, pseudonym)


def body(**more: Any) -> dict[str, Any]:
    lines = [line("OND-05", "a", day=date(2020, 1, 2)), line("OND-05", "b", whole=False), line("GES-01", "c")]
    return {
        "format": FORMAT,
        "version": 1,
        "id": "x",
        "number": 1,
        "previous": FIRST,
        "board": {"id": "bestuur", "name": "Stichting Horizon"},
        "school": {"id": "s", "brin": "99XX", "name": "De Regenboog"},
        "made_at": "2026-07-01T12:00:00+00:00",
        "run": {"id": "r", "round": 1, "started_at": "2026-07-01T10:00:00+00:00", "destroyed": 3},
        "decision": {
            "kind": "list",
            "proposed_by": {"id": "femke", "name": "Femke"},
            "approved_by": {"id": "dirk", "name": "Dirk"},
            "approved_at": "2026-06-01T10:00:00+00:00",
        },
        "destroyed": summed(lines),
        "pupils": {"count": 1, "pseudonyms": ["p"]},
        "kept": {},
        "method": ["key_destroyed"],
        "verification": {
            "checked_at": "2026-07-01T11:00:00+00:00",
            "places": [{"place": "rows", "things": 3, "bytes": 0, "found": 0}],
        },
        "backups": {},
        "ledger": {"lines": 4, "digest": "d"},
        **more,
    }


def test_lines_are_summed_per_category_and_ground() -> None:
    first, second = body()["destroyed"]
    assert (first["category"], second["category"]) == ("GES-01", "OND-05")
    assert (second["documents"], second["places"], second["pseudonyms"]) == (1, 1, ["a", "b"])
    assert second["document_dates"] == {"first": "2020-01-02", "last": "2020-01-02"}
    assert first["document_dates"] is None


def test_a_good_one_has_no_faults_and_one_way_to_be_written() -> None:
    good = body()
    assert faults_of(good) == []
    assert canonical(good) == canonical(dict(reversed(good.items())))
    with pytest.raises(ValueError, match="JSON"):
        canonical({"x": float("nan")})
    assert digest_of({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"  # SHA-256 of "{}"
    assert len(FIRST) == len(digest_of({}))


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        (("format",), "iets anders", "format"),
        (("version",), 2, "format"),
        (("run", "destroyed"), 4, "counts"),
        (("destroyed", 0, "documents"), 2, "counts"),
        (("pupils", "count"), 0, "counts"),
        (("destroyed", 1, "pseudonyms"), ["a", "a"], "counts"),
        (("made_at",), "2026-07-01T10:30:00+00:00", "order"),
        (("decision", "approved_at"), "2026-07-02T10:00:00+00:00", "order"),
        (("decision", "approved_by"), {"id": "femke", "name": "Femke"}, "one_person"),
        (("decision", "approved_by"), None, "one_person"),
        (("number",), 2, "chain"),
        (("number",), 0, "chain"),
        (("previous",), "1" * 64, "chain"),
        (("verification", "places", 0, "found"), 1, "not_absent"),
        (("verification", "places"), [], "not_absent"),
        (("verification", "checked_at"), "gisteren", "shape"),
        (("destroyed",), None, "shape"),
    ],
)
def test_each_fault_is_found(path: tuple[str | int, ...], value: object, code: str) -> None:
    bad: Any = deepcopy(body())
    inner = bad
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    assert code in [x.code for x in faults_of(bad)]


def test_what_nobody_decided_on_a_list_needs_no_two_people() -> None:
    assert faults_of(body(decision={"kind": "bin"})) == []


def test_a_certificate_of_nothing_is_none() -> None:
    nothing = body(destroyed=[], pupils={"count": 0, "pseudonyms": []})
    nothing["run"]["destroyed"] = 0
    assert [x.code for x in faults_of(nothing)] == ["counts"]


def test_a_certificate_of_one_pupil_alone_is_one() -> None:
    alone = body(destroyed=[])
    alone["run"]["destroyed"] = 0
    assert faults_of(alone) == []


def test_one_place_with_something_left_is_enough() -> None:
    bad = body()
    bad["verification"]["places"].append({"place": "objects", "things": 3, "bytes": 9, "found": 1})
    assert [x.code for x in faults_of(bad)] == ["not_absent"]


def test_names_are_signed_as_they_are_written() -> None:
    assert canonical({"b": "Zoë", "a": 1}) == '{"a":1,"b":"Zoë"}'.encode()


def test_numbers_begin_at_one() -> None:
    assert [x.code for x in faults_of(body(number=0, previous="1" * 64))] == ["chain"]
    assert faults_of(body(number=2, previous="1" * 64)) == []


@pytest.mark.parametrize("name", sorted(body()))
def test_nothing_may_be_missing(name: str) -> None:
    bad = body()
    del bad[name]
    assert [x.code for x in faults_of(bad)] == ["format" if name in ("format", "version") else "incomplete"]


def test_what_follows_names_the_one_before() -> None:
    first = body()
    second = body(number=2, previous=digest_of(first))
    assert follows(second, first) == []
    assert follows(second | {"number": 3}, first)
    assert follows(second | {"previous": FIRST}, first)
    assert follows(second | {"board": {"id": "ander"}}, first)
    assert follows(first, second)
    unnumbered = {k: v for k, v in first.items() if k != "number"}
    assert follows(body(number=2, previous=digest_of(unnumbered)), unnumbered)


def found(verdict: Verdict) -> Due:
    return Due(verdict, Reason(verdict.value, "tekst"), 3)


def rule(*, minimum: bool) -> Rule:
    least = Term(months=60) if minimum else None
    return Rule("X", Trigger.ENROLMENT_END, least, Term(months=60), DisposalAction.DESTROY)


@pytest.mark.parametrize(
    ("verdict", "minimum", "code"),
    [
        (Verdict.DUE, True, None),
        (Verdict.DUE, False, None),
        (Verdict.RUNNING, False, None),
        (Verdict.AHEAD, False, None),
        (Verdict.UNKNOWN_TRIGGER, False, None),
        (Verdict.RUNNING, True, "minimum"),
        (Verdict.AHEAD, True, "minimum"),
        (Verdict.UNKNOWN_TRIGGER, True, "minimum"),
        (Verdict.HELD, False, "held"),
        (Verdict.BLOCKED, False, Verdict.BLOCKED.value),
        (Verdict.NO_RULE, False, Verdict.NO_RULE.value),
        (Verdict.KEPT, False, Verdict.KEPT.value),
    ],
)
def test_what_the_bin_keeps(verdict: Verdict, minimum: bool, code: str | None) -> None:
    over = NOW - timedelta(seconds=1)
    against = against_bin(BinFacts(True, over, found(verdict), rule(minimum=minimum)), NOW)
    assert (against.code if against else None) == code


def test_the_bin_keeps_what_can_be_put_back_and_what_is_not_there() -> None:
    def code(facts: BinFacts) -> str | None:
        against = against_bin(facts, NOW)
        return against.code if against else None

    due, some = found(Verdict.DUE), rule(minimum=False)
    assert code(BinFacts(True, NOW, due, some)) == "restorable"
    assert code(BinFacts(False, NOW - timedelta(days=1), due, some)) == "gone"
    assert code(BinFacts(True, None, due, some)) == "gone"
    assert code(BinFacts(True, NOW - timedelta(days=1), None, some)) == "gone"
    assert code(BinFacts(True, NOW - timedelta(days=1), found(Verdict.RUNNING), None)) == Verdict.RUNNING.value


@pytest.mark.parametrize(
    ("verdict", "living", "waiting", "approved", "code"),
    [
        (Verdict.DUE, 0, 0, True, None),
        (Verdict.DUE, 1, 0, True, "documents_left"),
        (Verdict.DUE, 0, 1, True, "papers_wait"),
        (Verdict.DUE, 0, 0, False, "not_approved"),
        (Verdict.HELD, 0, 0, True, "held"),
        (Verdict.RUNNING, 0, 0, True, Verdict.RUNNING.value),
        (Verdict.UNKNOWN_TRIGGER, 0, 0, True, Verdict.UNKNOWN_TRIGGER.value),
    ],
)
def test_when_a_pupils_own_data_go(
    verdict: Verdict, living: int, waiting: int, approved: bool, code: str | None
) -> None:
    against = against_pupil(PupilFacts(found(verdict), living, waiting, approved))
    assert (against.code if against else None) == code


def test_a_pupils_own_data_stay_while_somebody_needs_them() -> None:
    asked = Reason("open_transfer", "tekst")
    assert against_pupil(PupilFacts(found(Verdict.DUE), 0, 0, True, asked)) is asked
    against = against_pupil(PupilFacts(found(Verdict.HELD), 0, 0, True, asked))
    assert against is not None
    assert (against.code, against.text) == ("held", "Het is bevroren.")


@pytest.mark.parametrize(
    ("state", "person", "code"),
    [
        (OwnDataState.PROPOSED, DIRK, None),
        (OwnDataState.PROPOSED, FEMKE, "same_person"),
        (OwnDataState.PROPOSED, None, "same_person"),
        (OwnDataState.APPROVED, DIRK, "not_proposed"),
        (OwnDataState.ENDED, FEMKE, "not_proposed"),
    ],
)
def test_who_approves_what_another_proposed_of_own_data(
    state: OwnDataState, person: UUID | None, code: str | None
) -> None:
    against = against_approval(DecisionFacts(state, FEMKE, person))
    assert (against.code if against else None) == code


@pytest.mark.parametrize(
    ("approved", "codes"), [({"id": "dirk"}, []), ({"id": "femke"}, ["one_person"]), (None, ["one_person"])]
)
def test_a_certificate_of_own_data_names_two_people_for_each_decision(
    approved: dict[str, str] | None, codes: list[str]
) -> None:
    two = {"pupils": 1, "proposed_by": {"id": "femke"}, "approved_by": {"id": "dirk"}}
    decision = {"kind": "pupils", "decisions": [two, {**two, "approved_by": approved}]}
    assert [x.code for x in faults_of(body(decision=decision))] == codes
    assert faults_of(body(decision={"kind": "pupils"})) == []
