"""Counts tries at the door of links. Who is over the mark waits; a door whose counter cannot be kept stays shut.

Two kinds. A *bucket* per place that tries come from: each try that does not succeed fills it, and it runs empty with
time, so that guessing goes on at a crawl and nobody is shut out for long. A *tally* per link and day.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from dms.db.tables import LinkCounterRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import DmsError
from dms.kernel.text import N_

BUCKET = 60
"""Tries without success that a place may make at once."""
A_SECOND = 1.0
"""So many of them are forgotten in a second."""
KEPT = timedelta(days=2)
WRONG = "wrong"
"""The tally of wrong codes of a link."""


class TooOften(DmsError):
    """Too many tries from one place; it goes on by itself after a while."""

    code = "too_often"
    retryable = True

    def __init__(self) -> None:
        super().__init__(
            N_("Er is te vaak geprobeerd."), N_("Wacht een paar minuten en probeer het opnieuw."), code=self.code
        )


def look(session: Session, place: str, now: datetime) -> None:
    """Spare the work of judging a try that would not count anyway. Raises TooOften where the bucket is full."""
    row = session.get(LinkCounterRow, _key("place", place))
    if row is not None and _level(row, now) + 1 > BUCKET:
        raise TooOften


def pour(uow: UnitOfWork, place: str) -> None:
    """Count one try from `place`, whatever it is for. Raises TooOften where the bucket is full; that try counts not."""
    row = _row(uow, _key("place", place))
    level = _level(row, uow.now)
    if level + 1 > BUCKET:
        raise TooOften
    row.level, row.changed_at = level + 1, uow.now


def give_back(uow: UnitOfWork, place: str, tries: int) -> None:
    """A try that succeeded, and what it took to get there, do not count."""
    row = _row(uow, _key("place", place))
    row.level = max(0.0, row.level - tries)


def tally(uow: UnitOfWork, kind: str, link_id: UUID) -> int:
    """How many there were of this kind for the link today (UTC). Holds the counter until the transaction ends."""
    return int(_row(uow, _day_key(uow.now, kind, link_id)).level)


def seen(session: Session, kind: str, link_id: UUID, now: datetime) -> int:
    """How many there were of this kind for the link today (UTC), for who does not count on."""
    row = session.get(LinkCounterRow, _day_key(now, kind, link_id))
    return int(row.level) if row is not None else 0


def mark(uow: UnitOfWork, kind: str, link_id: UUID, more: int = 1) -> int:
    """Count `more` of this kind for the link today; how many there are with them."""
    row = _row(uow, _day_key(uow.now, kind, link_id))
    row.level, row.changed_at = row.level + more, uow.now
    return int(row.level)


def clear(uow: UnitOfWork, kind: str, link_id: UUID) -> None:
    """Begin anew: there were none of this kind for the link today."""
    row = _row(uow, _day_key(uow.now, kind, link_id))
    row.level, row.changed_at = 0.0, uow.now


def forget_old(uow: UnitOfWork) -> None:
    """Leave out what no longer counts."""
    uow.session.execute(delete(LinkCounterRow).where(LinkCounterRow.changed_at < uow.now - KEPT))


def _level(row: LinkCounterRow, now: datetime) -> float:
    return max(0.0, row.level - max(0.0, (now - row.changed_at).total_seconds()) * A_SECOND)


def _day_key(now: datetime, kind: str, link_id: UUID) -> str:
    return _key(kind, str(link_id), now.date().isoformat())


def _key(*parts: str) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()


def _row(uow: UnitOfWork, key: str) -> LinkCounterRow:
    """The row of the key, held. Made first where it is not there: two tries at once make one row."""
    make = postgresql.insert if uow.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    values = {"key": key, "level": 0.0, "changed_at": uow.now}
    uow.session.execute(make(LinkCounterRow).values(**values).on_conflict_do_nothing())
    return uow.session.get_one(LinkCounterRow, key, with_for_update=True, populate_existing=True)
