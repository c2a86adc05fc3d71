"""Unfiled bytes go: what was discarded at a desk, and what was refused and lay for its term.

The key first, so that whatever is left anywhere is unreadable; then the objects and their rows. The item's row
stays, without anything that was read from it, so that people see what happened to it.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select, update

from dms.db.tables import DocumentRow, ItemRow, RenditionRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.crashpoints import CrashPoint, reached
from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.documents import ItemState
from dms.model.events import SYSTEM, Event, EventKind
from dms.services.tools import Tools
from ingest.service.file import settle
from ingest.service.steps import RECEIVED

ERASE = "erase"
"""The outbox kind that destroys the key of unfiled bytes and deletes them."""

REFUSED_TERM = timedelta(days=30)
TERM_OVER = Reason("term_over", N_("Geweigerd en na 30 dagen verwijderd."))


class Erase:
    """Called by the relay and the daily sweep; harmless when repeated."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def erase(self, document_id: UUID) -> bool:
        """Destroy key, objects and rendition rows of a discarded item. False (and nothing done) for anything else."""
        with self._tools.database.read() as session:
            discarded = session.scalar(
                select(ItemRow.id).where(ItemRow.document_id == document_id, ItemRow.state == ItemState.DISCARDED)
            )
            if discarded is None or session.get(DocumentRow, document_id) is not None:
                return False
        reached(CrashPoint.ERASE_BEGUN)
        self._tools.vault.destroy_key(document_id)
        reached(CrashPoint.ERASE_KEY_GONE)
        self._tools.vault.delete_all(document_id)
        reached(CrashPoint.ERASE_OBJECTS_GONE)
        with self._tools.database.begin() as uow:
            uow.session.execute(delete(RenditionRow).where(RenditionRow.document_id == document_id))
            uow.session.execute(
                update(ItemRow)
                .where(ItemRow.document_id == document_id)
                .values(evidence=None, title="", category=None, pupil_id=None, document_date=None)
            )
            reached(CrashPoint.ERASE_ROWS)
        reached(CrashPoint.ERASE_COMMITTED)
        return True

    def sweep_terms(self) -> int:
        """Discard what was refused more than 30 days ago. Returns how many."""
        with self._tools.database.begin() as uow:
            rows = uow.session.scalars(
                select(ItemRow)
                .where(
                    ItemRow.state.in_((ItemState.REFUSED, ItemState.QUARANTINED)),
                    ItemRow.changed_at < uow.now - REFUSED_TERM,
                    ItemRow.reason_code != RECEIVED.code,  # the review of its package decides
                )
                .limit(200)
                .with_for_update(skip_locked=True)
            ).all()
            for row in rows:
                over(uow, row, TERM_OVER)
            return len(rows)


def over(uow: UnitOfWork, row: ItemRow, reason: Reason) -> None:
    """The term of an item is over: it is discarded by the clock, and its bytes go once this is committed."""
    settle(row, uow, ItemState.DISCARDED, reason)
    uow.after_commit(ERASE, row.document_id)
    uow.record(
        Event(
            EventKind.ITEM_DISCARDED,
            SYSTEM,
            row.board_id,
            row.school_id,
            object_kind="item",
            object_id=row.id,
            details={"reason": reason.code},
        )
    )
