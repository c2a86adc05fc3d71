"""A small share of the labelled set, held to the bars; the whole of it is the proof `recognition`."""

import os
from collections.abc import Sequence

import pytest

from benchmarks.measures import recognition_report as report
from benchmarks.measures.free_papers import FreeJudge, free_papers
from benchmarks.measures.recognition_judge import Verdict
from benchmarks.measures.recognition_set import FILEABLE, digital, for_a_person, looks_of, noisy, school_of_600
from benchmarks.proofs.recognition import judge_of
from dms.demo.letters.looks import all_looks
from dms.demo.letters.truth import Expected
from ingest.service.shipped import shipped

FULL = os.environ.get("DMS_TEST_FULL") == "1"  # noqa: TID251 - how thorough this run is
SEED, LOOKS = 5, (None if FULL else 2)


@pytest.fixture(scope="module")
def verdicts() -> dict[float, list[Verdict]]:
    judge, school = judge_of(SEED)
    papers = [*digital(school, SEED, "test", LOOKS), *for_a_person(school, SEED, "test", LOOKS)]
    return {rate: [judge(noisy(x, rate)) for x in papers] for rate in (0.0, 0.003, 0.01)}


def faults(rows: Sequence[Verdict]) -> list[str]:
    return [f"{x.paper.name}: {x.category}" for x in rows if x.filed and not x.right]


def test_the_set_is_broad_and_its_halves_share_no_look() -> None:
    school = school_of_600(SEED)
    assert len(school.pupils) == 600
    assert len({(x.surname, x.birth_date) for x in school.pupils}) < 600, "there are twins"
    assert len({x.full_name for x in school.pupils}) < 600, "there are namesakes"
    assert len({x.category for x in FILEABLE}) >= 25
    for kind in FILEABLE:
        assert len({x.name for x in all_looks(kind.looks)}) >= 12
        tune, test = ({x.name for x in looks_of(kind, half)} for half in ("tune", "test"))
        assert tune
        assert test
        assert not tune & test


@pytest.mark.slow
def test_layouts_that_nothing_was_tuned_on_file_themselves(verdicts: dict[float, list[Verdict]]) -> None:
    every = [x for rows in verdicts.values() for x in rows]
    counts = report.counted(every)
    assert counts.wrong_dossier == 0, faults(every)
    assert counts.filed_share >= 0.85
    assert counts.category_share >= 0.97, faults(every)
    assert counts.date_share >= 0.95, faults(every)


def test_what_a_person_should_see_never_files_itself(verdicts: dict[float, list[Verdict]]) -> None:
    for rows in verdicts.values():
        assert not [x.paper.name for x in rows if x.filed and x.paper.truth.must_be is Expected.DESK]


@pytest.mark.slow
def test_other_peoples_words_never_end_in_a_wrong_dossier() -> None:
    what = shipped()
    judge = FreeJudge(what.model, what.weighing, what.thresholds)
    papers = free_papers(tuning=False)
    assert len(papers) >= 40
    rows = [judge(x) for x in papers]
    counts = report.counted(rows)
    assert counts.wrong_dossier == 0
    assert not [x.paper.name for x in rows if x.filed and x.paper.truth.must_be is Expected.DESK]
    assert counts.filed_share >= 0.6
    assert counts.category_right >= counts.filed - 1, faults(rows)
    assert counts.date_right >= counts.filed - 2, faults(rows)


def test_the_report_shows_bins_confusion_and_a_plot(verdicts: dict[float, list[Verdict]]) -> None:
    rows = verdicts[0.01]
    bins = report.category_bins(rows)
    drawing = report.plot((("kind", "#1f6f8b", bins),))
    assert drawing.count("<circle") == len(bins) + 1
    wrong = [x for x in rows if not x.category_right]
    assert sum(x["times"] for x in report.confusion(rows)) == len(wrong)
    assert report.bound(3000) == pytest.approx(0.000998, abs=1e-5)
