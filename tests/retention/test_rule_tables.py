"""Tables of rules, comparing rules, and rules that cannot be."""

import csv
import io
from datetime import date
from importlib import resources

import pytest

from dms.kernel.errors import BadInput
from dms.kernel.outcome import Reason
from retention.rules.compare import Effect, changed_rules, effect
from retention.rules.due import Due, Verdict
from retention.rules.schedule import DisposalAction, Rule, Schedule, Trigger
from retention.rules.table import COLUMNS, rows_of, rule_from_row, rules_from_text
from retention.rules.term import Rounding, Term, term_text

HEAD = ";".join(COLUMNS)
LINE = {"code": "X", "aanleiding": "documentdatum", "maximum": "P2Y", "actie": "vernietigen", "grondslag": "AVG"}
TODAY = date(2026, 11, 22)


def test_the_shipped_table_is_read_and_written_alike() -> None:
    text = resources.files("dms.defaults").joinpath("categories.csv").read_text("utf-8")
    rules = rules_from_text(text)
    file = io.StringIO()
    writer = csv.DictWriter(file, COLUMNS, delimiter=";")
    writer.writeheader()
    writer.writerows(rows_of(rules))
    again = rules_from_text(file.getvalue())
    assert again == tuple(sorted(rules, key=lambda x: x.category))
    by_code = {x.category: x for x in rules}
    assert {x.category for x in rules if x.blocked} == {"ADM-12", "OND-08", "ZRG-05", "SWV-02"}
    assert (by_code["ADM-01"].minimum, by_code["ADM-01"].maximum) == (Term(60), Term(60))
    assert (by_code["OND-05"].certain, by_code["ADM-03"].certain) == (True, False)
    assert by_code["OND-01"].action is DisposalAction.TRANSFER_THEN_DESTROY


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": ""},
        {"code": "X" * 21},
        {"aanleiding": "ooit"},
        {"aanleiding": ""},
        {"minimum": "twee jaar"},
        {"minimum": "P2Y1D"},
        {"minimum": "P1Y", "maximum": "P365D"},
        {"aanleiding": "", "minimum": "P1Y", "maximum": "", "actie": "bewaren"},
        {"aanleiding": "", "maximum": "P1Y", "actie": "bewaren"},
        {"maximum": ""},
        {"maximum": "P2"},
        {"actie": "weg"},
        {"actie": "overdragen_dan_vernietigen", "maximum": ""},
        {"geblokkeerd": "misschien"},
        {"afronding": "maand"},
        {"grondslag": ""},
        {"grondslag": "x" * 301},
        {"bron": "x" * 301},
        {"zekerheid": "x" * 11},
        {"opmerking": "x" * 501},
    ],
)
def test_a_rule_that_cannot_be_is_refused(wrong: dict[str, str]) -> None:
    rule_from_row(LINE)
    with pytest.raises(BadInput) as caught:
        rule_from_row(LINE | wrong)
    assert caught.value.code in ("bad_rule", "no_legal_basis")


@pytest.mark.parametrize(
    "fine",
    [
        {"code": "X" * 20},
        {"minimum": "P2Y"},
        {"minimum": "P365D", "maximum": "P1Y"},
        {"minimum": "P23M"},
        {"maximum": "", "minimum": "P1Y"},
        {"maximum": "", "geblokkeerd": "ja"},
        {"grondslag": "", "geblokkeerd": "ja"},
        {"grondslag": "", "actie": "beoordelen"},
        {"maximum": "", "actie": "beoordelen"},
        {"aanleiding": "", "maximum": "", "actie": "bewaren"},
        {"afronding": "schooljaar"},
        {"grondslag": "x" * 300, "bron": "x" * 300, "zekerheid": "x" * 10, "opmerking": "x" * 500},
    ],
)
def test_a_rule_that_can_be_is_read(fine: dict[str, str]) -> None:
    rule_from_row(LINE | fine)


def test_what_is_wrong_is_named_by_code_and_column() -> None:
    with pytest.raises(BadInput) as caught:
        rule_from_row(LINE | {"actie": "weg"})
    assert caught.value.params == {"code": "X", "column": "actie"}


def test_a_table_needs_lines_and_each_code_once() -> None:
    row = "X;documentdatum;;P2Y;vernietigen;nee;kalenderjaar;AVG;;G;"
    (rule,) = rules_from_text(f"\ufeff{HEAD}\n{row}\n")
    assert rule == Rule(
        "X",
        Trigger.DOCUMENT_DATE,
        None,
        Term(24),
        DisposalAction.DESTROY,
        False,
        Rounding.CALENDAR_YEAR,
        "AVG",
        "",
        "G",
    )
    for text in ("", HEAD, f"{HEAD}\n{row}\n{row}"):
        with pytest.raises(BadInput):
            rules_from_text(text)


@pytest.mark.parametrize(("term", "text"), [(None, ""), (Term(), "P0D"), (Term(18, 3), "P1Y6M3D"), (Term(24), "P2Y")])
def test_terms_are_written(term: Term | None, text: str) -> None:
    assert term_text(term) == text


def verdict(what: Verdict, first: date | None = None, last: date | None = None) -> Due:
    return Due(what, Reason("x", "x"), 1, first, last)


YESTERDAY, TOMORROW, LATER = date(2026, 11, 21), date(2026, 11, 23), date(2030, 1, 1)
NEVER, BLOCKED = verdict(Verdict.UNKNOWN_TRIGGER), verdict(Verdict.BLOCKED)


@pytest.mark.parametrize(
    ("before", "after", "disposing", "expected"),
    [
        (BLOCKED, BLOCKED, False, Effect.UNCHANGED),
        (NEVER, BLOCKED, False, Effect.BLOCKED),
        (verdict(Verdict.DUE, YESTERDAY, YESTERDAY), BLOCKED, True, Effect.BLOCKED),
        (NEVER, NEVER, False, Effect.UNCHANGED),
        (BLOCKED, NEVER, False, Effect.UNCHANGED),
        (verdict(Verdict.RUNNING, LATER, LATER), NEVER, False, Effect.UNDATED),
        (verdict(Verdict.DUE, YESTERDAY), verdict(Verdict.RUNNING, TOMORROW), True, Effect.CONFLICT),
        (verdict(Verdict.DUE, YESTERDAY), verdict(Verdict.DUE, TODAY), True, Effect.LATER),
        (verdict(Verdict.DUE, YESTERDAY), verdict(Verdict.RUNNING, TOMORROW), False, Effect.LATER),
        (verdict(Verdict.RUNNING, TOMORROW), verdict(Verdict.DUE, YESTERDAY, YESTERDAY), False, Effect.CONFLICT),
        (NEVER, verdict(Verdict.DUE, YESTERDAY, YESTERDAY), False, Effect.CONFLICT),
        (verdict(Verdict.DUE, TODAY), verdict(Verdict.DUE, YESTERDAY, YESTERDAY), False, Effect.EARLIER),
        (verdict(Verdict.RUNNING, TOMORROW), verdict(Verdict.DUE, YESTERDAY, TODAY), False, Effect.EARLIER),
        (verdict(Verdict.RUNNING, TOMORROW), verdict(Verdict.DUE, YESTERDAY), False, Effect.EARLIER),
        (NEVER, verdict(Verdict.RUNNING, LATER, LATER), False, Effect.DATED),
        (verdict(Verdict.RUNNING, LATER, LATER), verdict(Verdict.RUNNING, LATER, LATER), False, Effect.UNCHANGED),
        (verdict(Verdict.RUNNING, LATER, LATER), verdict(Verdict.RUNNING, LATER), False, Effect.LATER),
        (verdict(Verdict.RUNNING, LATER), verdict(Verdict.RUNNING, LATER, LATER), False, Effect.EARLIER),
        (verdict(Verdict.HELD, LATER), verdict(Verdict.HELD, TOMORROW), False, Effect.EARLIER),
    ],
)
def test_effects(before: Due, after: Due, disposing: bool, expected: Effect) -> None:
    assert effect(before, after, TODAY, disposing=disposing) is expected


def test_what_nobody_disposes_of_yet_may_get_a_later_day() -> None:
    assert effect(verdict(Verdict.DUE, YESTERDAY), verdict(Verdict.RUNNING, TOMORROW), TODAY) is Effect.LATER


def test_changed_rules() -> None:
    one, other = rule_from_row(LINE), rule_from_row(LINE | {"maximum": "P3Y"})
    before = Schedule(1, {"X": one, "Y": one})
    assert changed_rules(before, {"X": one, "Y": one}) == frozenset()
    assert changed_rules(before, {"X": other, "Z": one}) == {"X", "Y", "Z"}
