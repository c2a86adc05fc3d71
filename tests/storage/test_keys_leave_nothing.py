"""A destroyed key is nowhere in the raw bytes of the key store's files. Finding the living ones proves the search."""

import random
import sqlite3
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from storage.errors import KeysDown
from storage.factory import open_keys
from storage.keys.engine import open_engine
from storage.keys.root import file_roots, new_root, write_roots
from storage.keys.sql import SqlKeyStore
from storage.keys.tables import ERASED


def wrapped(folder: Path) -> dict[UUID, bytes]:
    with sqlite3.connect(folder / "keys.sqlite3") as connection:
        rows = connection.execute("SELECT key_id, wrapped FROM document_key WHERE living = 1").fetchall()
    return {UUID(key_id): value for key_id, value in rows}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture
def root_file(tmp_path: Path, root: bytes) -> Path:
    write_roots(tmp_path / "root.key", [root])
    return tmp_path / "root.key"


@pytest.fixture
def keys(folder: Path, root_file: Path) -> SqlKeyStore:
    return open_keys(str(folder), file_roots(root_file))


def filled(folder: Path, keys: SqlKeyStore, count: int) -> dict[UUID, bytes]:
    """`count` keys; made in one transaction, because what matters here is the pages and not the syncs."""
    keys.create(uuid4())
    with open_engine(str(folder)).connect() as connection:
        made = [uuid4() for _ in range(count)]
        for key_id in made:
            keys._add_key(connection, key_id, random.randbytes(32))
        connection.commit()
    return wrapped(folder)


def test_one_key(folder: Path, keys: SqlKeyStore, raw_bytes: Callable[[Path], bytes]) -> None:
    canary, kept = uuid4(), uuid4()
    keys.create(canary)
    keys.create(kept)
    before = wrapped(folder)
    assert before[canary] in raw_bytes(folder)
    keys.destroy(canary)
    assert before[canary] not in raw_bytes(folder)
    assert before[canary][:16] not in raw_bytes(folder)
    assert before[kept] in raw_bytes(folder)


@pytest.mark.slow
def test_many_in_any_order(folder: Path, keys: SqlKeyStore, raw_bytes: Callable[[Path], bytes]) -> None:
    before = filled(folder, keys, 3000)
    order = sorted(before, key=lambda _: random.random())
    gone, kept = order[:150], order[150:]
    for key_id in gone:
        keys.destroy(key_id)
    raw = raw_bytes(folder)
    assert [key_id for key_id in gone if before[key_id] in raw] == []
    assert all(before[key_id] in raw for key_id in kept)


@pytest.mark.slow
def test_while_keys_come_and_go_and_the_root_changes(
    folder: Path, keys: SqlKeyStore, root_file: Path, root: bytes, raw_bytes: Callable[[Path], bytes]
) -> None:
    filled(folder, keys, 1000)
    destroyed: list[bytes] = []
    dice = random.Random(20260115)
    for _ in range(60):
        keys.create(uuid4())
        living = wrapped(folder)
        victim = dice.choice(sorted(living))
        destroyed.append(living[victim])
        keys.destroy(victim)
    old = set(wrapped(folder).values())
    newer = new_root()
    write_roots(root_file, [newer, root])
    while keys.rotate(newer, 400):
        living = wrapped(folder)
        victim = dice.choice(sorted(living))
        destroyed.append(living[victim])
        keys.destroy(victim)
    raw = raw_bytes(folder)
    assert len(destroyed) >= 63
    assert [one for one in destroyed if one in raw] == []
    assert [one for one in old if one in raw] == []
    assert all(one in raw for one in wrapped(folder).values())


def test_a_plain_deletion_would_be_seen(folder: Path, keys: SqlKeyStore, raw_bytes: Callable[[Path], bytes]) -> None:
    """The search finds what SQLite leaves behind when nobody tells it to overwrite."""
    keys.create(uuid4())
    (value,) = wrapped(folder).values()
    with sqlite3.connect(folder / "keys.sqlite3") as connection:
        connection.execute("PRAGMA secure_delete = OFF")
        connection.execute("DELETE FROM document_key")
    assert value in raw_bytes(folder)


def test_rows_keep_their_size(folder: Path, keys: SqlKeyStore, root_file: Path, root: bytes) -> None:
    """The reason why nothing is left: neither destroying nor rotating moves a row."""
    key_id = uuid4()
    assert len(keys.create(key_id)) == 32
    (value,) = wrapped(folder).values()
    assert len(value) == len(ERASED)
    with sqlite3.connect(folder / "keys.sqlite3") as connection:
        (generation,) = connection.execute("SELECT generation FROM document_key").fetchone()
        assert 127 < generation < 2**15 - 1000
        assert connection.execute("PRAGMA journal_mode").fetchone() != ("wal",)


def test_no_journal_stays(folder: Path, keys: SqlKeyStore) -> None:
    keys.create(uuid4())
    others = [path for path in folder.iterdir() if path.name != "keys.sqlite3"]
    assert [path for path in others if path.stat().st_size] == []


@pytest.mark.postgres
def test_the_server_forgets_when_compacted(
    empty_postgres_url: str, root_file: Path, request: pytest.FixtureRequest
) -> None:
    keys = open_keys(empty_postgres_url, file_roots(root_file))
    canary, kept = uuid4(), uuid4()
    keys.create(canary)
    keys.create(kept)
    engine = open_engine(empty_postgres_url)

    def heap() -> bytes:
        with engine.connect() as connection:
            connection.execute(text("CHECKPOINT"))
            path = connection.execute(text("SELECT pg_relation_filepath('document_key')")).scalar_one()
            return bytes(connection.execute(text("SELECT pg_read_binary_file(:path)"), {"path": path}).scalar_one())

    with engine.connect() as connection:
        rows = dict(connection.execute(text("SELECT key_id, wrapped FROM document_key")).tuples().all())
    assert bytes(rows[canary]) in heap()
    keys.destroy(canary)
    assert bytes(rows[canary]) in heap()  # an update leaves the old row
    keys.compact()
    assert bytes(rows[canary]) not in heap()
    assert bytes(rows[kept]) in heap()
    engine.dispose()


def test_compacting_waits_for_who_may_still_see_the_old_row(
    empty_postgres_url: str, root_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = open_keys(empty_postgres_url, file_roots(root_file))
    canary = uuid4()
    keys.create(canary)
    engine = open_engine(empty_postgres_url)
    with engine.connect() as looking:
        looking.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        wrapped = looking.execute(text("SELECT wrapped FROM document_key")).scalar_one()
        keys.destroy(canary)
        monkeypatch.setattr("storage.keys.sql.PATIENCE", 0.2)
        with pytest.raises(KeysDown):
            keys.compact()
        looking.rollback()
    monkeypatch.undo()
    keys.compact()
    with engine.connect() as connection:
        connection.execute(text("CHECKPOINT"))
        path = connection.execute(text("SELECT pg_relation_filepath('document_key')")).scalar_one()
        left = bytes(connection.execute(text("SELECT pg_read_binary_file(:path)"), {"path": path}).scalar_one())
    assert bytes(wrapped) not in left
    engine.dispose()
