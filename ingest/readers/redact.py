"""Makes copies of documents with places covered: pages as pictures, black boxes painted in, new words over them.

Nothing of the original comes along but pixels: no text layer, fonts, metadata, annotations, forms or attachments. The
words over a page are what the engine reads on the picture that was just made, so what is covered cannot be in them.
Each is a task of the fenced child (`redact_session`).
"""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image

from ingest.readers.archive import Book
from ingest.readers.errors import PageBroke, PageTimeout
from ingest.readers.fence import Report
from ingest.readers.ocr import NOTHING, Recognised, recognise
from ingest.readers.pages import Work, opened, read_pages
from ingest.readers.pdf import PdfFile
from ingest.readers.placement import Placement
from ingest.readers.raster import READ_DPI, Raster, Scan, for_reading, size_in_points, square
from ingest.readers.redact_loose import loose_texts
from ingest.readers.render import show
from ingest.readers.results import Kind, PageRead, Word
from ingest.readers.straighten import Picture, deskew, even_light, is_blank, reduced, resize, to_gray, turn

NAME = "redacted.pdf"
TITLE = "Document met weggelakte gegevens"
QUALITY = 82
_DRAWN_DPI = 200  # of pages that are no scans
_AROUND = 0.22  # of a box's height: letters reach out of the box that the engine gives


def look(report: Report, path: Path, kind: Kind, work: Work, *, ours: bool) -> dict[str, Any]:
    """All that can be read on the pages and beside them: the words that the file says and the words that are seen."""
    found = read_pages(report, path, kind, work.folder, work.limits, work.engine, work.patience, ours=ours)
    loose = loose_texts(path, kind)
    with opened(path, kind, work.limits, ours=ours) as file:
        for page in found["pages"]:
            page["seen"] = []
            if not isinstance(file, PdfFile):
                continue
            loose.append(["hidden", _layer(file, page["number"])])
            if page["source"] == "text":
                with file.page(page["number"]) as source:
                    raster = source.raster()
                page["seen"] = _words_json(_read(raster, work))
    return {"pages": found["pages"], "loose": loose}


def make(
    report: Report, path: Path, kind: Kind, work: Work, pages: Sequence[Mapping[str, Any]], *, ours: bool
) -> dict[str, Any]:
    """The copy with boxes covered, in the folder, and what can be read on each page of it.

    `pages`: per page in order `number`, `rotation`, `skew`, `boxes` (left, top, right, bottom; 0-1 of the page as it is
    shown). Raises `ReadFailed`.
    """
    book = Book(TITLE, 2)
    told = []
    with opened(path, kind, work.limits, ours=ours) as file:
        for done, page in enumerate(pages, 1):
            picture, dpi, stored = _upright(file, page)
            covered = _covered(picture, page["boxes"])
            jpeg = _jpeg(covered)
            seen = np.asarray(PIL.Image.open(io.BytesIO(jpeg), formats=["JPEG"]))
            _check_black(seen, page["boxes"])
            read = _read(Raster(seen, (dpi, dpi)), work)
            number = int(page["number"])
            shown = show(seen, work.folder, number)
            height, width = seen.shape[:2]
            words = tuple(Word(x.text, *x.box, x.confidence) for x in _relative(read))
            book.add(
                Scan(jpeg, None, Placement(), width * 72 / dpi, height * 72 / dpi),
                PageRead(number, "", "ocr", read.found.confidence, width, height, words, shown.image, shown.thumbnail),
            )
            told.append({"number": number, "width": shown.width, "height": shown.height, "words": _words_json(read)})
            report(done, len(pages))
            work.patience.page(done, len(pages), source="ocr", words=len(words), picture=stored)
    target = work.folder / NAME
    book.save(target)
    with opened(target, "pdf", work.limits) as made:
        layers = [_layer(made, x) for x in range(1, made.pages + 1)]
    return {"pages": told, "layers": layers, "loose": loose_texts(target, "pdf")}


class _Read:
    """What was read on a picture, and the size of the picture that was read."""

    def __init__(self, found: Recognised, width: int, height: int) -> None:
        self.found, self.width, self.height = found, width, height


class _Place:
    """A word with its box, 0-1."""

    def __init__(self, text: str, box: tuple[float, float, float, float], confidence: float) -> None:
        self.text, self.box, self.confidence = text, box, confidence


def _read(raster: Raster, work: Work) -> _Read:
    """The words on a picture that lies upright."""
    gray = for_reading(raster)
    small = reduced(gray)
    height, width = gray.shape
    if is_blank(small):
        return _Read(NOTHING, width, height)
    seconds = work.patience.for_recognising(work.limits.seconds_page)
    if not seconds:
        raise PageTimeout
    try:
        found = recognise(even_light(gray, small), work.folder, work.engine, work.limits.seconds_page, seconds)
    except PageBroke:
        found = NOTHING
    return _Read(found, width, height)


def _relative(read: _Read) -> list[_Place]:
    w, h = read.width, read.height
    return [_Place(x.text, (x.left / w, x.top / h, x.right / w, x.bottom / h), x.confidence) for x in read.found.words]


def _words_json(read: _Read) -> list[list[Any]]:
    return [[x.text, *(round(y, 5) for y in x.box), round(x.confidence, 1)] for x in _relative(read)]


def _upright(file: Any, page: Mapping[str, Any]) -> tuple[Picture, float, int]:  # noqa: ANN401 - as `opened` gives it
    """A page as it is shown, its dots an inch, and the bytes of its stored pictures."""
    number = int(page["number"])
    if isinstance(file, PdfFile):
        with file.page(number) as source:
            raster, stored, most = source.raster(), source.stored, READ_DPI if source.is_scan else _DRAWN_DPI
    else:
        raster, stored, most = file.page(number), file.stored(number), READ_DPI
    width_points, _ = size_in_points(raster)
    picture = square(raster)
    dpi = picture.shape[1] * 72 / width_points
    if dpi > most:
        scale = most / dpi
        picture = resize(picture, round(picture.shape[1] * scale), round(picture.shape[0] * scale))
        dpi = float(most)
    rotation, skew = int(page["rotation"]), float(page["skew"])
    return deskew(turn(picture, rotation) if rotation else picture, skew), dpi, stored


def _pixels(box: Sequence[float], width: int, height: int, around: float) -> tuple[int, int, int, int]:
    left, top, right, bottom = (float(x) for x in box)
    more = around * (bottom - top) * height
    return (
        max(0, int(left * width - more)),
        max(0, int(top * height - more)),
        min(width, int(right * width + more) + 1),
        min(height, int(bottom * height + more) + 1),
    )


def _covered(picture: Picture, boxes: Sequence[Sequence[float]]) -> Picture:
    """A copy with every box black, a little larger than it was told."""
    copy = np.array(picture)
    height, width = copy.shape[:2]
    for box in boxes:
        left, top, right, bottom = _pixels(box, width, height, _AROUND)
        copy[top:bottom, left:right] = 0
    return copy


def _check_black(picture: Picture, boxes: Sequence[Sequence[float]]) -> None:
    """Raise `PageBroke` when something of a box shows in the pixels that go into the file."""
    gray = picture if picture.ndim == 2 else to_gray(picture)
    height, width = gray.shape
    for box in boxes:
        left, top, right, bottom = _pixels(box, width, height, 0.0)
        if right > left and bottom > top and int(gray[top:bottom, left:right].max()) > 60:
            raise PageBroke


def _jpeg(picture: Picture) -> bytes:
    out = io.BytesIO()
    PIL.Image.fromarray(picture).save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _layer(file: PdfFile, number: int) -> str:
    """All text of a page of the finished copy, as another reader takes it out."""
    with file.page(number) as page:
        return page.whole_text()
