"""Reading paper: the whole pipeline beside bare tesseract on the same pages, in turns, with the same two processes."""

import resource
import statistics
import subprocess
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measures.figure import Figure
from benchmarks.measures.house import working_house
from benchmarks.measures.papers import letters, scans
from benchmarks.measures.processes import PeakMemory, cpu_seconds
from ingest.readers.pdf import open_pdf
from ingest.readers.raster import for_reading
from ingest.readers.results import ReadLimits
from ingest.readers.straighten import deskew, even_light, find_lines, reduced
from tests.golden.running import surroundings

PROCESSES = 2
PAGES = 20
LETTERS = 20
LEAST_RATIO = 0.85


@dataclass(frozen=True, slots=True)
class Pass:
    """One time through all pages: wall and CPU seconds."""

    wall: float
    cpu: float


def measure(folder: Path, rounds: int) -> list[Figure]:
    """Each round: bare tesseract, then the product, on scans that neither has seen."""
    bare: list[Pass] = []
    whole: list[Pass] = []
    searchable: list[float] = []
    digital: list[float] = []
    with working_house(folder / "house", PROCESSES) as house, PeakMemory(house.workers) as memory:
        house.through([("vooraf.pdf", scans(1, 99)[0])])  # the first paper loads what stays loaded
        for round_ in range(rounds):
            files = scans(PAGES, round_)
            bare.append(_bare(folder / f"bare {round_}", files))
            before = cpu_seconds(house.workers)
            took = house.through(_named(files))
            whole.append(Pass(took.settled, cpu_seconds(house.workers) - before))
            searchable.append(took.searchable)
        for round_ in range(rounds):
            digital.append(house.through(_named(letters(LETTERS, 50 + round_))).searchable)
        outcomes = house.outcomes()
    return [
        Figure(
            "pages a minute ÷ bare tesseract",
            _middle([b.wall / w.wall for b, w in zip(bare, whole, strict=True)]),
            "×",
            least=LEAST_RATIO,
            detail={
                "pages": PAGES,
                "rounds": rounds,
                "processes": PROCESSES,
                "bare_pages_a_minute": [round(60 * PAGES / x.wall, 1) for x in bare],
                "pipeline_pages_a_minute": [round(60 * PAGES / x.wall, 1) for x in whole],
                "until_searchable_seconds": [round(x, 1) for x in searchable],
                "outcomes": outcomes,
            },
        ),
        Figure(
            "the same in CPU seconds (not hurt by what else runs)",
            _middle([b.cpu / w.cpu for b, w in zip(bare, whole, strict=True)]),
            "×",
            least=LEAST_RATIO,
            detail={
                "bare_cpu_seconds_a_page": [round(x.cpu / PAGES, 3) for x in bare],
                "pipeline_cpu_seconds_a_page": [round(x.cpu / PAGES, 3) for x in whole],
            },
        ),
        Figure("pages a minute through the pipeline", _middle([60 * PAGES / x.wall for x in whole]), "pages/min"),
        Figure(
            "born-digital papers received → searchable",
            _middle([LETTERS / x for x in digital]),
            "papers/s",
            detail={"papers": LETTERS, "seconds": [round(x, 2) for x in digital]},
        ),
        Figure("most memory of a worker", float(memory.peaks.get("worker", 0)), "MB", detail=dict(memory.peaks)),
    ]


def _named(files: Sequence[bytes]) -> list[tuple[str, bytes]]:
    return [(f"scan{nth:04d}.pdf", data) for nth, data in enumerate(files)]


def _bare(folder: Path, files: Sequence[bytes]) -> Pass:
    """Tesseract alone, text only, one thread each, on pages that were straightened before."""
    folder.mkdir()
    pages = [_straightened(folder, nth, data) for nth, data in enumerate(files)]
    environment = {**surroundings(), "OMP_THREAD_LIMIT": "1"}

    def read(page: Path) -> None:
        command = ["tesseract", str(page), "-", "-l", "nld", "--dpi", "300"]
        subprocess.run(command, env=environment, capture_output=True, check=True)

    before, began = _children_cpu(), time.monotonic()
    with ThreadPoolExecutor(PROCESSES) as pool:
        list(pool.map(read, pages))
    return Pass(time.monotonic() - began, _children_cpu() - before)


def _straightened(folder: Path, nth: int, data: bytes) -> Path:
    """The page as the product gives it to tesseract."""
    file, image = folder / f"{nth}.pdf", folder / f"{nth}.pgm"
    file.write_bytes(data)
    with open_pdf(file, ReadLimits()) as pdf, pdf.page(1) as page:
        gray = for_reading(page.raster())
    small = reduced(gray)
    gray = deskew(even_light(gray, small), find_lines(small).skew)
    image.write_bytes(b"P5 %d %d 255\n" % (gray.shape[1], gray.shape[0]) + gray.tobytes())
    return image


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _middle(values: Sequence[float]) -> float:
    return round(statistics.median(values), 3)
