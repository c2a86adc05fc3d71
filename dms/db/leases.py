"""Leases: one owner at a time for what only one may do. Taken by a row that changes exactly once."""

from datetime import timedelta
from uuid import uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from dms.db.engine import Database
from dms.db.tables import LeaseRow


def new_owner(name: str) -> str:
    """A name for one running process that no other process has."""
    return f"{name}-{uuid4().hex[:12]}"


def take(database: Database, name: str, owner: str, seconds: float) -> bool:
    """Take or extend the lease. True when `owner` holds it for the next `seconds`."""
    try:
        return _take(database, name, owner, seconds)
    except IntegrityError:
        return False  # two made the row at once; the other one was first


def _take(database: Database, name: str, owner: str, seconds: float) -> bool:
    with database.begin() as uow:
        until = uow.now + timedelta(seconds=seconds)
        row = uow.session.scalar(select(LeaseRow).where(LeaseRow.name == name).with_for_update())
        if row is None:
            uow.session.add(LeaseRow(name=name, owner=owner, until=until))
            return True
        if row.owner != owner and row.until > uow.now:
            return False
        changed = uow.session.execute(
            update(LeaseRow).where(LeaseRow.name == name, LeaseRow.owner == row.owner).values(owner=owner, until=until)
        )
        return bool(changed.rowcount)  # type: ignore[attr-defined]


def held_by(database: Database, name: str) -> str | None:
    """The present holder, or None when the lease is free or has run out."""
    with database.read() as session:
        row = session.get(LeaseRow, name)
        return row.owner if row is not None and row.until > database.clock.now() else None


def release(database: Database, name: str, owner: str) -> None:
    """Give the lease back if `owner` holds it."""
    with database.begin() as uow:
        uow.session.execute(delete(LeaseRow).where(LeaseRow.name == name, LeaseRow.owner == owner))
