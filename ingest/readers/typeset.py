"""Sets blocks of text on A4 pages as a PDF: how a mail, a web page or a plain text is shown and read.

Letters come from a font of the system that has them all (DejaVu), embedded, so that the page looks the same anywhere.
Only the reader's child calls this.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas

from ingest.readers.blocks import Block, Look
from ingest.readers.errors import ReadFailed

FONTS = (
    Path("/usr/share/fonts/truetype/dejavu"),
    Path(".tools/root/usr/share/fonts/truetype/dejavu"),
    Path("/usr/share/fonts/dejavu-sans-fonts"),
)
_WIDTH, _HEIGHT = A4
_MARGIN = 56.0
_TALLEST = _HEIGHT - 2 * _MARGIN


@dataclass(frozen=True, slots=True)
class _Style:
    size: float
    after: float
    bold: bool = False
    indent: float = 0.0
    mark: str = ""


_STYLES: dict[Look, _Style] = {
    "text": _Style(10.0, 5.0),
    "heading": _Style(13.0, 6.0, bold=True),
    "item": _Style(10.0, 3.0, indent=14.0, mark="•"),
    "row": _Style(10.0, 3.0),
    "exact": _Style(9.5, 0.0),
}


def typeset(blocks: Sequence[Block], target: Path, title: str, most_pages: int) -> None:
    """Write `blocks` as a PDF to `target`. Raises `ReadFailed` when that takes more than `most_pages`."""
    _Setter(target, title, most_pages).set(blocks)


class _Setter:
    def __init__(self, target: Path, title: str, most_pages: int) -> None:
        self._regular, self._bold = _fonts()
        self._canvas = Canvas(str(target), pagesize=A4, invariant=1, pageCompression=1)
        self._canvas.setTitle(title[:300])
        self._most = most_pages
        self._pages = 1
        self._y = _HEIGHT - _MARGIN

    def set(self, blocks: Sequence[Block]) -> None:
        for block in blocks:
            self._block(block)
        self._canvas.showPage()
        self._canvas.save()

    def _block(self, block: Block) -> None:
        style = _STYLES[block.look]
        font = self._bold if style.bold else self._regular
        mark = style.mark
        for line in block.text.split("\n"):
            pieces = _wrapped(line, font, style.size, _WIDTH - 2 * _MARGIN - style.indent, keep=block.look == "exact")
            for piece in pieces:
                self._line(piece, font, style, mark)
                mark = ""
        self._y -= style.after

    def _line(self, text: str, font: str, style: _Style, mark: str) -> None:
        step = 1.35 * style.size
        if self._y - step < _MARGIN:
            self._pages += 1
            if self._pages > self._most:
                raise ReadFailed("read_pages", {"found": f"> {self._most}", "limit": self._most})
            self._canvas.showPage()
            self._y = _HEIGHT - _MARGIN
        self._y -= step
        if not text and not mark:
            return
        self._canvas.setFont(font, style.size)
        if mark:
            self._canvas.drawString(_MARGIN, self._y, mark)
        self._canvas.drawString(_MARGIN + style.indent, self._y, text)


def _wrapped(line: str, font: str, size: float, width: float, *, keep: bool) -> list[str]:
    """The line in pieces that fit in `width` points; with `keep` the spaces at its beginning stay."""
    if pdfmetrics.stringWidth(line, font, size) <= width:
        return [line if keep else line.strip()]
    pieces: list[str] = []
    current = line[: len(line) - len(line.lstrip())][:80] if keep else ""
    taken = pdfmetrics.stringWidth(current, font, size)
    space = pdfmetrics.stringWidth(" ", font, size)
    fresh = True
    for word in line.split():
        for part in _bits(word, font, size, width):
            wide = pdfmetrics.stringWidth(part, font, size)
            if not fresh and taken + space + wide > width:
                pieces.append(current)
                current, taken, fresh = "", 0.0, True
            current += part if fresh else f" {part}"
            taken += wide + (0.0 if fresh else space)
            fresh = False
    pieces.append(current)
    return pieces


def _bits(word: str, font: str, size: float, width: float) -> list[str]:
    """A word, or where it is wider than the page what fits on each line of it."""
    if pdfmetrics.stringWidth(word, font, size) <= width:
        return [word]
    most = max(1, int(width / (size * 1.1)))
    return [word[at : at + most] for at in range(0, len(word), most)]


@cache
def _fonts() -> tuple[str, str]:
    """The names of the regular and the bold font; those that every PDF reader has where DejaVu is not installed."""
    for folder in FONTS:
        try:
            for name in ("DejaVuSans", "DejaVuSans-Bold"):
                pdfmetrics.registerFont(TTFont(name, str(folder / f"{name}.ttf")))
        except (TTFError, OSError):
            continue
        return "DejaVuSans", "DejaVuSans-Bold"
    return "Helvetica", "Helvetica-Bold"
