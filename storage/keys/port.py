"""What a key store does, whatever it is made of."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

DATA_KEY_SIZE = 32
"""Bytes of a document key and of a digest key."""


@dataclass(frozen=True, slots=True)
class KeyMismatch:
    """How two key stores differ. Empty (and false) when they do not, and for a store that has no copy."""

    only_primary: set[UUID] = field(default_factory=set)
    """Living in the first, not in the copy."""
    only_copy: set[UUID] = field(default_factory=set)
    """Living in the copy, not in the first."""
    different: set[UUID] = field(default_factory=set)
    """Living in both with different bytes."""
    digest_scopes: set[str] = field(default_factory=set)
    """Digest keys that are not in both, or not the same."""

    @property
    def count(self) -> int:
        """How many keys differ."""
        return len(self.only_primary) + len(self.only_copy) + len(self.different) + len(self.digest_scopes)

    def __bool__(self) -> bool:
        return self.count > 0


class KeyStore(Protocol):
    """Keeps document keys (32 random bytes) by id. Every method may raise `KeysDown`, `StoreFull` or `SetupWrong`."""

    def create(self, key_id: UUID) -> bytes:
        """The key with this id, made when there is none; durable before it returns. Raises `KeyDestroyed`."""
        ...

    def keep(self, key_id: UUID, key: bytes) -> bytes:
        """Like `create`, but a new one becomes `key`; returns the one that stands. For copies and restores."""
        ...

    def create_many(self, ids: Iterable[UUID]) -> dict[UUID, bytes]:
        """`create` for many at once: all in one commit, or none. Raises `KeyDestroyed` when one of them was."""
        ...

    def keep_many(self, keys: Mapping[UUID, bytes]) -> dict[UUID, bytes]:
        """`keep` for many at once: all in one commit, or none. Raises `KeyDestroyed` when one of them was."""
        ...

    def get(self, key_id: UUID) -> bytes:
        """The living key with this id. Raises `KeyMissing` (`KeyDestroyed` when it was destroyed), `Damaged`."""
        ...

    def get_many(self, ids: Iterable[UUID]) -> dict[UUID, bytes]:
        """Those of `ids` that have a living key, with it; others are left out. Raises `KeyDestroyed`, `Damaged`."""
        ...

    def destroy(self, key_id: UUID) -> None:
        """Overwrite the key for good and remember that it was destroyed; unknown ids are remembered too. Durable."""
        ...

    def destroy_many(self, ids: Iterable[UUID]) -> None:
        """`destroy` for many at once: all in one commit, or none."""
        ...

    def missing(self, ids: Iterable[UUID]) -> set[UUID]:
        """Those of `ids` that have no living key."""
        ...

    def ids(self, created_before: datetime | None = None) -> Iterator[UUID]:
        """The ids of all living keys, oldest first; with `created_before` only those made earlier."""
        ...

    def destroyed_ids(self) -> Iterator[UUID]:
        """The ids of all destroyed keys."""
        ...

    def digest_key(self, scope: str) -> bytes:
        """The key for keyed digests within `scope` (a school's BRIN, say): the same for ever, made at first use."""
        ...

    def digest_secret(self, scope: str) -> bytes | None:
        """The secret behind `digest_key`, or None when it was never used. For copies."""
        ...

    def keep_digest_secret(self, scope: str, secret: bytes) -> bytes:
        """Store the secret behind `digest_key` when there is none; returns the one that stands. For copies."""
        ...

    def digest_secrets(self) -> dict[str, bytes]:
        """All scopes with the secrets behind their digest keys. For copies."""
        ...

    def rotate(self, new_root: bytes, batch: int) -> int:
        """Rewrap at most `batch` keys under `new_root`; returns how many, 0 when none is left under an older root."""
        ...

    def roots_in_use(self) -> dict[str, int]:
        """Living keys (digest keys included) by fingerprint of the root that wraps them; a root with 0 may go."""
        ...

    def compare(self, values: bool = False) -> KeyMismatch:
        """Where the copies of this store differ; with `values` the bytes of every key too (slower)."""
        ...

    def heal(self) -> KeyMismatch:
        """Make the copies the same where that is safe, and return what is still different."""
        ...

    def compact(self) -> None:
        """Remove what updates left of destroyed keys in the store's own files, where the database needs telling."""
        ...

    def probe(self) -> None:
        """Raise `KeysDown` or `SetupWrong` when keys cannot be had now; cheap enough for a readiness check."""
        ...
