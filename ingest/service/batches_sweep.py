"""What was parted lies for a while, and then goes: the stack's own bytes, once all that came out of it is settled.

A week is enough to see that a page was parted wrongly, and short enough for what should not be kept at all (identity
papers without a ground: seven days). A document that is destroyed before that takes the stack along.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Exists, delete, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from dms.db.tables import ItemRow, StackRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.documents import ItemState
from dms.model.events import SYSTEM, Event, EventKind
from dms.services.tools import Tools
from ingest.service.erase import ERASE
from ingest.service.file import settle

STACK_TERM = timedelta(days=7)
SETTLED = frozenset({ItemState.FILED, ItemState.DUPLICATE, ItemState.DISCARDED})
STACK_DONE = Reason("stack_done", N_("Alle stukken uit deze stapel zijn behandeld."))
AT_ONCE = 200


class StackSweep:
    """Called by the clock; harmless when repeated."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def sweep(self) -> int:
        """Let go of stacks whose parts were all settled a week ago; and of what was kept to part files that were not.

        Returns how many stacks.
        """
        part = aliased(ItemRow)
        with self._tools.database.begin() as uow:
            open_part = exists().where(part.stack_id == ItemRow.id, part.state.not_in(SETTLED))
            last = select(func.max(part.changed_at)).where(part.stack_id == ItemRow.id).scalar_subquery()
            rows = uow.session.scalars(
                select(ItemRow)
                .where(ItemRow.state == ItemState.SPLIT, ~open_part, last < uow.now - STACK_TERM)
                .where(exists().where(StackRow.item_id == ItemRow.id))
                .limit(AT_ONCE)
                .with_for_update(skip_locked=True)
            ).all()
            gone = {x.id: x for x in (*rows, *_with_destroyed(uow.session))}
            for row in gone.values():
                _let_go(uow, row)
            whole = select(ItemRow.id).where(ItemRow.id == StackRow.item_id, ItemRow.state.in_(SETTLED))
            uow.session.execute(delete(StackRow).where(StackRow.arrangement.is_(None), whole.exists()))
            return len(gone)


def release_stacks(uow: UnitOfWork, document_id: UUID) -> bool:
    """Let the stack go that this document came from, now: for who destroys the document, in the same transaction.

    False where there is none, or where parts of it still wait for their file: then the sweep takes it in its time.
    """
    row = stack_of(uow.session, document_id)
    if row is None or row.state is not ItemState.SPLIT:
        return False
    if uow.session.scalar(select(_without_file(row.id))):
        return False
    _let_go(uow, row)
    return True


def stack_of(session: Session, document_id: UUID) -> ItemRow | None:
    """The item of the stack that a document came from, whose bytes hold the document's pages as well."""
    stack_id = session.scalar(select(ItemRow.stack_id).where(ItemRow.document_id == document_id))
    return session.get(ItemRow, stack_id) if stack_id is not None else None


def _with_destroyed(session: Session) -> Sequence[ItemRow]:
    """Stacks that hold the pages of a document that was destroyed: those do not wait."""
    part = aliased(ItemRow)
    destroyed = exists().where(part.stack_id == ItemRow.id, part.state == ItemState.FILED, part.object_key == "")
    return session.scalars(
        select(ItemRow)
        .where(ItemRow.state == ItemState.SPLIT, destroyed, ~_without_file(ItemRow.id))
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()


def _without_file(stack_id: UUID | InstrumentedAttribute[UUID]) -> Exists:
    """Whether a part of the stack still waits for its own file."""
    part = aliased(ItemRow)
    return exists().where(part.stack_id == stack_id, part.state.not_in(SETTLED), part.object_key == "")


def _let_go(uow: UnitOfWork, row: ItemRow) -> None:
    settle(row, uow, ItemState.DISCARDED, STACK_DONE)
    uow.session.execute(delete(StackRow).where(StackRow.item_id == row.id))
    uow.after_commit(ERASE, row.document_id)
    uow.record(
        Event(
            EventKind.ITEM_DISCARDED,
            SYSTEM,
            row.board_id,
            row.school_id,
            object_kind="item",
            object_id=row.id,
            details={"reason": STACK_DONE.code},
        )
    )
