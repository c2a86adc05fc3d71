"""Marks what was found, in text that the caller has the right to show. The index itself holds no text.

The same analyser as the index, so that a stem, a part of a compound, a look-alike and a date in other words are marked
as they were found. Pure.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA

from indexing.analysis import Token, fuzzy_distance, parts, question, stem, tokens
from indexing.nodes import And, Field, FieldName, Fuzzy, Leaf, Node, Or, Phrase, Prefix, Term

Piece = tuple[str, bool]
"""A stretch of text, and whether it is a match."""

ELLIPSIS = "…"
MAX_SCAN = 200_000
"""Characters of a text in which a snippet is looked for."""


@dataclass(slots=True)
class Marker:
    """What to mark for a query: gathered once, asked per word. Words under a Not are not marked."""

    stems: set[str] = field(default_factory=set)
    prefixes: set[str] = field(default_factory=set)
    fuzzy: set[str] = field(default_factory=set)
    phrases: list[tuple[Token, ...]] = field(default_factory=list)
    _judged: dict[str, bool] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether nothing can be marked."""
        return not (self.stems or self.prefixes or self.fuzzy or self.phrases)

    def word(self, token: Token) -> bool:
        """Whether this one word is a match by itself."""
        judged = self._judged.get(token.surface)
        if judged is None:
            judged = self._judged[token.surface] = self._judge(token)
        return judged

    def _judge(self, token: Token) -> bool:
        return (
            token.stem in self.stems
            or any(token.surface.startswith(x) for x in self.prefixes)
            or any(
                OSA.distance(token.surface, x, score_cutoff=fuzzy_distance(x)) <= fuzzy_distance(x) for x in self.fuzzy
            )
            or (bool(self.stems) and not self.stems.isdisjoint(parts(token.surface)))
        )

    def marked(self, found: Sequence[Token]) -> list[Token]:
        """The tokens of a text to mark, phrases as a whole."""
        chosen = {i for i, x in enumerate(found) if self.word(x)}
        for phrase in self.phrases:
            chosen |= _phrase_places(found, phrase)
        return [found[i] for i in sorted(chosen)]


def marker(query: Node, *names: FieldName) -> Marker:
    """What to mark of `query`: what was asked of the whole paper, and of the fields named."""
    result = Marker()
    for leaf in _leaves(query, frozenset(names)):
        _gather(result, leaf)
    return result


def snippet(text: str, query: Node, width: int = 240) -> tuple[Piece, ...]:
    """The stretch of `text` with most different matches, about `width` characters, in pieces to mark or not.

    Without a match: the beginning. Line breaks become spaces. Where something is cut off, an ellipsis says so.
    """
    text = text[:MAX_SCAN]
    hits = marker(query).marked(list(tokens(text))) if text else []
    start, end = _window(text, hits, width)
    pieces: list[Piece] = []
    at = start
    for token in hits:
        if token.start < at or token.end > end:
            continue
        pieces.append((text[at : token.start], False))
        pieces.append((text[token.start : token.end], True))
        at = token.end
    pieces.append((text[at:end], False))
    if start > 0:
        pieces.insert(0, (ELLIPSIS, False))
    if end < len(text):
        pieces.append((ELLIPSIS, False))
    return _tidy(pieces)


def matching_words(words: Sequence[str], query: Node) -> set[int]:
    """The numbers of the words of a page to mark on its image, in reading order as they were recognised."""
    asked = marker(query)
    if asked.empty:
        return set()
    text = "\n".join(words)
    ends: list[int] = []
    at = 0
    for word in words:
        at += len(word) + 1
        ends.append(at)
    result: set[int] = set()
    current = 0
    for token in asked.marked(list(tokens(text))):
        while ends[current] <= token.start:
            current += 1
        number = current
        while number < len(words) and (number == current or ends[number - 1] < token.end):
            result.add(number)
            number += 1
    return result


def _gather(result: Marker, leaf: Leaf) -> None:
    match leaf:
        case Term(text) | Phrase(text):
            words = question(text)
            useful = [x for x in words if not x.stop]
            if len(useful) > 1:
                result.phrases.append(words)
            else:
                for x in useful:
                    result.stems.add(x.stem)
        case Prefix(text) | Fuzzy(text):
            words = question(text)
            for x in words[:-1]:
                if not x.stop:
                    result.stems.add(x.stem)
            if words:
                last = words[-1].surface
                if isinstance(leaf, Prefix):
                    result.prefixes.add(last)
                elif fuzzy_distance(last):
                    result.fuzzy.add(last)
                else:
                    result.stems.add(stem(last))


def _leaves(node: Node, names: frozenset[FieldName]) -> Iterable[Leaf]:
    match node:
        case And(nodes) | Or(nodes):
            for inner in nodes:
                yield from _leaves(inner, names)
        case Field(name, leaf):
            if name in names:
                yield leaf
        case Term() | Phrase() | Prefix() | Fuzzy():
            yield node
        case _:
            return


def _phrase_places(found: Sequence[Token], phrase: tuple[Token, ...]) -> set[int]:
    """The tokens of every occurrence, with the stop words between its first and last searched word."""
    searched = [x for x in phrase if not x.stop]
    by_place: dict[int, list[int]] = {}
    for i, token in enumerate(found):
        by_place.setdefault(token.position, []).append(i)
    result: set[int] = set()
    for token in found:
        if searched[0].stem not in (token.stem, token.surface):
            continue
        base = token.position - searched[0].position
        if all(
            any(x.stem in (found[i].stem, found[i].surface) for i in by_place.get(base + x.position, ()))
            for x in searched
        ):
            last = base + searched[-1].position + searched[-1].width
            for place in range(token.position, last):
                result.update(by_place.get(place, ()))
    return result


def _window(text: str, hits: Sequence[Token], width: int) -> tuple[int, int]:
    """Where to cut: round the stretch with most different matches, at spaces."""
    if len(text) <= width or not hits:
        start = 0
    else:
        best, start = 0, hits[0].start
        for i, first in enumerate(hits):
            inside = {x.stem for x in hits[i:] if x.end <= first.start + width - width // 4}
            if len(inside) > best:
                best, start = len(inside), first.start
            if i > 500:
                break
        start = max(0, min(start - width // 4, len(text) - width))
    end = min(len(text), start + width)
    if (
        start > 0
        and (space := text.find(" ", start, start + 30)) >= 0
        and not any(x.start < space < x.end or start <= x.start < space for x in hits)
    ):
        start = space + 1
    if end < len(text) and (space := text.rfind(" ", end - 30, end)) > start:
        end = space
    return start, end


def _tidy(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    result: list[Piece] = []
    for text, marked in pieces:
        clean = " ".join(text.replace("\u00ad", "").split())
        if text[:1].isspace():
            clean = " " + clean
        if text[-1:].isspace() and clean.strip():
            clean += " "
        if not clean:
            continue
        if result and not result[-1][1] and not marked:
            result[-1] = (result[-1][0] + clean, False)
        else:
            result.append((clean, marked))
    return tuple(result)
