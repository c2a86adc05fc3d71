"""The key store in a database of its own: an SQLite file, or PostgreSQL when several machines share the keys.

Erased keys: on SQLite the bytes are overwritten in place at once (see `tables`), and the rollback journal is cut to
nothing at every commit. On PostgreSQL an update leaves the old row in the table until `compact`, and in the write-ahead
log until that is recycled; both hold wrapped keys only.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, Row, func, select, text, true, update

from dms.kernel.clock import Clock
from dms.kernel.crashpoints import CrashPoint
from dms.wire.horizon import all_saw_the_last
from storage.errors import KeyDestroyed, KeyMissing, KeysDown
from storage.keys.engine import insert_all_new, insert_new, reading, writing
from storage.keys.port import DATA_KEY_SIZE, KeyMismatch
from storage.keys.ring import RootRing, RootSource
from storage.keys.tables import DESTROYED, ERASED, LIVING, digest_secrets, document_keys, generations, metadata
from storage.keys.wrap import digest_key_of

PATIENCE = 60.0
"""Seconds to wait for who may still see a dead row."""
_PAGE = 500
_SCHEMA_LOCK = 0x646B6B
_SCOPE = re.compile(r"[A-Za-z0-9._:-]{1,100}")


class SqlKeyStore:
    """A `KeyStore` behind an engine of `storage.keys.engine`. Makes its tables when they are not there."""

    def __init__(self, engine: Engine, roots: RootSource, clock: Clock) -> None:
        self._engine = engine
        self._ring = RootRing(roots)
        self._clock = clock
        self._rotated_to = 0
        with writing(engine) as connection:
            if self._on_server:
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _SCHEMA_LOCK})
            metadata.create_all(connection)

    def create(self, key_id: UUID) -> bytes:
        """The key with this id, made when there is none; durable before it returns. Raises `KeyDestroyed`."""
        return self.keep(key_id, os.urandom(DATA_KEY_SIZE))

    def keep(self, key_id: UUID, key: bytes) -> bytes:
        """Like `create`, but a new one becomes `key`; returns the one that stands."""
        with reading(self._engine) as connection:
            standing = self._row(connection, key_id)
        if standing is not None:
            return self._unwrapped(key_id, standing)
        with writing(self._engine, CrashPoint.KEY_WRITTEN, CrashPoint.KEY_COMMITTED) as connection:
            self._add_key(connection, key_id, key)
            row = self._row(connection, key_id)
        return self._unwrapped(key_id, row)

    def create_many(self, ids: Iterable[UUID]) -> dict[UUID, bytes]:
        """`create` for many at once: all in one commit, or none."""
        return self.keep_many({key_id: os.urandom(DATA_KEY_SIZE) for key_id in ids})

    def keep_many(self, keys: Mapping[UUID, bytes]) -> dict[UUID, bytes]:
        """`keep` for many at once: all in one commit, or none."""
        standing = self.get_many(keys)
        new = {key_id: key for key_id, key in keys.items() if key_id not in standing}
        if not new:
            return standing
        with writing(self._engine, CrashPoint.KEY_WRITTEN, CrashPoint.KEY_COMMITTED) as connection:
            generation, root = self._ring.current(connection)
            created = int(self._clock.now().timestamp())
            insert_all_new(
                connection,
                document_keys,
                [
                    {
                        "key_id": key_id,
                        "created": created,
                        "living": LIVING,
                        "generation": generation,
                        "wrapped": root.wrap(key, _document_bound(key_id, generation)),
                    }
                    for key_id, key in new.items()
                ],
            )
            rows = self._rows(connection, new)
        return standing | {key_id: self._unwrapped(key_id, rows.get(key_id)) for key_id in new}

    def get(self, key_id: UUID) -> bytes:
        """The living key with this id. Raises `KeyMissing`, `KeyDestroyed` or `Damaged`."""
        with reading(self._engine) as connection:
            row = self._row(connection, key_id)
        return self._unwrapped(key_id, row)

    def get_many(self, ids: Iterable[UUID]) -> dict[UUID, bytes]:
        """Those of `ids` that have a living key, with it; others are left out."""
        with reading(self._engine) as connection:
            rows = self._rows(connection, ids)
        return {key_id: self._unwrapped(key_id, row) for key_id, row in rows.items()}

    def destroy(self, key_id: UUID) -> None:
        """Overwrite the key for good and remember that it was destroyed."""
        self.destroy_many([key_id])

    def destroy_many(self, ids: Iterable[UUID]) -> None:
        """`destroy` for many at once: all in one commit, or none."""
        wanted = sorted(set(ids))
        if not wanted:
            return
        with writing(self._engine, CrashPoint.KEY_ERASED, CrashPoint.KEY_DESTROYED) as connection:
            for key_id in wanted:
                erase = update(document_keys).where(document_keys.c.key_id == key_id)
                erased = erase.values(living=DESTROYED, wrapped=ERASED)
                if connection.execute(erased).rowcount == 0:
                    self._add_key(connection, key_id, None)
                    connection.execute(erased)

    def missing(self, ids: Iterable[UUID]) -> set[UUID]:
        """Those of `ids` that have no living key."""
        source = iter(ids)
        gone: set[UUID] = set()
        while page := set(islice(source, _PAGE)):
            query = select(document_keys.c.key_id).where(
                document_keys.c.key_id.in_(page), document_keys.c.living == LIVING
            )
            with reading(self._engine) as connection:
                gone |= page - set(connection.execute(query).scalars())
        return gone

    def ids(self, created_before: datetime | None = None) -> Iterator[UUID]:
        """The ids of all living keys, oldest first; with `created_before` only those made earlier."""
        return self._ids(LIVING, created_before)

    def destroyed_ids(self) -> Iterator[UUID]:
        """The ids of all destroyed keys."""
        return self._ids(DESTROYED, None)

    def digest_key(self, scope: str) -> bytes:
        """The key for keyed digests within `scope`: the same for ever, made at first use."""
        return digest_key_of(self.keep_digest_secret(scope, os.urandom(DATA_KEY_SIZE)), scope)

    def digest_secret(self, scope: str) -> bytes | None:
        """The secret behind `digest_key`, or None when it was never used."""
        with reading(self._engine) as connection:
            row = connection.execute(select(digest_secrets).where(digest_secrets.c.scope == scope)).first()
        return self._unwrapped_secret(row) if row else None

    def keep_digest_secret(self, scope: str, secret: bytes) -> bytes:
        """Store the secret behind `digest_key` when there is none; returns the one that stands."""
        if _SCOPE.fullmatch(scope) is None:
            raise ValueError("a scope of digests is a short code")
        if standing := self.digest_secret(scope):
            return standing
        with writing(self._engine) as connection:
            generation, root = self._ring.current(connection)
            wrapped = root.wrap(secret, _digest_bound(scope, generation))
            insert_new(connection, digest_secrets, scope=scope, generation=generation, wrapped=wrapped)
        stored = self.digest_secret(scope)
        assert stored is not None
        return stored

    def digest_secrets(self) -> dict[str, bytes]:
        """All scopes with the secrets behind their digest keys."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(digest_secrets).order_by(digest_secrets.c.scope)).all()
        return {row.scope: self._unwrapped_secret(row) for row in rows}

    def rotate(self, new_root: bytes, batch: int) -> int:
        """Rewrap at most `batch` keys under `new_root`; returns how many, 0 when none is left under an older root.

        May be stopped at any moment and called again; meanwhile keys of both generations are read, as long as both
        roots are at hand. A key destroyed meanwhile stays destroyed.
        """
        done = self._rotate_documents(new_root, batch)
        if done == 0 and self._rotated_to > 0:  # keys may have been made behind the place we had come to
            self._rotated_to = 0
            done = self._rotate_documents(new_root, batch)
        if done < batch:
            done += self._rotate_digests(new_root, batch - done)
        return done

    def roots_in_use(self) -> dict[str, int]:
        """Living keys (digest keys included) by fingerprint of the root that wraps them; a root with 0 may go."""
        with reading(self._engine) as connection:
            names = {row.generation: row.fingerprint for row in connection.execute(select(generations))}
            found = dict.fromkeys(names.values(), 0)
            for table, wanted in ((document_keys, document_keys.c.living == LIVING), (digest_secrets, true())):
                counts = select(table.c.generation, func.count()).where(wanted).group_by(table.c.generation)
                for generation, count in connection.execute(counts):
                    found[names[generation]] += count
        return found

    def compare(self, values: bool = False) -> KeyMismatch:
        """Nothing: there is no copy."""
        return KeyMismatch()

    def heal(self) -> KeyMismatch:
        """Nothing: there is no copy."""
        return KeyMismatch()

    def compact(self) -> None:
        """Rewrite the table without its dead rows on PostgreSQL (locks it meanwhile); SQLite has none.

        Waits for who may still see those: the rewriting would keep them. Raises KeysDown when they stay.
        """
        if not self._on_server:
            return
        with reading(self._engine.execution_options(isolation_level="AUTOCOMMIT")) as connection:
            if not all_saw_the_last(connection, PATIENCE):
                raise KeysDown
            connection.execute(text("SET statement_timeout = 0"))
            connection.execute(text(f"VACUUM FULL {document_keys.name}"))
            connection.execute(text("RESET statement_timeout"))

    def probe(self) -> None:
        """Raise `KeysDown` or `SetupWrong` when keys cannot be had now."""
        with reading(self._engine) as connection:
            newest = connection.execute(select(func.max(generations.c.generation))).scalar()
        if newest is not None:
            self._ring.of(self._engine, newest)

    @property
    def _on_server(self) -> bool:
        return self._engine.dialect.name == "postgresql"

    def _add_key(self, connection: Connection, key_id: UUID, key: bytes | None) -> None:
        generation, root = self._ring.current(connection)
        insert_new(
            connection,
            document_keys,
            key_id=key_id,
            created=int(self._clock.now().timestamp()),
            living=DESTROYED if key is None else LIVING,
            generation=generation,
            wrapped=ERASED if key is None else root.wrap(key, _document_bound(key_id, generation)),
        )

    def _row(self, connection: Connection, key_id: UUID) -> Row[Any] | None:
        columns = select(document_keys.c.living, document_keys.c.generation, document_keys.c.wrapped)
        return connection.execute(columns.where(document_keys.c.key_id == key_id)).first()

    @staticmethod
    def _rows(connection: Connection, ids: Iterable[UUID]) -> dict[UUID, Row[Any]]:
        source, found = iter(ids), {}
        while page := list(islice(source, _PAGE)):
            for row in connection.execute(select(document_keys).where(document_keys.c.key_id.in_(page))):
                found[row.key_id] = row
        return found

    def _unwrapped(self, key_id: UUID, row: Row[Any] | None) -> bytes:
        if row is None:
            raise KeyMissing(key_id)
        if row.living == DESTROYED:
            raise KeyDestroyed(key_id)
        root = self._ring.of(self._engine, row.generation)
        return root.unwrap(row.wrapped, _document_bound(key_id, row.generation), str(key_id))

    def _unwrapped_secret(self, row: Row[Any]) -> bytes:
        root = self._ring.of(self._engine, row.generation)
        return root.unwrap(row.wrapped, _digest_bound(row.scope, row.generation), row.scope)

    def _ids(self, living: int, created_before: datetime | None) -> Iterator[UUID]:
        query = select(document_keys.c.number, document_keys.c.key_id).where(document_keys.c.living == living)
        if created_before is not None:
            query = query.where(document_keys.c.created < int(created_before.timestamp()))
        after = 0
        while True:
            page = query.where(document_keys.c.number > after).order_by(document_keys.c.number).limit(_PAGE)
            with reading(self._engine) as connection:
                rows = connection.execute(page).all()
            if not rows:
                return
            yield from (row.key_id for row in rows)
            after = rows[-1].number

    def _rotate_documents(self, new_root: bytes, batch: int) -> int:
        table = document_keys
        with writing(self._engine, CrashPoint.KEYS_REWRAPPED, CrashPoint.KEYS_ROTATED) as connection:
            generation, root = self._ring.advance(connection, new_root)
            old = table.c.generation != generation
            rows = connection.execute(
                select(table)
                .where(table.c.living == LIVING, old, table.c.number > self._rotated_to)
                .order_by(table.c.number)
                .limit(batch)
            ).all()
            for row in rows:
                key = self._ring.at(connection, row.generation).unwrap(
                    row.wrapped, _document_bound(row.key_id, row.generation), str(row.key_id)
                )
                connection.execute(
                    update(table)
                    .where(table.c.number == row.number, table.c.living == LIVING, old)
                    .values(generation=generation, wrapped=root.wrap(key, _document_bound(row.key_id, generation)))
                )
        if rows:
            self._rotated_to = rows[-1].number
        return len(rows)

    def _rotate_digests(self, new_root: bytes, batch: int) -> int:
        table = digest_secrets
        with writing(self._engine) as connection:
            generation, root = self._ring.advance(connection, new_root)
            rows = connection.execute(select(table).where(table.c.generation != generation).limit(batch)).all()
            for row in rows:
                secret = self._ring.at(connection, row.generation).unwrap(
                    row.wrapped, _digest_bound(row.scope, row.generation), row.scope
                )
                connection.execute(
                    update(table)
                    .where(table.c.scope == row.scope)
                    .values(generation=generation, wrapped=root.wrap(secret, _digest_bound(row.scope, generation)))
                )
        return len(rows)


def _document_bound(key_id: UUID, generation: int) -> bytes:
    return b"document\0" + generation.to_bytes(4, "big") + key_id.bytes


def _digest_bound(scope: str, generation: int) -> bytes:
    return b"digest\0" + generation.to_bytes(4, "big") + scope.encode()
