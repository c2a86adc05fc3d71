"""The text of a page, and the one way in which all rules compare it.

Rules compare on a folded text (no accents, lower case, ligatures and line-end hyphens undone), while evidence
points into the text as it was read. `view` keeps the road back.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class TextSource(StrEnum):
    """Where a page's text came from."""

    TEXT = "text"
    OCR = "ocr"


@dataclass(frozen=True, slots=True)
class PageText:
    """One page as it was read: number from 1, text, source, confidence 0-100 (100 for a text layer)."""

    number: int
    text: str
    source: TextSource = TextSource.TEXT
    confidence: float = 100.0
    doubtful: tuple[tuple[int, int], ...] = ()
    """First character and the one after the last of each word that was recognised with doubt."""

    def is_doubtful(self, start: int, end: int) -> bool:
        """Whether a word that touches these characters was recognised with doubt."""
        return any(first < end and last > start for first, last in self.doubtful)


DOUBT = 80.0
"""A word with less confidence may be another one. Words that are read right have 94 or more, also from faxes and
photos, and a date with one figure misread has about 67.
"""


def doubtful_words(text: str, words: Iterable[tuple[str, float]]) -> tuple[tuple[int, int], ...]:
    """Where in `text` the words stand that were recognised with doubt. `words` in the order of the text, with their
    confidence 0-100.
    """
    found, at = [], 0
    for word, confidence in words:
        start = text.find(word, at)
        if start < 0:
            continue
        at = start + len(word)
        if confidence < DOUBT:
            found.append((start, at))
    return tuple(found)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A piece of a page's text: page number, first character and the one after the last."""

    page: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a folded page: its offsets in the folded text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PageView:
    """A page prepared for comparison.

    `plain` is folded but keeps capitals; `low` is the same in lower case and has the same length. `lines` cut
    both. `offsets[i]` is where character `i` of the fold stood in the page's text.
    """

    page: PageText
    plain: str
    low: str
    lines: tuple[Line, ...]
    offsets: tuple[int, ...] = field(repr=False)

    def span(self, start: int, end: int) -> Span:
        """The piece of the page's own text for `start`-`end` of the fold."""
        if not self.offsets or end <= start:
            return Span(self.page.number, 0, 0)
        first = self.offsets[min(start, len(self.offsets) - 1)]
        last = self.offsets[min(end, len(self.offsets)) - 1]
        return Span(self.page.number, first, last + 1)

    def line_index(self, position: int) -> int:
        """The number (from 0) of the line in which `position` of the fold lies."""
        return max(0, bisect_right(self.lines, position, key=_line_start) - 1)

    def line_text(self, index: int) -> str:
        """Line `index` in lower case; empty outside the page."""
        if 0 <= index < len(self.lines):
            return self.low[self.lines[index].start : self.lines[index].end]
        return ""


# Letters that Unicode does not decompose, and what people (and OCR) write instead.
_LETTERS = {
    "ı": "i", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ð": "d", "þ": "th", "ß": "ss",
    "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ij": "ij", "IJ": "IJ", "ŋ": "n", "ħ": "h", "ŧ": "t", "ə": "e",
    "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
    "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-", "•": "*", "·": "*", "\u00a0": " ", "\u2009": " ",
    "\u202f": " ", "\u2007": " ", "\t": " ", "\u00ad": "", "\u200b": "", "\ufeff": "", "\f": "\n", "\r": "",
    "\x0b": "\n", "\u2028": "\n", "\u2029": "\n",
}  # fmt: skip
_LINE_HYPHEN = re.compile(r"(?<=[a-z])-[ ]*\n[ ]*(?=[a-z])")
_OCR_DIGITS = str.maketrans({"o": "0", "O": "0", "Q": "0", "l": "1", "I": "1", "i": "1", "|": "1", "!": "1",
                             "S": "5", "B": "8", "Z": "2"})  # fmt: skip


def normalise(text: str) -> str:
    """`text` in NFC without soft hyphens and zero-width marks, spaces run together; for showing."""
    cleaned = unicodedata.normalize("NFC", text).translate({0xAD: None, 0x200B: None, 0xFEFF: None})
    return " ".join(cleaned.split())


def fold(text: str) -> str:
    """`text` for comparison: no accents (`ı` → i, `ł` → l), lower case, spaces run together."""
    return " ".join("".join(_fold_char(char) for char in text).lower().split())


def fold_name(text: str) -> str:
    """A name for comparison: folded, only letters, spaces between parts (hyphen and apostrophe part too)."""
    return " ".join(re.findall(r"[a-z]+", fold(text)))


def read_digits(text: str) -> str:
    """`text` with the look-alikes of digits (O, l, I, S, B, Z) read as digits. Only for where digits must stand."""
    return text.translate(_OCR_DIGITS)


def view(page: PageText) -> PageView:
    """Prepare a page for comparison."""
    chars: list[str] = []
    offsets: list[int] = []
    for position, char in enumerate(page.text):
        for piece in _fold_char(char):
            chars.append(piece)
            offsets.append(position)
    plain = "".join(chars)
    hyphens = list(_LINE_HYPHEN.finditer(plain))
    if hyphens:
        kept = [True] * len(plain)
        for found in hyphens:
            kept[found.start() : found.end()] = [False] * (found.end() - found.start())
        plain = "".join(char for char, keep in zip(plain, kept, strict=True) if keep)
        offsets = [offset for offset, keep in zip(offsets, kept, strict=True) if keep]
    return PageView(page, plain, plain.lower(), _cut_lines(plain), tuple(offsets))


def views(pages: Sequence[PageText]) -> tuple[PageView, ...]:
    """Prepare all pages, in order."""
    return tuple(view(page) for page in pages)


def mean_confidence(pages: Sequence[PageText]) -> float:
    """Mean confidence 0-100 over the pages, weighed by their length; 0 where there is no text."""
    weights = [len(page.text.strip()) for page in pages]
    total = sum(weights)
    if total == 0:
        return 0.0
    return sum(page.confidence * weight for page, weight in zip(pages, weights, strict=True)) / total


def _fold_char(char: str) -> str:
    if char < "\x80":
        return _LETTERS.get(char, char)
    known = _LETTERS.get(char)
    if known is not None:
        return known
    pieces = "".join(part for part in unicodedata.normalize("NFKD", char) if not unicodedata.combining(part))
    folded = "".join(_LETTERS.get(part, part) for part in pieces)
    # lower() may lengthen a character; the fold needs one to one.
    return "".join(part if len(part.lower()) == 1 else "?" for part in folded)


def _line_start(line: Line) -> int:
    return line.start


def _cut_lines(plain: str) -> tuple[Line, ...]:
    lines: list[Line] = []
    start = 0
    for piece in plain.split("\n"):
        lines.append(Line(start, start + len(piece)))
        start += len(piece) + 1
    return tuple(lines)
