"""What the readers give back, and the limits within which they work. Plain data, no reading here."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal

Kind = Literal[
    "pdf", "jpeg", "png", "tiff", "heic", "doc", "docx", "odt", "rtf", "xls", "xlsx", "ods", "ppt", "pptx", "odp",
    "txt", "html", "eml", "msg", "zip",
]  # fmt: skip
"""The names of `ingest.rules.kinds.FileKind`."""
Source = Literal["text", "ocr"]

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """How much one file may cost. Every limit has its own reason when it is passed.

    `pages`: pages of one file. `pixels`: width times height of one image or page raster. `seconds_page`: wall
    time of one call of the OCR engine. `seconds_file`: wall time of the whole file. `seconds_step`: CPU time of
    our own process between two pages (a parser that loops ends here). `seconds_idle`: CPU time of the whole file
    beyond what its pages give (see `patience`). `bytes_in`: size of the file.
    `bytes_out`: largest file that may be written. `memory`: private memory of each process in bytes.
    `address_space`: addresses of each process in bytes.
    """

    pages: int = 500
    pixels: int = 80_000_000
    seconds_page: int = 90
    seconds_file: int = 3600
    seconds_step: int = 20
    seconds_idle: int = 40
    bytes_in: int = 200 * MIB
    bytes_out: int = 256 * MIB
    memory: int = 704 * MIB
    address_space: int = 3072 * MIB


@dataclass(frozen=True, slots=True)
class OcrEngine:
    """Which tesseract to run. `data` is the folder of its language files, None for the engine's own."""

    command: str = "tesseract"
    data: Path | None = None
    language: str = "nld"


@dataclass(frozen=True, slots=True)
class Word:
    """One word on a page. The box is relative (0-1) to the shown page image; confidence is 0-100."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    confidence: float


@dataclass(frozen=True, slots=True)
class PageRead:
    """One page, upright and straight as it is shown.

    `number` counts from 1. `confidence` is 0-100 (100 for a text layer, 0 where nothing was read). `width` and
    `height` are the pixels of `image`. `rotation` (0, 90, 180, 270) is how far the page was turned clockwise,
    `skew` the degrees that it was turned clockwise after that. `problem` is a stable code when the page could
    not be read whole (`ocr_timeout`, `ocr_broke`). `codes` are the texts of the sheets' codes on it, `ink`
    its marks as `ingest.readers.marks` tells them; None for a page that did not come as a scan. `look` is how the page
    looks (`ingest.readers.render.look_of`).
    """

    number: int
    text: str
    source: Source
    confidence: float
    width: int
    height: int
    words: tuple[Word, ...]
    image: Path
    thumbnail: Path
    rotation: int = 0
    skew: float = 0.0
    problem: str | None = None
    codes: tuple[str, ...] = ()
    look: str = ""
    ink: tuple[float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class ReadResult:
    """A file that was read. `signed`: it holds a digital signature. `producer_title`: the title in its metadata."""

    pages: tuple[PageRead, ...]
    signed: bool = False
    producer_title: str | None = None

    @property
    def text(self) -> str:
        """The text of all pages, with a form feed between pages."""
        return "\f".join(page.text for page in self.pages)


def result_of(data: Mapping[str, Any], folder: Path) -> ReadResult:
    """What a child told of a file, its images in `folder`. Names of files are taken as names only."""
    return ReadResult(tuple(page_of(page, folder) for page in data["pages"]), bool(data["signed"]), data["title"])


def page_of(data: Mapping[str, Any], folder: Path) -> PageRead:
    """One page out of what a child told."""
    words = tuple(Word(str(word[0]), *(float(value) for value in word[1:6])) for word in data["words"])
    paths = {name: folder / Path(str(data[name])).name for name in ("image", "thumbnail")}
    marked = {"codes": tuple(str(x) for x in data.get("codes", ())), "ink": _ink(data.get("ink"))}
    known = {field.name for field in fields(PageRead)}
    return PageRead(**{name: data[name] for name in known if name in data} | {"words": words} | paths | marked)


def _ink(data: Any) -> tuple[float, float, float] | None:  # noqa: ANN401 - what a child told
    if data is None:
        return None
    share, longest, noise = (float(x) for x in data)
    return share, longest, noise
