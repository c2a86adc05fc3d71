"""Posting lists of Whoosh as arrays, and those that were asked for last kept at hand.

The insides of Whoosh that are used here are those of 2.7.4: the version is pinned.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import W3LeafMatcher
from whoosh.reading import SegmentReader, TermNotFound

from indexing.whoosh_schema import make_schema

Numbers = NDArray[np.int64]
_SCHEMA = make_schema()
MOST_BYTES = 24 * 1024**2
"""Of one segment. A page further, a filter or the snippet of a hit asks for the same words again."""
OBJECT_BYTES = 60
"""What a posting's raw positions take as an object, more or less."""


@dataclass(frozen=True, slots=True)
class Postings:
    """Where a word stands: places in the segment (ascending), how often, and the raw positions where asked."""

    places: Numbers
    often: NDArray[np.float64]
    positions: list[bytes] | None = None


def postings(reader: SegmentReader, name: str, word: bytes, *, positions: bool = False) -> Postings | None:
    """The posting list of a word in a field, deleted entries included; None where it does not occur."""
    terms = reader._terms
    try:
        info = terms.term_info(name, word)
    except (TermNotFound, KeyError):
        return None
    offset, length = info.extent()
    matcher = W3LeafMatcher(terms._postfile, offset, length, _SCHEMA[name].format)
    places: list[Numbers] = []
    often: list[NDArray[np.float64]] = []
    raw: list[bytes] = []
    while True:
        matcher._read_data()
        deltas, weights, values = matcher._data
        places.append(np.cumsum(np.asarray(deltas, dtype=np.int64)))
        often.append(
            np.full(len(deltas), 1.0 if weights is None else weights)
            if weights is None or isinstance(weights, float)
            else np.asarray(weights, dtype=np.float64)
        )
        if positions:
            raw.extend(values)
        if matcher._lastblock:
            break
        matcher._goto(matcher._nextoffset)
    return Postings(np.concatenate(places), np.concatenate(often), raw if positions else None)


class PostingShelf:
    """The posting lists of one segment that were asked for last. A segment never changes, so they stay true."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, bytes], Postings] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def postings(self, reader: SegmentReader, name: str, word: bytes, *, positions: bool = False) -> Postings | None:
        """As `postings`, from the shelf where it lies there."""
        key = name, word
        with self._lock:
            found = self._kept.get(key)
            if found is not None and (found.positions is not None or not positions):
                self._kept.move_to_end(key)
                return found
        read = postings(reader, name, word, positions=positions)
        if read is not None and _size(read) <= MOST_BYTES // 2:
            with self._lock:
                self._drop(key)
                self._kept[key] = read
                self._bytes += _size(read)
                while self._bytes > MOST_BYTES:
                    self._drop(next(iter(self._kept)))
        return read

    def _drop(self, key: tuple[str, bytes]) -> None:
        old = self._kept.pop(key, None)
        if old is not None:
            self._bytes -= _size(old)


def _size(one: Postings) -> int:
    return 16 * len(one.places) + (OBJECT_BYTES * len(one.positions) if one.positions is not None else 0)
