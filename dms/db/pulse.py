"""Signs of life and of work: cheap questions that processes ask often.

A worker that reads cannot say that it lives (it has one thread); the lease on its item, which it keeps extending,
says so in its place.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, exists, func, or_, select, update

from dms.db import outbox
from dms.db.engine import Database
from dms.db.tables import AuditEventRow, DocumentRow, HeartbeatRow, ItemRow, OutboxRow, RedactionRow
from dms.model.documents import UNFINISHED, ItemState
from dms.model.redaction import WORK

ALIVE_SECONDS = 15
FORGET_AFTER = timedelta(days=1)


def beat(database: Database, name: str, detail: str = "") -> None:
    """Say that the process `name` (`kind-…`) lives. `detail` is for the administrator, at most 200 characters."""
    with database.begin() as uow:
        row = uow.session.get(HeartbeatRow, name)
        if row is None:
            uow.session.add(HeartbeatRow(name=name, seen_at=uow.now, detail=detail))
        else:
            row.seen_at, row.detail = uow.now, detail


def silent(database: Database, name: str) -> None:
    """Say that the process ends."""
    with database.begin() as uow:
        uow.session.execute(delete(HeartbeatRow).where(HeartbeatRow.name == name))


def forget_silent(database: Database) -> int:
    """Remove heartbeats of a day ago. Returns how many."""
    with database.begin() as uow:
        gone = uow.session.execute(delete(HeartbeatRow).where(HeartbeatRow.seen_at < uow.now - FORGET_AFTER))
        return int(gone.rowcount)  # type: ignore[attr-defined]


def living(database: Database, kind: str) -> tuple[str, ...]:
    """The names of processes of a kind that live: seen shortly ago, or holding an item's lease."""
    now = database.clock.now()
    pattern = f"{kind}-%"
    with database.read() as session:
        seen = session.scalars(
            select(HeartbeatRow.name).where(
                HeartbeatRow.name.like(pattern), HeartbeatRow.seen_at > now - timedelta(seconds=ALIVE_SECONDS)
            )
        ).all()
        busy = session.scalars(
            select(ItemRow.lease_owner)
            .where(ItemRow.state == ItemState.WORKING, ItemRow.lease_owner.like(pattern), ItemRow.lease_until > now)
            .distinct()
        ).all()
    return tuple(sorted({*seen, *(x for x in busy if x)}))


def let_go(database: Database, owner: str) -> int:
    """End the leases on items of a process that is known to be dead. Their attempt counts. Returns how many."""
    with database.begin() as uow:
        changed = uow.session.execute(
            update(ItemRow)
            .where(ItemRow.lease_owner == owner, ItemRow.state == ItemState.WORKING)
            .values(lease_owner=None, lease_until=None)
        )
        return int(changed.rowcount)  # type: ignore[attr-defined]


def leased_items(database: Database) -> frozenset[UUID]:
    """The items that somebody works on now, and the redactions, whose folders are named alike."""
    now = database.clock.now()
    again = (
        select(DocumentRow.item_id)
        .join(OutboxRow, OutboxRow.object_id == DocumentRow.id)
        .where(OutboxRow.kind.in_(outbox.WORK), OutboxRow.lease_until > now)
    )
    with database.read() as session:
        taken = session.scalars(select(ItemRow.id).where(ItemRow.lease_until > now)).all()
        covering = session.scalars(select(RedactionRow.id).where(RedactionRow.lease_until > now)).all()
        return frozenset(taken) | {x for x in session.scalars(again) if x is not None} | set(covering)


def items_wait(database: Database) -> bool:
    """Whether there is an item that a worker could take now. Only reads: asking often holds nobody up."""
    now = database.clock.now()
    with database.read() as session:
        return bool(
            session.scalar(
                select(
                    exists().where(
                        ItemRow.state.in_(UNFINISHED),
                        ItemRow.available_at <= now,
                        or_(ItemRow.lease_until.is_(None), ItemRow.lease_until < now),
                    )
                )
            )
        )


def work_waits(database: Database) -> bool:
    """Whether there is something that a worker could do now: an item, or an effect that is a worker's."""
    return (
        items_wait(database)
        or outbox.wait(database, work=True)
        or disposal_waits(database)
        or redactions_wait(database)
    )


def redactions_wait(database: Database) -> bool:
    """Whether there is a document to look through, or a redacted copy to make."""
    now = database.clock.now()
    free = or_(RedactionRow.lease_until.is_(None), RedactionRow.lease_until < now)
    waiting = exists().where(RedactionRow.state.in_(WORK), RedactionRow.available_at <= now, free)
    with database.read() as session:
        return bool(session.scalar(select(waiting)))


def disposal_waits(database: Database) -> bool:
    """Whether there is something to destroy that was decided."""
    return outbox.wait(database, kinds=outbox.DISPOSAL)


def items_in_hand(database: Database) -> bool:
    """Whether workers are reading items, so that more will follow soon."""
    now = database.clock.now()
    with database.read() as session:
        return bool(
            session.scalar(select(exists().where(ItemRow.state == ItemState.WORKING, ItemRow.lease_until > now)))
        )


def effects_wait(database: Database) -> bool:
    """Whether the outbox holds an effect that the relay can bring about now."""
    return outbox.wait(database)


def newest_event(database: Database) -> int:
    """The number of the newest row in the log; 0 for an empty one."""
    with database.read() as session:
        return session.scalar(select(func.max(AuditEventRow.id))) or 0
