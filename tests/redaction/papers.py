"""Papers with numbers on them, as scans and as PDFs. Numbers are the standard's own examples, or computed."""

import io
from collections.abc import Iterator, Sequence

import pypdf
from PIL import Image, ImageDraw, ImageFont
from pypdf.generic import DictionaryObject
from reportlab.pdfgen.canvas import Canvas

from ingest.rules.numbers_found import is_bsn

FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
BSN = "111222333"
EDUCATION = "101222331"


def bsns(start: int = 123456700) -> Iterator[str]:
    """Numbers that pass the check, one after the other."""
    number = start
    while True:
        number += 7
        if is_bsn(str(number)):
            yield str(number)


def scan(lines: Sequence[str], turned: float = 0.0) -> bytes:
    """A page of 200 dots an inch as a PNG, turned a little as scanners do."""
    page = Image.new("L", (1654, 2339), 255)
    pen = ImageDraw.Draw(page)
    font = ImageFont.truetype(FONT, 28)
    for at, line in enumerate(lines):
        pen.text((160, 220 + 60 * at), line, font=font, fill=20)
    out = io.BytesIO()
    page.rotate(turned, fillcolor=255).save(out, "PNG", dpi=(200, 200))
    return out.getvalue()


def pdf(lines: Sequence[str], *, unseen: str = "", title: str = "", note: str = "") -> bytes:
    """A born-digital page; `unseen` stands on it in white, `note` in a form field."""
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.setTitle(title)
    for at, line in enumerate(lines):
        canvas.drawString(72, 760 - 22 * at, line)
    if unseen:
        canvas.setFillColorRGB(1, 1, 1)
        canvas.drawString(72, 200, unseen)
    if note:
        canvas.acroForm.textfield(name="veld", value=note, x=72, y=120, width=200, height=20)
    canvas.save()
    return out.getvalue()


def with_file(outer: bytes, name: str, data: bytes, *, typed: bool = True) -> bytes:
    """A PDF with a file in it; not `typed`: neither says of itself what it is."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(outer))
    writer.add_attachment(name, data)
    for thing in writer._objects:
        if not typed and isinstance(thing, DictionaryObject) and thing.get("/Type") in ("/Filespec", "/EmbeddedFile"):
            del thing["/Type"]
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
