"""Papers of who left: the demo has terms that are over, that run, and a pupil of whom nothing has to stay."""

from datetime import date
from importlib import resources

import pytest

from dms.demo.leavers import leaver_papers
from dms.demo.letters.catalogue import KINDS
from dms.demo.people import DEFAULT_SEED, kompas, regenboog
from dms.kernel.schoolyear import SchoolYear
from retention.rules.due import Facts, Verdict, due
from retention.rules.schedule import Schedule
from retention.rules.table import rules_from_text


@pytest.mark.parametrize("today", [date(2026, 8, 1), date(2026, 11, 22), date(2027, 7, 31)])
def test_something_is_due_and_something_runs(today: date) -> None:
    text = resources.files("dms.defaults").joinpath("categories.csv").read_text("utf-8")
    schedule = Schedule(1, {x.category: x for x in rules_from_text(text)})
    school = regenboog(DEFAULT_SEED, SchoolYear(2026))
    verdicts: dict[str, list[Verdict]] = {}
    for pupil, paper, day in leaver_papers(school):
        kind = KINDS[paper.kind]
        assert pupil.left is not None
        assert pupil.enrolled < day < pupil.left
        assert pupil.year in kind.years
        ends = (date.fromordinal(pupil.left.toordinal() + 1),)
        found = due(Facts(kind.category, ends, day), schedule, today)
        verdicts.setdefault(pupil.number, []).append(found.verdict)
        if len(verdicts) == 1:  # who left first: nothing has to stay
            assert due(Facts("ADM-03", ends), schedule, today).verdict is Verdict.DUE
            assert found.verdict is Verdict.DUE
    every = [y for x in verdicts.values() for y in x]
    assert (every.count(Verdict.DUE), every.count(Verdict.RUNNING)) == (9, 3)


def test_a_school_that_nobody_left_has_none() -> None:
    assert leaver_papers(kompas(DEFAULT_SEED, SchoolYear(2026))) == []
