"""Visits by link: a session that is new after the right code, belongs to one link, and ends by itself.

A visit is over after half an hour of rest, or four hours (`docs/security.md`). It gives nothing of itself: what the
link opens is asked anew each time, and a link that no longer serves ends the visit at its next request.
"""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from dms.db.tables import LinkSessionRow, ScopedLinkRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.digest import token_digest
from dms.kernel.errors import NotFound
from dms.services.links.reach import effective_now
from rights.rules.links import Effective

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=4)
TOUCH = timedelta(seconds=20)
"""A visit is noted as seen at most once in this time."""
TOKEN_BYTES = 32


class VisitOver(NotFound):
    """There is no such visit (any more): the code is asked again."""


class LinkOver(NotFound):
    """The link of this visit no longer serves."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A visit at this moment: its row, its link, and what the link opens."""

    row: LinkSessionRow
    link: ScopedLinkRow
    worth: Effective


def begin(uow: UnitOfWork, link: ScopedLinkRow, place: str) -> tuple[str, UUID]:
    """A new visit: its token, which only the browser keeps, and its id."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = LinkSessionRow(
        link_id=link.id, token_digest=token_digest(token), place=place, started_at=uow.now, seen_at=uow.now
    )
    uow.session.add(row)
    uow.flush()
    return token, row.id


def standing(session: Session, token: str, now: datetime, today: date) -> Standing:
    """The visit of this token as it stands now. Raises VisitOver, LinkOver."""
    row = session.scalar(select(LinkSessionRow).where(LinkSessionRow.token_digest == token_digest(token)))
    if row is None or row.ended_at is not None or now >= min(row.seen_at + IDLE, row.started_at + LONGEST):
        raise VisitOver
    link = session.get_one(ScopedLinkRow, row.link_id)
    worth = effective_now(session, link, now, today)
    if not worth.serves:
        raise LinkOver
    return Standing(row, link, worth)


def due(row: LinkSessionRow, now: datetime) -> bool:
    """Whether it is time to note that the visitor is still there."""
    return now - row.seen_at >= TOUCH


def seen(uow: UnitOfWork, session_id: UUID) -> None:
    """Note that the visitor is still there."""
    uow.session.execute(update(LinkSessionRow).where(LinkSessionRow.id == session_id).values(seen_at=uow.now))


def end(uow: UnitOfWork, token: str) -> None:
    """End the visit; nothing where there is none."""
    uow.session.execute(
        update(LinkSessionRow)
        .where(LinkSessionRow.token_digest == token_digest(token), LinkSessionRow.ended_at.is_(None))
        .values(ended_at=uow.now)
    )
