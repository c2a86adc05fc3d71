"""Due dates: the pinned cases of the design, and a second calculator that must agree on every generated case."""

import os
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retention.rules.due import Due, Facts, Verdict, due
from retention.rules.schedule import DisposalAction, Rule, Schedule, Trigger
from retention.rules.term import Rounding, Term, parse_term, round_up
from tests.retention.second_calculator import end_of_term, next_first, school_year_over

TODAY = date(2026, 11, 22)
FULL = os.environ.get("DMS_TEST_FULL") == "1"  # noqa: TID251 - how thorough this run is
CASES = 10_000 if FULL else 600


def rule(
    trigger: Trigger = Trigger.ENROLMENT_END,
    minimum: str = "",
    maximum: str = "P2Y",
    action: DisposalAction = DisposalAction.DESTROY,
    **more: object,
) -> Rule:
    return Rule("X", trigger, parse_term(minimum), parse_term(maximum), action, **more)  # type: ignore[arg-type]


def judged(line: Rule, today: date = TODAY, **facts: object) -> Due:
    return due(Facts("X", **facts), Schedule(3, {"X": line}), today)  # type: ignore[arg-type]


def test_last_school_day_is_kept_and_first_day_out_counts() -> None:
    out = date(2024, 8, 1)
    found = judged(rule(), enrolment_ends=(out,), today=date(2026, 7, 31))
    assert (found.verdict, found.due_from, found.due_by) == (Verdict.RUNNING, date(2026, 8, 1), date(2026, 8, 1))
    assert judged(rule(), enrolment_ends=(out,), today=date(2026, 8, 1)).verdict is Verdict.DUE


def test_leap_day_and_two_years_is_28_february() -> None:
    found = judged(rule(Trigger.DOCUMENT_DATE), document_date=date(2024, 2, 29))
    assert found.due_from == date(2026, 2, 28)


def test_return_cancels_and_a_corrected_date_recalculates() -> None:
    left = judged(rule(), enrolment_ends=(date(2023, 8, 1),))
    assert left.verdict is Verdict.DUE
    back = judged(rule(), enrolment_ends=(date(2023, 8, 1), None))
    assert (back.verdict, back.due_from, back.due_by) == (Verdict.UNKNOWN_TRIGGER, None, None)
    again = judged(rule(), enrolment_ends=(date(2023, 8, 1), date(2025, 2, 1)))
    assert (again.verdict, again.due_from) == (Verdict.RUNNING, date(2027, 2, 1))
    corrected = judged(rule(), enrolment_ends=(date(2023, 9, 1),))
    assert corrected.due_from == date(2025, 9, 1)


def test_a_day_to_come_starts_nothing_yet() -> None:
    found = judged(rule(), enrolment_ends=(date(2027, 8, 1),))
    assert (found.verdict, found.due_from) == (Verdict.AHEAD, date(2029, 8, 1))


def test_nobody_ever_enrolled_is_an_unknown_trigger() -> None:
    assert judged(rule()).verdict is Verdict.UNKNOWN_TRIGGER


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        (rule(blocked=True), Verdict.BLOCKED),
        (rule(action=DisposalAction.KEEP), Verdict.KEPT),
        (rule(maximum=""), Verdict.KEPT),
        (rule(Trigger.NONE), Verdict.UNKNOWN_TRIGGER),
        (rule(Trigger.DECISION_DATE), Verdict.UNKNOWN_TRIGGER),
    ],
)
def test_what_is_never_due_has_no_days(line: Rule, verdict: Verdict) -> None:
    found = judged(line, enrolment_ends=(date(2001, 8, 1),))
    assert (found.verdict, found.due_from, found.due_by) == (verdict, None, None)


def test_an_unknown_trigger_is_named() -> None:
    named = judged(rule(Trigger.DECISION_DATE)).reason.params["trigger"]
    assert (named, judged(rule(Trigger.NONE)).reason.params["trigger"]) == ("besluitdatum", "-")


def test_no_rule_is_never_due_and_says_so() -> None:
    found = due(Facts("Y", enrolment_ends=(date(2001, 8, 1),)), Schedule(1, {"X": rule()}), TODAY)
    assert (found.verdict, found.due_from) == (Verdict.NO_RULE, None)


def test_a_hold_wins_and_keeps_the_days_for_its_release() -> None:
    found = judged(rule(), enrolment_ends=(date(2020, 8, 1),), holds=("rechtszaak",))
    assert (found.verdict, found.due_from) == (Verdict.HELD, date(2022, 8, 1))
    assert "rechtszaak" in str(found.reason)


def test_a_minimum_and_a_longer_maximum_leave_a_span() -> None:
    found = judged(rule(minimum="P5Y", maximum="P7Y"), enrolment_ends=(date(2020, 8, 1),))
    assert (found.due_from, found.due_by) == (date(2025, 8, 1), date(2027, 8, 1))
    only = judged(rule(minimum="P5Y", maximum=""), enrolment_ends=(date(2020, 8, 1),))
    assert (only.due_from, only.due_by) == (date(2025, 8, 1), None)


@pytest.mark.parametrize(
    ("trigger", "fields", "expected"),
    [
        (Trigger.FUNDING_YEAR_END, {"bekostigingsjaar": 2018}, date(2019, 1, 1)),
        (Trigger.BOOK_YEAR_END, {"boekjaar": "2018"}, date(2019, 1, 1)),
        (Trigger.BOOK_YEAR_END, {"boekjaar": "onbekend"}, None),
        (Trigger.DECISION_DATE, {"besluitdatum": "2020-02-29"}, date(2020, 2, 29)),
        (Trigger.DECISION_DATE, {"besluitdatum": "29-02-2020"}, None),
        (Trigger.RESULT_DATE, {"uitslagdatum": date(2020, 6, 11)}, date(2020, 6, 11)),
        (Trigger.SETTLEMENT, {"afgehandeld_op": "2020-01-02"}, date(2020, 1, 2)),
        (Trigger.SUPPORT_END, {"einde_ondersteuning": "2020-01-02"}, date(2020, 1, 2)),
        (Trigger.WITHDRAWAL, {"ingetrokken_op": "2020-01-02"}, date(2020, 1, 2)),
        (Trigger.WITHDRAWAL_OR_ENROLMENT_END, {"ingetrokken_op": "2020-01-02"}, date(2020, 1, 2)),
        (Trigger.WITHDRAWAL_OR_ENROLMENT_END, {"ingetrokken_op": "2025-01-02"}, date(2021, 8, 1)),
        (Trigger.NEED_OR_ENROLMENT_END, {}, date(2021, 8, 1)),
        (Trigger.NEED_OR_ENROLMENT_END, {"nodig_tot": "2019-05-05"}, date(2019, 5, 5)),
        (Trigger.SETTLEMENT_OR_ENROLMENT_END, {"afgehandeld_op": "2023-01-02"}, date(2023, 1, 2)),
        (Trigger.SETTLEMENT_OR_ENROLMENT_END, {}, date(2021, 8, 1)),
        (Trigger.SCHOOL_YEAR_END, {"schooljaar": "2018-2019"}, date(2019, 8, 1)),
        (Trigger.SCHOOL_YEAR_END, {}, date(2020, 8, 1)),
        (Trigger.DOCUMENT_DATE, {}, date(2020, 7, 31)),
    ],
)
def test_every_trigger_starts_on_its_day(trigger: Trigger, fields: dict[str, object], expected: date | None) -> None:
    found = judged(
        rule(trigger, maximum="P1D"),
        fields=fields,
        enrolment_ends=(date(2021, 8, 1),),
        document_date=date(2020, 7, 31),
    )
    assert found.started_on == expected


def test_a_term_past_the_calendar_is_never_due() -> None:
    found = judged(rule(Trigger.DOCUMENT_DATE, maximum="P999Y"), document_date=date(9001, 1, 1))
    assert found.verdict is Verdict.UNKNOWN_TRIGGER


@pytest.mark.parametrize("rounding", list(Rounding))
@pytest.mark.parametrize("trigger", [Trigger.DOCUMENT_DATE, Trigger.SCHOOL_YEAR_END, Trigger.ENROLMENT_END])
def test_the_ends_of_the_calendar_are_no_fault(trigger: Trigger, rounding: Rounding) -> None:
    line = rule(trigger, maximum="P2Y", rounding=rounding)
    for last in (date(9999, 12, 31), date(9998, 9, 1)):  # what other systems write for "no end"
        found = judged(line, document_date=last, enrolment_ends=(last,))
        assert (found.verdict, found.due_from) == (Verdict.UNKNOWN_TRIGGER, None)
    early = judged(line, document_date=date(1, 1, 1), enrolment_ends=(date(1, 1, 1),))
    assert early.verdict is Verdict.DUE


@pytest.mark.parametrize("text", ["P", "5Y", "P-1Y", "P1.5Y", "PT5H", "P1Y2", "twee jaar"])
def test_what_is_no_term_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="."):
        parse_term(text)


def test_terms_are_read() -> None:
    assert parse_term(" p1y6m ") == Term(months=18)
    assert parse_term("P2W") == Term(days=14)
    assert parse_term("P0D") == Term()
    assert parse_term("") is None


days = st.dates(date(1950, 1, 1), date(2150, 12, 31))
terms = st.builds(
    lambda years, months, loose: f"P{years}Y{months}M{loose}D",
    st.integers(0, 120),
    st.integers(0, 40),
    st.integers(0, 400),
)


@settings(max_examples=CASES, deadline=None)
@given(days, terms, st.sampled_from(Rounding))
def test_the_second_calculator_agrees(start: date, term: str, rounding: Rounding) -> None:
    expected = end_of_term(start, term)
    if rounding is not Rounding.NONE:
        expected = next_first(expected, 1 if rounding is Rounding.CALENDAR_YEAR else 8)
    found = judged(rule(Trigger.DOCUMENT_DATE, maximum=term, rounding=rounding), document_date=start)
    assert found.due_from == found.due_by == expected
    assert found.verdict is (Verdict.DUE if expected <= TODAY else Verdict.AHEAD if start > TODAY else Verdict.RUNNING)


@settings(max_examples=CASES // 4, deadline=None)
@given(days)
def test_school_years_end_as_the_second_calculator_says(day: date) -> None:
    found = judged(rule(Trigger.SCHOOL_YEAR_END, maximum="P0D"), document_date=day)
    assert found.started_on == school_year_over(day)


@settings(max_examples=CASES // 4, deadline=None)
@given(days, st.sampled_from(Rounding))
def test_rounding_never_shortens_and_is_done_once(day: date, rounding: Rounding) -> None:
    rounded = round_up(day, rounding)
    assert rounded >= day
    assert round_up(rounded, rounding) == rounded


def test_a_school_year_that_nobody_wrote_down_is_unknown() -> None:
    found = judged(rule(Trigger.SCHOOL_YEAR_END))
    assert (found.verdict, found.started_on) == (Verdict.UNKNOWN_TRIGGER, None)


def test_a_term_past_the_last_year_of_the_calendar_is_told_so() -> None:
    assert Term(months=12).after(date(9998, 3, 1)) == date(9999, 3, 1)
    with pytest.raises(OverflowError):
        Term(months=12).after(date(9999, 3, 1))
