"""Taking an act back: what a document was before is kept for a month, and put back when nothing changed since.

A person takes back her own acts only; the rights of the moment decide, as for the act itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from dms.db.tables import DocumentRow, DossierRow, PlacementRow, UndoStepRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import Conflict, NotFound, Refused
from dms.kernel.text import N_
from dms.model.catalogue import Level
from dms.model.documents import PlacementState, UndoKind
from dms.model.events import By, EventKind
from dms.model.portal import BreachCause
from dms.services.filing import changed, changed_meanwhile, from_bin, locked, log_act, placement_in, to_bin
from dms.services.misfiling import noticed
from dms.services.tools import Tools
from rights.rules.actions import Action
from rights.service.gate import Gate

UNDO_TERM = timedelta(days=30)
LIVING = frozenset({PlacementState.ACTIVE, PlacementState.BIN})
"""States from which a placement may be put back; what is on its way out stays so."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back, and where one finds it now."""

    kind: UndoKind
    documents: tuple[UUID, ...]
    pupil_id: UUID


def snapshot(document: DocumentRow, placements: Iterable[PlacementRow]) -> dict[str, Any]:
    """What a document is now, in a shape that can be put back."""
    return {
        "title": document.title,
        "document_date": document.document_date.isoformat() if document.document_date else None,
        "fields": dict(document.fields),
        "confirmed_by": str(document.confirmed_by) if document.confirmed_by else None,
        "confirmed_at": document.confirmed_at.isoformat() if document.confirmed_at else None,
        "placements": [
            {
                "id": str(x.id),
                "dossier": str(x.dossier_id),
                "pupil": str(x.pupil_id),
                "category": x.category,
                "category_version": str(x.category_version_id),
                "level": x.level,
                "state": x.state.value,
                "confirmed": x.confirmed,
            }
            for x in placements
        ],
    }


def remember(
    uow: UnitOfWork,
    by: By,
    batch_id: UUID,
    kind: UndoKind,
    document: DocumentRow,
    before: dict[str, Any],
    version_before: int,
) -> None:
    """Keep the way back from an act, after `changed`. Nobody's acts (of the operator) have none. Old ones go."""
    if by.user_id is None:
        return
    uow.session.execute(delete(UndoStepRow).where(UndoStepRow.expires_at < uow.now))
    uow.session.add(
        UndoStepRow(
            batch_id=batch_id,
            user_id=by.user_id,
            document_id=document.id,
            kind=kind,
            before=before,
            version_before=version_before,
            version_after=document.row_version,
            created_at=uow.now,
            expires_at=uow.now + UNDO_TERM,
        )
    )


def newest_step(session: Session, by: By, document: DocumentRow, now: datetime) -> UndoStepRow | None:
    """The act of this person on the document that can be taken back now, if there is one."""
    return session.scalars(
        select(UndoStepRow)
        .where(
            UndoStepRow.document_id == document.id,
            UndoStepRow.user_id == by.user_id,
            UndoStepRow.undone_at.is_(None),
            UndoStepRow.expires_at >= now,
            UndoStepRow.version_after == document.row_version,
        )
        .order_by(UndoStepRow.created_at.desc())
        .limit(1)
    ).first()


class Undo:
    """Takes acts back."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def undo(self, by: By, batch_id: UUID) -> Undone:
        """Take back one act of one's own, on all its documents or on none.

        Raises NotFound for what was not one's own act or was taken back before, Conflict when a document changed since
        or a month has passed, Refused when one may not do so any more.
        """
        with self._tools.database.begin() as uow:
            steps = uow.session.scalars(
                select(UndoStepRow)
                .where(
                    UndoStepRow.batch_id == batch_id,
                    UndoStepRow.user_id == by.user_id,
                    UndoStepRow.undone_at.is_(None),
                )
                .order_by(UndoStepRow.document_id)
            ).all()
            if not steps:
                raise NotFound(
                    N_("Dit is niet meer ongedaan te maken."), N_("Bekijk de geschiedenis van het document.")
                )
            if any(x.expires_at < uow.now for x in steps):
                raise Conflict(
                    N_("Dit is te lang geleden om ongedaan te maken."), N_("Wijzig het document zelf."), code="too_late"
                )
            documents = locked(uow.session, [x.document_id for x in steps])
            gate = Gate(uow.session, by.user_id, uow.today)
            home = steps[0].before["placements"][0]["pupil"]
            for step in steps:
                self._take_back(uow, gate, by, step, documents[step.document_id])
            return Undone(steps[0].kind, tuple(documents), UUID(home))

    def _take_back(self, uow: UnitOfWork, gate: Gate, by: By, step: UndoStepRow, document: DocumentRow) -> None:
        if document.row_version != step.version_after:
            raise changed_meanwhile()
        now = {
            x.id: x for x in uow.session.scalars(select(PlacementRow).where(PlacementRow.document_id == document.id))
        }
        was: list[dict[str, Any]] = step.before["placements"]
        touched = [now[UUID(x["id"])] for x in was]
        added = step.before.get("added")
        if added:
            touched = [now[UUID(added)]]
        if any(x.state not in LIVING for x in touched):
            raise changed_meanwhile()
        _allowed(gate, step, touched, was)
        _put_back(uow, document, step.before)
        if added:
            to_bin(uow, by, touched[0])
        else:
            for placement, old in zip(touched, was, strict=True):
                _replace(uow, by, placement, old)
        version = document.row_version
        changed(uow, document)
        step.undone_at = uow.now
        uow.session.execute(
            update(UndoStepRow)
            .where(
                UndoStepRow.document_id == document.id,
                UndoStepRow.undone_at.is_(None),
                UndoStepRow.version_after == step.version_before,
                UndoStepRow.id != step.id,
            )
            .values(version_after=version + 1)
        )
        log_act(uow, by, EventKind.DOCUMENT_UNDONE, document.id, touched, {"what": step.kind.value})


def _allowed(gate: Gate, step: UndoStepRow, touched: list[PlacementRow], was: list[dict[str, Any]]) -> None:
    """The rights that the act itself asks, now."""
    needed = {
        UndoKind.CHANGED: Action.EDIT,
        UndoKind.REFILED: Action.CLASSIFY,
        UndoKind.REMOVED: Action.REMOVE,
        UndoKind.PLACED: Action.ADD,
        UndoKind.CONFIRMED: Action.CLASSIFY,
    }[step.kind]
    targets = gate.targets(touched)
    if not any(gate.scope(Action.SEE).admits(x) for x in targets):
        raise NotFound
    if not all(gate.scope(needed).admits(x) for x in targets):
        raise Refused
    if step.kind is UndoKind.REFILED:
        for placement, old in zip(touched, was, strict=True):
            if (old["category"], UUID(old["dossier"])) != (placement.category, placement.dossier_id):
                dossier = gate.session.get_one(DossierRow, UUID(old["dossier"]))
                place = gate.place_for(dossier, old["category"], Level(old["level"]))
                if not gate.scope(Action.ADD).admits(place):
                    raise Refused


def _put_back(uow: UnitOfWork, document: DocumentRow, before: dict[str, Any]) -> None:
    document.title = before["title"]
    document.document_date = date.fromisoformat(before["document_date"]) if before["document_date"] else None
    document.fields = dict(before["fields"])
    document.confirmed_by = UUID(before["confirmed_by"]) if before["confirmed_by"] else None
    document.confirmed_at = datetime.fromisoformat(before["confirmed_at"]) if before["confirmed_at"] else None
    uow.session.execute(
        update(PlacementRow)
        .where(PlacementRow.document_id == document.id)
        .values(confirmed=document.confirmed_at is not None)
    )


def _replace(uow: UnitOfWork, by: By, placement: PlacementRow, old: dict[str, Any]) -> None:
    dossier_id = UUID(old["dossier"])
    if dossier_id != placement.dossier_id:
        there = placement_in(uow.session, placement.document_id, dossier_id)
        if there is not None:
            raise changed_meanwhile()
        noticed(uow, by, placement, placement.pupil_id, UUID(old["pupil"]), BreachCause.MOVED)
    placement.dossier_id, placement.pupil_id = dossier_id, UUID(old["pupil"])
    placement.category, placement.category_version_id = old["category"], UUID(old["category_version"])
    placement.level, placement.confirmed = int(old["level"]), bool(old["confirmed"])
    placement.changed_at = uow.now
    state = PlacementState(old["state"])
    if state is PlacementState.ACTIVE and placement.state is PlacementState.BIN:
        from_bin(uow, placement)
