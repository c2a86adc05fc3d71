"""Reading paper: the whole pipeline beside bare tesseract on the same pages, in turns, with the same two processes."""

import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measures import ocrmypdf
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
LEAST_DIGITAL = 5.0
MOST_MEMORY = 1024.0


@dataclass(frozen=True, slots=True)
class Pass:
    """One time through all pages: wall and CPU seconds; of the product until all can be found."""

    wall: float
    cpu: float


def measure(folder: Path, rounds: int) -> list[Figure]:
    """Each round: bare tesseract, then the product, on scans that neither has seen. Then memory and the neighbour."""
    bare: list[Pass] = []
    whole: list[Pass] = []
    digital: list[float] = []
    with working_house(folder / "house", PROCESSES) as house:
        house.through([("vooraf.pdf", scans(1, 99)[0])])  # the first paper loads what stays loaded
        for round_ in range(rounds):
            files = scans(PAGES, round_)
            bare.append(_bare(folder / f"bare {round_}", files))
            before = cpu_seconds(house.processes)
            took = house.through(_named(files))
            whole.append(Pass(took.searchable, cpu_seconds(house.processes) - before))
        for round_ in range(rounds):
            digital.append(house.through(_named(letters(LETTERS, 50 + round_))).searchable)
        with PeakMemory(house.workers) as memory:  # looking costs time of its own: not while the others are measured
            house.through(_named(scans(2 * PROCESSES, 90)))
        outcomes = house.outcomes()
    ratios = [b.wall / w.wall for b, w in zip(bare, whole, strict=True)]
    return [
        Figure(
            "pages a minute ÷ bare tesseract",
            _middle(ratios),
            "×",
            least=LEAST_RATIO,
            detail={
                "pages": PAGES,
                "rounds": rounds,
                "processes": PROCESSES,
                "each": [round(x, 3) for x in ratios],
                "bare_pages_a_minute": [round(60 * PAGES / x.wall, 1) for x in bare],
                "pipeline_pages_a_minute": [round(60 * PAGES / x.wall, 1) for x in whole],
                "outcomes": outcomes,
            },
        ),
        Figure(
            "the same in CPU seconds of all processes (less hurt by what else runs)",
            _middle([b.cpu / w.cpu for b, w in zip(bare, whole, strict=True)]),
            "×",
            detail={
                "bare_cpu_seconds_a_page": [round(x.cpu / PAGES, 3) for x in bare],
                "pipeline_cpu_seconds_a_page": [round(x.cpu / PAGES, 3) for x in whole],
            },
        ),
        Figure("pages a minute, received → searchable", _middle([60 * PAGES / x.wall for x in whole]), "pages/min"),
        Figure(
            "born-digital papers received → searchable",
            _middle([LETTERS / x for x in digital]),
            "papers/s",
            least=LEAST_DIGITAL,
            detail={"papers": LETTERS, "seconds": [round(x, 2) for x in digital]},
        ),
        Figure(
            "most memory of a worker and its children together",
            float(sum(memory.peaks.values())),
            "MB",
            most=MOST_MEMORY,
            detail=dict(memory.peaks) | {"note": "resident; what they share is counted for each"},
        ),
        *_neighbour(folder / "neighbour", [x.wall for x in whole]),
    ]


def _neighbour(folder: Path, whole: Sequence[float]) -> list[Figure]:
    """OCRmyPDF on the scans of the first round; nothing where it cannot be had."""
    program, why = ocrmypdf.found()
    if program is None:
        print(f"ocrmypdf is left out: {why}", file=sys.stderr)
        return []
    took = ocrmypdf.through(program, folder, scans(PAGES, 0), PROCESSES)
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    detail = {"version": version, "options": " ".join(ocrmypdf.WORDS), "pages_a_minute": round(60 * PAGES / took, 1)}
    return [Figure("times as fast as ocrmypdf", _middle([took / x for x in whole]), "×", detail=detail)]


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
