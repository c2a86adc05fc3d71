"""The letters of PDFs that this house writes itself: a face that knows every name, as the machine has it."""

import functools
from pathlib import Path

import reportlab
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FACES = (
    Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"),
    Path("/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf"),
    Path(reportlab.__file__).parent / "fonts" / "Vera.ttf",
)
NAME = "house"


@functools.cache
def face() -> str:
    """The name of the face for reportlab; the first that is there, else the one that reportlab brings (Latin 1)."""
    path = next(x for x in FACES if x.is_file())
    pdfmetrics.registerFont(TTFont(NAME, str(path)))
    return NAME
