"""What people wrote about a request, sealed under the pupil's key: it goes when the pupil's data go."""

import json
from dataclasses import asdict, dataclass
from uuid import UUID

from dms.db.tables import SubjectRequestItemRow, SubjectRequestRow
from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from storage.errors import KeyMissing
from storage.vault import Vault

LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Told:
    """Free text about a request."""

    asker_name: str = ""
    asked: str = ""
    identity_note: str = ""
    authority_note: str = ""
    extension_reason: str = ""
    return_note: str = ""
    decision_reason: str = ""


@dataclass(frozen=True, slots=True)
class ItemTold:
    """What stands with one document: why it is left out, and (name, relation) of others who are named in it."""

    reason: str = ""
    third: tuple[tuple[str, str], ...] = ()


def told_of(vault: Vault, row: SubjectRequestRow) -> Told:
    """The words of a request; none where the key is gone."""
    if row.sealed is None:
        return Told()
    try:
        return Told(**json.loads(vault.unseal(row.pupil_id, _column(row.id), row.sealed)))
    except KeyMissing:
        return Told()


def keep(vault: Vault, row: SubjectRequestRow, told: Told) -> None:
    """Write the words of a request."""
    row.sealed = vault.seal(row.pupil_id, _column(row.id), json.dumps(asdict(told), ensure_ascii=False).encode())


def item_told(vault: Vault, row: SubjectRequestItemRow) -> ItemTold:
    """The words of one document of a request."""
    if row.sealed is None:
        return ItemTold()
    try:
        data = json.loads(vault.unseal(row.pupil_id, _item_column(row.id), row.sealed))
    except KeyMissing:
        return ItemTold()
    return ItemTold(data["reason"], tuple((str(x), str(y)) for x, y in data["third"]))


def keep_item(vault: Vault, row: SubjectRequestItemRow, told: ItemTold) -> None:
    """Write the words of one document."""
    data = json.dumps(asdict(told), ensure_ascii=False).encode()
    row.sealed = vault.seal(row.pupil_id, _item_column(row.id), data)


def clean(text: str) -> str:
    """Text of a person on one line. Raises BadInput when it is too long."""
    cleaned = " ".join(text.split())
    if len(cleaned) > LONGEST:
        raise BadInput(
            N_("Deze tekst is te lang."), N_("Gebruik ten hoogste %(most)d tekens."), params={"most": LONGEST}
        )
    return cleaned


def needed(text: str) -> str:
    """The same; raises BadInput when nothing is said."""
    cleaned = clean(text)
    if len(cleaned) < 8:
        raise BadInput(N_("Schrijf in een zin waarom."), N_("Gebruik ten minste 8 tekens."), code="reason_missing")
    return cleaned


def _column(request_id: UUID) -> str:
    return f"request-{request_id}"


def _item_column(item_id: UUID) -> str:
    return f"request-item-{item_id}"
