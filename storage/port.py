"""The one port behind which objects lie: whole, atomic, named by the program and never by a user.

What is stored here is ciphertext (see `storage.envelope`); the port neither knows nor cares. Backends agree on
everything that `tests/storage` asks of them; what differs is only how a put survives a power cut (fsync and rename
in a folder, the server's promise on S3).
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from storage.errors import BadObjectKey

READ_SIZE = 256 * 1024
"""Bytes in one piece of a stream that a backend hands out, at most."""

_SEGMENT = re.compile(r"[a-z0-9._-]{1,100}")
_KEY_LIMIT = 200


@dataclass(frozen=True, slots=True)
class StoredObject:
    """One line of a listing: key, size in bytes, and when it was put (aware, UTC)."""

    key: str
    size: int
    modified: datetime


class ObjectStore(Protocol):
    """Keeps named byte strings. Every method may raise `OutsideDown` (`StoreDown`, `StoreFull`)."""

    def put(self, key: str, chunks: Iterable[bytes]) -> int:
        """Store `chunks` under `key`, replacing what was there; visible only whole. Returns the size in bytes.

        Durable before it returns. When `chunks` raises, nothing changes and the error passes through.
        """
        ...

    def open(self, key: str) -> AbstractContextManager[Iterator[bytes]]:
        """The object as pieces of at most `READ_SIZE` bytes. Raises `ObjectMissing` on entering."""
        ...

    def read_range(self, key: str, start: int, length: int) -> bytes:
        """At most `length` bytes from byte `start`; shorter at the end, empty beyond it. Raises `ObjectMissing`."""
        ...

    def size(self, key: str) -> int:
        """Size in bytes. Raises `ObjectMissing`."""
        ...

    def exists(self, key: str) -> bool:
        """Whether there is an object under `key` now."""
        ...

    def delete(self, key: str) -> None:
        """Remove the object with every version and unfinished write of it. Absent is no error. Durable."""
        ...

    def delete_under(self, folder: str) -> int:
        """`delete` for every key that starts with `folder` (which ends in a slash); returns how many objects went."""
        ...

    def keys(self, prefix: str = "") -> Iterator[StoredObject]:
        """All objects whose key starts with `prefix`, in no promised order (servers differ)."""
        ...

    def left(self, folder: str) -> list[str]:
        """Everything that is left in `folder` (which ends in a slash): objects, older versions, unfinished writes."""
        ...

    def everything(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """The bytes of all objects, older versions and unfinished writes (where the server gives them), in pieces."""
        ...

    def sweep_unfinished(self, before: datetime) -> int:
        """Remove writes that began before `before` and never ended (a kill); returns how many."""
        ...

    def probe(self) -> None:
        """Raise `OutsideDown` or `SetupWrong` when the store cannot be used now; cheap enough for a readiness check."""
        ...


def checked_key(key: str) -> str:
    """`key` itself when it may be used: segments of `[a-z0-9._-]` between slashes. Raises `BadObjectKey`."""
    if len(key) > _KEY_LIMIT or not key or not all(map(good_segment, key.split("/"))):
        raise BadObjectKey
    return key


def good_segment(segment: str) -> bool:
    """Whether `segment` may stand between the slashes of a key."""
    return _SEGMENT.fullmatch(segment) is not None and segment not in (".", "..")


def checked_folder(folder: str) -> str:
    """`folder` itself when it is a key's segments with a slash after each. Raises `BadObjectKey`."""
    checked_key(folder.removesuffix("/"))
    if not folder.endswith("/"):
        raise BadObjectKey
    return folder


def checked_prefix(prefix: str) -> str:
    """`prefix` itself when a key can start so. Raises `BadObjectKey`."""
    head, _, rest = prefix.rpartition("/")
    if head:
        checked_key(head)
    if rest and _SEGMENT.fullmatch(rest) is None:
        raise BadObjectKey
    if prefix.startswith("/"):
        raise BadObjectKey
    return prefix
