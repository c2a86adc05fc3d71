"""A text as numbers: which words, pairs of words and pieces of words stand in it, and which of them in a heading.

Words are hashed into `DIMENSIONS` places, figures are left out. A school's model uses only places that papers of
several pupils share (`shared_by`), so that no child's name is ever a feature.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt

from ingest.rules.headings import headings
from ingest.rules.text import PageText, PageView, views

DIMENSIONS = 1 << 15
FIRST_PAGES = 3
MOST_WORDS = 700
_PIECE = 5
_LONG = 7
_HEADING = 2.0
_WORD = re.compile(r"[a-z]{3,24}")
_STOP = frozenset(
    re.findall(
        r"\w+",
        """aan als bij dat de deze die dit door een eens en ene er haar had heb hebben heeft hem het hij hoe hun ik in
        is ja je kan kunnen maar me met mij mijn naar nee niet nog nu of om omdat ons onze ook op over te tot uit uw van
        veel voor wat we wel werd wie wij worden wordt zal ze zich zij zijn zo zou""",
    )
)

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """The places of a text that are not zero, in rising order, with their weights (length 1 together)."""

    places: Ints
    weights: Floats

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Features)
            and np.array_equal(self.places, other.places)
            and np.array_equal(self.weights, other.weights)
        )

    def __hash__(self) -> int:
        return hash(self.places.tobytes())

    def only(self, allowed: npt.NDArray[np.bool_]) -> "Features":
        """Without the places that are not allowed (a flag a place); the weights stay as they are."""
        kept = allowed[self.places]
        return Features(self.places[kept], self.weights[kept])


def features(pages: Sequence[PageText], prepared: Sequence[PageView] | None = None) -> Features:
    """The text of the first pages as numbers; empty where nothing stands. `prepared` saves folding it again."""
    counts: dict[int, float] = {}
    shown = list(prepared if prepared is not None else views(pages))[:FIRST_PAGES]
    for page in shown:
        for token, share in _tokens(page):
            place = crc32(token.encode()) % DIMENSIONS
            counts[place] = counts.get(place, 0.0) + share
    places = np.array(sorted(counts), dtype=np.int32)
    weights = np.log1p(np.array([counts[int(x)] for x in places], dtype=np.float32))
    length = float(np.sqrt(np.sum(weights**2)))
    return Features(places, (weights / np.float32(length or 1.0)).astype(np.float32))


def _tokens(page: PageView) -> Iterator[tuple[str, float]]:
    heads = headings(page)
    last = ""
    for count, found in enumerate(_WORD.finditer(page.low)):
        if count >= MOST_WORDS:
            return
        word = found.group()
        if word in _STOP:
            last = ""
            continue
        inside = any(x.start <= found.start() < x.end for x in heads)
        yield word, 1.0
        if inside:
            yield f"^{word}", _HEADING
        if last:
            yield f"{last} {word}", 1.0
            if inside:
                yield f"^{last} {word}", _HEADING
        if len(word) >= _LONG:
            for start in range(len(word) - _PIECE + 1):
                yield f"~{word[start : start + _PIECE]}", 0.4
        last = word


def stacked(examples: Sequence[Features]) -> tuple[Ints, Floats, Ints]:
    """Many as one: their places and weights one after another, and where each begins (one more: the end)."""
    lengths = np.array([0, *(len(x.places) for x in examples)], dtype=np.int32)
    if not examples:
        return np.zeros(0, np.int32), np.zeros(0, np.float32), lengths
    return (
        np.concatenate([x.places for x in examples]),
        np.concatenate([x.weights for x in examples]),
        np.cumsum(lengths, dtype=np.int32),
    )


def shared_by(examples: Sequence[Features], owners: Sequence[Any], least: int) -> npt.NDArray[np.bool_]:
    """A flag a place: whether texts of at least `least` different owners have it."""
    seen: dict[Any, set[int]] = {}
    for one, owner in zip(examples, owners, strict=True):
        seen.setdefault(owner, set()).update(int(x) for x in one.places)
    counts = np.zeros(DIMENSIONS, dtype=np.int32)
    for places in seen.values():
        counts[list(places)] += 1
    return np.asarray(counts >= least)
