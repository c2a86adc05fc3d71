"""Draws separator and cover sheets as a PDF, one page a sheet.

Each code stands there three times: a QR code of 27 mm at the top and at the bottom, and a Code 128 between them, so
that a stroke of a pen, a fold or a strip of dirt never hits all. The rest is for people: whose it is, and what to do.
"""

import io
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import reportlab
import segno
from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas

from dms.model.batches import SheetKind
from ingest.rules.sheet_codes import SheetCode

QR_SIDE = 27 * mm
"""Of the code itself, without its white border. 20 mm is the least that is read well from a dirty scan."""
BAR = 0.5 * mm
_MARGIN = 20 * mm
_QUIET = 4
_FONTS = (
    (Path("/usr/share/fonts/truetype/dejavu"), "DejaVuSans.ttf", "DejaVuSans-Bold.ttf"),
    (Path("/usr/share/fonts/truetype/liberation"), "LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf"),
    (Path("/usr/share/fonts/dejavu-sans-fonts"), "DejaVuSans.ttf", "DejaVuSans-Bold.ttf"),
    (Path(reportlab.__file__).parent / "fonts", "Vera.ttf", "VeraBd.ttf"),
)
_LARGEST_NAME, _SMALLEST_NAME = 30, 14


@dataclass(frozen=True, slots=True)
class SheetText:
    """What a person reads on a sheet. `lines`: whose and what, the first one large; `steps`: what to do with it."""

    kind: SheetKind
    heading: str
    lines: tuple[str, ...]
    steps: tuple[str, ...]
    valid: str


@dataclass(frozen=True, slots=True)
class SheetPaper:
    """One sheet to draw."""

    code: SheetCode
    text: SheetText


def draw(sheets: Iterable[SheetPaper], title: str, made_on: date) -> bytes:
    """The PDF of `sheets`, in order."""
    plain, bold = _faces()
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, pageCompression=1, invariant=1)
    canvas.setTitle(title)
    canvas.setSubject(made_on.isoformat())
    for one in sheets:
        _page(canvas, one, plain, bold)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _page(canvas: Canvas, sheet: SheetPaper, plain: str, bold: str) -> None:
    width, height = A4
    text = sheet.text
    _qr(canvas, sheet.code, width - _MARGIN - QR_SIDE, height - _MARGIN - QR_SIDE)
    _qr(canvas, sheet.code, _MARGIN, _MARGIN)
    canvas.setFont(bold, 24)
    canvas.drawString(_MARGIN, height - _MARGIN - 18, _known(text.heading, bold))
    y = height - 75 * mm
    for place, line in enumerate(text.lines):
        face, size = (bold, _LARGEST_NAME) if place == 0 else (plain, 16)
        shown = _known(line, face)
        while size > _SMALLEST_NAME and pdfmetrics.stringWidth(shown, face, size) > width - 2 * _MARGIN:
            size -= 1
        canvas.setFont(face, size)
        canvas.drawString(_MARGIN, y, shown)
        y -= size + 8
    bars = Code128(sheet.code.text, barWidth=BAR, barHeight=18 * mm, quiet=0)
    bars.drawOn(canvas, (width - bars.width) / 2, 128 * mm)
    canvas.setFont(plain, 9)
    canvas.drawCentredString(width / 2, 122 * mm, sheet.code.printed)
    y = 105 * mm
    for number, line in enumerate(text.steps, 1):
        canvas.setFont(plain, 12)
        canvas.drawString(_MARGIN, y, _known(f"{number}. {line}", plain))
        y -= 18
    canvas.setFont(plain, 10)
    canvas.drawRightString(width - _MARGIN, _MARGIN, _known(text.valid, plain))


def _qr(canvas: Canvas, code: SheetCode, left: float, bottom: float) -> None:
    """A QR code with the most correction there is (30 %), drawn as filled squares."""
    matrix = segno.make_qr(code.text, error="h", boost_error=False).matrix
    module = QR_SIDE / len(matrix)
    border = _QUIET * module
    canvas.setFillGray(1)
    canvas.rect(left - border, bottom - border, QR_SIDE + 2 * border, QR_SIDE + 2 * border, stroke=0, fill=1)
    canvas.setFillGray(0)
    for row, cells in enumerate(matrix):
        y = bottom + QR_SIDE - (row + 1) * module
        start = None
        for column, dark in enumerate([*cells, 0]):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                canvas.rect(left + start * module, y, (column - start) * module, module, stroke=0, fill=1)
                start = None


def _faces() -> tuple[str, str]:
    """The faces of the sheets, registered once; the fallback that comes along knows West European letters only."""
    for folder, *names in _FONTS:
        if not all((folder / name).is_file() for name in names):
            continue
        faces = []
        for name in names:
            face = f"sheet-{Path(name).stem}"
            if face not in pdfmetrics.getRegisteredFontNames():
                try:
                    pdfmetrics.registerFont(TTFont(face, str(folder / name)))
                except (TTFError, OSError):
                    break
            faces.append(face)
        if len(faces) == len(names):
            return faces[0], faces[1]
    return "Helvetica", "Helvetica-Bold"


def _known(text: str, face: str) -> str:
    """`text` with letters that the face lacks in their plain form."""
    letters = getattr(pdfmetrics.getFont(face).face, "charToGlyph", None)
    if letters is None:
        return text.encode("latin-1", "replace").decode("latin-1")
    return "".join(x if ord(x) in letters else unicodedata.normalize("NFD", x)[0] for x in text)
