"""A ZIP written piece by piece, nothing packed smaller, always the same bytes for the same contents.

The bytes do not hang on a library's version: who has the contents can write the ZIP again and compare. No ZIP64, so
that a whole stays below 4 GiB (PKWARE APPNOTE 6.3.3: stored entries with a data descriptor, names in UTF-8).
"""

import struct
import zlib
from collections.abc import Iterable, Iterator

LARGEST = 4 * 1024**3 - 1
MOST_FILES = 65_534

_VERSION, _FLAGS, _STORED = 20, 0x0808, 0  # descriptor behind the data, names in UTF-8
_TIME, _DAY = 0, 0x0021  # 1 January 1980: a ZIP knows nothing earlier, and no clock is asked
_OWNER_READS = 0o100600 << 16
_UNIX = 3 << 8


def size_of(entries: Iterable[tuple[str, int]]) -> int:
    """How many bytes the ZIP of (name, size in bytes) takes."""
    return 22 + sum(92 + 2 * len(name.encode("utf-8")) + size for name, size in entries)


def plain_zip(entries: Iterable[tuple[str, Iterable[bytes]]]) -> Iterator[bytes]:
    """The ZIP of (name, pieces) in this order. Raises ValueError for more than the format holds."""
    index: list[bytes] = []
    at = 0
    for name, pieces in entries:
        raw, start = name.encode("utf-8"), at
        head = struct.pack("<4s5H3I2H", b"PK\3\4", _VERSION, _FLAGS, _STORED, _TIME, _DAY, 0, 0, 0, len(raw), 0) + raw
        yield head
        size, sum_ = 0, 0
        for piece in pieces:
            size += len(piece)
            sum_ = zlib.crc32(piece, sum_)
            yield piece
        tail = struct.pack("<4s3I", b"PK\7\x08", sum_, size, size) if start + size <= LARGEST else b""
        at = start + len(head) + size + len(tail)
        if not tail or at > LARGEST or len(index) >= MOST_FILES:
            raise ValueError
        yield tail
        index.append(
            struct.pack(
                "<4s6H3I5H2I", b"PK\1\2", _UNIX | _VERSION, _VERSION, _FLAGS, _STORED, _TIME, _DAY, sum_, size, size,
                len(raw), 0, 0, 0, 0, _OWNER_READS, start,
            )
            + raw
        )  # fmt: skip
    directory = b"".join(index)
    yield directory
    yield struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, len(index), len(index), len(directory), at, 0)
