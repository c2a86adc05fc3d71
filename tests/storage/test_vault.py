"""The vault: documents in, documents out, and nothing once the key is gone."""

import hmac
import os
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import pytest

from dms.kernel.errors import BadInput
from storage.errors import BadObjectKey, Damaged, KeyDestroyed, KeyMissing, ObjectMissing
from storage.factory import open_keys, open_store
from storage.keys.port import KeyStore
from storage.keys.root import given_roots
from storage.port import ObjectStore
from storage.vault import Vault, object_key_of

CANARY = b"Joris heeft een dyslexieverklaring. " * 40


@pytest.fixture
def vault(store: ObjectStore, tmp_path: Path, root: bytes) -> Vault:
    return Vault(store, open_keys(str(tmp_path / "keys"), given_roots(root.hex())))


@pytest.mark.slow
@pytest.mark.parametrize("size", [0, 1, 262_143, 262_144, 262_145, 1_000_000])
def test_in_and_out(vault: Vault, size: int) -> None:
    document, data = uuid4(), os.urandom(size)
    ref = vault.put(document, "original", 1, [data[:100], data[100:]], digest_scope="99XX")
    assert ref.object_key == f"{document.hex[:2]}/{document}/1/original"
    assert ref.size_plain == vault.size(ref.object_key) == size
    assert ref.digest == hmac.new(vault.keys.digest_key("99XX"), data, sha256).hexdigest()
    assert ref.digest == vault.keyed_digest("99XX", [data])
    with vault.open(document, ref.object_key, 1) as pieces:
        assert b"".join(pieces) == data
    assert vault.read(document, ref.object_key, 1, limit=size) == data
    assert b"".join(vault.read_range(document, ref.object_key, 1, size // 2, 1000)) == data[size // 2 :][:1000]


def test_versions_and_names_stand_apart(vault: Vault) -> None:
    document = uuid4()
    refs = {(v, n): vault.put(document, n, v, [f"{v}{n}".encode()]) for v in (1, 2) for n in ("original", "archive")}
    for (version, name), ref in refs.items():
        assert vault.read(document, ref.object_key, version, 99) == f"{version}{name}".encode()
    vault.delete(refs[1, "original"].object_key)
    with pytest.raises(ObjectMissing):
        vault.open(document, refs[1, "original"].object_key, 1)
    assert vault.delete_all(document) == 3
    vault.keys.get(document)


def test_nothing_readable_is_stored(vault: Vault, tmp_path: Path) -> None:
    document = uuid4()
    ref = vault.put(document, "text", 1, [CANARY])
    with vault.store.open(ref.object_key) as pieces:
        ciphertext = b"".join(pieces)
    assert b"dyslexie" not in ciphertext
    assert b"dyslexie" not in vault.seal(document, "text", CANARY)


def test_after_the_key_is_destroyed(vault: Vault) -> None:
    document, other = uuid4(), uuid4()
    ref, kept = vault.put(document, "original", 1, [CANARY]), vault.put(other, "original", 1, [CANARY])
    column = vault.seal(document, "text", CANARY)
    vault.destroy_key(document)
    assert vault.store.exists(ref.object_key)
    acts: list[Callable[[], object]] = [
        lambda: vault.open(document, ref.object_key, 1),
        lambda: vault.read(document, ref.object_key, 1, 9999),
        lambda: list(vault.read_range(document, ref.object_key, 1, 0, 1)),
        lambda: vault.unseal(document, "text", column),
        lambda: vault.put(document, "original", 2, [b"again"]),
        lambda: vault.seal(document, "text", b"again"),
    ]
    for act in acts:
        with pytest.raises(KeyDestroyed):
            act()
    assert vault.read(other, kept.object_key, 1, 9999) == CANARY


def test_a_swapped_object(vault: Vault) -> None:
    one, two = uuid4(), uuid4()
    first, second = vault.put(one, "original", 1, [b"one"]), vault.put(two, "original", 1, [b"two"])
    newer = vault.put(one, "original", 2, [b"newer"])
    for source in (second, newer):
        with vault.store.open(source.object_key) as pieces:
            vault.store.put(first.object_key, list(pieces))
        with pytest.raises(Damaged) as caught:
            vault.open(one, first.object_key, 1)
        assert str(one) in caught.value.text()


def test_flipped_and_cut_objects(vault: Vault, flip: Callable[[bytes, int], bytes]) -> None:
    document = uuid4()
    ref = vault.put(document, "original", 1, [os.urandom(600_000)])
    with vault.store.open(ref.object_key) as pieces:
        good = b"".join(pieces)
    for bad in (flip(good, 8 * 400_000), flip(good, 3), good[:-1], good[:262_000], good + b"\0", b""):
        vault.store.put(ref.object_key, [bad])
        with pytest.raises(Damaged) as caught:
            vault.read(document, ref.object_key, 1, 10**6)
        assert str(document) in caught.value.text()


def test_damage_at_the_start_shows_on_opening(vault: Vault, flip: Callable[[bytes, int], bytes]) -> None:
    document = uuid4()
    ref = vault.put(document, "original", 1, [CANARY])
    with vault.store.open(ref.object_key) as pieces:
        vault.store.put(ref.object_key, [flip(b"".join(pieces), 8 * 60)])
    with pytest.raises(Damaged):
        vault.open(document, ref.object_key, 1)


def test_a_missing_key_and_a_missing_object(vault: Vault) -> None:
    document = uuid4()
    with pytest.raises(KeyMissing):
        vault.open(document, object_key_of(document, 1, "original"), 1)
    vault.seal(document, "text", b"makes the key")
    with pytest.raises(ObjectMissing):
        vault.open(document, object_key_of(document, 1, "original"), 1)


def test_too_long_to_read_at_once(vault: Vault) -> None:
    document = uuid4()
    ref = vault.put(document, "original", 1, [b"x" * 1001])
    with pytest.raises(BadInput):
        vault.read(document, ref.object_key, 1, 1000)


def test_columns(vault: Vault) -> None:
    document = uuid4()
    sealed = vault.seal(document, "evidence", CANARY)
    assert vault.unseal(document, "evidence", sealed) == CANARY
    with pytest.raises(Damaged):
        vault.unseal(document, "text", sealed)
    vault.seal(other := uuid4(), "evidence", b"")
    with pytest.raises(Damaged):
        vault.unseal(other, "evidence", sealed)


def test_a_put_that_fails_leaves_no_object(vault: Vault) -> None:
    document = uuid4()

    def broken() -> Iterator[bytes]:
        yield b"x" * 300_000
        raise ValueError("reader failed")

    with pytest.raises(ValueError, match="reader failed"):
        vault.put(document, "original", 1, broken())
    assert not vault.store.exists(object_key_of(document, 1, "original"))


@pytest.mark.parametrize("name", ["", "..", "Rapport Joris.pdf", "a/b", "é"])
def test_names_are_the_programs(vault: Vault, name: str) -> None:
    with pytest.raises(BadObjectKey):
        vault.put(uuid4(), name, 1, [b""])
    with pytest.raises(BadObjectKey):
        vault.put(uuid4(), "original", -1, [b""])


def test_a_stream_that_is_left_early_lets_go(folder_url: str, keys: KeyStore) -> None:
    vault = Vault(open_store(folder_url), keys)
    document = uuid4()
    ref = vault.put(document, "original", 1, [os.urandom(2_000_000)])
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(50):
        stream = vault.open(document, ref.object_key, 1)
        next(stream)
        stream.close()
        assert list(stream) == []
    assert len(os.listdir("/proc/self/fd")) <= before + 5


def test_ready(vault: Vault) -> None:
    vault.probe()


def test_many_columns_are_sealed_at_once(file_vault: Vault) -> None:
    one, other = uuid4(), uuid4()
    sealed = file_vault.seal_many({(one, "bsn"): b"111222333", (one, "number"): b"x", (other, "bsn"): b"123456782"})
    assert file_vault.unseal(one, "bsn", sealed[one, "bsn"]) == b"111222333"
    assert file_vault.unseal(one, "number", sealed[one, "number"]) == b"x"
    assert file_vault.unseal(other, "bsn", sealed[other, "bsn"]) == b"123456782"
    with pytest.raises(Damaged):
        file_vault.unseal(other, "bsn", sealed[one, "bsn"])
    assert file_vault.seal_many({}) == {}
