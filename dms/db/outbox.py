"""The outbox: effects that were asked for in a committed transaction, claimed in order and done at least once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, func, or_, select, update

from dms.db.engine import Database
from dms.db.tables import OutboxRow
from dms.db.unit_of_work import INDEX, UnitOfWork
from dms.kernel.crashpoints import CrashPoint, reached

READ_AGAIN = "read_again"
"""The outbox kind that makes text and pages of a document anew from its original."""

READ_VERSION = "read_version"
"""The outbox kind that reads a new version of a document; the payload holds its number."""

WORK = frozenset({READ_AGAIN, READ_VERSION})
"""Kinds that a worker brings about. They take long, and would hold up the index in the relay's one process."""

DISPOSE = "dispose"
"""The outbox kind that carries out a disposal list, or a destruction without one."""

DISPOSAL = frozenset({DISPOSE})
"""Kinds that a worker brings about between two papers, and asks for by name: they take minutes."""

LETTER = "letter"
"""The outbox kind that sends a mail; its object is the bundle of letters that go in it."""

LETTERS = frozenset({LETTER})
"""Kinds that wait for a mail server: sent by the clock, so that they hold up nothing else."""

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


def claim(
    database: Database, owner: str, most: int = 100, *, work: bool = False, kinds: frozenset[str] | None = None
) -> list[Effect]:
    """Take up to `most` open effects, oldest first: those of the relay, with `work` those of workers, or of `kinds`."""
    with database.begin() as uow:
        rows = uow.session.scalars(
            select(OutboxRow)
            .where(
                OutboxRow.done_at.is_(None),
                _of(work, kinds),
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


def wait(database: Database, *, work: bool = False, kinds: frozenset[str] | None = None) -> bool:
    """Whether there is an effect that can be brought about now. Only reads: asking often holds nobody up."""
    now = database.clock.now()
    with database.read() as session:
        return bool(
            session.scalar(
                select(
                    exists().where(
                        OutboxRow.done_at.is_(None),
                        _of(work, kinds),
                        OutboxRow.available_at <= now,
                        or_(OutboxRow.lease_until.is_(None), OutboxRow.lease_until < now),
                    )
                )
            )
        )


def asked(uow: UnitOfWork, kind: str, object_id: UUID) -> bool:
    """Whether this effect is asked for and not done yet."""
    return bool(
        uow.session.scalar(
            select(
                exists().where(OutboxRow.kind == kind, OutboxRow.object_id == object_id, OutboxRow.done_at.is_(None))
            )
        )
    )


def extend(database: Database, owner: str, effect_id: int) -> bool:
    """Keep the lease on an effect that takes long. False when it is another's by now."""
    with database.begin() as uow:
        changed = uow.session.execute(
            update(OutboxRow)
            .where(OutboxRow.id == effect_id, OutboxRow.lease_owner == owner)
            .values(lease_until=uow.now + timedelta(seconds=LEASE_SECONDS))
        )
        return bool(changed.rowcount)  # type: ignore[attr-defined]


def done(database: Database, owner: str, ids: Sequence[int]) -> None:
    """Mark effects as brought about."""
    if not ids:
        return
    with database.begin() as uow:
        mark_done(uow, owner, ids)
        reached(CrashPoint.EFFECTS_MARKED)
    reached(CrashPoint.EFFECTS_DONE)


def mark_done(uow: UnitOfWork, owner: str, ids: Sequence[int]) -> None:
    """Mark effects as brought about, in the transaction that does the last of it."""
    uow.session.execute(
        update(OutboxRow)
        .where(OutboxRow.id.in_(ids), OutboxRow.lease_owner == owner)
        .values(done_at=uow.now, lease_owner=None, lease_until=None, fault="")
    )


def failed(database: Database, owner: str, effect_id: int, fault: str) -> None:
    """Put an effect back; it waits longer after each attempt. `fault` is a code, never content."""
    with database.begin() as uow:
        row = uow.session.get(OutboxRow, effect_id)
        if row is None or row.lease_owner != owner:
            return
        row.lease_owner = row.lease_until = None
        row.fault = fault[:200]
        row.available_at = uow.now + timedelta(seconds=min(2**row.attempts, LONGEST_WAIT_SECONDS))


def later(database: Database, owner: str, effect_id: int, seconds: float) -> None:
    """Put an effect back that is not done yet and goes well: it goes on after so long."""
    with database.begin() as uow:
        row = uow.session.get(OutboxRow, effect_id)
        if row is not None and row.lease_owner == owner:
            row.lease_owner = row.lease_until = None
            row.attempts, row.fault = 0, ""
            row.available_at = uow.now + timedelta(seconds=seconds)


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


def _of(work: bool, kinds: frozenset[str] | None = None) -> ColumnElement[bool]:
    if kinds is not None:
        return OutboxRow.kind.in_(kinds)
    return OutboxRow.kind.in_(WORK) if work else OutboxRow.kind.not_in(WORK | DISPOSAL | LETTERS)
