"""Whether a file that a scanner writes is whole, by its own marks: a scanner that is interrupted leaves half a file."""

import os
import struct
from itertools import pairwise

TAIL = 4096
ZIP_TAIL = 66_000
MOST_DIRECTORIES = 5000
MOST_STRIPS = 100_000
OFFSETS = {273, 324}
COUNTS = {279, 325}
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}


def looks_whole(descriptor: int, size: int) -> bool:
    """Whether the open file of `size` bytes ends as its kind must: PDF, JPEG, PNG, TIFF or ZIP; true for others.

    Raises OSError where it cannot be read.
    """
    head = os.pread(descriptor, 16, 0)
    tail = os.pread(descriptor, TAIL, max(0, size - TAIL))
    if head.startswith(b"%PDF"):
        return b"%%EOF" in tail
    if head.startswith(b"\xff\xd8\xff"):
        return b"\xff\xd9" in tail
    if head.startswith(b"\x89PNG"):
        return b"IEND" in tail
    if head.startswith(b"PK\x03\x04"):
        return b"PK\x05\x06" in os.pread(descriptor, ZIP_TAIL, max(0, size - ZIP_TAIL))
    if head[:4] in (b"II*\0", b"MM\0*"):
        return _tiff_whole(descriptor, size, "<" if head[:2] == b"II" else ">")
    return True


def _tiff_whole(descriptor: int, size: int, order: str) -> bool:
    """Walk the directories of a TIFF: they and the strips of every page must lie within the file."""
    (place,) = struct.unpack(f"{order}I", _exactly(descriptor, 4, 4))
    seen: set[int] = set()
    try:
        while place:
            if place in seen or len(seen) > MOST_DIRECTORIES:
                return True  # a circle: whole, and the reader's to judge
            seen.add(place)
            (entries,) = struct.unpack(f"{order}H", _exactly(descriptor, place, 2))
            raw = _exactly(descriptor, place + 2, entries * 12 + 4)
            offsets: list[int] = []
            counts: list[int] = []
            for at in range(0, entries * 12, 12):
                tag, kind, count = struct.unpack(f"{order}HHI", raw[at : at + 8])
                length = SIZES.get(kind, 1) * count
                if length > 4:
                    (where,) = struct.unpack(f"{order}I", raw[at + 8 : at + 12])
                    if where + length > size:
                        return False
                if tag in OFFSETS | COUNTS and count <= MOST_STRIPS and kind in (3, 4):
                    values = _values(descriptor, raw[at + 8 : at + 12], kind, count, order)
                    (offsets if tag in OFFSETS else counts).extend(values)
            if any(x + y > size for x, y in zip(offsets, counts, strict=False)):
                return False
            (place,) = struct.unpack(f"{order}I", raw[-4:])
    except _Short:
        return False
    return bool(seen)


class _Short(Exception):
    """The file ends before what was asked for."""


def _exactly(descriptor: int, place: int, length: int) -> bytes:
    found = os.pread(descriptor, length, place)
    if len(found) != length:
        raise _Short
    return found


def _values(descriptor: int, inline: bytes, kind: int, count: int, order: str) -> list[int]:
    each = SIZES[kind]
    if each * count > 4:
        (where,) = struct.unpack(f"{order}I", inline)
        raw = _exactly(descriptor, where, each * count)
    else:
        raw = inline[: each * count]
    edges = range(0, each * count + 1, each)
    return [int.from_bytes(raw[x:y], "little" if order == "<" else "big") for x, y in pairwise(edges)]
