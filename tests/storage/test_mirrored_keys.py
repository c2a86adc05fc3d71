"""Two key stores as one: what one of them loses, the other still has; what is destroyed stays so."""

from pathlib import Path
from uuid import uuid4

import pytest

from dms.kernel.errors import OutsideDown
from storage.errors import Damaged, KeyDestroyed
from storage.factory import open_keys
from storage.keys.mirror import MirroredKeyStore
from storage.keys.root import given_roots
from storage.keys.sql import SqlKeyStore


@pytest.fixture
def first(tmp_path: Path, root: bytes) -> SqlKeyStore:
    return open_keys(str(tmp_path / "first"), given_roots(root.hex()))


@pytest.fixture
def second(tmp_path: Path, root: bytes) -> SqlKeyStore:
    return open_keys(str(tmp_path / "second"), given_roots(root.hex()))


@pytest.fixture
def both(first: SqlKeyStore, second: SqlKeyStore) -> MirroredKeyStore:
    return MirroredKeyStore(first, second)


def test_in_both_before_it_returns(both: MirroredKeyStore, first: SqlKeyStore, second: SqlKeyStore) -> None:
    key_id = uuid4()
    assert both.create(key_id) == first.get(key_id) == second.get(key_id)
    assert both.digest_key("99XX") == first.digest_key("99XX") == second.digest_key("99XX")
    assert not both.compare(values=True)


def test_a_key_of_before_the_copy(both: MirroredKeyStore, first: SqlKeyStore, second: SqlKeyStore) -> None:
    key_id = uuid4()
    key = first.create(key_id)
    digest = first.digest_key("99XX")
    assert both.compare().only_primary == {key_id}
    assert both.compare().digest_scopes == {"99XX"}
    assert both.create(key_id) == second.get(key_id) == key
    assert both.digest_key("99XX") == second.digest_key("99XX") == digest
    assert not both.compare(values=True)


def test_what_the_first_lost_comes_from_the_copy(
    both: MirroredKeyStore, first: SqlKeyStore, second: SqlKeyStore
) -> None:
    key_id = uuid4()
    key = second.create(key_id)
    assert both.get(key_id) == key
    assert both.compare().only_copy == {key_id}
    assert both.create(key_id) == first.get(key_id) == key


def test_many_at_once_come_from_where_they_are(both: MirroredKeyStore, first: SqlKeyStore, second: SqlKeyStore) -> None:
    here, there, new, gone = (uuid4() for _ in range(4))
    wanted = {here: first.create(here), there: second.create(there)}
    made = both.create_many([here, there, new])
    assert made == {**wanted, new: first.get(new)}
    assert first.get_many(made) == second.get_many(made) == made
    second.destroy(gone)
    with pytest.raises(KeyDestroyed):
        both.create_many([gone])
    assert first.missing([gone]) == {gone}  # a copy that knows of a destruction keeps the first from making one


def test_destroyed_in_both(both: MirroredKeyStore, first: SqlKeyStore, second: SqlKeyStore) -> None:
    key_id = uuid4()
    both.create(key_id)
    both.destroy(key_id)
    for store in (both, first, second):
        with pytest.raises(KeyDestroyed):
            store.get(key_id)


@pytest.mark.parametrize("side", ["first", "second"])
def test_healing_never_brings_back_what_was_destroyed(both: MirroredKeyStore, side: str) -> None:
    gone, lost = uuid4(), uuid4()
    here, there = (both._primary, both._copy) if side == "first" else (both._copy, both._primary)
    both.create(gone)
    here.destroy(gone)
    there.create(lost)
    there.digest_key("99ZZ")
    assert both.compare()
    assert not both.heal()
    assert here.get(lost) == there.get(lost)
    for store in (here, there):
        with pytest.raises(KeyDestroyed):
            store.get(gone)


def test_different_keys_are_reported_and_left(both: MirroredKeyStore, first: SqlKeyStore, second: SqlKeyStore) -> None:
    key_id = uuid4()
    first.keep(key_id, b"1" * 32)
    second.keep(key_id, b"2" * 32)
    first.keep_digest_secret("99XX", b"1" * 32)
    second.keep_digest_secret("99XX", b"2" * 32)
    assert both.compare(values=True).different == {key_id}
    with pytest.raises(Damaged):
        both.create(key_id)
    with pytest.raises(Damaged):
        both.digest_key("99XX")
    both.heal()
    assert (first.get(key_id), second.get(key_id)) == (b"1" * 32, b"2" * 32)


def test_without_the_copy_no_key(tmp_path: Path, both: MirroredKeyStore, first: SqlKeyStore) -> None:
    known, new = uuid4(), uuid4()
    both.create(known)
    file = tmp_path / "second" / "keys.sqlite3"
    file.rename(tmp_path / "away")
    file.mkdir()
    with pytest.raises(OutsideDown):
        both.create(new)
    with pytest.raises(OutsideDown):
        both.probe()
    assert both.get(known) == first.get(known)
    file.rmdir()
    (tmp_path / "away").rename(file)
    assert both.create(new) == first.get(new)
    assert not both.compare(values=True)
