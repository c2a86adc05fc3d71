"""Items that are being destroyed: claimed by a lease on their rows, moved on step by step, kept, or given up.

Items of a list and items without one (the bin, pupils) stand in two tables with the same columns; here they are one
kind of `Work`. A row changes only while its lease is held: who lost it does nothing, and whoever has it goes on.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, update
from sqlalchemy.orm import Session

from dms.db.engine import Database
from dms.db.tables import DestructionItemRow, DestructionRunRow, DisposalItemRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.crashpoints import DestructionPoint, reached
from dms.model.destruction import Thing
from dms.model.disposal import DisposalStep

LEASE = timedelta(seconds=120)
MOST_ATTEMPTS = 3
UNFINISHED = (
    DisposalStep.READY,
    DisposalStep.TAKEN,
    DisposalStep.HIDDEN,
    DisposalStep.UNINDEXED,
    DisposalStep.KEY_DESTROYED,
    DisposalStep.IN_LEDGER,
    DisposalStep.BYTES_GONE,
)
"""Steps from which the execution still has to go on."""
GONE = (DisposalStep.SHRUNK, DisposalStep.CERTIFIED)
ItemRow = DisposalItemRow | DestructionItemRow
Table = type[DisposalItemRow] | type[DestructionItemRow]


@dataclass(frozen=True, slots=True)
class Work:
    """One item as it was claimed. For a pupil `placement_id` and `document_id` are the pupil's id."""

    id: UUID
    in_list: bool
    thing: Thing
    board_id: UUID
    school_id: UUID
    placement_id: UUID
    document_id: UUID
    pupil_id: UUID
    category: str
    state: DisposalStep

    def at(self, state: DisposalStep) -> "Work":
        """The same, a step further."""
        return replace(self, state=state)


def parts(run: DestructionRunRow) -> list[tuple[Table, ColumnElement[bool]]]:
    """Where the items of a run stand."""
    own: list[tuple[Table, ColumnElement[bool]]] = [(DestructionItemRow, DestructionItemRow.run_id == run.id)]
    if run.list_id is not None:
        own.insert(0, (DisposalItemRow, DisposalItemRow.list_id == run.list_id))
    return own


def claim(database: Database, run: DestructionRunRow, owner: str, most: int) -> list[Work]:
    """Take up to `most` items that nobody works on; those that were only ready are taken from now on."""
    found: list[Work] = []
    with database.begin() as uow:
        for table, mine in parts(run):
            free = or_(table.lease_until.is_(None), table.lease_until < uow.now)
            asked = select(table).where(mine, table.state.in_(UNFINISHED), free).order_by(table.id)
            for row in _rows(uow.session, asked.limit(most - len(found)).with_for_update(skip_locked=True)):
                row.lease_owner, row.lease_until = owner, uow.now + LEASE
                if row.state is DisposalStep.READY:
                    row.state, row.step_at = DisposalStep.TAKEN, uow.now
                found.append(_work(row))
        uow.flush()
        if found:
            reached(DestructionPoint.CLAIM_WRITTEN)
    if found:
        reached(DestructionPoint.CLAIMED)
    return found


def held(session: Session, works: Iterable[Work], owner: str) -> list[Work]:
    """Those of `works` whose lease is still the owner's, their rows locked until the end of the transaction."""
    wanted = list(works)
    ours: set[UUID] = set()
    for table, ids in _by_table(wanted):
        asked = select(table.id, table.state).where(table.id.in_(ids), table.lease_owner == owner).with_for_update()
        states = dict(session.execute(asked).tuples().all())
        ours |= {x.id for x in wanted if states.get(x.id) is x.state}
    return [x for x in wanted if x.id in ours]


def advance(uow: UnitOfWork, works: Sequence[Work], state: DisposalStep) -> list[Work]:
    """Move items on to `state`. At the last step their leases end. Returns them as they are now."""
    over = {"lease_owner": None, "lease_until": None} if state not in UNFINISHED else {}
    for table, ids in _by_table(works):
        uow.session.execute(
            update(table)
            .where(table.id.in_(ids))
            .values(state=state, step_at=uow.now, attempts=0, **over)
            .execution_options(synchronize_session=False)
        )
    return [x.at(state) for x in works]


def settle(uow: UnitOfWork, work: Work, state: DisposalStep, reason: str) -> None:
    """An outcome that is not destruction: kept or failed, with the code of the reason."""
    for table, ids in _by_table([work]):
        uow.session.execute(
            update(table)
            .where(table.id.in_(ids))
            .values(
                state=state,
                state_reason=reason[:60],
                step_at=uow.now,
                attempts=0,
                lease_owner=None,
                lease_until=None,
            )
            .execution_options(synchronize_session=False)
        )


def give_back(database: Database, works: Sequence[Work], owner: str, seconds: float) -> None:
    """Let go of items that cannot go on now; nobody takes them for so long."""
    with database.begin() as uow:
        for table, ids in _by_table(works):
            uow.session.execute(
                update(table)
                .where(table.id.in_(ids), table.lease_owner == owner)
                .values(lease_owner=None, lease_until=uow.now + timedelta(seconds=seconds))
                .execution_options(synchronize_session=False)
            )


def let_go(database: Database, run: DestructionRunRow, owner: str) -> None:
    """End all leases of an owner on items of a run: it stopped in between."""
    with database.begin() as uow:
        for table, mine in parts(run):
            uow.session.execute(
                update(table)
                .where(mine, table.lease_owner == owner)
                .values(lease_owner=None, lease_until=None)
                .execution_options(synchronize_session=False)
            )


def tried(uow: UnitOfWork, work: Work) -> int:
    """Count a failed attempt; returns how many there were."""
    table: Table = DisposalItemRow if work.in_list else DestructionItemRow
    (row,) = _rows(uow.session, select(table).where(table.id == work.id).with_for_update())
    row.attempts += 1
    row.lease_owner, row.lease_until = None, uow.now + timedelta(seconds=2**row.attempts)
    return row.attempts


def states(session: Session, run: DestructionRunRow, thing: Thing | None = None) -> dict[DisposalStep, int]:
    """How many items of the run (of one kind of thing) are in each state, from READY on."""
    found: dict[DisposalStep, int] = {}
    for table, mine in parts(run):
        if thing is not None and table is DestructionItemRow:
            mine = and_(mine, DestructionItemRow.thing == thing)
        elif thing is Thing.PUPIL:
            continue
        asked = select(table.state, func.count()).where(mine).group_by(table.state)
        for state, count in session.execute(asked):
            if state not in (DisposalStep.OPEN, DisposalStep.EXCLUDED):
                found[state] = found.get(state, 0) + count
    return found


def in_state(session: Session, run: DestructionRunRow, wanted: Collection[DisposalStep]) -> list[Work]:
    """The items of the run that are in one of these states."""
    return [
        _work(row)
        for table, mine in parts(run)
        for row in _rows(session, select(table).where(mine, table.state.in_(wanted)).order_by(table.id))
    ]


def rows_of(session: Session, works: Iterable[Work]) -> list[DisposalItemRow]:
    """The rows of those items that stand on a list."""
    ids = [x.id for x in works if x.in_list]
    return list(session.scalars(select(DisposalItemRow).where(DisposalItemRow.id.in_(ids))))


def _by_table(works: Iterable[Work]) -> list[tuple[Table, list[UUID]]]:
    wanted = list(works)
    listed = [x.id for x in wanted if x.in_list]
    others = [x.id for x in wanted if not x.in_list]
    both: list[tuple[Table, list[UUID]]] = [(DisposalItemRow, listed), (DestructionItemRow, others)]
    return [(table, ids) for table, ids in both if ids]


def _rows(session: Session, asked: Select[Any]) -> Sequence[ItemRow]:
    return session.scalars(asked).all()


def _work(row: ItemRow) -> Work:
    listed = isinstance(row, DisposalItemRow)
    return Work(
        row.id,
        listed,
        Thing.PLACEMENT if isinstance(row, DisposalItemRow) else row.thing,
        row.board_id,
        row.school_id,
        row.placement_id,
        row.document_id,
        row.pupil_id,
        row.category,
        row.state,
    )
