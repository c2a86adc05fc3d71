"""Codes that were found on pages against the sheets that this house made."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.engine import Database
from dms.db.tables import DossierRow, SheetRow
from dms.model.batches import SheetKind
from dms.services.catalogue import categories
from ingest.rules.separators import OWN_SOURCES, SheetFacts, SheetSaid, SheetVerdict, judge
from ingest.rules.sheet_codes import parse
from ingest.service.state import ItemFacts
from rights.rules.actions import Action
from rights.service.gate import Gate
from storage.vault import Vault

SCOPE = "sheets"
"""The scope of the keyed digest that proves a sheet's number."""


@dataclass(frozen=True, slots=True)
class Found:
    """Per code text what to do with it, and what it says where it is one of ours."""

    verdicts: Mapping[str, SheetVerdict] = field(default_factory=dict)
    said: Mapping[str, SheetSaid] = field(default_factory=dict)


def look_up(database: Database, vault: Vault, item: ItemFacts, texts: Collection[str], today: date) -> Found:
    """Judge the codes of a file. A code without our proof is never looked up."""
    verdicts: dict[str, SheetVerdict] = {}
    said: dict[str, SheetSaid] = {}
    own = item.trusted and item.source in OWN_SOURCES
    proven = {x: code for x in texts if (code := parse(x)) and code.proven_by(proof(vault, code.number))}
    with database.read() as session:
        rows = {
            x.number: x
            for x in session.scalars(select(SheetRow).where(SheetRow.number.in_([x.number for x in proven.values()])))
        }
        for text in texts:
            code = proven.get(text)
            row = rows.get(code.number) if code is not None else None
            if row is None:
                nothing = SheetFacts(code is not None, False, False, SheetKind.SEPARATOR, False, False, False)
                verdicts[text] = judge(nothing, own_source=own)
                continue
            facts = SheetFacts(
                proven=True,
                known=True,
                here=row.school_id == item.school_id,
                kind=row.kind,
                expired=row.expires_at <= database.clock.now(),
                used_elsewhere=row.used_item is not None and row.used_item != item.item_id,
                allowed=_allowed(session, row, today),
                reusable=row.reusable,
            )
            verdicts[text] = judge(facts, own_source=own)
            said[text] = SheetSaid(row.id, row.kind, row.pupil_id, row.category, row.reusable)
    return Found(verdicts, said)


def proof(vault: Vault, number: str) -> str:
    """The keyed digest of a sheet's number; its key lives in the key store."""
    return vault.keyed_digest(SCOPE, [number.encode()])


def _allowed(session: Session, row: SheetRow, today: date) -> bool:
    """Whether who made a cover sheet may file there now. A machine's operator, who has no account, may."""
    if row.kind is SheetKind.SEPARATOR:
        return True
    dossier = session.scalar(
        select(DossierRow).where(DossierRow.pupil_id == row.pupil_id, DossierRow.school_id == row.school_id)
    )
    if dossier is None:
        return False
    if row.made_by is None:
        return True
    return may_cover(session, Gate(session, row.made_by, today), dossier, row.category)


def may_cover(session: Session, gate: Gate, dossier: DossierRow, category: str | None) -> bool:
    """Whether the person may add to the dossier: in this category, or in some where none is said."""
    if gate.actor.disabled:
        return False
    known = {k: v for k, v in categories(session, dossier.board_id).items() if v.active}
    wanted = [known[category]] if category in known else [] if category is not None else list(known.values())
    scope = gate.scope(Action.ADD)
    return any(scope.admits(gate.place_for(dossier, x.code, x.level)) for x in wanted)
