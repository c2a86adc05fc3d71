"""The task of the child: a file's pages one by one, each read, shown and reported. Runs only inside the fence."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.readers.codes import codes_on
from ingest.readers.errors import PageBroke, PageTimeout
from ingest.readers.fence import Report
from ingest.readers.image import open_image
from ingest.readers.marks import ink_of
from ingest.readers.ocr import NOTHING, Recognised, orientation, recognise
from ingest.readers.patience import Patience
from ingest.readers.pdf import MIN_LETTERS, PdfFile, open_pdf
from ingest.readers.placement import Placement
from ingest.readers.raster import Raster, for_reading, square
from ingest.readers.render import Shown, show
from ingest.readers.results import Kind, OcrEngine, ReadLimits, Word
from ingest.readers.straighten import Picture, deskew, even_light, find_lines, is_blank, reduced, to_gray, turn
from ingest.rules.sheet_codes import printed_in

DOUBTFUL = 75.0
QUARTERS = (0, 90, 180, 270)

PageData = dict[str, Any]
Attempt = tuple[Recognised, int, tuple[int, int]]
"""What was recognised with the page turned so far, and the size of the page then."""


@dataclass(frozen=True, slots=True)
class Work:
    """With what, and within which limits, the pages of a file are read."""

    folder: Path
    limits: ReadLimits
    engine: OcrEngine
    patience: Patience


def read_pages(
    report: Report,
    path: Path,
    kind: Kind,
    folder: Path,
    limits: ReadLimits,
    engine: OcrEngine,
    patience: Patience,
    *,
    ours: bool = False,
) -> dict[str, Any]:
    """Read every page of the file; JSON data that `ingest.readers.read` makes a result of.

    `ours`: it is a PDF that was made here of an office file or a text, so that any words on it are its words.
    """
    work = Work(folder, limits, engine, patience)
    with opened(path, kind, limits, ours=ours) as file:
        report(0, file.pages)
        patience.hold()
        pages = []
        for number in range(1, file.pages + 1):
            if isinstance(file, PdfFile):
                page, picture = _pdf_page(file, number, work)
            else:
                page, picture = _scanned(file.page(number), number, work), file.stored(number)
            pages.append(page)
            report(number, file.pages)
            patience.page(number, file.pages, source=page["source"], words=len(page["words"]), picture=picture)
        if isinstance(file, PdfFile):
            return {"pages": pages, "signed": file.signed, "title": file.title}
        return {"pages": pages, "signed": False, "title": None}


@contextmanager
def opened(path: Path, kind: Kind, limits: ReadLimits, *, ours: bool = False) -> Iterator[Any]:
    """The file as what it is: a `PdfFile` or an `ImageFile`. Raises `ReadFailed`."""
    if kind == "pdf":
        with open_pdf(path, limits, 1 if ours else MIN_LETTERS) as pdf:
            yield pdf
    else:
        with open_image(path, kind, limits) as image:
            yield image


def _pdf_page(file: PdfFile, number: int, work: Work) -> tuple[PageData, int]:
    """The page, and the bytes of its stored pictures."""
    with file.page(number) as page:
        layer, stored = page.text_layer(), page.stored
        if layer is None:
            return _scanned(page.raster(), number, work), stored
        picture, scan = page.on_screen(), page.is_scan
    shown = show(picture, work.folder, number)
    data = _page_data(number, "text", layer.text, 100.0, shown, list(layer.words))
    if scan or printed_in(layer.text):  # at the size of the screen a sheet's codes can be read
        gray = picture if picture.ndim == 2 else to_gray(picture)
        data |= {"codes": codes_on(gray)} | ({"ink": ink_of(reduced(gray))} if scan else {})
    return data, stored


def read_turned(file: Any, number: int, rotation: int, more: int, name: int, work: Work) -> PageData:  # noqa: ANN401
    """Page `number` once more, as a person turned it: `more` beyond how it lay, after `rotation` when it was read.

    Its images are named `name`. Nobody asks the engine how the page lies: a person said so. A text layer is not read
    again; its boxes turn along.
    """
    if not isinstance(file, PdfFile):
        return _scanned(file.page(number), name, work, (rotation + more) % 360)
    with file.page(number) as page:
        layer = page.text_layer()
        if layer is None:
            return _scanned(page.raster(), name, work, (rotation + more) % 360)
        picture = page.on_screen()
    shown = show(picture, work.folder, name, more)
    return _page_data(name, "text", layer.text, 100.0, shown, [_turned_word(x, more) for x in layer.words])


def _turned_word(word: Word, more: int) -> Word:
    placement = Placement(quarters=more // 90)
    corners = [placement.point(word.left, word.top), placement.point(word.right, word.bottom)]
    (left, right), (top, bottom) = (sorted(x) for x in zip(*corners, strict=True))
    return Word(word.text, round(left, 5), round(top, 5), round(right, 5), round(bottom, 5), word.confidence)


def _scanned(raster: Raster, number: int, work: Work, told: int | None = None) -> PageData:
    """Read a page's pixels; `told` is how far a person says that it must be turned."""
    gray = for_reading(raster)
    small = reduced(gray)
    found, rotation, skew, problem = NOTHING, 0, 0.0, None
    codes: list[str] = []
    size = gray.shape[1], gray.shape[0]
    if not is_blank(small):
        codes = codes_on(gray)
        lines = find_lines(small if told is None else turn(small, told))
        skew = lines.skew
        gray = even_light(gray, small)
        try:
            if told is None:
                found, rotation, size = _upright(gray, lines.sideways, skew, work)
            else:
                rotation, skew = told, 0.0 if lines.sideways else skew
                found, size = _as_told(gray, rotation, skew, work)
        except PageTimeout:
            problem = "ocr_timeout"
        except PageBroke:
            problem = "ocr_broke"
    shown = show(square(raster), work.folder, number, rotation, skew)
    words = [_word(word, size) for word in found.words]
    data = _page_data(number, "ocr", found.text, found.confidence, shown, words)
    seen = {"codes": codes, "ink": ink_of(small)}
    return data | {"rotation": rotation, "skew": skew, "problem": problem} | seen


def _as_told(gray: Picture, rotation: int, skew: float, work: Work) -> tuple[Recognised, tuple[int, int]]:
    """Read the page the way a person turned it. Raises `PageTimeout`."""
    seconds = work.patience.for_recognising(work.limits.seconds_page)
    if not seconds:
        raise PageTimeout
    straight = deskew(turn(gray, rotation), skew)
    found = recognise(straight, work.folder, work.engine, work.limits.seconds_page, seconds)
    return found, (straight.shape[1], straight.shape[0])


def _upright(gray: Picture, sideways: bool, skew: float, work: Work) -> Attempt:
    """Read the page the way it was put in; ask the engine how it lies only when that went badly.

    Raises `PageTimeout` when there is no time, or no patience, for even one attempt; what was found before that counts.
    """
    tried: list[Attempt] = []
    try:
        return _turned_about(gray, sideways, skew, work, tried)
    except PageTimeout:
        if not tried:
            raise
        return max(tried, key=_merit)


def _turned_about(gray: Picture, sideways: bool, skew: float, work: Work, tried: list[Attempt]) -> Attempt:
    """The best attempt. `tried` grows by each that was made. Raises `PageTimeout`."""

    def attempt(rotation: int) -> Attempt:
        straight = deskew(turn(gray, rotation), skew)
        found = recognise(straight, work.folder, work.engine, work.limits.seconds_page, allowed())
        return found, rotation, (straight.shape[1], straight.shape[0])

    def allowed() -> int:
        seconds = work.patience.for_recognising(work.limits.seconds_page)
        if not seconds:
            raise PageTimeout
        return seconds

    if not sideways:
        first = attempt(0)
        if first[0].confidence >= DOUBTFUL:
            return first
        tried.append(first)
    told = orientation(deskew(gray, skew), work.folder, work.engine, allowed())
    if told is not None and (told or sideways):
        tried.append(attempt(told))
    elif told is None and tried and not tried[0][0].words:
        return tried[0]  # no letters to go by, and none were found
    if not tried or (told is None and max(_merit(one) for one in tried) < DOUBTFUL):
        for rotation in (90, 270) if sideways else (180,):
            tried.append(attempt(rotation))
            if tried[-1][0].confidence >= DOUBTFUL:
                break
    return max(tried, key=_merit)


def _merit(attempt: Attempt) -> float:
    return attempt[0].confidence


def _word(word: Any, size: tuple[int, int]) -> Word:  # noqa: ANN401
    width, height = size
    return Word(
        word.text,
        round(word.left / width, 5),
        round(word.top / height, 5),
        round(word.right / width, 5),
        round(word.bottom / height, 5),
        round(word.confidence, 1),
    )


def _page_data(number: int, source: str, text: str, confidence: float, shown: Shown, words: list[Word]) -> PageData:
    return {
        "number": number,
        "text": text,
        "source": source,
        "confidence": confidence,
        "width": shown.width,
        "height": shown.height,
        "words": [[word.text, word.left, word.top, word.right, word.bottom, word.confidence] for word in words],
        "image": shown.image.name,
        "thumbnail": shown.thumbnail.name,
        "look": shown.look,
        "rotation": 0,
        "skew": 0.0,
        "problem": None,
    }
