"""Taking back what one just did at a desk: the item lies there again, as it was."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.exc import IntegrityError

from dms.db.tables import (
    ArchiveJobRow,
    DeskActRow,
    DocumentRow,
    DocumentVersionRow,
    ItemRow,
    LookalikeRow,
    PlacementRow,
    UndoStepRow,
)
from dms.db.unit_of_work import INDEX, UNINDEX, UnitOfWork
from dms.kernel.errors import Conflict, NotFound
from dms.kernel.ids import new_id
from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.documents import Desk, DeskActKind, ItemState, PlacementState
from dms.model.events import By, EventKind
from dms.model.portal import BreachCause
from dms.services.misfiling import noticed
from dms.services.tools import Tools, school_by_brin
from ingest.service.desk_place import event
from ingest.service.file import settle
from rights.service.gate import Gate
from rights.service.places import may_take

UNDO_TERM = timedelta(minutes=10)
ERASED_AFTER = timedelta(minutes=15)
"""When the bytes of what is not for a dossier go: after the last moment at which that can be taken back."""
MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class ActView:
    """One act that can be taken back. `title` is what the person sees at the desk: a title, or the file's name."""

    item_id: UUID
    kind: DeskActKind
    title: str
    at: datetime
    until: datetime


class DeskActs:
    """What a person did at the desks in the last minutes."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def recent(self, by: By, brin: str) -> tuple[ActView, ...]:
        """Her acts at a school that can be taken back, newest first."""
        now = self._tools.clock.now()
        with self._tools.database.read() as session:
            rows = session.execute(
                select(DeskActRow, ItemRow)
                .join(ItemRow, ItemRow.id == DeskActRow.item_id)
                .where(
                    DeskActRow.user_id == by.user_id,
                    DeskActRow.undone_at.is_(None),
                    DeskActRow.expires_at > now,
                    DeskActRow.row_version == ItemRow.row_version,
                    ItemRow.school_id == school_by_brin(session, brin).id,
                )
                .order_by(DeskActRow.created_at.desc())
                .limit(MOST_SHOWN)
            ).all()
            return tuple(
                ActView(item.id, act.kind, item.title or item.name, act.created_at, act.expires_at)
                for act, item in rows
            )

    def undo(self, by: By, batch_id: UUID) -> tuple[UUID, ...]:
        """Take back an act: all its items lie at their desk again, or none. Returns the items.

        Raises NotFound for what was not one's own act or was taken back before, Conflict when something happened to
        the document since or ten minutes have passed.
        """
        return self._undo(by, DeskActRow.batch_id == batch_id)

    def undo_item(self, by: By, item_id: UUID) -> UUID:
        """Take back one's last act on one item. Raises as `undo` does."""
        (found,) = self._undo(by, DeskActRow.item_id == item_id)
        return found

    def forget(self) -> int:
        """Drop what cannot be taken back any more. Returns how many."""
        with self._tools.database.begin() as uow:
            gone = uow.session.execute(delete(DeskActRow).where(DeskActRow.expires_at < uow.now))
            return int(gone.rowcount)  # type: ignore[attr-defined]

    def _undo(self, by: By, which: ColumnElement[bool]) -> tuple[UUID, ...]:
        try:
            with self._tools.database.begin() as uow:
                acts = uow.session.scalars(
                    select(DeskActRow)
                    .where(which, DeskActRow.user_id == by.user_id, DeskActRow.undone_at.is_(None))
                    .order_by(DeskActRow.item_id)
                ).all()
                if not acts:
                    raise NotFound(N_("Dit is niet meer ongedaan te maken."), N_("Zoek het stuk in het dossier."))
                if any(x.expires_at < uow.now for x in acts):
                    raise Conflict(
                        N_("Dit is te lang geleden om ongedaan te maken."),
                        N_("Wijzig het document zelf."),
                        code="too_late",
                    )
                gate = Gate(uow.session, by.user_id, uow.today)
                for act in acts:
                    _take_back(uow, gate, by, act)
                uow.flush()
                return tuple(x.item_id for x in acts)
        except IntegrityError:
            raise _changed() from None  # something hangs on the document by now


def snapshot(row: ItemRow) -> dict[str, Any]:
    """What an item at a desk is now, in a shape that can be put back."""
    return {
        "desk": row.desk.value if row.desk else None,
        "pupil": str(row.pupil_id) if row.pupil_id else None,
        "category": row.category,
        "level": row.level,
        "date": row.document_date.isoformat() if row.document_date else None,
        "title": row.title,
        "confidence": row.confidence,
        "reason": [row.reason_code, row.reason_text, dict(row.reason_params)],
        "advice": row.advice_text,
    }


def remember(
    uow: UnitOfWork, by: By, row: ItemRow, kind: DeskActKind, before: dict[str, Any], batch: UUID | None
) -> None:
    """Keep the way back from an act, after the item was settled. Nobody's acts (of the operator) have none."""
    if by.user_id is None:
        return
    uow.session.add(
        DeskActRow(
            batch_id=batch or new_id(),
            user_id=by.user_id,
            item_id=row.id,
            kind=kind,
            before=before,
            row_version=row.row_version,
            created_at=uow.now,
            expires_at=uow.now + UNDO_TERM,
        )
    )


def _take_back(uow: UnitOfWork, gate: Gate, by: By, act: DeskActRow) -> None:
    row = uow.session.scalars(
        select(ItemRow).where(ItemRow.id == act.item_id).with_for_update().execution_options(populate_existing=True)
    ).one()
    before = act.before
    if row.row_version != act.row_version:
        raise _changed()
    if not may_take(gate, row.board_id, row.school_id, before["category"], before["level"]):
        raise NotFound
    if act.kind is DeskActKind.FILED:
        _unfile(uow, by, row)
    code, text, params = before["reason"]
    settle(row, uow, ItemState.DESK, Reason(code, text, params), before["advice"])
    row.desk = Desk(before["desk"]) if before["desk"] else None
    row.pupil_id = UUID(before["pupil"]) if before["pupil"] else None
    row.category, row.level, row.title = before["category"], before["level"], before["title"]
    row.document_date = date.fromisoformat(before["date"]) if before["date"] else None
    row.confidence = before["confidence"]
    act.undone_at = uow.now
    uow.record(event(EventKind.ITEM_TAKEN_BACK, by, row, ""))


def _unfile(uow: UnitOfWork, by: By, row: ItemRow) -> None:
    """Take the document's rows away; what was read of it stays with the item. Nobody may have worked on it since."""
    document = uow.session.get(DocumentRow, row.document_id)
    placements = uow.session.scalars(select(PlacementRow).where(PlacementRow.document_id == row.document_id)).all()
    versions = uow.session.scalar(select(func.count()).where(DocumentVersionRow.document_id == row.document_id))
    if document is None or document.changed_at != document.created_at or versions != 1:
        raise _changed()
    if len(placements) != 1 or placements[0].state is not PlacementState.ACTIVE:
        raise _changed()
    noticed(uow, by, placements[0], placements[0].pupil_id, None, BreachCause.REMOVED)
    uow.after_commit(UNINDEX, placements[0].id)
    uow.after_commit(INDEX, document.id)  # until both are done the document is left out of search
    # What the machine left to do or noted about it goes too; what a person did to it meanwhile keeps it filed.
    for table in (ArchiveJobRow, LookalikeRow, UndoStepRow, DocumentVersionRow, PlacementRow):
        uow.session.execute(delete(table).where(table.document_id == document.id))
    uow.session.execute(delete(DocumentRow).where(DocumentRow.id == document.id))


def _changed() -> Conflict:
    return Conflict(
        N_("Er is intussen iets met dit stuk gedaan."), N_("Wijzig het document zelf."), code="changed_meanwhile"
    )
