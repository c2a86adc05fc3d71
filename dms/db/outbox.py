"""The outbox: effects that were asked for in a committed transaction, claimed in order and done at least once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, or_, select, update

from dms.db.engine import Database
from dms.db.tables import OutboxRow
from dms.db.unit_of_work import INDEX
from dms.kernel.crashpoints import CrashPoint, reached

LEASE_SECONDS = 120
LONGEST_WAIT_SECONDS = 600
KEEP_DONE_DAYS = 7


@dataclass(frozen=True, slots=True)
class Effect:
    """One effect to bring about."""

    id: int
    kind: str
    object_id: UUID
    payload: dict[str, Any]


def claim(database: Database, owner: str, most: int = 100) -> list[Effect]:
    """Take up to `most` open effects, oldest first."""
    with database.begin() as uow:
        rows = uow.session.scalars(
            select(OutboxRow)
            .where(
                OutboxRow.done_at.is_(None),
                OutboxRow.available_at <= uow.now,
                or_(OutboxRow.lease_until.is_(None), OutboxRow.lease_until < uow.now),
            )
            .order_by(OutboxRow.id)
            .limit(most)
            .with_for_update(skip_locked=True)
        ).all()
        for row in rows:
            row.lease_owner, row.lease_until = owner, uow.now + timedelta(seconds=LEASE_SECONDS)
            row.attempts += 1
        uow.flush()
        if rows:
            reached(CrashPoint.EFFECTS_LEASED)
        effects = [Effect(x.id, x.kind, x.object_id, x.payload) for x in rows]
    if effects:
        reached(CrashPoint.EFFECTS_CLAIMED)
    return effects


def done(database: Database, owner: str, ids: Sequence[int]) -> None:
    """Mark effects as brought about."""
    if not ids:
        return
    with database.begin() as uow:
        uow.session.execute(
            update(OutboxRow)
            .where(OutboxRow.id.in_(ids), OutboxRow.lease_owner == owner)
            .values(done_at=uow.now, lease_owner=None, lease_until=None, fault="")
        )
        reached(CrashPoint.EFFECTS_MARKED)
    reached(CrashPoint.EFFECTS_DONE)


def failed(database: Database, owner: str, effect_id: int, fault: str) -> None:
    """Put an effect back; it waits longer after each attempt. `fault` is a code, never content."""
    with database.begin() as uow:
        row = uow.session.get(OutboxRow, effect_id)
        if row is None or row.lease_owner != owner:
            return
        row.lease_owner = row.lease_until = None
        row.fault = fault[:200]
        row.available_at = uow.now + timedelta(seconds=min(2**row.attempts, LONGEST_WAIT_SECONDS))


def let_go(database: Database, owner: str) -> int:
    """End the leases of a relay that is known to be dead, so that its effects need not wait. Returns how many."""
    with database.begin() as uow:
        changed = uow.session.execute(
            update(OutboxRow)
            .where(OutboxRow.lease_owner == owner, OutboxRow.done_at.is_(None))
            .values(lease_owner=None, lease_until=None)
        )
        return int(changed.rowcount)  # type: ignore[attr-defined]


def open_count(database: Database, kind: str | None = None) -> int:
    """How many effects still wait."""
    with database.read() as session:
        query = select(func.count()).select_from(OutboxRow).where(OutboxRow.done_at.is_(None))
        return session.scalar(query if kind is None else query.where(OutboxRow.kind == kind)) or 0


def pending_documents(database: Database) -> frozenset[UUID]:
    """Documents whose last change the index does not show yet."""
    with database.read() as session:
        return frozenset(
            session.scalars(
                select(OutboxRow.object_id).where(OutboxRow.done_at.is_(None), OutboxRow.kind == INDEX).distinct()
            )
        )


def forget_done(database: Database) -> int:
    """Remove effects that were done more than a week ago. Returns how many."""
    with database.begin() as uow:
        gone = uow.session.execute(
            delete(OutboxRow).where(OutboxRow.done_at < uow.now - timedelta(days=KEEP_DONE_DAYS))
        )
        return int(gone.rowcount)  # type: ignore[attr-defined]
