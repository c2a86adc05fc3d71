"""Pages out of a PDF: the text layer where there is one, else the scan's own image, else a raster of the page.

Text comes through pypdf, word boxes and pixels through pdfium; both run only inside the fenced child.
"""

import contextlib
import io
import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import pypdf
import pypdfium2
import pypdfium2.raw as pdfium

from ingest.readers.errors import ReadFailed
from ingest.readers.placement import Placement
from ingest.readers.raster import MAX_READ_PIXELS, READ_DPI, Raster, Scan, check_pixels
from ingest.readers.render import SCREEN_WIDTH
from ingest.readers.results import ReadLimits
from ingest.readers.straighten import Picture
from ingest.readers.textlayer import TextLayer, clean, is_garbage, read_layer

MIN_LETTERS = 50
MIN_LETTERS_ON_SCAN = 300  # less than this beside a picture of the whole page is a stamp on a scan
MAX_TITLE = 300
_SCREEN_PIXELS = 4_000_000
_COVERS = 0.85
_MAX_OBJECTS = 400
_SIGNED = 1


class PdfFile:
    """A PDF that is open, page by page."""

    def __init__(self, reader: pypdf.PdfReader, document: Any, limits: ReadLimits, least: int) -> None:  # noqa: ANN401
        self._reader = reader
        self._least = least
        self._document = document
        self._limits = limits
        self.pages = min(len(document), len(reader.pages))
        if self.pages < 1:
            raise ReadFailed("read_no_pages")
        if self.pages > limits.pages:
            raise ReadFailed("read_pages", {"found": self.pages, "limit": limits.pages})
        self._forms = pdfium.FPDF_GetFormType(document.raw) != pdfium.FORMTYPE_NONE
        if self._forms:
            document.init_forms()

    @property
    def signed(self) -> bool:
        """Whether the file holds a digital signature: such a file is never rewritten."""
        if pdfium.FPDF_GetSignatureCount(self._document.raw) > 0:
            return True
        with contextlib.suppress(Exception):  # a broken form is no signature
            form = self._reader.root_object.get("/AcroForm")
            return form is not None and bool(int(form.get_object().get("/SigFlags", 0)) & _SIGNED)
        return False

    @property
    def source(self) -> pypdf.PdfReader:
        """The file as its objects, to copy pages from."""
        return self._reader

    @property
    def title(self) -> str | None:
        """The title that the producer wrote in the metadata."""
        with contextlib.suppress(Exception):  # metadata is optional and often malformed
            metadata = self._reader.metadata
            title = " ".join(clean(str(metadata.title or "")).split()) if metadata else ""
            return title[:MAX_TITLE] or None
        return None

    @contextmanager
    def page(self, number: int) -> Iterator["PdfPage"]:
        """Page `number`, from 1. Raises `ReadFailed` when it cannot be opened."""
        try:
            page = self._document[number - 1]
        except pypdfium2.PdfiumError as fault:
            raise ReadFailed("read_broken") from fault
        try:
            if self._forms:  # what was typed into a form is text of the page
                with contextlib.suppress(pypdfium2.PdfiumError):
                    page.flatten()
                    page.close()
                    page = self._document[number - 1]
            yield PdfPage(page, self._reader.pages[number - 1], self._forms, self._limits, self._least)
        finally:
            page.close()


class PdfPage:
    """One page of a PDF."""

    def __init__(
        self,
        page: Any,  # noqa: ANN401
        source: pypdf.PageObject,
        forms: bool,
        limits: ReadLimits,
        least: int = MIN_LETTERS,
    ) -> None:
        self._page = page
        self._least = least
        self._source = source
        self._forms = forms
        self._limits = limits
        self.width, self.height = (float(side) for side in page.get_size())
        if not all(math.isfinite(side) and side > 0 for side in (self.width, self.height)):
            raise ReadFailed("read_broken")
        self._images, self._others = self._objects()
        self.is_scan = any(self._share(image) >= _COVERS for image in self._images)

    @property
    def stored(self) -> int:
        """Bytes that the pictures of the page take in the file."""
        return sum(pdfium.FPDFImageObj_GetImageDataRaw(image.raw, None, 0) for image in self._images)

    def text_layer(self) -> TextLayer | None:
        """The visible text, or None where there is too little of it or it cannot be trusted."""
        layer = read_layer(self._page, scan=self.is_scan)
        if layer.letters < (MIN_LETTERS_ON_SCAN if self.is_scan else self._least) or is_garbage(layer.text):
            return None
        if layer.hidden or self._forms:
            return layer
        text = self._source_text()
        letters = sum(1 for char in text if not char.isspace())
        if abs(letters - layer.letters) > 0.1 * layer.letters:
            return layer  # the two disagree: what has a place on the page is believed
        return TextLayer(layer.words, text, layer.hidden)

    def whole_text(self) -> str:
        """Everything that the page says, also what no eye can see."""
        page = self._page.get_textpage()
        try:
            return f"{page.get_text_range()}\n{self._source_text()}"
        finally:
            page.close()

    def on_screen(self) -> Picture:
        """The page at the size of the screen."""
        scale = min(SCREEN_WIDTH / self.width, math.sqrt(_SCREEN_PIXELS / (self.width * self.height)))
        return self._render(scale)

    def raster(self) -> Raster:
        """The page's pixels for reading: the scan's own image where the page is nothing else."""
        return self._own_image() or self._rastered()

    def _source_text(self) -> str:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                text = clean(self._source.extract_text())
        except MemoryError:
            raise
        except Exception:  # pypdf raises nearly anything on odd fonts; pdfium has read the page as well
            return ""
        return "\n".join(line.rstrip() for line in text.split("\n")).strip()

    def _objects(self) -> tuple[list[Any], bool]:
        """Images on the page, and whether anything else can be seen on it."""
        images, others = [], False
        count = pdfium.FPDFPage_CountObjects(self._page.raw)
        if count > _MAX_OBJECTS:
            return [], True
        for item in self._page.get_objects(max_depth=1):
            if item.type == pdfium.FPDF_PAGEOBJ_IMAGE:
                images.append(item)
            elif item.type == pdfium.FPDF_PAGEOBJ_TEXT:
                others = others or pdfium.FPDFTextObj_GetTextRenderMode(item.raw) != 3
            else:
                others = True
        return images, others

    def _share(self, image: Any) -> float:  # noqa: ANN401
        """What part of the page an image covers."""
        try:
            left, bottom, right, top = image.get_bounds()
            x0, y0, x1, y1 = self._page.get_bbox()
        except pypdfium2.PdfiumError:
            return 0.0
        area = abs((x1 - x0) * (y1 - y0))
        across, down = min(right, x1) - max(left, x0), min(top, y1) - max(bottom, y0)
        return max(0.0, across) * max(0.0, down) / area if area else 0.0

    def scan(self) -> Scan | None:
        """The scan that this page is, as it is stored; None where the page is anything else."""
        own = self._own()
        if own is None:
            return None
        image, placement = own
        width, height = image.get_px_size()
        check_pixels(width, height, self._limits.pixels)
        left, bottom, right, top = image.get_bounds()
        sides = (right - left, top - bottom)
        if self._page.get_rotation() // 90 % 2:
            sides = (sides[1], sides[0])
        jpeg = _jpeg_of(image)
        if jpeg is not None:
            return Scan(jpeg, None, placement, *sides)
        picture = _pixels(image)
        return Scan(None, picture, placement, *sides) if picture is not None else None

    def _own(self) -> tuple[Any, Placement] | None:
        """The one image that is all there is to see on this page, and how it lies."""
        if not self.is_scan or self._others or len(self._images) != 1:
            return None
        image = self._images[0]
        matrix = image.get_matrix()
        a, b, c, d = matrix.a, matrix.b, matrix.c, matrix.d
        sizes = sorted((abs(a), abs(b)))
        if sizes[0] > 0.001 * sizes[1] or pdfium.FPDFPageObj_HasTransparency(image.raw):
            return None
        x0, y0, x1, y1 = self._page.get_bbox()
        left, bottom, right, top = image.get_bounds()
        slack = 0.02 * max(x1 - x0, y1 - y0)
        if left < x0 - slack or bottom < y0 - slack or right > x1 + slack or top > y1 + slack:
            return None  # the page shows a cut-out
        swapped = abs(b) > abs(a)
        flip_down, flip_across = (b > 0, c > 0) if swapped else (d < 0, a < 0)
        return image, Placement(swapped, flip_down, flip_across, self._page.get_rotation() // 90 % 4)

    def _own_image(self) -> Raster | None:
        scan = self.scan()
        return None if scan is None else scan.raster()

    def _rastered(self) -> Raster:
        scale = min(READ_DPI / 72, math.sqrt(MAX_READ_PIXELS / (self.width * self.height)))
        return Raster(self._render(scale), (scale * 72, scale * 72))

    def _render(self, scale: float) -> Picture:
        check_pixels(math.ceil(self.width * scale), math.ceil(self.height * scale), self._limits.pixels)
        try:
            bitmap = self._page.render(scale=scale, limit_image_cache=True)
        except (pypdfium2.PdfiumError, ValueError) as fault:
            raise ReadFailed("read_broken") from fault
        return _picture(bitmap)


@contextmanager
def open_pdf(path: Path, limits: ReadLimits, least: int = MIN_LETTERS) -> Iterator[PdfFile]:
    """Open `path` with both readers; an owner's password (rights only) needs nothing. Raises `ReadFailed`.

    `least`: from so many letters on a page its text layer counts; fewer are a stamp or a page number on a drawing.
    """
    source = path.open("rb")  # given a name, the reader would take the whole file in memory
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            reader = pypdf.PdfReader(source, strict=False)
            if reader.is_encrypted and reader.decrypt("") == pypdf.PasswordType.NOT_DECRYPTED:
                raise ReadFailed("read_encrypted")
            len(reader.pages)
        document = pypdfium2.PdfDocument(path)
    except (ReadFailed, MemoryError):
        source.close()
        raise
    except Exception as fault:
        source.close()
        raise ReadFailed("read_broken") from fault
    try:
        yield PdfFile(reader, document, limits, least)
    finally:
        document.close()
        reader.close()
        source.close()


def _jpeg_of(image: Any) -> bytes | None:  # noqa: ANN401
    """The JPEG file inside the PDF, where the image is a plain one in gray or RGB."""
    filters = image.get_filters()
    if filters[-1:] != ["DCTDecode"] or not set(filters[:-1]) <= set(image.SIMPLE_FILTERS):
        return None
    data = bytes(image.get_data(decode_simple=True))
    with contextlib.suppress(OSError), PIL.Image.open(io.BytesIO(data), formats=["JPEG"]) as jpeg:
        if jpeg.mode in ("L", "RGB") and jpeg.size == tuple(image.get_px_size()):
            return data
    return None


def _pixels(image: Any) -> Picture | None:  # noqa: ANN401
    """What pdfium's decoder makes of the image; None where it cannot."""
    try:
        return _picture(image.get_bitmap(render=False))
    except pypdfium2.PdfiumError:
        return None


def _picture(bitmap: Any) -> Picture:  # noqa: ANN401
    """A copy of pdfium's pixels as gray or RGB."""
    pixels = bitmap.to_numpy()
    if pixels.ndim == 2 or pixels.shape[2] == 1:
        return np.array(pixels.reshape(pixels.shape[:2]), dtype=np.uint8)
    picture = np.ascontiguousarray(pixels[:, :, 2::-1])
    first = picture[:, :, 0]
    colourless = np.array_equal(first, picture[:, :, 1]) and np.array_equal(first, picture[:, :, 2])
    return np.ascontiguousarray(first) if colourless else picture
