"""Rows, objects and keys against one another."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from dms.kernel.errors import OutsideDown
from storage.reconcile import ExpectedRef, Findings, Fixity, fixity, reconcile
from storage.vault import Vault

SCOPE = "99XX"


@pytest.fixture
def vault(file_vault: Vault) -> Vault:
    return file_vault


def filed(vault: Vault, document: UUID | None = None, name: str = "original", data: bytes = b"tekst") -> ExpectedRef:
    document = document or uuid4()
    ref = vault.put(document, name, 1, [data], digest_scope=SCOPE)
    return ExpectedRef(document, ref.object_key, 1, ref.size_plain, ref.digest, SCOPE)


def test_all_is_well(vault: Vault, clock: Any) -> None:
    one = filed(vault)
    refs = [one, filed(vault, one.document_id, "archive"), filed(vault)]
    sealed = uuid4()
    vault.seal(sealed, "text", b"x")
    later = clock.now() + timedelta(days=10**4)
    assert reconcile(refs, vault.store, vault.keys, later, sealed=[sealed]) == Findings()
    assert [verdict for _, verdict in fixity(refs, vault)] == [Fixity.GOOD] * 3


def test_each_kind_is_found(vault: Vault, clock: Any) -> None:
    good, no_object, no_key = filed(vault), filed(vault), filed(vault)
    orphan = filed(vault)
    vault.delete(no_object.object_key)
    vault.destroy_key(no_key.document_id)
    never = uuid4()
    later = clock.now() + timedelta(days=10**4)
    found = reconcile(iter([good, no_object, no_key]), vault.store, vault.keys, later, sealed=[never])
    assert found.objects_missing == [no_object.object_key]
    assert found.objects_orphan == [orphan.object_key]
    assert found.keys_missing == sorted([no_key.document_id, never])
    assert found.keys_orphan == [orphan.document_id]


def test_young_orphans_are_left_alone(vault: Vault, clock: Any) -> None:
    orphan = filed(vault)
    earlier = clock.now() - timedelta(days=1)
    assert reconcile([], vault.store, vault.keys, earlier) == Findings()
    later = clock.now() + timedelta(days=10**4)
    assert reconcile([], vault.store, vault.keys, later).objects_orphan == [orphan.object_key]


def test_in_slices(vault: Vault, clock: Any) -> None:
    refs = [filed(vault, UUID(f"{number:02x}" + "0" * 30)) for number in (0, 1, 255)]
    orphan = filed(vault, UUID("01" + "f" * 30))
    missing = filed(vault, UUID("ff" + "f" * 30))
    vault.delete(missing.object_key)
    later = clock.now() + timedelta(days=10**4)
    slices = {}
    for number in (0, 1, 2, 255):
        prefix = f"{number:02x}"
        mine = [ref for ref in [*refs, missing] if ref.object_key.startswith(prefix)]
        slices[number] = reconcile(mine, vault.store, vault.keys, later, prefix=prefix)
    assert slices[0] == slices[2] == Findings()
    assert slices[1] == Findings(objects_orphan=[orphan.object_key], keys_orphan=[orphan.document_id])
    assert slices[255] == Findings(objects_missing=[missing.object_key])


def test_fixity_gives_each_its_verdict(vault: Vault, flip: Callable[[bytes, int], bytes]) -> None:
    refs = [filed(vault, data=b"x" * 1000) for _ in range(6)]
    vault.delete(refs[1].object_key)
    vault.destroy_key(refs[2].document_id)
    with vault.store.open(refs[3].object_key) as pieces:
        vault.store.put(refs[3].object_key, [flip(b"".join(pieces), 4000)])
    vault.put(refs[4].document_id, "original", 1, [b"x" * 999])
    vault.put(refs[5].document_id, "original", 1, [b"y" * 1000])
    assert [verdict for _, verdict in fixity(refs, vault)] == [
        Fixity.GOOD,
        Fixity.OBJECT_MISSING,
        Fixity.KEY_MISSING,
        Fixity.DAMAGED,
        Fixity.WRONG_SIZE,
        Fixity.WRONG_DIGEST,
    ]


def test_no_verdict_when_the_keys_are_away(vault: Vault, tmp_path: Path) -> None:
    ref = filed(vault)
    (tmp_path / "keys" / "keys.sqlite3").rename(tmp_path / "away")
    (tmp_path / "keys" / "keys.sqlite3").mkdir()
    with pytest.raises(OutsideDown):
        list(fixity([ref], vault))
