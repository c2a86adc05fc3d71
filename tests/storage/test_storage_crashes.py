"""Killed at every boundary of writing, destroying and rotating: the invariants hold, and recovery is idempotent.

Invariants: an object is there whole or not at all; no object without its key; what was acknowledged is byte-equal; a
destroyed key stays destroyed; a second recovery changes nothing.
"""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from dms.kernel.crashpoints import CrashPoint, watched
from storage.errors import KeyDestroyed, KeyMissing, KeysDown
from storage.factory import open_keys, open_store
from storage.keys.mirror import MirroredKeyStore
from storage.keys.root import file_roots, new_root, write_roots
from storage.reconcile import Findings, reconcile
from storage.spool import job_folder
from storage.vault import Vault, object_key_of

DATA = os.urandom(700_000)
FAR = datetime(2100, 1, 1, tzinfo=UTC)
KEY_POINTS = [CrashPoint.KEY_WRITTEN, CrashPoint.KEY_COMMITTED, CrashPoint.KEY_COPIED]
SHARED_POINTS = [
    CrashPoint.OBJECT_OPENED,
    CrashPoint.OBJECT_HALF,
    CrashPoint.OBJECT_FULL,
    CrashPoint.OBJECT_PUT,
    CrashPoint.VAULT_PUT,
]
FOLDER_POINTS = [CrashPoint.OBJECT_SYNCED, CrashPoint.OBJECT_RENAMED]
OLD = b"what stood there"
PLACES = [
    ("folder", [*KEY_POINTS, *SHARED_POINTS, *FOLDER_POINTS], []),
    ("versioned_s3", [*KEY_POINTS, *SHARED_POINTS], [pytest.mark.s3]),
]
WRITING = [
    pytest.param(kind, point, before, id=f"{kind}-{point}-{'replacing' if before else 'new'}", marks=marks)
    for kind, points, marks in PLACES
    for point in points
    for before in (None, OLD)
    if not (before and point in KEY_POINTS[:2])  # the key of what stood there is not made again
]
Open = Callable[[], Vault]


@pytest.fixture
def root_file(tmp_path: Path, root: bytes) -> Path:
    write_roots(tmp_path / "root.key", [root])
    return tmp_path / "root.key"


@pytest.fixture
def opened(request: pytest.FixtureRequest, tmp_path: Path, root_file: Path) -> Callable[[str], Open]:
    """Opens a vault with mirrored keys on a kind of store, afresh each time, as a process that starts does."""

    def prepare(kind: str) -> Open:
        url = str(request.getfixturevalue(f"{kind}_url"))

        def open_vault() -> Vault:
            sides = [open_keys(str(tmp_path / side), file_roots(root_file)) for side in ("first", "second")]
            return Vault(open_store(url), MirroredKeyStore(*sides))

        return open_vault

    return prepare


def check(vault: Vault, document: UUID, allowed: set[bytes | None]) -> None:
    object_key = object_key_of(document, 1, "original")
    there = vault.read(document, object_key, 1, 10**7) if vault.store.exists(object_key) else None
    assert there in allowed
    for stored in vault.store.keys(""):
        vault.keys.get(UUID(stored.key.split("/")[1]))


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "point", "before"), WRITING)
def test_killed_while_writing(
    opened: Callable[[str], Open], attempt: Callable[..., int], kind: str, point: CrashPoint, before: bytes | None
) -> None:
    open_vault = opened(kind)
    document = uuid4()
    if before is not None:
        open_vault().put(document, "original", 1, [before])

    def write() -> None:
        open_vault().put(document, "original", 1, [DATA[:300_000], DATA[300_000:]])

    assert attempt(point, write) < 0, "the boundary was never reached"
    check(open_vault(), document, {before, DATA})
    for _ in range(2):  # the intake is taken up again, and once more
        write()
        vault = open_vault()
        check(vault, document, {DATA})
        vault.store.sweep_unfinished(FAR)
        assert not vault.keys.compare(values=True)
        assert [stored.key for stored in vault.store.keys("")] == [object_key_of(document, 1, "original")]


@pytest.mark.parametrize("point", [CrashPoint.KEY_ERASED, CrashPoint.KEY_DESTROYED, CrashPoint.KEY_COPY_DESTROYED])
def test_killed_while_destroying(
    opened: Callable[[str], Open], attempt: Callable[..., int], point: CrashPoint, folder_url: str
) -> None:
    open_vault = opened("folder")
    document, other = uuid4(), uuid4()
    vault = open_vault()
    ref = vault.put(document, "original", 1, [DATA])
    kept = vault.put(other, "original", 1, [DATA])
    assert attempt(point, lambda: open_vault().destroy_key(document)) < 0
    for _ in range(2):
        vault = open_vault()
        vault.destroy_key(document)
        with pytest.raises(KeyDestroyed):
            vault.open(document, ref.object_key, 1)
        assert vault.read(other, kept.object_key, 1, 10**7) == DATA
        assert not vault.keys.compare(values=True)


@pytest.mark.parametrize("kind", ["folder", pytest.param("versioned_s3", marks=pytest.mark.s3)])
def test_killed_while_deleting(opened: Callable[[str], Open], attempt: Callable[..., int], kind: str) -> None:
    open_vault = opened(kind)
    document = uuid4()
    for name in ("original", "archive", "text"):
        open_vault().put(document, name, 1, [DATA])
    open_vault().destroy_key(document)
    assert attempt(CrashPoint.OBJECT_DELETED, lambda: open_vault().delete_all(document)) < 0
    for _ in range(2):
        vault = open_vault()
        vault.delete_all(document)
        assert list(vault.store.keys("")) == []
        assert reconcile([], vault.store, vault.keys, FAR) == Findings()


@pytest.mark.parametrize("point", [CrashPoint.KEYS_REWRAPPED, CrashPoint.KEYS_ROTATED])
def test_killed_while_rotating(
    tmp_path: Path, root_file: Path, root: bytes, attempt: Callable[..., int], point: CrashPoint
) -> None:
    location = str(tmp_path / "keys")
    keys = open_keys(location, file_roots(root_file))
    made = {key_id: keys.create(key_id) for key_id in (uuid4() for _ in range(20))}
    newer = new_root()
    write_roots(root_file, [newer, root])
    for _ in range(3):
        assert attempt(point, lambda: open_keys(location, file_roots(root_file)).rotate(newer, 6)) < 0
        again = open_keys(location, file_roots(root_file))
        assert {key_id: again.get(key_id) for key_id in made} == made
    while again.rotate(newer, 6):
        pass
    write_roots(root_file, [newer])
    last = open_keys(location, file_roots(root_file))
    assert {key_id: last.get(key_id) for key_id in made} == made


@pytest.mark.parametrize("point", KEY_POINTS)
def test_a_key_store_that_fails(opened: Callable[[str], Open], point: CrashPoint) -> None:
    """An I/O error instead of a kill: nothing is written without its key, and the next try goes through."""
    open_vault = opened("folder")
    document = uuid4()

    def fail(name: str) -> None:
        if name == point:
            raise OSError(5, "Input/output error")

    vault = open_vault()
    with watched(fail), pytest.raises((KeysDown, OSError)):
        vault.put(document, "original", 1, [DATA])
    assert list(vault.store.keys("")) == []
    vault.put(document, "original", 1, [DATA])
    check(open_vault(), document, {DATA})


def test_killed_in_a_job(tmp_path: Path, attempt: Callable[..., int]) -> None:
    def job() -> None:
        with job_folder(tmp_path / "spool", "job-1") as folder:
            (folder / "plain.pdf").write_bytes(DATA)
            os.kill(os.getpid(), 9)

    assert attempt("", job) < 0
    assert (tmp_path / "spool" / "job-1" / "plain.pdf").exists()
    for point in (CrashPoint.SPOOL_MADE, CrashPoint.SPOOL_WIPED):
        assert attempt(point, lambda: _enter(tmp_path / "spool")) < 0
        assert not (tmp_path / "spool" / "job-1" / "plain.pdf").exists()


def _enter(root: Path) -> None:
    with job_folder(root, "job-1") as folder:
        assert list(folder.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["folder", pytest.param("s3", marks=pytest.mark.s3)])
def test_killed_at_random(opened: Callable[[str], Open], attempt: Callable[..., int], kind: str) -> None:
    """Twenty-four documents, each killed at a boundary picked by its number, then taken up until it is in."""
    open_vault = opened(kind)
    points = [*KEY_POINTS, *SHARED_POINTS]
    documents = [uuid4() for _ in range(24)]
    for number, document in enumerate(documents):
        data = DATA[: 1 + number * 25_000]

        def write(document: UUID = document, data: bytes = data) -> None:
            open_vault().put(document, "original", 1, [data])

        assert attempt(points[number % len(points)], write) < 0
        check(open_vault(), document, {None, data})
        write()
        check(open_vault(), document, {data})
    vault = open_vault()
    assert len(list(vault.store.keys(""))) == 24
    assert set(vault.keys.ids()) == set(documents)
    with pytest.raises(KeyMissing):
        vault.keys.get(uuid4())
