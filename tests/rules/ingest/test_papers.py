"""Whole papers: what a person would do, done by rules."""

import os
import random
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from ingest.rules.match import Ambiguous, Matched
from ingest.rules.route import AskHuman, Desk, FileNow

FULL = os.environ.get("DMS_TEST_FULL") == "1"  # noqa: TID251 - how thorough this run is

Recognise = Callable[..., Any]


def test_the_drawer_is_broad_enough(papers: list[Any]) -> None:
    assert len(papers) >= 60
    assert len({paper.category for paper in papers}) >= 25
    assert len({paper.key for paper in papers}) == len(papers)


@pytest.mark.slow
def test_nothing_goes_into_a_wrong_dossier(
    papers: list[Any], recognise: Recognise, id_of: Callable[[str], UUID]
) -> None:
    for paper in papers:
        verdict = recognise(paper.text).route
        if isinstance(verdict, FileNow):
            assert paper.number is not None, paper.key
            assert verdict.pupil_id == id_of(paper.number), paper.key


def test_what_needs_a_person_goes_to_a_desk(papers: list[Any], recognise: Recognise) -> None:
    for paper in papers:
        if not paper.files:
            verdict = recognise(paper.text).route
            assert isinstance(verdict, AskHuman), paper.key
            assert verdict.reason.text, paper.key


@pytest.mark.slow
def test_the_clear_ones_file_themselves_with_category_and_date(papers: list[Any], recognise: Recognise) -> None:
    clear = [paper for paper in papers if paper.files]
    filed = [(paper, verdict) for paper in clear if isinstance(verdict := recognise(paper.text).route, FileNow)]
    assert len(filed) >= 0.95 * len(clear)
    assert [paper.key for paper, verdict in filed if verdict.category != paper.category] == []
    assert [paper.key for paper, verdict in filed if verdict.document_date != paper.day] == []


@pytest.mark.slow
@pytest.mark.parametrize("rate", [0.005, 0.01, 0.02, 0.04])
def test_noise_never_finds_another_pupil(
    rate: float, papers: list[Any], recognise: Recognise, id_of: Callable[[str], UUID], noisy: Callable[..., str]
) -> None:
    """A noisy copy of each paper at each of four rates, four (more than 2,000 texts) when FULL: no wrong pupil."""
    chance = random.Random(f"noise {rate}")
    tally: Counter[str] = Counter()
    wrong: list[str] = []
    for paper in papers:
        for _ in range(4 if FULL else 1):
            text = noisy(paper.text, chance, rate)
            result = recognise(text, ocr=True)
            tally["filed" if isinstance(result.route, FileNow) else "desk"] += 1
            # A paper about two pupils may lose one to the noise; filing it with a third would be wrong.
            if paper.number is not None and isinstance(result.match, Matched):
                tally["matched"] += 1
                if result.match.pupil_id != id_of(paper.number):
                    wrong.append(f"{paper.key}: {text}")
    sys.stdout.write(f"noise {rate:.1%}: {dict(tally)}, wrong pupils {len(wrong)}\n")
    assert wrong == []
    assert tally["matched"] > 0


def test_papers_about_nobody_or_several_are_not_matched(papers: list[Any], recognise: Recognise) -> None:
    for paper in papers:
        if paper.number is None:
            assert not isinstance(recognise(paper.text).match, Matched), paper.key


@pytest.mark.parametrize(
    "key, code",
    [
        ("ond-tweeling-naam", "which_pupil"),
        ("ond-tweeling-beide", "namesakes"),
        ("vei-incident-twee", "several_pupils"),
        ("ges-namenoot", "which_pupil"),
        ("ges-andere-geboorte", "name_alone"),
        ("zrg-kaal-nummer", "number_alone"),
        ("zrg-alleen-naam", "name_alone"),
    ],
)
def test_the_reason_says_what_is_missing(key: str, code: str, papers: list[Any], recognise: Recognise) -> None:
    paper = next(paper for paper in papers if paper.key == key)
    found = recognise(paper.text).match
    assert isinstance(found, Ambiguous)
    assert found.reason.code == code
    assert found.candidates


@pytest.mark.slow
def test_care_papers_wait_at_the_desk_for_care(papers: list[Any], recognise: Recognise) -> None:
    by_key = {paper.key: recognise(paper.text).route for paper in papers}
    assert by_key["zrg-alleen-naam"].desk is Desk.ZORGPOSTBAK
    assert by_key["adm-paspoort"].desk is Desk.ZORGPOSTBAK
    assert by_key["adm-paspoort"].reason.code == "identity_paper"
    assert by_key["ges-namenoot"].desk is Desk.POSTBAK
