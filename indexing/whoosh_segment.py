"""What is read of one Whoosh segment: its facts as numbers, its posting lists as arrays.

A segment never changes, so its facts are read once per process and shared by all threads; readers hold positions in
open files and are never shared. The insides of Whoosh that are used here are those of 2.7.4: the version is pinned.
"""

import threading
import weakref
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import W3Codec
from whoosh.reading import SegmentReader
from whoosh.util.numeric import byte_to_length

from indexing.fields import WITH_POSITIONS
from indexing.whoosh_postings import PostingShelf
from indexing.whoosh_schema import FACTS, FACTS_FIELD, make_schema

Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]
_LENGTHS = np.array([byte_to_length(x) for x in range(256)], dtype=np.float64)
_SCHEMA = make_schema()
IDS = ("document", "board", "school", "pupil", "dossier")


class Dictionary:
    """Gives each id and code a small number that is the same in all segments. Numbers are never taken back."""

    def __init__(self) -> None:
        self._numbers: dict[bytes, int] = {}
        self.values: list[bytes] = []
        self._lock = threading.Lock()

    def numbers(self, column: NDArray[np.bytes_]) -> Numbers:
        """The number of each cell; new values get one."""
        values, inverse = np.unique(column, return_inverse=True)
        with self._lock:
            known = np.array([self._number(x) for x in values.tolist()], dtype=np.int64)
        return known[inverse] if len(known) else np.zeros(0, dtype=np.int64)

    def number(self, value: bytes) -> int:
        """The number of `value`, -1 where no segment has it."""
        return self._numbers.get(value.rstrip(b"\0"), -1)

    def all_of(self, values: Iterable[bytes]) -> Numbers:
        """The number of each, -1 for those that no segment has."""
        get = self._numbers.get  # ten thousand of these are asked for in one search: no call more than needed
        return np.array([get(x if x[-1:] != b"\0" else x.rstrip(b"\0"), -1) for x in values], dtype=np.int64)

    def several(self, values: Iterable[bytes]) -> Numbers:
        """The numbers of those that some segment has."""
        found = self.all_of(values)
        return found[found >= 0]

    def _number(self, value: bytes) -> int:
        found = self._numbers.setdefault(value, len(self.values))
        if found == len(self.values):
            self.values.append(value)
        return found


@dataclass(eq=False)
class Facts:
    """The entries of one segment as arrays, one place per entry, deleted ones included."""

    ids: Dictionary
    size: int
    placement: NDArray[np.bytes_]
    numbers: dict[str, Numbers]
    category: Numbers
    source: Numbers
    version: Numbers
    day: Numbers
    level: NDArray[np.uint8]
    confirmed: Flags
    order: tuple[NDArray[np.uint64], NDArray[np.uint64]]
    lengths: dict[str, NDArray[np.float64]]
    shelf: PostingShelf = field(default_factory=PostingShelf)
    _sorted: Numbers | None = None
    _vocabulary: dict[str, list[str]] = field(default_factory=dict)

    def places(self, placements: NDArray[np.bytes_]) -> Numbers:
        """Where these placements stand, deleted entries included."""
        if self._sorted is None:
            self._sorted = np.argsort(self.placement, kind="stable")
        ordered = self.placement[self._sorted]
        low = np.searchsorted(ordered, placements, side="left")
        high = np.searchsorted(ordered, placements, side="right")
        spans = [self._sorted[a:b] for a, b in zip(low, high, strict=True) if b > a]
        return np.concatenate(spans) if spans else np.zeros(0, dtype=np.int64)

    def vocabulary(self, name: str, reader: SegmentReader) -> list[str]:
        """All words of a field, in the order of their bytes."""
        found = self._vocabulary.get(name)
        if found is None:
            found = [x.decode() for x in terms_from(reader, name, b"")]
            self._vocabulary[name] = found
        return found


class FactsShelf:
    """The facts of the segments in use, per process: read once, dropped with the last reader that needs them."""

    def __init__(self) -> None:
        self._facts: weakref.WeakValueDictionary[tuple[str, str], Facts] = weakref.WeakValueDictionary()
        self._ids: weakref.WeakValueDictionary[str, Dictionary] = weakref.WeakValueDictionary()
        self._lock = threading.Lock()

    def ids(self, directory: Path) -> Dictionary:
        """The numbers of one generation. They live as long as any facts that were written in them."""
        with self._lock:
            return self._ids.setdefault(directory.name, Dictionary())

    def facts(self, directory: Path, segment: Any) -> Facts:  # noqa: ANN401 - whoosh has no types
        """The facts of a segment. Raises OSError where its files went away meanwhile."""
        key = (directory.name, segment.segment_id())
        found = self._facts.get(key)
        if found is None:
            found = _read(directory, segment, self.ids(directory))
            with self._lock:
                found = self._facts.setdefault(key, found)
        return found


def open_reader(storage: Any, segment: Any) -> SegmentReader:  # noqa: ANN401 - whoosh has no types
    """A reader of one segment, for one thread at a time."""
    return SegmentReader(storage, _SCHEMA, segment)


def terms_from(reader: SegmentReader, name: str, start: bytes) -> Iterator[bytes]:
    """The words of a field that begin with `start`, in the order of their bytes. All of them: nothing is capped."""
    terms = reader._terms
    if name not in terms._fieldmap:
        return
    for found, word in terms.terms_from(name, start):
        if found != name or not word.startswith(start):
            return
        yield word


def span_of(words: list[str], start: str) -> list[str]:
    """The words that begin with `start`, out of a sorted list."""
    low = bisect_left(words, start)
    high = bisect_left(words, start + "\U0010ffff")
    return words[low:high]


def _read(directory: Path, segment: Any, ids: Dictionary) -> Facts:  # noqa: ANN401 - whoosh has no types
    size = segment.doc_count_all()
    rows = np.fromfile(directory / W3Codec.column_filename(segment, FACTS_FIELD), dtype=FACTS)
    if len(rows) != size:
        raise OSError("a segment without its facts")
    raw = np.frombuffer(np.ascontiguousarray(rows["document"]).tobytes(), dtype=">u8").reshape(-1, 2)
    return Facts(
        ids=ids,
        size=size,
        placement=np.ascontiguousarray(rows["placement"]),
        numbers={name: ids.numbers(rows[name]) for name in IDS},
        category=ids.numbers(rows["category"]),
        source=ids.numbers(rows["source"]),
        version=rows["version"].astype(np.int64),
        day=rows["day"].astype(np.int64),
        level=np.ascontiguousarray(rows["level"]),
        confirmed=rows["confirmed"].astype(np.bool_),
        order=(raw[:, 0].astype(np.uint64), raw[:, 1].astype(np.uint64)),
        lengths={x.name: _field_lengths(directory, segment, x.name, size) for x in WITH_POSITIONS},
    )


def _field_lengths(directory: Path, segment: Any, name: str, size: int) -> NDArray[np.float64]:  # noqa: ANN401
    path = directory / W3Codec.column_filename(segment, f"_{name}_len")
    codes = np.zeros(size, dtype=np.uint8)
    if path.exists():
        stored = np.fromfile(path, dtype=np.uint8)[:size]
        codes[: len(stored)] = stored
    return _LENGTHS[codes]
