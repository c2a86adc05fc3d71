"""The archive rendition of a scan: PDF/A-2b with the scan as it was stored and our own words, unseen, over it.

Only features of PDF 1.4 are used, so that the same file under the label 1b is valid as well (`part`); that twin is for
validators. The page is turned upright and straight by its matrix: not one pixel is made anew. Files that are more than
scans (text layers, drawings), and signed ones, are never rewritten: for those the answer is None.
"""

import math
import zlib
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import pypdf
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from ingest.readers.fence import Report
from ingest.readers.fixed_parts import FONT_UNITS, GLYPH_WIDTH, box_font, srgb_profile
from ingest.readers.image import open_image
from ingest.readers.patience import Patience
from ingest.readers.pdf import open_pdf
from ingest.readers.raster import Scan
from ingest.readers.results import Kind, PageRead, ReadLimits, ReadResult
from ingest.readers.straighten import Picture

NAME = "archive.pdf"
SECONDS_A_PAGE = 5
MAX_SIDE = 14_000.0  # points; PDF ends at 14 400
_BASELINE = 0.2

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>{part}</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance></rdf:Description>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title></rdf:Description>
</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""

_TO_UNICODE = b"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
1 beginbfrange
<0000> <FFFF> <0000>
endbfrange
endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""


def is_scan(result: ReadResult) -> bool:
    """Whether a file may have an archive rendition, as far as its text tells: all of it was read from pixels."""
    return not result.signed and bool(result.pages) and all(page.source == "ocr" for page in result.pages)


def write(
    report: Report,
    path: Path,
    kind: Kind,
    pages: tuple[PageRead, ...],
    target: Path,
    title: str,
    limits: ReadLimits,
    part: int,
    patience: Patience,
) -> bool:
    """Write the archive rendition to `target`: the task of the child. False when some page is more than a scan."""
    book = Book(title, part)
    patience.again()

    def add(scan: Scan, page: PageRead, done: int, stored: int) -> None:
        book.add(scan, page)
        report(done, len(pages))
        patience.page(done, len(pages), source=page.source, words=len(page.words), picture=stored)

    if kind == "pdf":
        with open_pdf(path, limits) as pdf:
            if pdf.signed:
                return False
            for done, page in enumerate(pages, 1):
                with pdf.page(page.number) as source:
                    scan, stored = source.scan(), source.stored
                if scan is None:
                    return False
                add(scan, page, done, stored)
    else:
        with open_image(path, kind, limits) as image:
            for done, page in enumerate(pages, 1):
                add(image.scan(page.number), page, done, image.stored(page.number))
    book.save(target)
    return True


class Book:
    """A PDF/A file in the making."""

    def __init__(self, title: str, part: int) -> None:
        self._writer = pypdf.PdfWriter()
        self._writer.metadata = None
        self._writer.pdf_header = "%PDF-1.4" if part == 1 else "%PDF-1.7"
        self._font = self._make_font()
        root = self._writer.root_object
        xmp = _stream(_XMP.format(part=part, title=escape(title)).encode(), pack=False)
        xmp.update({NameObject("/Type"): NameObject("/Metadata"), NameObject("/Subtype"): NameObject("/XML")})
        root[NameObject("/Metadata")] = self._writer._add_object(xmp)
        root[NameObject("/OutputIntents")] = ArrayObject([self._intent()])

    def add(self, scan: Scan, page: PageRead) -> None:
        """A page with the scan upright and straight, and the words over it."""
        placement = scan.placement.turned(page.rotation)
        across, down = (scan.height, scan.width) if page.rotation % 180 else (scan.width, scan.height)
        fit = min(1.0, MAX_SIDE / (1.1 * max(across, down)))
        across, down = across * fit, down * fit
        cosine, sine = math.cos(math.radians(page.skew)), math.sin(math.radians(page.skew))
        width = across * cosine + down * abs(sine)
        height = down * cosine + across * abs(sine)

        def seen(x: float, y: float) -> tuple[float, float]:
            """From 0-1 of the stored picture to PDF points."""
            left, top = placement.point(x, y)
            left, top = (left - 0.5) * across, (top - 0.5) * down
            return left * cosine - top * sine + width / 2, height - (left * sine + top * cosine + height / 2)

        (e, f), (right_x, right_y), (up_x, up_y) = seen(0, 1), seen(1, 1), seen(0, 0)
        matrix = (right_x - e, right_y - f, up_x - e, up_y - f, e, f)
        numbers = " ".join(f"{value:.4f}" for value in matrix)
        content = f"q {numbers} cm /Scan Do Q\n"
        content += "".join(_word_in_pdf(word, width, height) for word in page.words)
        sheet = self._writer.add_blank_page(width, height)
        sheet[NameObject("/Contents")] = self._writer._add_object(_stream(content.encode()))
        sheet[NameObject("/Resources")] = DictionaryObject(
            {
                NameObject("/XObject"): DictionaryObject({NameObject("/Scan"): self._writer._add_object(_image(scan))}),
                NameObject("/Font"): DictionaryObject({NameObject("/F"): self._font}),
            }
        )

    def save(self, target: Path, mark: bytes = b"") -> None:
        """Write the file; it gets the identifier that PDF/A asks for: `mark` (16 bytes), or else one by chance."""
        if mark:
            self._writer._ID = ArrayObject([ByteStringObject(mark), ByteStringObject(mark)])
        self._writer.generate_file_identifiers()
        with target.open("wb") as file:
            self._writer.write(file)

    def _make_font(self) -> Any:  # noqa: ANN401 - a reference of pypdf
        add = self._writer._add_object
        program = _stream(box_font())
        program[NameObject("/Length1")] = NumberObject(len(box_font()))
        descriptor = _dictionary(
            Type="/FontDescriptor", FontName="/Boxes", Flags=4, ItalicAngle=0, Ascent=800, Descent=-200, StemV=80
        )
        descriptor[NameObject("/CapHeight")] = NumberObject(700)
        descriptor[NameObject("/FontBBox")] = ArrayObject([NumberObject(v) for v in (0, -200, GLYPH_WIDTH, 800)])
        descriptor[NameObject("/FontFile2")] = add(program)
        system = DictionaryObject(
            {
                NameObject("/Registry"): TextStringObject("Adobe"),
                NameObject("/Ordering"): TextStringObject("Identity"),
                NameObject("/Supplement"): NumberObject(0),
            }
        )
        cid = _dictionary(Type="/Font", Subtype="/CIDFontType2", BaseFont="/Boxes", DW=GLYPH_WIDTH * 1000 // FONT_UNITS)
        cid[NameObject("/CIDSystemInfo")] = system
        cid[NameObject("/FontDescriptor")] = add(descriptor)
        cid[NameObject("/CIDToGIDMap")] = add(_stream(b"\0\1" * 65536))
        font = _dictionary(Type="/Font", Subtype="/Type0", BaseFont="/Boxes", Encoding="/Identity-H")
        font[NameObject("/DescendantFonts")] = ArrayObject([add(cid)])
        font[NameObject("/ToUnicode")] = add(_stream(_TO_UNICODE))
        return add(font)

    def _intent(self) -> Any:  # noqa: ANN401
        profile = _stream(srgb_profile())
        profile[NameObject("/N")] = NumberObject(3)
        intent = _dictionary(Type="/OutputIntent", S="/GTS_PDFA1")
        intent[NameObject("/OutputConditionIdentifier")] = TextStringObject("sRGB")
        intent[NameObject("/Info")] = TextStringObject("sRGB")
        intent[NameObject("/DestOutputProfile")] = self._writer._add_object(profile)
        return self._writer._add_object(intent)


def _word_in_pdf(word: Any, width: float, height: float) -> str:  # noqa: ANN401
    """One word and a space, stretched over its box, in rendering mode 3 (unseen)."""
    letters = "".join(char if ord(char) < 0x10000 else "\ufffd" for char in word.text)
    size = max(1.0, (word.bottom - word.top) * height)
    natural = len(letters) * size * GLYPH_WIDTH / FONT_UNITS
    stretch = 100 * (word.right - word.left) * width / natural
    x, y = word.left * width, (1 - word.bottom) * height + _BASELINE * size
    codes = (letters + " ").encode("utf-16-be").hex()
    return f"BT 3 Tr /F {size:.2f} Tf {stretch:.2f} Tz {x:.2f} {y:.2f} Td <{codes}> Tj ET\n"


def _image(scan: Scan) -> StreamObject:
    """The scan as a PDF image: its own JPEG, or its pixels without loss, one bit a pixel where it has no more."""
    image = StreamObject()
    bits, filter_name = 8, "/FlateDecode"
    if scan.jpeg is not None:
        width, height, gray = scan.jpeg_header()
        image._data, filter_name = scan.jpeg, "/DCTDecode"
    else:
        stored = scan.stored()
        (height, width), gray = stored.shape[:2], stored.ndim == 2
        if gray and _is_bilevel(stored):
            bits, stored = 1, np.packbits(stored > 127, axis=1)
        image._data = zlib.compress(np.ascontiguousarray(stored).tobytes(), 6)
    image.update(_dictionary(Type="/XObject", Subtype="/Image", Width=width, Height=height, BitsPerComponent=bits))
    image[NameObject("/Filter")] = NameObject(filter_name)
    image[NameObject("/ColorSpace")] = NameObject("/DeviceGray" if gray else "/DeviceRGB")
    return image


def _is_bilevel(picture: Picture) -> bool:
    return bool(np.all((picture == 0) | (picture == 255)))


def _stream(data: bytes, *, pack: bool = True) -> StreamObject:
    plain = DecodedStreamObject()
    plain.set_data(data)
    return plain.flate_encode() if pack else plain


def _dictionary(**entries: str | float) -> DictionaryObject:
    made = DictionaryObject()
    for name, value in entries.items():
        kind = NameObject if isinstance(value, str) else NumberObject if isinstance(value, int) else FloatObject
        made[NameObject(f"/{name}")] = kind(value)
    return made
