"""tesseract as a library: the same words as the program, a fault costs its page, and the program as a way out."""

import os
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from ingest.readers import tesslib
from ingest.readers.child import run
from ingest.readers.errors import PageBroke, PageTimeout
from ingest.readers.fence import ChildLimits, Report
from ingest.readers.ocr import warm_up
from ingest.readers.read import read
from ingest.readers.results import OcrEngine
from tests.golden.running import surroundings

ENGINE = OcrEngine()
LIMITS = ChildLimits(seconds=60, cpu_seconds=30)


@pytest.fixture
def engine() -> OcrEngine:
    if not tesslib.load(ENGINE):
        pytest.skip("there is no libtesseract with Dutch here")
    return ENGINE


def program(path: Path) -> list[str]:
    """The table of words that the program gives, without its heading."""
    words = ["tesseract", path, "-", "-l", "nld", "--dpi", "300", "-c", "tessedit_create_tsv=1"]
    environment = {**surroundings(), "OMP_THREAD_LIMIT": "1"}
    done = subprocess.run(words, capture_output=True, text=True, check=True, env=environment)
    return done.stdout.splitlines()[1:]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_the_same_table_as_the_program(papers: Any, job: Path, engine: OcrEngine, seed: int) -> None:
    gray = papers.letter(10, seed=seed)
    path = papers.save("blad.pgm", gray)

    def task(report: Report) -> list[str]:
        first = tesslib.table(gray, engine, 30)
        assert tesslib.table(gray, engine, 30) == first, "a page must not depend on the one before it"
        return first.splitlines()

    assert run(task, limits=LIMITS, folder=job) == program(path)


@pytest.mark.slow
def test_a_page_that_takes_too_long_ends_in_time(papers: Any, job: Path, engine: OcrEngine) -> None:
    gray = papers.letter(60, size=(8, 14))

    def task(report: Report) -> float:
        began = time.monotonic()
        with pytest.raises(PageTimeout):
            tesslib.table(gray, engine, 0)
        return time.monotonic() - began

    assert run(task, limits=LIMITS, folder=job) < 5


@pytest.mark.slow
def test_an_engine_that_crashes_costs_its_page(papers: Any, job: Path, engine: OcrEngine) -> None:
    gray = papers.letter(40, size=(8, 11))

    def children() -> list[int]:
        return [int(x) for x in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()]

    def shoot() -> None:
        while not (found := children()):
            time.sleep(0.001)
        os.kill(found[0], signal.SIGSEGV)

    def task(report: Report) -> int:
        shooter = threading.Thread(target=shoot)
        shooter.start()
        with pytest.raises(PageBroke):
            tesslib.table(gray, engine, 30)
        shooter.join()
        assert children() == []
        return tesslib.table(gray, engine, 30).count("leerling")

    assert run(task, limits=LIMITS, folder=job) > 0


@pytest.mark.slow
def test_one_core_a_page(papers: Any, job: Path, engine: OcrEngine) -> None:
    gray = papers.letter(20)

    def task(report: Report) -> int:
        pid = os.fork()
        if pid == 0:
            tesslib._read_here(gray, engine, 30, os.open(os.devnull, os.O_WRONLY))
        most = 0
        while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG) is None:
            most = max(most, len(os.listdir(f"/proc/{pid}/task")))
        return most

    assert run(task, limits=LIMITS, folder=job) == 1


def test_another_program_or_language_is_no_library() -> None:
    assert not tesslib.load(OcrEngine(command="/usr/bin/iets-anders"))
    assert not tesslib.load(OcrEngine(language="zzz"))


@pytest.mark.slow
def test_the_program_where_there_is_no_library(papers: Any, job: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = papers.save("scan.png", papers.letter(6), dpi=(300, 300))
    with_library = read(path, "png", job)
    monkeypatch.setattr(tesslib, "_handles", {})
    monkeypatch.setattr(tesslib, "_library", lambda: None)
    warm_up(ENGINE)
    assert not tesslib.ready(ENGINE)
    assert read(path, "png", job).pages[0].words == with_library.pages[0].words
