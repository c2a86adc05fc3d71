"""Heavy pages that give nothing end a file soon; honest pages are read on, however many there are."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ingest.readers.child import run
from ingest.readers.errors import ReadFailed
from ingest.readers.fence import ChildLimits, Report
from ingest.readers.patience import Patience
from ingest.readers.read import read
from ingest.readers.results import MIB, ReadLimits

LOOKS_LIKE = ("read_heavy", "read_cpu")
LITTLE = ReadLimits(seconds_idle=2)


def in_a_child(task: Any, job: Path) -> Any:
    return run(task, limits=ChildLimits(), folder=job)


def compute(patience: Patience, seconds: float) -> None:
    end = patience.left - seconds
    while patience.left > end:
        pass


@pytest.mark.slow
def test_pages_of_noise_end_the_file_before_the_last(papers: Any, job: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (800, 1200), dtype=np.uint8)
    pages = [papers.draw_scan(noise, dpi=150)] * 400  # the picture is stored once
    seen: list[int] = []
    with pytest.raises(ReadFailed) as failed:
        read(papers.pdf("ruis.pdf", pages), "pdf", job, ReadLimits(seconds_idle=1), lambda done, _: seen.append(done))
    assert failed.value.code in LOOKS_LIKE
    assert "%(" not in failed.value.text()
    assert seen[-1] < 300


@pytest.mark.slow
def test_letters_are_read_on_though_they_take_longer_than_the_patience(papers: Any, job: Path) -> None:
    letters = [papers.draw_scan(papers.letter(seed=seed)) for seed in range(1, 9)]
    result = read(papers.pdf("brieven.pdf", letters), "pdf", job, LITTLE)
    assert [page.problem for page in result.pages] == [None] * 8
    assert min(len(page.words) for page in result.pages) > 50


def test_pages_that_cannot_be_recognised_any_more_are_shown(papers: Any, job: Path) -> None:
    path = papers.pdf("brief.pdf", [papers.draw_scan(papers.letter(3))])
    page = read(path, "pdf", job, ReadLimits(seconds_idle=1)).pages[0]
    assert (page.problem, page.words) == ("ocr_timeout", ())
    assert page.image.stat().st_size > 1000


def test_what_pages_give_back(job: Path) -> None:
    def task(_report: Report) -> list[float]:
        left = []
        patience = Patience(10, 20, 3 * MIB)
        compute(patience, 0.5)
        left.append(patience.left)
        patience.page(1, 9, source="ocr", words=5, picture=0)
        left.append(patience.left)
        patience.page(2, 9, source="text", words=10, picture=0)
        left.append(patience.left)
        patience.page(3, 9, source="ocr", words=400, picture=0)
        left.append(patience.left)
        return left

    spent, few, text, many = in_a_child(task, job)
    assert 9 < spent <= 9.5
    assert few == pytest.approx(spent + 0.15, abs=0.05)
    assert text == pytest.approx(few + 0.02, abs=0.05)
    assert 9.9 < many <= 10  # never more than in the beginning


@pytest.mark.slow
def test_pictures_give_back_no_more_than_the_file_holds(job: Path) -> None:
    def task(_report: Report) -> list[float]:
        patience, left = Patience(10, 20, MIB // 10), []
        compute(patience, 1.5)
        for number in (1, 2):
            patience.page(number, 2, source="ocr", words=0, picture=200 * MIB)
            left.append(patience.left)
        patience.again()
        patience.page(1, 2, source="ocr", words=0, picture=200 * MIB)
        return [*left, patience.left]

    first, second, again = in_a_child(task, job)
    assert first == pytest.approx(9, abs=0.15)
    assert second == pytest.approx(first, abs=0.1)
    assert again == pytest.approx(second + 0.5, abs=0.1)


def test_nothing_left_has_a_reason_and_names_the_page(job: Path) -> None:
    def task(_report: Report) -> None:
        patience = Patience(0.3, 20, 0)
        compute(patience, 0.4)
        assert patience.for_recognising(90) == 0
        patience.page(3, 500, source="ocr", words=0, picture=0)

    with pytest.raises(ReadFailed) as failed:
        in_a_child(task, job)
    assert failed.value.text() == "Dit bestand is te zwaar om te lezen. Het lezen stopte bij bladzijde 3 van 500."


@pytest.mark.slow
def test_a_page_that_takes_all_is_ended_by_the_kernel(job: Path) -> None:
    def task(_report: Report) -> None:
        patience = Patience(1, 20, 0)
        patience.hold()
        compute(patience, 60)

    with pytest.raises(ReadFailed) as failed:
        in_a_child(task, job)
    assert failed.value.code == "read_cpu"
