"""Reads words from a gray page with tesseract: one call a page, words with boxes and confidence.

As a library that was loaded beforehand where it is there (`ingest.readers.tesslib`), else as a program. The text is
rebuilt here from the words, so that text and boxes can never disagree.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pytesseract

from ingest.readers import tesslib
from ingest.readers.errors import OcrUnavailable, PageBroke, PageTimeout
from ingest.readers.fence import cpu_for_program
from ingest.readers.results import OcrEngine
from ingest.readers.straighten import Picture, resize

OSD_SECONDS = 20
_OSD_SIDE = 2400
_WORD = "5"
_MISSING = ("failed loading language", "error opening data file", "couldn't load any languages", "not initialize")


@dataclass(frozen=True, slots=True)
class Found:
    """A word with its box in pixels and its place: block, paragraph, line."""

    text: str
    left: int
    top: int
    right: int
    bottom: int
    confidence: float
    place: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Recognised:
    """The words of one page in reading order and their mean confidence (0-100, 0 when there is no word)."""

    words: tuple[Found, ...]
    confidence: float

    @property
    def text(self) -> str:
        """Lines on lines of their own, an empty line between paragraphs."""
        paragraphs = []
        for _, words in groupby(self.words, key=lambda word: word.place[:2]):
            lines = groupby(words, key=lambda word: word.place)
            paragraphs.append("\n".join(" ".join(word.text for word in line) for _, line in lines))
        return "\n\n".join(paragraphs)


NOTHING = Recognised((), 0.0)


def warm_up(engine: OcrEngine) -> None:
    """Load the engine, or else ask its version, once in the worker: children that are forked later have it.

    Missing is no error here.
    """
    if tesslib.load(engine):
        return
    pytesseract.pytesseract.tesseract_cmd = engine.command
    with contextlib.suppress(pytesseract.TesseractNotFoundError, OSError, SystemExit):
        pytesseract.get_tesseract_version(cached=True)


def recognise(gray: Picture, folder: Path, engine: OcrEngine, seconds: int, computing: int) -> Recognised:
    """Read a gray page (about 300 dpi, upright, straight) in at most `seconds` by the clock and `computing` of CPU.

    Raises `OcrUnavailable`, `PageTimeout`, `PageBroke`. The page lies in `folder` only while it is read.
    """
    words = tuple(_words(_table(gray, folder, engine, seconds, computing)))
    weight = sum(len(word.text) for word in words)
    mean = sum(word.confidence * len(word.text) for word in words) / weight if weight else 0.0
    return Recognised(words, round(mean, 1))


def _table(gray: Picture, folder: Path, engine: OcrEngine, seconds: int, computing: int) -> str:
    if tesslib.ready(engine):
        return tesslib.table(gray, engine, seconds, computing)
    with _as_file(gray, folder) as path, _failures(), cpu_for_program(computing):
        pytesseract.pytesseract.tesseract_cmd = engine.command
        return str(
            pytesseract.image_to_data(
                str(path),
                lang=engine.language,
                config=_config(engine),
                output_type=pytesseract.Output.STRING,
                timeout=seconds,
            )
        )


def orientation(gray: Picture, folder: Path, engine: OcrEngine, computing: int) -> int | None:
    """How far the page must be turned clockwise (0, 90, 180, 270); None when the engine cannot tell.

    In at most `computing` seconds of CPU.
    """
    scale = min(1.0, _OSD_SIDE / max(gray.shape))
    small = resize(gray, round(gray.shape[1] * scale), round(gray.shape[0] * scale))
    with _as_file(small, folder) as path:
        try:
            with _failures(), cpu_for_program(min(OSD_SECONDS, computing)):
                pytesseract.pytesseract.tesseract_cmd = engine.command
                told = pytesseract.image_to_osd(
                    str(path),
                    config=_config(engine, round(300 * scale)) + " --psm 0",
                    output_type=pytesseract.Output.DICT,
                    timeout=OSD_SECONDS,
                )
        except (PageTimeout, PageBroke, OcrUnavailable, KeyError, ValueError):
            return None  # too few letters, or no model for it
    turn = int(told["rotate"]) % 360
    return turn if turn % 90 == 0 else None


@contextlib.contextmanager
def _failures() -> Iterator[None]:
    """The engine's ways to fail as ours."""
    try:
        yield
    except (pytesseract.TesseractNotFoundError, PermissionError, SystemExit) as fault:
        raise OcrUnavailable from fault
    except pytesseract.TesseractError as fault:
        if any(sign in str(fault.message).lower() for sign in _MISSING):
            raise OcrUnavailable from fault
        raise PageBroke from fault
    except RuntimeError as fault:
        raise PageTimeout from fault


@contextlib.contextmanager
def _as_file(gray: Picture, folder: Path) -> Iterator[Path]:
    """The page as PGM: the engine reads it without decoding."""
    path = folder / "ocr-page.pgm"
    with path.open("wb") as file:
        file.write(b"P5 %d %d 255\n" % (gray.shape[1], gray.shape[0]))
        file.write(gray.tobytes())
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def _config(engine: OcrEngine, dpi: int = 300) -> str:
    data = f'--tessdata-dir "{engine.data}" ' if engine.data else ""
    return f"{data}--dpi {dpi}"


def _words(table: str) -> Iterator[Found]:
    """The rows of tesseract's table that are words: level, page, block, par, line, word, box, confidence, text."""
    for row in table.split("\n"):
        cells = row.split("\t", 11)
        if len(cells) != 12 or cells[0] != _WORD:
            continue
        text, confidence = cells[11].strip(), float(cells[10])
        if not text or confidence < 0:
            continue
        left, top, width, height = (int(cell) for cell in cells[6:10])
        place = (int(cells[2]), int(cells[3]), int(cells[4]))
        yield Found(text, left, top, left + width, top + height, confidence, place)
