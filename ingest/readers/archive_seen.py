"""The archive rendition of what is more than a scan: PDF/A-2b with a picture of each page, its words, unseen, over it.

Fonts that lack, transparency and scripts cannot be made valid without changing how a page looks; a picture of it can.
A page that is a scan keeps its own pixels. The original stays beside it for the rest.
"""

import io
from pathlib import Path

import PIL.Image

from ingest.readers.archive import Book
from ingest.readers.fence import Report
from ingest.readers.patience import Patience
from ingest.readers.pdf import PdfPage, open_pdf
from ingest.readers.placement import Placement
from ingest.readers.raster import Scan
from ingest.readers.results import PageRead, ReadLimits
from ingest.readers.straighten import resize

DPI, QUALITY = 200, 80


def write_seen(
    report: Report,
    path: Path,
    pages: tuple[PageRead, ...],
    target: Path,
    title: str,
    limits: ReadLimits,
    patience: Patience,
    part: int = 2,
) -> None:
    """Write the PDF at `path`, read as `pages`, as it is seen to `target`: the task of the child. Raises `ReadFailed`.

    `part`: of the standard; 1 for validators.
    """
    book = Book(title, part)
    patience.again()
    with open_pdf(path, limits, 1) as pdf:
        for done, page in enumerate(pages, 1):
            with pdf.page(page.number) as source:
                scan, stored = source.scan() or _seen(source), source.stored
            book.add(scan, page)
            report(done, len(pages))
            patience.page(done, len(pages), source=page.source, words=len(page.words), picture=stored)
    book.save(target)


def _seen(page: PdfPage) -> Scan:
    """A page as an eye sees it, as a JPEG of `DPI`."""
    picture = page.raster().picture
    height, width = picture.shape[:2]
    scale = min(1.0, DPI * page.width / 72 / width)
    small = resize(picture, max(1, round(width * scale)), max(1, round(height * scale)))
    out = io.BytesIO()
    PIL.Image.fromarray(small).save(out, "JPEG", quality=QUALITY)
    return Scan(out.getvalue(), None, Placement(), page.width, page.height)
