"""What should be there against what is: rows' references, objects and keys.

Comparing is pure and works on iterators; a large archive is done in slices by `prefix` (the first two characters of an
object key are the first two of its document's id). Rows may change while this runs, so a finding is a candidate: who
acts on it looks at the row once more. Orphans count only from a certain age, because objects are written before their
rows.
"""

import hmac
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from storage.errors import Damaged, KeyMissing, ObjectMissing
from storage.keys.port import KeyStore
from storage.port import ObjectStore
from storage.vault import Vault

SLICE = re.compile(r"[0-9a-f]{2}/")
"""How the key of an object of ours begins."""


@dataclass(frozen=True, slots=True)
class ExpectedRef:
    """What a row says about an object. `digest` is keyed within `digest_scope`; either is None where unknown."""

    document_id: UUID
    object_key: str
    version: int
    size_plain: int | None = None
    digest: str | None = None
    digest_scope: str | None = None


@dataclass(slots=True)
class Findings:
    """Candidates, by kind. All lists are empty when everything agrees."""

    objects_missing: list[str] = field(default_factory=list)
    objects_orphan: list[str] = field(default_factory=list)
    keys_missing: list[UUID] = field(default_factory=list)
    keys_orphan: list[UUID] = field(default_factory=list)
    objects: int = field(default=0, compare=False)
    """How many objects there are at all, in the slice that was looked at."""

    def add(self, other: "Findings") -> None:
        """Take over what was found in another slice."""
        self.objects_missing += other.objects_missing
        self.objects_orphan += other.objects_orphan
        self.keys_missing += other.keys_missing
        self.keys_orphan += other.keys_orphan
        self.objects += other.objects


def reconcile(
    expected: Iterable[ExpectedRef],
    store: ObjectStore,
    keys: KeyStore,
    orphans_before: datetime,
    *,
    sealed: Iterable[UUID] = (),
    prefix: str = "",
    look_for_spare_keys: bool = True,
) -> Findings:
    """Compare `expected` with store and keys. `sealed` are ids of further rows that have sealed columns only.

    Orphans are objects put and keys made before `orphans_before` (aware). With `prefix` (two hexadecimal characters)
    everything outside that slice is left alone; `expected` and `sealed` must then be of that slice. Spare keys need a
    walk over all keys for each slice: leave them out where nobody asks.
    """
    wanted: set[str] = set()
    owners: set[UUID] = set(sealed)
    for ref in expected:
        wanted.add(ref.object_key)
        owners.add(ref.document_id)
    findings = Findings()
    missing = set(wanted)
    for stored in store.keys(f"{prefix}/" if prefix else ""):
        findings.objects += 1
        if stored.key in wanted:
            missing.discard(stored.key)
        elif stored.modified < orphans_before:
            findings.objects_orphan.append(stored.key)
    findings.objects_missing.extend(key for key in sorted(missing) if not store.exists(key))
    findings.keys_missing.extend(sorted(keys.missing(owners)))
    if not look_for_spare_keys:
        return findings
    made = keys.ids(created_before=orphans_before)
    findings.keys_orphan.extend(key_id for key_id in made if key_id.hex.startswith(prefix) and key_id not in owners)
    return findings


def outside_slices(store: ObjectStore, orphans_before: datetime) -> Findings:
    """Objects that lie in no slice because their key does not begin as ours do: no row can speak of them."""
    findings = Findings()
    for stored in store.keys(""):
        if SLICE.match(stored.key) is None:
            findings.objects += 1
            if stored.modified < orphans_before:
                findings.objects_orphan.append(stored.key)
    return findings


class Fixity(StrEnum):
    """The verdict on one object read to its end."""

    GOOD = "good"
    OBJECT_MISSING = "object_missing"
    KEY_MISSING = "key_missing"
    DAMAGED = "damaged"
    WRONG_SIZE = "wrong_size"
    WRONG_DIGEST = "wrong_digest"


def fixity(refs: Iterable[ExpectedRef], vault: Vault) -> Iterator[tuple[ExpectedRef, Fixity]]:
    """Decrypt every object to its end and compare size and keyed digest with what the row says, one by one.

    A store or key store that does not answer raises `OutsideDown`: no verdict is better than a wrong one.
    """
    for ref in refs:
        yield ref, _verdict(ref, vault)


def _verdict(ref: ExpectedRef, vault: Vault) -> Fixity:
    digest = None
    if ref.digest is not None and ref.digest_scope is not None:
        digest = hmac.new(vault.keys.digest_key(ref.digest_scope), digestmod=sha256)
    size = 0
    try:
        with vault.open(ref.document_id, ref.object_key, ref.version) as pieces:
            for piece in pieces:
                size += len(piece)
                if digest is not None:
                    digest.update(piece)
    except ObjectMissing:
        return Fixity.OBJECT_MISSING
    except KeyMissing:
        return Fixity.KEY_MISSING
    except Damaged:
        return Fixity.DAMAGED
    if ref.size_plain is not None and size != ref.size_plain:
        return Fixity.WRONG_SIZE
    if digest is not None and ref.digest is not None and not hmac.compare_digest(digest.hexdigest(), ref.digest):
        return Fixity.WRONG_DIGEST
    return Fixity.GOOD
