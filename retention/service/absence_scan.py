"""Looks for many byte strings at once in very many bytes: raw files of databases, stores, folders and indexes.

Letters A-Z and a-z count as the same. A string that crosses from one piece into the next is found too. Text is looked
for as it stands in a file and as it stands within JSON.
"""

import json
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress

import numpy as np
from numpy.typing import NDArray

SHORTEST = 8
"""Bytes of the shortest string that can be looked for: shorter ones stand everywhere by chance."""
_PIECE = 1024 * 1024
_STARTS = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
_MOST_INFLATED = 16 * 1024 * 1024
_WINDOW = 1024 * 1024


class Needles:
    """What is looked for, made ready. Strings that are too short are left out (`skipped`)."""

    def __init__(self, wanted: Iterable[bytes]) -> None:
        given = {x.lower(): x for x in wanted}
        self._given = {k: v for k, v in given.items() if len(k) >= SHORTEST}
        self.skipped = frozenset(v for k, v in given.items() if len(k) < SHORTEST)
        self._longest = max(map(len, self._given), default=0)
        self._by_start: dict[int, list[bytes]] = {}
        self._first = np.zeros(1 << 24, dtype=np.bool_)
        for one in self._given:
            self._by_start.setdefault(int.from_bytes(one[:SHORTEST], "little"), []).append(one)
            self._first[one[0] | one[1] << 8 | one[2] << 16] = True
        self._starts = np.array(sorted(self._by_start), dtype=np.uint64)

    def __len__(self) -> int:
        return len(self._given)

    def find(self, pieces: Iterable[bytes]) -> set[bytes]:
        """Those that occur in the bytes of `pieces`, which follow one another."""
        found: set[bytes] = set()
        if not self._given:
            for _ in pieces:
                pass
            return found
        rest = b""
        for piece in pieces:
            for start in range(0, len(piece), _PIECE):
                data = rest + piece[start : start + _PIECE].lower()
                found |= {self._given[x] for x in self._in(data)}
                rest = data[-(self._longest - 1) :] if self._longest > 1 else b""
        return found

    def _in(self, data: bytes) -> set[bytes]:
        if len(data) < SHORTEST:
            return set()
        raw = np.frombuffer(data, dtype=np.uint8)
        last = len(raw) - SHORTEST + 1
        first = raw[:last].astype(np.uint32)
        first |= raw[1 : last + 1].astype(np.uint32) << 8
        first |= raw[2 : last + 2].astype(np.uint32) << 16
        places: NDArray[np.int64] = np.flatnonzero(self._first[first])
        if not len(places):
            return set()
        starts = np.zeros(len(places), dtype=np.uint64)
        for nth in range(SHORTEST):
            starts |= raw[places + nth].astype(np.uint64) << np.uint64(8 * nth)
        likely = np.isin(starts, self._starts)
        found: set[bytes] = set()
        for place, start in zip(places[likely].tolist(), starts[likely].tolist(), strict=True):
            found.update(x for x in self._by_start[start] if x not in found and data.startswith(x, place))
        return found


def as_written(text: str) -> tuple[bytes, ...]:
    """The ways in which a text may stand in a file: in UTF-8, and escaped within JSON."""
    plain = text.encode()
    escaped = json.dumps(text)[1:-1].encode()
    return (plain,) if plain == escaped else (plain, escaped)


def inflated(data: bytes) -> Iterator[bytes]:
    """What comes out of every zlib stream that stands somewhere in `data`, however it is framed."""
    whole = memoryview(data)
    for mark in _STARTS:
        at = data.find(mark)
        while at >= 0:
            with suppress(zlib.error):
                yield zlib.decompressobj().decompress(whole[at : at + _WINDOW], _MOST_INFLATED)
            at = data.find(mark, at + 1)
