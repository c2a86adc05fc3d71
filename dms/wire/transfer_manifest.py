"""`manifest.json` of a transfer package, in one spelling only: sorted keys, two spaces, UTF-8. Written and read back.

Two sums: `snapshot` over what parents saw, `control` over the whole manifest as it was sent. Both stand in it; the
control is also told apart from the package (by letter or telephone), because who changes a package can add sums too.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from dms.model.transfer_package import (
    FORMAT,
    VERSION,
    PackageFile,
    PackageInspection,
    PackageManifest,
    PackagePlace,
)
from dms.model.transfers import TransferKind, Viewer

LARGEST = 4 * 1024 * 1024


def snapshot_hash(manifest: PackageManifest) -> str:
    """SHA-256 over everything that parents saw: all but their answers."""
    plain = _plain(manifest)
    del plain["inzage"]
    return hashlib.sha256(_bytes(plain)).hexdigest()


def control_of(manifest: PackageManifest) -> str:
    """SHA-256 over the whole manifest, answers included."""
    return hashlib.sha256(_bytes(_plain(manifest))).hexdigest()


def spoken(control: str) -> str:
    """The first 16 digits of a control in groups of four, to be read aloud or put in a letter."""
    return " ".join(control[x : x + 4].upper() for x in range(0, 16, 4))


def write_manifest(manifest: PackageManifest) -> bytes:
    """The bytes of `manifest.json`; the same manifest gives the same bytes."""
    return _bytes({**_plain(manifest), "bevroren_sha256": snapshot_hash(manifest), "controle": control_of(manifest)})


def read_manifest(data: bytes) -> PackageManifest:
    """The manifest back, its own sums proven. Raises BadInput for one that is not ours, or was changed."""
    if len(data) > LARGEST:
        raise changed("manifest_too_large")
    try:
        found = json.loads(data.decode("utf-8"))
        manifest = _read(found)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise BadInput(
            N_("Het overzicht in het pakket (manifest.json) is niet te lezen of van een andere soort."),
            N_("Alleen pakketten van Dossierkluis, versie 1, kunnen zo worden ingelezen. Vraag het pakket opnieuw."),
            code="manifest_unreadable",
        ) from None
    if write_manifest(manifest) != data:
        raise changed("manifest_changed")
    return manifest


def changed(code: str) -> BadInput:
    """The error for a manifest that is not what was sent."""
    return BadInput(
        N_("Het overzicht in het pakket (manifest.json) is veranderd sinds het verstuurd is."),
        N_("Neem het pakket niet aan. Vraag de school die het stuurde om het opnieuw te sturen."),
        code=code,
    )


def _bytes(plain: Mapping[str, Any]) -> bytes:
    return (json.dumps(plain, ensure_ascii=False, sort_keys=True, indent=2) + "\n").encode("utf-8")


def _plain(manifest: PackageManifest) -> dict[str, Any]:
    return {
        "formaat": FORMAT,
        "versie": VERSION,
        "pakket_id": str(manifest.package_id),
        "afzender": _place(manifest.sender),
        "ontvanger": _place(manifest.receiver),
        "overstap": manifest.kind.value,
        "bevroren_op": manifest.frozen_at.isoformat(),
        "categorieen": dict(manifest.categories),
        "bestanden": [
            {"pad": x.path, "sha256": x.sha256, "grootte": x.size, "categorie": x.category} for x in manifest.files
        ],
        "inzage": [
            {
                "door": x.viewer.value,
                "verzorger": x.name,
                "datum": x.seen_on.isoformat(),
                "akkoord": x.agreed,
                "reden": x.remark,
                "toestemming": x.consent,
            }
            for x in manifest.inspections
        ],
    }


def _place(place: PackagePlace) -> dict[str, str]:
    return {"brin": place.brin, "vestiging": place.site, "naam": place.name}


def _read(found: Any) -> PackageManifest:  # noqa: ANN401 - whatever JSON may hold
    if found["formaat"] != FORMAT or found["versie"] != VERSION:
        raise ValueError
    return PackageManifest(
        package_id=UUID(found["pakket_id"]),
        sender=_read_place(found["afzender"]),
        receiver=_read_place(found["ontvanger"]),
        kind=TransferKind(found["overstap"]),
        frozen_at=datetime.fromisoformat(found["bevroren_op"]),
        categories={_text(k): _text(v) for k, v in found["categorieen"].items()},
        files=tuple(
            PackageFile(_text(x["pad"]), _text(x["sha256"]), _count(x["grootte"]), _text(x["categorie"]))
            for x in found["bestanden"]
        ),
        inspections=tuple(
            PackageInspection(
                Viewer(x["door"]),
                _text(x["verzorger"]),
                date.fromisoformat(x["datum"]),
                _yes(x["akkoord"]),
                _text(x["reden"]),
                None if x["toestemming"] is None else _yes(x["toestemming"]),
            )
            for x in found["inzage"]
        ),
    )


def _read_place(found: Mapping[str, object]) -> PackagePlace:
    return PackagePlace(_text(found["brin"]), _text(found["vestiging"]), _text(found["naam"]))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError
    return value


def _yes(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value
