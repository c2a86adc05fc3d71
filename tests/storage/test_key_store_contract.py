"""One suite for every key store: a file, a server, and two together."""

import os
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from dms.kernel.crashpoints import CrashPoint, watched
from dms.kernel.errors import OutsideDown, SetupWrong
from storage.errors import Damaged, KeyDestroyed, KeyMissing
from storage.factory import open_keys
from storage.keys.engine import open_engine
from storage.keys.mirror import MirroredKeyStore
from storage.keys.port import KeyStore
from storage.keys.root import file_roots, given_roots, new_root, write_roots
from storage.keys.sql import SqlKeyStore


@pytest.fixture
def watch() -> Iterator[list[str]]:
    """The named boundaries that were reached."""
    seen: list[str] = []
    with watched(seen.append):
        yield seen


def test_a_key_is_made_once(keys: KeyStore) -> None:
    key_id = uuid4()
    key = keys.create(key_id)
    assert len(key) == 32
    assert keys.create(key_id) == key
    assert keys.get(key_id) == key
    assert keys.create(uuid4()) != key


def test_no_key(keys: KeyStore) -> None:
    key_id = uuid4()
    with pytest.raises(KeyMissing) as caught:
        keys.get(key_id)
    assert not isinstance(caught.value, KeyDestroyed)
    assert str(key_id) in caught.value.text()


def test_destroyed_is_destroyed(keys: KeyStore) -> None:
    kept, gone = uuid4(), uuid4()
    key = keys.create(kept)
    keys.create(gone)
    for _ in range(2):
        keys.destroy(gone)
        for act in (keys.get, keys.create, lambda key_id: keys.keep(key_id, bytes(32))):
            with pytest.raises(KeyDestroyed):
                act(gone)
    assert keys.get(kept) == key
    assert list(keys.ids()) == [kept]
    assert list(keys.destroyed_ids()) == [gone]


def test_destroying_what_never_was(keys: KeyStore) -> None:
    key_id = uuid4()
    keys.destroy(key_id)
    with pytest.raises(KeyDestroyed):
        keys.create(key_id)


def test_keeping_a_given_key(keys: KeyStore) -> None:
    key_id = uuid4()
    assert keys.keep(key_id, b"k" * 32) == b"k" * 32
    assert keys.keep(key_id, b"l" * 32) == b"k" * 32
    assert keys.get(key_id) == b"k" * 32


def test_many_at_once(keys: KeyStore) -> None:
    old, new, gone = uuid4(), [uuid4() for _ in range(1200)], uuid4()
    key = keys.create(old)
    made = keys.create_many([old, *new])
    assert made[old] == key
    assert set(made) == {old, *new}
    assert len(set(made.values())) == 1201
    assert keys.create_many(iter(new)) == {x: made[x] for x in new}
    assert keys.get_many([old, gone, new[0]]) == {old: key, new[0]: made[new[0]]}
    assert keys.create_many([]) == keys.get_many([]) == {}
    keys.destroy(gone)
    other = uuid4()
    for act in (keys.create_many, keys.get_many):
        with pytest.raises(KeyDestroyed):
            act([other, gone])
    assert keys.missing([other]) == {other}  # all or none


@pytest.mark.slow
def test_thousands_of_keys_are_one_commit(keys: KeyStore, watch: list[str]) -> None:
    keys.create_many(uuid4() for _ in range(5000))
    sides = 2 if isinstance(keys, MirroredKeyStore) else 1
    assert watch.count(CrashPoint.KEY_COMMITTED) == sides


def test_missing(keys: KeyStore) -> None:
    here, gone, never = uuid4(), uuid4(), uuid4()
    keys.create(here)
    keys.create(gone)
    keys.destroy(gone)
    assert keys.missing([here, gone, never]) == {gone, never}
    assert keys.missing([]) == set()
    many = [uuid4() for _ in range(1200)]
    assert keys.missing(iter([*many, here])) == set(many)


def test_ids_by_age(keys: KeyStore, clock: Any) -> None:
    old = uuid4()
    keys.create(old)
    clock.pass_time(timedelta(hours=1))
    between = clock.now()
    clock.pass_time(timedelta(hours=1))
    new = uuid4()
    keys.create(new)
    assert list(keys.ids()) == [old, new]
    assert list(keys.ids(created_before=between)) == [old]


def test_ids_over_several_pages(keys: KeyStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.keys.sql._PAGE", 7)
    made = [uuid4() for _ in range(22)]
    for key_id in made:
        keys.keep(key_id, bytes(32))
    assert list(keys.ids()) == made


def test_digest_keys(keys: KeyStore) -> None:
    key = keys.digest_key("99XX")
    assert len(key) == 32
    assert keys.digest_key("99XX") == key
    assert keys.digest_key("99ZZ") != key
    assert set(keys.digest_secrets()) == {"99XX", "99ZZ"}
    for scope in ("", "a b", "x" * 101, "é"):
        with pytest.raises(ValueError):
            keys.digest_key(scope)


def test_ready(keys: KeyStore) -> None:
    keys.probe()
    keys.create(uuid4())
    keys.probe()
    keys.compact()


def test_many_makers_one_key(keys: KeyStore) -> None:
    ids = [uuid4() for _ in range(5)]
    made: list[tuple[UUID, bytes]] = []
    faults: list[BaseException] = []

    def work() -> None:
        try:
            made.extend((key_id, keys.create(key_id)) for key_id in ids)
            keys.digest_key("99XX")
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert len(made) == 30
    assert len(set(made)) == 5


def test_another_process_sees_the_same(keys_location: str, root: bytes) -> None:
    first, second = (open_keys(keys_location, given_roots(root.hex())) for _ in range(2))
    key_id = uuid4()
    assert first.create(key_id) == second.get(key_id) == second.create(key_id)
    assert first.digest_key("99XX") == second.digest_key("99XX")
    second.destroy(key_id)
    with pytest.raises(KeyDestroyed):
        first.get(key_id)


def test_six_processes_at_once(keys_location: str, root: bytes) -> None:
    shared = [uuid4() for _ in range(5)]
    children = []
    for _ in range(6):
        if (child := os.fork()) == 0:
            code = 1
            try:
                keys = open_keys(keys_location, given_roots(root.hex()))
                made = {key_id: keys.create(key_id) for key_id in [*shared, *(uuid4() for _ in range(10))]}
                keys.destroy(uuid4())
                code = 0 if all(keys.get(key_id) == key for key_id, key in made.items()) else 2
            finally:
                os._exit(code)
        children.append(child)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0] * 6
    keys = open_keys(keys_location, given_roots(root.hex()))
    assert len(list(keys.ids())) == 65
    assert len(list(keys.destroyed_ids())) == 6
    assert keys.missing(shared) == set()


def test_a_wrong_root_key_is_refused(keys_location: str, root: bytes) -> None:
    key_id = uuid4()
    open_keys(keys_location, given_roots(root.hex())).create(key_id)
    stranger = open_keys(keys_location, given_roots(new_root().hex()))
    for act in (stranger.probe, lambda: stranger.get(key_id), lambda: stranger.create(uuid4())):
        with pytest.raises(SetupWrong):
            act()


def test_a_key_copied_onto_another_row_is_found(keys_location: str, root: bytes) -> None:
    keys = open_keys(keys_location, given_roots(root.hex()))
    one, two = uuid4(), uuid4()
    keys.create(one)
    keys.create(two)
    with open_engine(keys_location).connect() as connection:
        connection.execute(
            text("UPDATE document_key SET wrapped = (SELECT wrapped FROM document_key WHERE number = 1)")
        )
        connection.commit()
    keys.get(one)
    with pytest.raises(Damaged) as caught:
        keys.get(two)
    assert str(two) in caught.value.text()


class TestRotation:
    """Rewrapping under a new root key, while both are at hand and afterwards."""

    @pytest.fixture
    def root_file(self, tmp_path: Path, root: bytes) -> Path:
        write_roots(tmp_path / "root.key", [root])
        return tmp_path / "root.key"

    @pytest.fixture
    def keys(self, keys_location: str, root_file: Path) -> SqlKeyStore:
        return open_keys(keys_location, file_roots(root_file))

    def test_in_steps_while_work_goes_on(
        self, keys: SqlKeyStore, keys_location: str, root_file: Path, root: bytes
    ) -> None:
        made = {key_id: keys.create(key_id) for key_id in (uuid4() for _ in range(25))}
        digest = keys.digest_key("99XX")
        worker = open_keys(keys_location, file_roots(root_file))
        assert worker.get(next(iter(made)))  # a process that knows only the old root
        newer = new_root()
        write_roots(root_file, [newer, root])
        steps = []
        while count := keys.rotate(newer, 10):
            steps.append(count)
            for each in (keys, worker):
                assert {key_id: each.get(key_id) for key_id in made} == made
                assert each.digest_key("99XX") == digest
            late = uuid4()
            made[late] = worker.create(late)
            gone, _ = made.popitem() if len(steps) > 1 else (uuid4(), b"")
            worker.destroy(gone)
        assert sum(steps) == 26
        write_roots(root_file, [newer])
        only_new = open_keys(keys_location, file_roots(root_file))
        assert {key_id: only_new.get(key_id) for key_id in made} == made
        assert only_new.digest_key("99XX") == digest
        assert sorted(keys.roots_in_use().values()) == [0, len(made) + 1]

    def test_stopped_and_taken_up_by_another_process(
        self, keys: SqlKeyStore, keys_location: str, root_file: Path, root: bytes
    ) -> None:
        made = {key_id: keys.create(key_id) for key_id in (uuid4() for _ in range(12))}
        newer = new_root()
        write_roots(root_file, [newer, root])
        assert keys.rotate(newer, 5) == 5
        other = open_keys(keys_location, file_roots(root_file))
        assert {key_id: other.get(key_id) for key_id in made} == made
        assert other.rotate(newer, 100) == 7
        assert other.rotate(newer, 100) == 0
        assert keys.rotate(newer, 100) == 0

    def test_a_destroyed_key_stays_destroyed(self, keys: SqlKeyStore, root_file: Path, root: bytes) -> None:
        gone = uuid4()
        keys.create(gone)
        keys.destroy(gone)
        newer = new_root()
        write_roots(root_file, [newer, root])
        assert keys.rotate(newer, 10) == 0
        with pytest.raises(KeyDestroyed):
            keys.get(gone)

    def test_not_back_to_an_older_root(self, keys: SqlKeyStore, root_file: Path, root: bytes) -> None:
        keys.create(uuid4())
        newer = new_root()
        write_roots(root_file, [newer, root])
        keys.rotate(newer, 10)
        with pytest.raises(SetupWrong):
            keys.rotate(root, 10)

    def test_the_new_root_must_be_kept_first(self, keys: SqlKeyStore, keys_location: str, root_file: Path) -> None:
        """A key made for a root that nobody wrote down would be lost."""
        key_id = uuid4()
        key = keys.create(key_id)
        with pytest.raises(SetupWrong):
            keys.rotate(new_root(), 10)
        assert open_keys(keys_location, file_roots(root_file)).get(key_id) == key


@pytest.mark.parametrize("location", ["mysql://somewhere/x", "nonsense://x", "http://x/y", "postgresql+nothing://x/y"])
def test_a_place_that_is_none(location: str, root: bytes) -> None:
    with pytest.raises(SetupWrong):
        open_keys(location, given_roots(root.hex()))


def test_a_server_that_is_not_there(root: bytes) -> None:
    with pytest.raises(OutsideDown) as caught:
        open_keys("postgresql+psycopg://u:geheim@127.0.0.1:1/x", given_roots(root.hex()))
    assert "geheim" not in caught.value.text() + caught.value.advice_text()


def test_a_folder_that_cannot_be(tmp_path: Path, root: bytes) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutsideDown):
        open_keys(str(tmp_path / "file" / "keys"), given_roots(root.hex()))


def test_a_broken_file_is_said_so(tmp_path: Path, root: bytes) -> None:
    location = str(tmp_path / "keys")
    open_keys(location, given_roots(root.hex())).create(uuid4())
    (tmp_path / "keys" / "keys.sqlite3").write_bytes(b"no database at all" * 500)
    with pytest.raises(OutsideDown):
        open_keys(location, given_roots(root.hex())).get(uuid4())


def test_the_folder_is_ours_alone(tmp_path: Path, root: bytes, raw_bytes: Callable[[Path], bytes]) -> None:
    folder = tmp_path / "keys"
    folder.mkdir(mode=0o755)
    key = open_keys(str(folder), given_roots(root.hex())).create(uuid4())
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert key not in raw_bytes(folder)
    assert root not in raw_bytes(folder)
