"""The language in which people ask, and its tree.

`jansen dyslexie` (both) · `"schriftelijke verklaring"` · `dysl*` · `jansen~` · `-rapport` or `NIET rapport` ·
`toets OF examen` · `(toets OF examen) jansen` · `leerling:jansen` · `titel:verslag` · `categorie:ZRG-01` ·
`bron:scanner` · `datum:2025..2026`, `datum:2026-03`, `datum:12-03-2026`, `schooljaar:2025-2026`.

Nothing that a person types is an error: what is no language is words. What exceeds the caps is left out.
"""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dms.kernel.schoolyear import parse_school_year
from indexing.analysis import question
from indexing.nodes import (
    And,
    Everything,
    Field,
    FieldName,
    Fuzzy,
    Leaf,
    Node,
    Not,
    Nothing,
    Or,
    Phrase,
    Prefix,
    Range,
    Term,
)

__all__ = [
    "MAX_CHARS",
    "MAX_LEAVES",
    "And",
    "Everything",
    "Field",
    "FieldName",
    "Fuzzy",
    "Leaf",
    "Node",
    "Not",
    "Nothing",
    "Or",
    "Phrase",
    "Prefix",
    "Range",
    "Term",
    "parse",
]

MAX_CHARS = 500
"""Characters of a question that count."""
MAX_LEAVES = 32
"""Words, phrases and fields of a question that count."""
MAX_DEPTH = 8
"""Brackets within brackets that count."""
MIN_PREFIX = 2
"""Letters before a star; with fewer it is a word."""

_PIECE = re.compile(
    r'\s+|(?P<not>-(?=[^\s\-]))|(?P<open>\()|(?P<close>\))|(?P<chunk>(?:[^\s()"“”„]|["“”„][^"“”„]*["“”„]?)+)'
)
_NAMED = re.compile(r"(?P<name>[A-Za-z]+):(?P<rest>.+)", re.DOTALL)
_QUOTED = re.compile(r'["“”„](?P<text>[^"“”„]*)["“”„]?')
_NAMES = {x.value: x for x in FieldName}


@dataclass(frozen=True, slots=True)
class _Piece:
    kind: str
    text: str


def parse(text: str) -> Node:
    """The tree of what a person typed. Never raises; an empty question gives `Nothing()`."""
    pieces = [
        _Piece(str(found.lastgroup), found.group())
        for found in _PIECE.finditer(text[:MAX_CHARS].replace("\x00", " "))
        if found.lastgroup is not None
    ]
    return _Reader(_dates_in_words(pieces)).whole()


class _Reader:
    """Reads pieces from left to right: `either` = `every` (OF `every`)*, `every` = `single`*."""

    def __init__(self, pieces: Sequence[_Piece]) -> None:
        self._pieces = pieces
        self._at = 0
        self._room = MAX_LEAVES

    def whole(self) -> Node:
        found: list[Node] = []
        while self._at < len(self._pieces):
            node = self._either(0)
            if node is not None:
                found.append(node)
            self._at += 1  # a bracket that closes nothing
        return _joined(found) or Nothing()

    def _either(self, depth: int) -> Node | None:
        sides: list[Node] = []
        while True:
            side = self._every(depth)
            if side is not None:
                sides.append(side)
            if not self._is_word("OF", "OR"):
                break
            self._at += 1
        if not sides:
            return None
        return sides[0] if len(sides) == 1 else Or(tuple(sides))

    def _every(self, depth: int) -> Node | None:
        found: list[Node] = []
        while (piece := self._peek()) is not None and piece.kind != "close" and not self._is_word("OF", "OR"):
            node = self._single(depth)
            if node is not None:
                found.append(node)
        return _joined(found)

    def _single(self, depth: int) -> Node | None:
        piece = self._pieces[self._at]
        self._at += 1
        if piece.kind == "not" or (piece.kind == "chunk" and piece.text in ("NIET", "NOT")):
            following = self._peek()
            if following is None or following.kind == "close" or self._is_word("OF", "OR"):
                return None
            node = self._single(depth)
            return None if node is None else Not(node)
        if piece.kind == "open":
            if depth >= MAX_DEPTH:
                return None
            node = self._either(depth + 1)
            if (following := self._peek()) is not None and following.kind == "close":
                self._at += 1
            return node
        if piece.text in ("EN", "AND") or self._room <= 0:
            return None
        self._room -= 1
        return _chunk(piece.text)

    def _peek(self) -> _Piece | None:
        return self._pieces[self._at] if self._at < len(self._pieces) else None

    def _is_word(self, *words: str) -> bool:
        piece = self._peek()
        return piece is not None and piece.kind == "chunk" and piece.text in words


def _chunk(text: str) -> Node | None:
    named = _NAMED.fullmatch(text)
    if named is not None:
        name, rest = named["name"].lower(), named["rest"]
        if name == "datum" and (days := _dates(rest)) is not None:
            return days
        if name == "schooljaar" and (year := parse_school_year(rest)) is not None:
            return Range(year.first_day, year.last_day)
        if name in _NAMES and (leaf := _leaf(rest, code=_NAMES[name] in (FieldName.CATEGORY, FieldName.SOURCE))):
            return Field(_NAMES[name], leaf)
    return _leaf(text)


def _leaf(text: str, *, code: bool = False) -> Leaf | None:
    quoted = _QUOTED.fullmatch(text)
    if quoted is not None:
        return Phrase(quoted["text"]) if question(quoted["text"]) else None
    bare = re.sub(r'["“”„]', " ", text)
    words = question(bare)
    if not words:
        return None
    if bare.endswith("*") and len(words[-1].surface) >= MIN_PREFIX and not words[-1].is_date:
        return Prefix(bare.rstrip("*") if code else bare.rstrip("*").lstrip("*"))
    if bare.endswith("~"):
        return Fuzzy(bare.rstrip("~"))
    return Term(bare.strip())


def _joined(found: Sequence[Node]) -> Node | None:
    """All of them; stop words count only where nothing else was asked."""
    useful = [x for x in found if not _only_stops(x)] or list(found)
    if not useful:
        return None
    return useful[0] if len(useful) == 1 else And(tuple(useful))


def _only_stops(node: Node) -> bool:
    if isinstance(node, Not):
        return _only_stops(node.node)
    return isinstance(node, Term) and all(x.stop for x in question(node.word))


def _dates_in_words(pieces: Sequence[_Piece]) -> list[_Piece]:
    """`12 maart 2026` is typed as three words and means one day."""
    result: list[_Piece] = []
    at = 0
    while at < len(pieces):
        three = pieces[at : at + 3]
        if len(three) == 3 and all(x.kind == "chunk" for x in three):
            text = " ".join(x.text for x in three)
            words = question(text)
            if len(words) == 1 and words[0].is_date:
                result.append(_Piece("chunk", text))
                at += 3
                continue
        result.append(pieces[at])
        at += 1
    return result


def _dates(text: str) -> Range | None:
    low_text, dots, high_text = text.partition("..")
    if not dots:
        return _span(text)
    low = _span(low_text) if low_text else Range(None, None)
    high = _span(high_text) if high_text else Range(None, None)
    if low is None or high is None or not (low_text or high_text):
        return None
    return Range(low.low, high.high)


def _span(text: str) -> Range | None:
    """The days of a year, a month or a day: `2026`, `2026-03`, `03-2026`, `2026-03-12`, `12-03-2026`."""
    numbers = re.fullmatch(r"(\d{1,4})(?:[-/](\d{1,4}))?(?:[-/](\d{1,4}))?", text.strip())
    if numbers is None:
        return None
    found = [x for x in numbers.groups() if x is not None]
    if len(found[0]) != 4:
        found.reverse()
    if len(found[0]) != 4 or any(len(x) > 2 for x in found[1:]):
        return None
    year, month, day = ([int(x) for x in found] + [0, 0])[:3]
    try:
        if len(found) == 1:
            return Range(date(year, 1, 1), date(year, 12, 31))
        if len(found) == 2:
            return Range(date(year, month, 1), date(year, month, monthrange(year, month)[1]))
        return Range(date(year, month, day), date(year, month, day))
    except ValueError:
        return None
