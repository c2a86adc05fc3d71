"""A document out of a stack: some of its pages, in any order, turned as a person wants, as a file of its own.

Scans become PDF/A with their pixels as they were stored and the words that were read before; other pages are copied as
they are. The same pages of the same stack give the same bytes, so that a stack that comes twice is recognised. Runs
only inside the fence.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pypdf
from pypdf.generic import ArrayObject, ByteStringObject

from ingest.readers.archive import Book
from ingest.readers.fence import Report
from ingest.readers.image import ImageFile
from ingest.readers.pages import PageData, Work, opened, read_turned
from ingest.readers.pdf import PdfFile
from ingest.readers.raster import Scan
from ingest.readers.results import Kind, PageRead, Word

NAME = "part.pdf"
_MARK = 16


@dataclass(frozen=True, slots=True)
class LeafToMake:
    """A page of the stack as the part wants it.

    `page` in the stack; `rotation` and `skew` as it was read, `turn` more by a person; `scan`: its text was read from
    pixels; `words` as they were read.
    """

    page: int
    rotation: int = 0
    skew: float = 0.0
    turn: int = 0
    scan: bool = False
    words: tuple[Word, ...] = ()

    def to_json(self) -> list[Any]:
        """Plain data for the child."""
        words = [[x.text, x.left, x.top, x.right, x.bottom, x.confidence] for x in self.words]
        return [self.page, self.rotation, self.skew, self.turn, self.scan, words]

    @classmethod
    def from_json(cls, data: list[Any]) -> "LeafToMake":
        """Read what `to_json` gave."""
        page, rotation, skew, turn, scan, words = data
        return cls(page, rotation, skew, turn, scan, tuple(Word(*x) for x in words))


def write(report: Report, path: Path, kind: Kind, leaves: Sequence[LeafToMake], work: Work) -> dict[str, Any]:
    """Write the part to `NAME` in the folder: the task of the child.

    Returns JSON data: per place in the part (from 1) the pages that were read again because they were turned, and
    whether the file is an archive rendition by itself.
    """
    fresh: dict[int, PageData] = {}
    with opened(path, kind, work.limits) as file:
        work.patience.hold()
        for place, leaf in enumerate(leaves, 1):
            if leaf.turn:
                fresh[place] = read_turned(file, leaf.page, leaf.rotation, leaf.turn, place, work)
            words = len(fresh[place]["words"]) if place in fresh else len(leaf.words)
            report(place, len(leaves))
            work.patience.page(place, len(leaves), source="ocr" if leaf.scan else "text", words=words, picture=0)
        target = work.folder / NAME
        mark = _mark(path, leaves)
        archive = _as_scans(file, leaves, fresh, target, mark)
        if not archive:
            _as_copies(file, leaves, target, mark)
    return {"fresh": fresh, "archive": archive}


def _as_scans(
    file: Any,  # noqa: ANN401 - a PdfFile or an ImageFile
    leaves: Sequence[LeafToMake],
    fresh: dict[int, PageData],
    target: Path,
    mark: bytes,
) -> bool:
    """A PDF/A of the scans; False where some page of a PDF is more than a scan: then its pages are copied."""
    book = Book("", 2)
    for place, leaf in enumerate(leaves, 1):
        scan = _scan_of(file, leaf)
        if scan is None:
            return False
        book.add(scan, _as_read(leaf, fresh.get(place)))
    book.save(target, mark)
    return True


def _scan_of(file: Any, leaf: LeafToMake) -> Scan | None:  # noqa: ANN401
    if isinstance(file, ImageFile):
        return file.scan(leaf.page)
    if not leaf.scan:
        return None
    with file.page(leaf.page) as page:
        found: Scan | None = page.scan()
        return found


def _as_read(leaf: LeafToMake, again: PageData | None) -> PageRead:
    """How the page lies and what stands on it, as the archive rendition wants to know it."""
    nowhere = Path()
    if again is None:
        return PageRead(leaf.page, "", "ocr", 0.0, 1, 1, leaf.words, nowhere, nowhere, leaf.rotation, leaf.skew)
    words = tuple(Word(*x) for x in again["words"])
    return PageRead(leaf.page, "", "ocr", 0.0, 1, 1, words, nowhere, nowhere, again["rotation"], again["skew"])


def _as_copies(file: PdfFile, leaves: Sequence[LeafToMake], target: Path, mark: bytes) -> None:
    writer = pypdf.PdfWriter()
    writer.metadata = None
    for leaf in leaves:
        page = writer.add_page(file.source.pages[leaf.page - 1])
        more = (leaf.rotation + leaf.turn) % 360
        if more:
            page.rotate(more)
    writer._ID = ArrayObject([ByteStringObject(mark), ByteStringObject(mark)])
    with target.open("wb") as out:
        writer.write(out)


def _mark(path: Path, leaves: Sequence[LeafToMake]) -> bytes:
    """An identifier that this stack and these pages always give."""
    digest = sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    digest.update(repr([(x.page, x.turn) for x in leaves]).encode())
    return digest.digest()[:_MARK]
