"""A second calculator, which shares nothing with the product's, agrees on whole cases: rule, facts, holds and day."""

import csv
import os
from datetime import date
from importlib import resources

from hypothesis import given, settings
from hypothesis import strategies as st

from retention.rules.due import Facts, Verdict, due
from retention.rules.schedule import DisposalAction, Schedule, Trigger
from retention.rules.table import rule_from_row, rules_from_text
from tests.retention.second_calculator import second_verdict

FULL = os.environ.get("DMS_TEST_FULL") == "1"  # noqa: TID251 - how thorough this run is
CASES = 12_000 if FULL else 250
FIELDS = ("besluitdatum", "uitslagdatum", "afgehandeld_op", "ingetrokken_op", "nodig_tot", "einde_ondersteuning")

days = st.dates(date(1990, 1, 1), date(2060, 12, 31)) | st.sampled_from(
    [date(y, m, d) for y in (2023, 2024, 2096) for m, d in ((2, 28), (3, 1), (7, 31), (8, 1), (12, 31), (1, 1))]
    + [date(2024, 2, 29), date(2028, 2, 29)]
)
terms = st.sampled_from(("P0D", "P28D", "P6M", "P1Y", "P2Y", "P3Y", "P5Y", "P7Y", "P1Y6M", "P2W", "P1M1D"))
texts = days.map(date.isoformat)
years = st.integers(1990, 2060)


@st.composite
def lines(draw: st.DrawFn) -> dict[str, str]:
    """A line of the table."""
    trigger = draw(st.sampled_from([x for x in Trigger if x is not Trigger.NONE]))
    minimum = draw(st.just("") | terms)
    return {
        "code": "X",
        "aanleiding": trigger.value,
        "minimum": minimum,
        "maximum": draw(st.sampled_from(("", minimum)) if minimum else terms | st.just("")),
        "actie": draw(st.sampled_from([x.value for x in DisposalAction])),
        "geblokkeerd": draw(st.sampled_from(("nee", "nee", "nee", "nee", "nee", "ja"))),
        "afronding": draw(st.sampled_from(("geen", "geen", "kalenderjaar", "schooljaar"))),
        "grondslag": "AVG",
    }


@st.composite
def facts(draw: st.DrawFn) -> dict[str, object]:
    """What is known of a placement: anything may be missing."""
    fields = {x: draw(texts) for x in FIELDS if draw(st.booleans())}
    for name in ("bekostigingsjaar", "boekjaar"):
        if draw(st.booleans()):
            fields[name] = str(draw(years))
    if draw(st.booleans()):
        year = draw(years)
        fields["schooljaar"] = f"{year}-{year + 1}"
    return {
        "ends": draw(st.lists(st.none() | days | days | days, max_size=3)),
        "day": draw(st.none() | days),
        "fields": fields,
        "holds": draw(st.sampled_from(((), (), (), ("klacht",)))),
    }


@settings(max_examples=CASES, deadline=None)
@given(lines(), facts(), days)
def test_whole_cases(line: dict[str, str], told: dict[str, object], today: date) -> None:
    unblocked = not line["minimum"] and not line["maximum"] and line["actie"].endswith("vernietigen")
    if unblocked:
        line = {**line, "geblokkeerd": "ja"}  # the table refuses a rule that destroys without a term
    rule = rule_from_row(line)
    given_facts = Facts("X", tuple(told["ends"]), told["day"], told["fields"], told["holds"])  # type: ignore[arg-type]
    found = due(given_facts, Schedule(1, {"X": rule}), today)
    assert (found.verdict.value, found.due_from, found.due_by) == second_verdict(line, told, today)
    assert str(found.reason)
    assert (found.due_from is None) is (found.verdict in NEVER)


NEVER = {Verdict.UNKNOWN_TRIGGER, Verdict.BLOCKED, Verdict.KEPT, Verdict.NO_RULE}


def test_every_line_of_the_shipped_schedule() -> None:
    """Each shipped rule with all that it may want to know."""
    text = resources.files("dms.defaults").joinpath("categories.csv").read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines(), delimiter=";"))
    rules = {x.category: x for x in rules_from_text(text)}
    assert len(rules) == len(rows) == 37
    told: dict[str, object] = {
        "ends": [date(2024, 2, 29)],
        "day": date(2023, 8, 1),
        "fields": dict.fromkeys(FIELDS, "2024-02-29") | {"bekostigingsjaar": "2018", "boekjaar": "2019"},
        "holds": (),
    }
    for row in rows:
        line = {**row, "afronding": "geen"}
        for today in (date(2024, 2, 28), date(2026, 2, 28), date(2040, 1, 1)):
            known = Facts(row["code"], (date(2024, 2, 29),), date(2023, 8, 1), told["fields"])  # type: ignore[arg-type]
            found = due(known, Schedule(1, rules), today)
            assert (found.verdict.value, found.due_from, found.due_by) == second_verdict(line, told, today), row["code"]
