"""The certificate of destruction (verklaring van vernietiging): what it says, its canonical bytes, and its checks.

Pure: the signature is made and checked elsewhere (`retention.service.signing`) over `canonical`. A certificate names no
pupil and no document: categories, counts, periods, and keyed digests that only the holder of the board's key can tell
from chance (Archiefbesluit 1995 art. 8: specification, ground and way of the destruction).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dms.kernel.text import N_

FORMAT = "dossierkluis/verklaring-van-vernietiging"
VERSION = 1
FIRST = "0" * 64
"""The digest before the first certificate of a board."""

REQUIRED = (
    "format", "version", "id", "number", "previous", "board", "school", "made_at", "run", "decision", "destroyed",
    "pupils", "kept", "method", "verification", "backups", "ledger",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What is certified of one thing that went. `whole`: the document itself, not only a place of it."""

    category: str
    category_name: str
    whole: bool
    rule_version: int
    legal_basis: str
    action: str
    due_from: date | None
    due_by: date | None
    document_date: date | None
    pseudonym: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a certificate: a code, and the words for it."""

    code: str
    text: str


def summed(lines: Iterable[LineFacts]) -> list[dict[str, Any]]:
    """The lines of a certificate: one per category, rule version and ground."""
    groups: dict[tuple[str, int, str, str], list[LineFacts]] = {}
    for line in lines:
        groups.setdefault((line.category, line.rule_version, line.legal_basis, line.action), []).append(line)
    return [_sum(key, groups[key]) for key in sorted(groups)]


def _sum(key: tuple[str, int, str, str], lines: Sequence[LineFacts]) -> dict[str, Any]:
    category, version, basis, action = key
    return {
        "category": category,
        "category_name": lines[0].category_name,
        "documents": sum(x.whole for x in lines),
        "places": sum(not x.whole for x in lines),
        "rule_version": version,
        "legal_basis": basis,
        "action": action,
        "document_dates": _period(x.document_date for x in lines),
        "due_from": _period(x.due_from for x in lines),
        "due_by": _period(x.due_by for x in lines),
        "pseudonyms": sorted(x.pseudonym for x in lines),
    }


def _period(days: Iterable[date | None]) -> dict[str, str] | None:
    known = [x for x in days if x is not None]
    return {"first": min(known).isoformat(), "last": max(known).isoformat()} if known else None


def canonical(body: Mapping[str, Any]) -> bytes:
    """The bytes that are signed: JSON with sorted names, no blanks, in UTF-8. Raises ValueError for NaN."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def digest_of(body: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical bytes, in hexadecimal digits."""
    return hashlib.sha256(canonical(body)).hexdigest()


def faults_of(body: Mapping[str, Any]) -> list[Fault]:
    """What is wrong with what a certificate says, apart from its signature."""
    if body.get("format") != FORMAT or body.get("version") != VERSION:
        return [Fault("format", N_("Dit is geen verklaring van vernietiging die deze versie kent."))]
    if missing := [x for x in REQUIRED if x not in body]:
        return [Fault("incomplete", N_("Er ontbreekt iets in de verklaring: %(what)s.") % {"what": ", ".join(missing)})]
    try:
        return [*_counts(body), *_order(body), *_proof(body)]
    except (AttributeError, KeyError, TypeError, ValueError):
        return [Fault("shape", N_("De verklaring heeft niet de vorm die zij hoort te hebben."))]


def follows(body: Mapping[str, Any], before: Mapping[str, Any]) -> list[Fault]:
    """What is wrong with a certificate as the one that comes after `before`."""
    same_board = body.get("board", {}).get("id") == before.get("board", {}).get("id")
    if same_board and body.get("number") == before.get("number", 0) + 1 and body.get("previous") == digest_of(before):
        return []
    return [Fault("chain", N_("De verklaring sluit niet aan op de vorige."))]


def _counts(body: Mapping[str, Any]) -> list[Fault]:
    told = sum(x["documents"] + x["places"] for x in body["destroyed"])
    named = sum(len(set(x["pseudonyms"])) for x in body["destroyed"])
    counted = body["run"]["destroyed"]
    people = len(set(body["pupils"]["pseudonyms"]))
    if told == named == counted and people == body["pupils"]["count"] and told + people > 0:
        return []
    return [Fault("counts", N_("De aantallen in de verklaring kloppen niet met elkaar."))]


def _order(body: Mapping[str, Any]) -> list[Fault]:
    """Decided, then begun, then checked, then certified."""
    decision, run = body["decision"], body["run"]
    told = [decision.get("approved_at"), run["started_at"], body["verification"]["checked_at"], body["made_at"]]
    moments = [datetime.fromisoformat(x) for x in told if x]
    found = [] if moments == sorted(moments) else [Fault("order", N_("De tijdstippen staan niet in volgorde."))]
    if not all(_two_people(x) for x in ([decision] if decision["kind"] == "list" else decision.get("decisions", ()))):
        found.append(Fault("one_person", N_("Niet twee verschillende mensen hebben besloten.")))
    if body["number"] < 1 or (body["number"] == 1) != (body["previous"] == FIRST):
        found.append(Fault("chain", N_("De verklaring sluit niet aan op de vorige.")))
    return found


def _two_people(decision: Mapping[str, Any]) -> bool:
    approved = decision.get("approved_by")
    return approved is not None and decision["proposed_by"]["id"] != approved["id"]


def _proof(body: Mapping[str, Any]) -> list[Fault]:
    if any(x["found"] for x in body["verification"]["places"]) or not body["verification"]["places"]:
        return [Fault("not_absent", N_("Volgens de controle was niet alles weg."))]
    return []
