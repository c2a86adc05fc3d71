"""The end of a letter: it went, never will, or nobody needs it any more."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from dms.db.tables import LetterRow, SchoolRow
from dms.db.unit_of_work import UnitOfWork
from dms.model.events import SYSTEM, Event, EventKind
from dms.model.letters import LetterKind, LetterState


def end(uow: UnitOfWork, row: LetterRow, state: LetterState, fault: str = "") -> None:
    """Let go of what was only kept to send it, and write down what became of it."""
    row.state, row.fault, row.ended_at = state, fault[:60], uow.now
    row.address_key = row.address_sealed = row.secret_key = row.secret_sealed = None
    row.address_column = row.secret_column = ""
    school = uow.session.get_one(SchoolRow, row.school_id)
    kind = EventKind.LETTER_SENT if state is LetterState.SENT else EventKind.LETTER_NOT_SENT
    uow.record(
        Event(
            kind,
            SYSTEM,
            school.board_id,
            school.id,
            object_kind="letter",
            object_id=row.id,
            details={"kind": row.kind.value, "state": state.value},
        )
    )


def unneeded(uow: UnitOfWork, user_id: UUID, school_id: UUID, kinds: Collection[LetterKind]) -> int:
    """What these letters ask for was done before they went: those that wait for the person are dropped. How many."""
    rows = uow.session.scalars(
        select(LetterRow)
        .where(
            LetterRow.user_id == user_id,
            LetterRow.school_id == school_id,
            LetterRow.kind.in_(kinds),
            LetterRow.state == LetterState.WAITING,
        )
        .with_for_update()
    ).all()
    for row in rows:
        end(uow, row, LetterState.DROPPED)
    return len(rows)
