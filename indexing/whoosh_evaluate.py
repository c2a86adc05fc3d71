"""Evaluates a query over the segments of a snapshot: which entries match, and how well.

Whoosh's query classes, `filter=`, `normalize()` and scorers are not used: the tree is worked out here on arrays, and
every posting list is cut down to what the person may see before anything is counted. So totals are exact, and the
score (BM25F) knows only visible entries: document frequencies and average lengths are those of the scope, and an
invisible paper moves neither a number nor an order.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist
from whoosh.reading import SegmentReader

from indexing.analysis import Token, fuzzy_distance, question
from indexing.fields import WordField, compounds, names, stemmed, surfaces
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
from indexing.whoosh_postings import Postings, postings
from indexing.whoosh_schema import day_number
from indexing.whoosh_segment import Facts, Flags, Numbers, terms_from

K1 = 1.2
B = 0.75
Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class View:
    """One segment through one person's eyes. `readable` lies within `visible`; both leave out deleted entries."""

    reader: SegmentReader
    facts: Facts
    visible: Flags
    readable: Flags

    def allowed(self, spec: WordField) -> Flags:
        """Where words of this field count."""
        return self.readable if spec.content else self.visible


@dataclass(slots=True)
class _Found:
    """What one leaf found in one field of one segment."""

    view: int
    spec: WordField
    places: Numbers
    often: NDArray[np.float64]


@dataclass(slots=True)
class _LeafHits:
    flags: list[Flags]
    found: list[_Found] = field(default_factory=list)


class Evaluation:
    """One question over one snapshot."""

    def __init__(self, views: Sequence[View]) -> None:
        self._views = views
        self._leaves: dict[tuple[FieldName | None, Leaf], _LeafHits] = {}
        self._lengths: dict[str, tuple[int, float]] = {}

    def match(self, node: Node) -> list[Flags]:
        """The visible entries that match, per segment."""
        match node:
            case Nothing():
                return self._none()
            case Everything():
                return [x.visible.copy() for x in self._views]
            case And(nodes):
                return self._fold(nodes, np.logical_and)
            case Or(nodes):
                return self._fold(nodes, np.logical_or)
            case Not(inner):
                return [x.visible & ~y for x, y in zip(self._views, self.match(inner), strict=True)]
            case Range(low, high):
                first, last = max(1, day_number(low)), day_number(high) if high else np.iinfo(np.int64).max
                return [x.visible & (x.facts.day >= first) & (x.facts.day <= last) for x in self._views]
            case Field(name, leaf):
                return [x.copy() for x in self._leaf(leaf, name).flags]
            case Term() | Phrase() | Prefix() | Fuzzy():
                return [x.copy() for x in self._leaf(node, None).flags]

    def scores(self, node: Node) -> list[Scores]:
        """The score of every entry, per segment; meaningful where `match` says so. Leaves under a Not add nothing."""
        result = [np.zeros(x.facts.size) for x in self._views]
        for name, leaf in dict.fromkeys(_positive(node)):
            found = self._leaf(leaf, name).found
            for spec in dict.fromkeys(x.spec for x in found):
                self._add(result, spec, [x for x in found if x.spec == spec])
        return result

    def _add(self, scores: list[Scores], spec: WordField, found: Sequence[_Found]) -> None:
        many, average = self._statistics(spec)
        frequency = sum(len(x.places) for x in found)
        rarity = math.log(1 + (many - frequency + 0.5) / (frequency + 0.5))
        for x in found:
            often = x.often
            if spec.ranked:
                length = self._views[x.view].facts.lengths[spec.name][x.places]
                often = often * (K1 + 1) / (often + K1 * (1 - B + B * length / average))
            scores[x.view][x.places] += spec.weight * rarity * often

    def _statistics(self, spec: WordField) -> tuple[int, float]:
        """How many entries count for a field, and how long the field is in them on average."""
        known = self._lengths.get(spec.name)
        if known is None:
            many = sum(int(np.count_nonzero(x.allowed(spec))) for x in self._views)
            total = 0.0
            if spec.ranked:
                total = sum(float(x.facts.lengths[spec.name][x.allowed(spec)].sum()) for x in self._views)
            known = self._lengths[spec.name] = (many, total / many if total else 1.0)
        return known

    def _fold(self, nodes: Iterable[Node], join: Callable[[Flags, Flags], Flags]) -> list[Flags]:
        result: list[Flags] | None = None
        for node in nodes:
            found = self.match(node)
            result = found if result is None else [join(x, y) for x, y in zip(result, found, strict=True)]
        return self._none() if result is None else result

    def _none(self) -> list[Flags]:
        return [np.zeros(x.facts.size, dtype=np.bool_) for x in self._views]

    def _leaf(self, leaf: Leaf, name: FieldName | None) -> _LeafHits:
        hits = self._leaves.get((name, leaf))
        if hits is None:
            hits = self._leaves[(name, leaf)] = _LeafHits(self._none())
            match leaf:
                case Term(text) | Phrase(text):
                    self._words(hits, question(text), name)
                case Prefix(text):
                    self._last(hits, question(text), name, terms_from_prefix)
                case Fuzzy(text):
                    self._last(hits, question(text), name, terms_like)
            self._codes(hits, leaf, name)
        return hits

    def _words(self, hits: _LeafHits, words: tuple[Token, ...], name: FieldName | None) -> None:
        searched = tuple(x for x in words if not x.stop)
        if searched:
            for spec in stemmed(name):
                self._side_by_side(hits, spec, [(x.stem, x.position) for x in searched])
            if len(words) == 1 and not words[0].is_date:
                for spec in compounds(name):
                    self._side_by_side(hits, spec, [(words[0].stem, 0)])
        if words and not any(x.is_date for x in words):
            for spec in names(name):
                self._side_by_side(hits, spec, [(x.surface, x.position) for x in words])

    def _side_by_side(self, hits: _LeafHits, spec: WordField, words: Sequence[tuple[str, int]]) -> None:
        for at, view in enumerate(self._views):
            lists = [
                view.facts.shelf.postings(view.reader, spec.name, x.encode(), positions=len(words) > 1)
                for x, _ in words
            ]
            first = lists[0]
            if first is None or None in lists:
                continue
            places, often = first.places, first.often
            if len(words) > 1:
                places, often = _phrase([x for x in lists if x is not None], [x for _, x in words], view.allowed(spec))
            self._keep(hits, at, spec, places, often)

    def _last(
        self,
        hits: _LeafHits,
        words: tuple[Token, ...],
        name: FieldName | None,
        expand: Callable[[View, str, str], Iterable[bytes]],
    ) -> None:
        """A star or a tilde belongs to the last word (`e-mai*`); those before it must stand somewhere too."""
        if not words:
            return
        for spec in surfaces(name):
            for at, view in enumerate(self._views):
                lists = [postings(view.reader, spec.name, x) for x in expand(view, spec.name, words[-1].surface)]
                flags = np.zeros(view.facts.size, dtype=np.bool_)
                for x in lists:
                    if x is not None:
                        flags[x.places] = True
                places = np.flatnonzero(flags)
                self._keep(hits, at, spec, places, np.ones(len(places)))
        for word in words[:-1]:
            if not word.stop:
                beside = _LeafHits(self._none())
                self._words(beside, (word,), name)
                hits.flags = [x & y for x, y in zip(hits.flags, beside.flags, strict=True)]

    def _keep(self, hits: _LeafHits, at: int, spec: WordField, places: Numbers, often: NDArray[np.float64]) -> None:
        """Count what is allowed and nothing else: the only place where postings become hits."""
        allowed = self._views[at].allowed(spec)[places]
        places, often = places[allowed], often[allowed]
        if len(places):
            hits.flags[at][places] = True
            hits.found.append(_Found(at, spec, places, often))

    def _codes(self, hits: _LeafHits, leaf: Leaf, name: FieldName | None) -> None:
        """`categorie:ZRG-01`, `categorie:zrg` and `bron:scanner` look at codes."""
        if name not in (FieldName.CATEGORY, FieldName.SOURCE):
            return
        for at, view in enumerate(self._views):
            column = view.facts.category if name is FieldName.CATEGORY else view.facts.source
            values = view.facts.ids.values
            fitting = [x for x in np.unique(column).tolist() if code_fits(values[x].decode(), leaf, name)]
            if fitting:
                hits.flags[at] |= view.visible & np.isin(column, np.array(fitting, dtype=np.int64))


def code_fits(code: str, leaf: Leaf, name: FieldName) -> bool:
    """Whether a category code or a source answers a word: the whole code, its group (`zrg`), or its start (`zrg-*`)."""
    code = code.lower()
    match leaf:
        case Prefix(text):
            return bool(code) and code.startswith(text.strip().lower())
        case Term(text) | Phrase(text) | Fuzzy(text):
            word = text.strip().lower()
            return bool(code) and (code == word or (name is FieldName.CATEGORY and code.startswith(f"{word}-")))


def terms_from_prefix(view: View, name: str, start: str) -> Iterable[bytes]:
    """All words of a field that begin with `start`."""
    return terms_from(view.reader, name, start.encode())


def terms_like(view: View, name: str, word: str) -> Iterable[bytes]:
    """All words of a field that look like `word`."""
    most = fuzzy_distance(word)
    if most == 0:
        return (word.encode(),)
    known = view.facts.vocabulary(name, view.reader)
    if not known:
        return ()
    distances = cdist([word], known, scorer=OSA.distance, score_cutoff=most, dtype=np.uint8)[0]
    return [known[x].encode() for x in np.flatnonzero(distances <= most).tolist()]


POSITION = np.dtype("<u4")
SPAN = 2**33
"""A place and a position in one number: more than any position, before or behind its offset."""


def _phrase(lists: Sequence[Postings], offsets: Sequence[int], allowed: Flags) -> tuple[Numbers, NDArray[np.float64]]:
    """The allowed places where the words stand at these offsets from one another, and how often."""
    common = lists[0].places[allowed[lists[0].places]]
    for x in lists[1:]:
        common = np.intersect1d(common, x.places, assume_unique=True)
    starts = np.zeros(0, dtype=np.int64)
    for nth, (x, offset) in enumerate(zip(lists, offsets, strict=True)):
        assert x.positions is not None
        raw = [x.positions[row] for row in np.searchsorted(x.places, common).tolist()]
        counts = np.fromiter(map(len, raw), dtype=np.int64, count=len(raw)) // POSITION.itemsize
        here = np.frombuffer(b"".join(raw), dtype=POSITION).astype(np.int64) - offset
        keys = np.repeat(np.arange(len(common)), counts) * SPAN + here + SPAN // 2
        starts = keys if nth == 0 else np.intersect1d(starts, keys, assume_unique=True)
    at, often = np.unique(starts // SPAN, return_counts=True)
    return common[at], often.astype(np.float64)


def _positive(node: Node) -> Iterable[tuple[FieldName | None, Leaf]]:
    match node:
        case And(nodes) | Or(nodes):
            for inner in nodes:
                yield from _positive(inner)
        case Field(name, leaf):
            yield name, leaf
        case Term() | Phrase() | Prefix() | Fuzzy():
            yield None, node
        case _:
            return
