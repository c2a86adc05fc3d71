"""The text layer of a PDF page as words with boxes, as far as an eye can see them."""

import ctypes
import unicodedata
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

from ingest.readers.results import Word

MAX_CHARS = 200_000
_INVISIBLE = 3
_TINY = 1.0  # points
_DEVICE = 1_000_000
_SPLITS = frozenset(" \t\r\n\f\v\u00a0\u2003\u2002\u2009\u200b\x00")
_SWAPS = str.maketrans(
    {
        "\x02": "-",
        "\ufffe": "-",
        "\u00ad": "-",
        "ﬀ": "ff",
        "ﬁ": "fi",
        "ﬂ": "fl",
        "ﬃ": "ffi",
        "ﬄ": "ffl",
        "ﬅ": "st",
        "ﬆ": "st",
    }
)


@dataclass(frozen=True, slots=True)
class TextLayer:
    """Visible words in reading order, the text that they make, and how many characters were not to be seen."""

    words: tuple[Word, ...]
    text: str
    hidden: int

    @property
    def letters(self) -> int:
        """Visible characters that are not space."""
        return sum(len(word.text) for word in self.words)


def clean(text: str) -> str:
    """Composed characters, ligatures taken apart, line ends as \\n, no control characters."""
    text = unicodedata.normalize("NFC", text.translate(_SWAPS).replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(
        char for char in text if char in "\n\t" or (char.isprintable() and char != "\ufffd") or char == "\u00a0"
    )


def is_garbage(text: str) -> bool:
    """Whether a font without a usable map made signs of letters: then only the picture can be read."""
    signs = [char for char in text if not char.isspace()]
    if not signs:
        return False
    bad = sum(1 for char in signs if char == "\ufffd" or unicodedata.category(char) in ("Co", "Cn", "Cc"))
    good = sum(1 for char in signs if char.isalnum())
    return bad > 0.2 * len(signs) or good < 0.3 * len(signs)


def read_layer(page: Any, *, scan: bool) -> TextLayer:  # noqa: ANN401 - pypdfium2 has no types
    """The words on `page` (a pypdfium2 page). On a `scan` invisible words are its own text layer and count as seen.

    Words outside the page, smaller than a point, or written invisibly on a page that is no scan are hidden.
    """
    textpage = page.get_textpage()
    try:
        return _Gatherer(page, textpage, scan).gather()
    finally:
        textpage.close()


class _Gatherer:
    def __init__(self, page: Any, textpage: Any, scan: bool) -> None:  # noqa: ANN401
        self._textpage = textpage.raw
        self._scan = scan
        self._to_page = _mapping(page.raw)
        self._words: list[Word] = []
        self._text: list[str] = []
        self._hidden = 0
        self._letters: list[str] = []
        self._first = 0
        self._box = [0.0, 0.0, 0.0, 0.0]

    def gather(self) -> TextLayer:
        rectangle = pdfium.FS_RECTF()
        count = min(pdfium.FPDFText_CountChars(self._textpage), MAX_CHARS)
        for index in range(max(0, count)):
            code = pdfium.FPDFText_GetUnicode(self._textpage, index)
            char = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\x00"
            if char in _SPLITS:
                self._close()
                self._text.append("\n" if char == "\n" else "" if char in "\r\x00" else " ")
                continue
            if not pdfium.FPDFText_GetLooseCharBox(self._textpage, index, ctypes.byref(rectangle)):
                continue
            if not self._letters:
                self._first = index
                self._box = [rectangle.left, rectangle.bottom, rectangle.right, rectangle.top]
            else:
                box = self._box
                box[0], box[1] = min(box[0], rectangle.left), min(box[1], rectangle.bottom)
                box[2], box[3] = max(box[2], rectangle.right), max(box[3], rectangle.top)
            self._letters.append(char)
        self._close()
        text = "\n".join(line.strip() for line in clean("".join(self._text)).split("\n"))
        return TextLayer(tuple(self._words), text.strip(), self._hidden)

    def _close(self) -> None:
        if not self._letters:
            return
        text = clean("".join(self._letters))
        self._letters.clear()
        left, top, right, bottom = self._relative()
        seen = left < 1 and top < 1 and right > 0 and bottom > 0 and not self._is_hidden()
        if not seen or not text:
            self._hidden += len(text)
            return
        inside = (max(0.0, left), max(0.0, top), min(1.0, right), min(1.0, bottom))
        left, top, right, bottom = (round(value, 5) for value in inside)
        self._words.append(Word(text, left, top, right, bottom, 100.0))
        self._text.append(text)

    def _is_hidden(self) -> bool:
        if min(self._box[2] - self._box[0], self._box[3] - self._box[1]) < _TINY / 2 or (
            max(self._box[2] - self._box[0], self._box[3] - self._box[1]) < _TINY
        ):
            return True
        if self._scan:
            return False
        owner = pdfium.FPDFText_GetTextObject(self._textpage, self._first)
        return bool(owner) and pdfium.FPDFTextObj_GetTextRenderMode(owner) == _INVISIBLE

    def _relative(self) -> tuple[float, float, float, float]:
        a, b, c, d, e, f = self._to_page
        left, bottom, right, top = self._box
        across = [a * x + c * y + e for x, y in ((left, bottom), (right, top))]
        down = [b * x + d * y + f for x, y in ((left, bottom), (right, top))]
        return min(across), min(down), max(across), max(down)


def _mapping(page: Any) -> tuple[float, float, float, float, float, float]:  # noqa: ANN401
    """From PDF units to 0-1 of the shown page, with its crop box and rotation: asked of pdfium at three points."""

    def at(x: float, y: float) -> tuple[float, float]:
        across, down = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(page, 0, 0, _DEVICE, _DEVICE, 0, x, y, across, down)
        return across.value / _DEVICE, down.value / _DEVICE

    origin, right, up = at(0, 0), at(1000, 0), at(0, 1000)
    return (
        (right[0] - origin[0]) / 1000,
        (right[1] - origin[1]) / 1000,
        (up[0] - origin[0]) / 1000,
        (up[1] - origin[1]) / 1000,
        origin[0],
        origin[1],
    )
