"""The vault: documents' bytes and their keys together. The only thing of this package that services use.

A document's id is the id of its key; before there is a document it is the intake item's id. Whoever holds the key opens
everything of the document, and nothing of another; when the key is destroyed, every object and sealed column, copies
included, is unreadable at once. An object's ciphertext is bound to its whole object key, a column's to document and
column name.
"""

import hmac
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from hashlib import sha256
from types import TracebackType
from typing import Self
from uuid import UUID

from dms.kernel.crashpoints import CrashPoint, reached
from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from storage.envelope import (
    HEADER_SIZE,
    ObjectContext,
    decrypt,
    decrypt_range,
    encrypt,
    open_small,
    plain_size,
    seal_small,
)
from storage.errors import BadObjectKey, Damaged, KeyMissing, ObjectMissing
from storage.keys.port import KeyStore
from storage.port import ObjectStore, checked_key, good_segment


@dataclass(frozen=True, slots=True)
class StoredRef:
    """Where bytes went: the object key, their size as plaintext, and their keyed digest where one was asked."""

    object_key: str
    size_plain: int
    digest: str | None = None


class PlainStream:
    """Plaintext of one object, piece by piece. Close it (or use `with`); reading to the end closes it too."""

    def __init__(self, pieces: Iterator[bytes], resources: ExitStack) -> None:
        self._resources = resources
        self._pieces = pieces
        self._first: bytes | None = None
        self._first = self._next()  # faults of key, object and header show before anything has been sent

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        first, self._first = self._first, None
        return self._next() if first is None else first

    def close(self) -> None:
        """Let go of the object; what was not read stays unread."""
        self._first, self._pieces = None, iter(())
        self._resources.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _next(self) -> bytes:
        try:
            return next(self._pieces)
        except BaseException:
            self.close()
            raise


class Vault:
    """Objects and columns encrypted per document. Errors of store and keys pass through."""

    def __init__(self, store: ObjectStore, keys: KeyStore) -> None:
        self.store = store
        self.keys = keys

    def put(
        self, document_id: UUID, name: str, version: int, chunks: Iterable[bytes], digest_scope: str | None = None
    ) -> StoredRef:
        """Encrypt and store `chunks` as `name` (`original`, `archive`, `page-0001`, …) of a version; durable.

        The key is committed before the object; the same document, name and version again replaces the object. With
        `digest_scope` (a school's code) the keyed digest of the plaintext comes back too. Raises `KeyDestroyed` for a
        document whose key was destroyed.
        """
        object_key = object_key_of(document_id, version, name)
        key = self.keys.create(document_id)
        digest = hmac.new(self.keys.digest_key(digest_scope), digestmod=sha256) if digest_scope else None
        size = 0

        def measured() -> Iterator[bytes]:
            nonlocal size
            for chunk in chunks:
                size += len(chunk)
                if digest is not None:
                    digest.update(chunk)
                yield chunk

        self.store.put(object_key, encrypt(measured(), key, ObjectContext(object_key, version)))
        reached(CrashPoint.VAULT_PUT)
        return StoredRef(object_key, size, digest.hexdigest() if digest is not None else None)

    def open(self, document_id: UUID, object_key: str, version: int) -> PlainStream:
        """The plaintext as a stream, its first piece already proven. Raises `ObjectMissing`, `KeyMissing`, `Damaged`.

        Later pieces raise `Damaged` when they are reached.
        """
        return self._opened(document_id, object_key, version, None)

    def _opened(self, document_id: UUID, object_key: str, version: int, key: bytes | None) -> PlainStream:
        if key is None:
            key = self.keys.get(document_id)
        resources = ExitStack()
        chunks = resources.enter_context(self.store.open(object_key))
        return PlainStream(decrypt(chunks, key, ObjectContext(object_key, version)), resources)

    def read(self, document_id: UUID, object_key: str, version: int, limit: int) -> bytes:
        """The whole plaintext, proven to the end. Raises `BadInput` when it is longer than `limit` bytes."""
        return self._whole(document_id, object_key, version, limit, None)

    def _whole(self, document_id: UUID, object_key: str, version: int, limit: int, key: bytes | None) -> bytes:
        whole = bytearray()
        with self._opened(document_id, object_key, version, key) as pieces:
            for piece in pieces:
                whole += piece
                if len(whole) > limit:
                    raise BadInput(
                        N_("Het bestand is te groot om in één keer te lezen."),
                        N_("Download het bestand."),
                        code="too_large",
                    )
        return bytes(whole)

    def read_many(self, objects: Collection[tuple[UUID, str, int]], limit: int) -> dict[str, bytes]:
        """The whole plaintext of several objects (document, object key, version), by object key; keys come at once.

        What is gone, damaged or longer than `limit` bytes is left out. Raises when store or keys do not answer.
        """
        try:
            keys = self.keys.get_many({document_id for document_id, _, _ in objects})
        except Damaged:
            keys = {}  # one of them spoils the answer for all: then each is asked for by itself
        found: dict[str, bytes] = {}
        for document_id, object_key, version in objects:
            with suppress(Damaged, KeyMissing, ObjectMissing, BadInput):
                found[object_key] = self._whole(document_id, object_key, version, limit, keys.get(document_id))
        return found

    def read_range(self, document_id: UUID, object_key: str, version: int, start: int, length: int) -> Iterator[bytes]:
        """Plaintext bytes from `start`, `length` at most (cut off at the end), without reading what lies before."""
        key = self.keys.get(document_id)
        return decrypt_range(
            lambda offset, wanted: self.store.read_range(object_key, offset, wanted),
            self.store.size(object_key),
            start,
            length,
            key,
            ObjectContext(object_key, version),
        )

    def size(self, object_key: str) -> int:
        """Size in bytes of the plaintext, from the object's header; not proven. Raises `ObjectMissing`, `Damaged`."""
        return plain_size(self.store.size(object_key), self.store.read_range(object_key, 0, HEADER_SIZE), object_key)

    def delete(self, object_key: str) -> None:
        """Remove one object with every version of it; absent is no error. The document's key stays."""
        self.store.delete(object_key)

    def delete_all(self, document_id: UUID) -> int:
        """Remove every object of the document, unfinished writes too; returns how many objects. The key stays."""
        return self.store.delete_under(_folder(document_id))

    def left_of(self, document_id: UUID) -> list[str]:
        """Names of everything of the document that the store still has, older versions and unfinished writes too."""
        return self.store.left(_folder(document_id))

    def destroy_key(self, document_id: UUID) -> None:
        """Make all bytes of the document unreadable for ever, copies of them too. There is no way back."""
        self.keys.destroy(document_id)

    def destroy_keys(self, documents: Iterable[UUID]) -> None:
        """`destroy_key` for many at once: all, or none."""
        self.keys.destroy_many(documents)

    def seal(self, document_id: UUID, column: str, data: bytes) -> bytes:
        """Ciphertext of a database value; its key is made when there is none. `column` names what it is."""
        return seal_small(data, self.keys.create(document_id), _column(document_id, column))

    def seal_many(self, values: Mapping[tuple[UUID, str], bytes]) -> dict[tuple[UUID, str], bytes]:
        """`seal` for many (document, column) at once; the keys that are new are made in one commit."""
        keys = self.keys.create_many({document_id for document_id, _ in values})
        return {
            (document_id, column): seal_small(data, keys[document_id], _column(document_id, column))
            for (document_id, column), data in values.items()
        }

    def unseal(self, document_id: UUID, column: str, sealed: bytes) -> bytes:
        """The value sealed for the same document and column. Raises `KeyMissing`, `Damaged`."""
        return open_small(sealed, self.keys.get(document_id), _column(document_id, column))

    def probe(self) -> None:
        """Raise `OutsideDown` or `SetupWrong` when objects or keys cannot be used now."""
        self.store.probe()
        self.keys.probe()

    def keyed_digest(self, scope: str, chunks: Iterable[bytes]) -> str:
        """Keyed digest of plaintext within `scope`, 64 hexadecimal characters: equal bytes, equal digest."""
        digest = hmac.new(self.keys.digest_key(scope), digestmod=sha256)
        for chunk in chunks:
            digest.update(chunk)
        return digest.hexdigest()


def object_key_of(document_id: UUID, version: int, name: str) -> str:
    """Where `name` of a version of a document lies: `ab/<document id>/<version>/<name>`. Raises `BadObjectKey`."""
    if version < 0 or not good_segment(name):
        raise BadObjectKey
    return checked_key(f"{_folder(document_id)}{version}/{name}")


def _folder(document_id: UUID) -> str:
    return f"{document_id.hex[:2]}/{document_id}/"


def _column(document_id: UUID, column: str) -> ObjectContext:
    return ObjectContext(f"{document_id}#{column}", 0)
