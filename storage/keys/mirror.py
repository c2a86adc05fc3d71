"""Two key stores as one: every key is on disk in both before anybody uses it.

They belong on different machines, or at least on different disks: a lost key is a lost document. Reading uses the first
and turns to the copy for a key that the first has lost. Destroying starts with the copy; stopped halfway it is simply
done again. Where the two differ, destroyed wins: a copy never brings back what was destroyed.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from uuid import UUID

from dms.kernel.crashpoints import CrashPoint, reached
from storage.errors import Damaged, KeyDestroyed, KeyMissing
from storage.keys.port import DATA_KEY_SIZE, KeyMismatch, KeyStore
from storage.keys.wrap import digest_key_of

_PAGE = 500


class MirroredKeyStore:
    """A `KeyStore` that writes to `primary` and `copy`, and fails when either does."""

    def __init__(self, primary: KeyStore, copy: KeyStore) -> None:
        self._primary = primary
        self._copy = copy

    def create(self, key_id: UUID) -> bytes:
        """The key with this id, made when there is none; durable in both before it returns."""
        try:
            key = self._primary.get(key_id)
        except KeyDestroyed:
            raise
        except KeyMissing:
            key = self._from_copy_or_new(key_id)
        return self._copied(key_id, key)

    def keep(self, key_id: UUID, key: bytes) -> bytes:
        """Like `create`, but a new one becomes `key`."""
        return self._copied(key_id, self._primary.keep(key_id, key))

    def create_many(self, ids: Iterable[UUID]) -> dict[UUID, bytes]:
        """`create` for many at once: one commit in each, the first before the copy."""
        wanted = set(ids)
        held = self._primary.get_many(wanted)
        lost = wanted - held.keys()
        new = {key_id: os.urandom(DATA_KEY_SIZE) for key_id in lost} | self._copy.get_many(lost)
        return self.keep_many(held | new)

    def keep_many(self, keys: Mapping[UUID, bytes]) -> dict[UUID, bytes]:
        """`keep` for many at once: one commit in each, the first before the copy."""
        standing = self._primary.keep_many(keys)
        copied = self._copy.keep_many(standing)
        for key_id, key in standing.items():
            if copied[key_id] != key:
                raise Damaged(str(key_id))
        reached(CrashPoint.KEY_COPIED)
        return standing

    def get(self, key_id: UUID) -> bytes:
        """The living key, from the copy where the first has lost it. Raises `KeyMissing`, `KeyDestroyed`."""
        try:
            return self._primary.get(key_id)
        except KeyDestroyed:
            raise
        except KeyMissing:
            return self._copy.get(key_id)

    def get_many(self, ids: Iterable[UUID]) -> dict[UUID, bytes]:
        """Living keys, from the copy where the first has lost them."""
        wanted = set(ids)
        found = self._primary.get_many(wanted)
        return found | self._copy.get_many(wanted - found.keys())

    def destroy(self, key_id: UUID) -> None:
        """Destroy in both."""
        self._copy.destroy(key_id)
        reached(CrashPoint.KEY_COPY_DESTROYED)
        self._primary.destroy(key_id)

    def destroy_many(self, ids: Iterable[UUID]) -> None:
        """Destroy many in both: one commit in each, the copy first."""
        wanted = list(ids)
        self._copy.destroy_many(wanted)
        reached(CrashPoint.KEY_COPY_DESTROYED)
        self._primary.destroy_many(wanted)

    def missing(self, ids: Iterable[UUID]) -> set[UUID]:
        """Those of `ids` that have no living key in the first."""
        return self._primary.missing(ids)

    def ids(self, created_before: datetime | None = None) -> Iterator[UUID]:
        """The ids of all living keys of the first."""
        return self._primary.ids(created_before)

    def destroyed_ids(self) -> Iterator[UUID]:
        """The ids of all keys destroyed in the first."""
        return self._primary.destroyed_ids()

    def digest_key(self, scope: str) -> bytes:
        """The key for keyed digests within `scope`; its secret durable in both."""
        secret = self.digest_secret(scope) or os.urandom(DATA_KEY_SIZE)
        return digest_key_of(self.keep_digest_secret(scope, secret), scope)

    def digest_secret(self, scope: str) -> bytes | None:
        """The secret behind `digest_key`, from the copy where the first has lost it; None when there is none yet."""
        return self._primary.digest_secret(scope) or self._copy.digest_secret(scope)

    def keep_digest_secret(self, scope: str, secret: bytes) -> bytes:
        """Store the secret in both when there is none. Raises `Damaged` when they hold different ones."""
        standing = self._primary.keep_digest_secret(scope, secret)
        if self._copy.keep_digest_secret(scope, standing) != standing:
            raise Damaged(scope)
        return standing

    def digest_secrets(self) -> dict[str, bytes]:
        """All scopes with their secrets, of the first."""
        return self._primary.digest_secrets()

    def rotate(self, new_root: bytes, batch: int) -> int:
        """Rewrap in both; returns how many keys, counted in each."""
        return self._primary.rotate(new_root, batch) + self._copy.rotate(new_root, batch)

    def roots_in_use(self) -> dict[str, int]:
        """Living keys by fingerprint of the root that wraps them, counted in each."""
        found = self._primary.roots_in_use()
        for root, count in self._copy.roots_in_use().items():
            found[root] = found.get(root, 0) + count
        return found

    def compact(self) -> None:
        """Compact both."""
        self._primary.compact()
        self._copy.compact()

    def probe(self) -> None:
        """Raise when either cannot be used: then no key can be made."""
        self._primary.probe()
        self._copy.probe()

    def compare(self, values: bool = False) -> KeyMismatch:
        """What is not the same in both; with `values` the bytes of every key too (slower)."""
        mismatch = KeyMismatch()
        for page in _pages(self._primary.ids()):
            lost = self._copy.missing(page)
            mismatch.only_primary.update(lost)
            if values:
                mismatch.different.update(i for i in page - lost if self._primary.get(i) != self._copy.get(i))
        for page in _pages(self._copy.ids()):
            mismatch.only_copy.update(self._primary.missing(page))
        ours, theirs = self._primary.digest_secrets(), self._copy.digest_secrets()
        mismatch.digest_scopes.update(s for s in ours.keys() | theirs.keys() if ours.get(s) != theirs.get(s))
        return mismatch

    def heal(self) -> KeyMismatch:
        """Make both the same where that is safe, and return what is still different.

        Lost keys are copied from the other side; destroyed ones are destroyed on both. Keys that differ in bytes are
        left to a person.
        """
        found = self.compare()
        for key_id in found.only_primary:
            _settle(key_id, self._primary, self._copy)
        for key_id in found.only_copy:
            _settle(key_id, self._copy, self._primary)
        ours, theirs = self._primary.digest_secrets(), self._copy.digest_secrets()
        for scope in found.digest_scopes:
            if scope not in theirs:
                self._copy.keep_digest_secret(scope, ours[scope])
            elif scope not in ours:
                self._primary.keep_digest_secret(scope, theirs[scope])
        return self.compare()

    def _from_copy_or_new(self, key_id: UUID) -> bytes:
        try:
            key = self._copy.get(key_id)
        except KeyDestroyed:
            raise
        except KeyMissing:
            return self._primary.create(key_id)
        return self._primary.keep(key_id, key)

    def _copied(self, key_id: UUID, key: bytes) -> bytes:
        if self._copy.keep(key_id, key) != key:
            raise Damaged(str(key_id))
        reached(CrashPoint.KEY_COPIED)
        return key


def _settle(key_id: UUID, living: KeyStore, other: KeyStore) -> None:
    """Bring `other` in line with `living`, unless the key was destroyed there: then it dies in both."""
    try:
        key = living.get(key_id)
    except KeyMissing:
        return  # destroyed since it was found: nothing to settle
    try:
        other.keep(key_id, key)
    except KeyDestroyed:
        living.destroy(key_id)


def _pages(ids: Iterator[UUID]) -> Iterator[set[UUID]]:
    while page := set(islice(ids, _PAGE)):
        yield page
