"""Looks that stand out, for the privacy officer: with a reason or breaking the glass, at night, at many dossiers."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import AuditEventRow, TemporaryAccessRow
from dms.kernel.clock import AMSTERDAM
from dms.model.events import By, EventKind
from dms.services.rights.officers import OFFICERS, names_of, pupil_names, require
from dms.services.rights.shapes import Unusual
from dms.services.tools import Tools, school_by_brin
from rights.service.gate import Gate

NIGHT_FROM, NIGHT_UNTIL = 22, 6
"""Hours in Amsterdam; a look at or after the first, or before the second, is at night."""
MANY, WITHIN = 25, timedelta(minutes=10)
"""So many different dossiers within this time is many."""
LOOKS = (EventKind.DOSSIER_SEEN, EventKind.DOCUMENT_SEEN, EventKind.DOCUMENT_DOWNLOADED)
MOST_EVENTS = 50_000


class UnusualLooks:
    """The list of a period."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def list(self, by: By, brin: str, days: int = 30) -> tuple[Unusual, ...]:
        """What stood out in the last `days` days, newest first. Raises Refused."""
        since = self._tools.clock.now() - timedelta(days=days)
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            school = school_by_brin(session, brin)
            require(gate, school, OFFICERS)
            looks = [
                (user_id, subject, at)
                for user_id, subject, at in session.execute(
                    select(AuditEventRow.actor_id, AuditEventRow.subject, AuditEventRow.at)
                    .where(
                        AuditEventRow.board_id == school.board_id,
                        AuditEventRow.at >= since,
                        AuditEventRow.kind.in_(LOOKS),
                        AuditEventRow.actor_id.is_not(None),
                    )
                    .order_by(AuditEventRow.id.desc())
                    .limit(MOST_EVENTS)
                )
            ][::-1]
            names = names_of(session, {x[0] for x in looks})
            found = [*_asked(session, school.board_id, since)]
            found += [Unusual("night", u, names.get(u, ""), at, n) for u, at, n in at_night(looks)]
            found += [Unusual("many", u, names.get(u, ""), at, n) for u, at, n in many_at_once(looks)]
        return tuple(sorted(found, key=lambda x: x.at, reverse=True))


def at_night(looks: Iterable[tuple[UUID, UUID | None, datetime]]) -> list[tuple[UUID, datetime, int]]:
    """(person, first moment, number of dossiers) for each person and night."""
    nights: dict[tuple[UUID, object], list[tuple[UUID | None, datetime]]] = defaultdict(list)
    for user_id, subject, at in looks:
        local = at.astimezone(AMSTERDAM)
        if local.hour >= NIGHT_FROM or local.hour < NIGHT_UNTIL:
            evening = (local - timedelta(hours=12)).date()
            nights[user_id, evening].append((subject, at))
    return [(user_id, found[0][1], len({x for x, _ in found})) for (user_id, _), found in nights.items()]


def many_at_once(looks: Iterable[tuple[UUID, UUID | None, datetime]]) -> list[tuple[UUID, datetime, int]]:
    """(person, first moment, number of dossiers) for each stretch in which she opened MANY dossiers WITHIN the time."""
    by_person: dict[UUID, list[tuple[UUID | None, datetime]]] = defaultdict(list)
    for user_id, subject, at in looks:
        by_person[user_id].append((subject, at))
    found: list[tuple[UUID, datetime, int]] = []
    for user_id, mine in by_person.items():
        start, told_until = 0, None
        for end, (_, at) in enumerate(mine):
            while at - mine[start][1] > WITHIN:
                start += 1
            dossiers = {x for x, _ in mine[start : end + 1]}
            if len(dossiers) < MANY:
                continue
            if told_until is not None and mine[start][1] <= told_until:
                first = found[-1]
                found[-1] = (user_id, first[1], max(first[2], len(dossiers)))
            else:
                found.append((user_id, mine[start][1], len(dossiers)))
            told_until = at
    return found


def _asked(session: Session, board_id: UUID, since: datetime) -> list[Unusual]:
    rows = session.scalars(
        select(TemporaryAccessRow).where(TemporaryAccessRow.board_id == board_id, TemporaryAccessRow.since >= since)
    ).all()
    names = names_of(session, (x.user_id for x in rows))
    pupils = pupil_names(session, (x.pupil_id for x in rows))
    return [
        Unusual(
            kind=x.condition,
            user_id=x.user_id,
            user=names.get(x.user_id, ""),
            at=x.since,
            count=1,
            pupil_id=x.pupil_id,
            pupil=pupils.get(x.pupil_id, ""),
            reason=x.reason,
            access_id=x.id,
            reviewed=x.reviewed_at is not None,
        )
        for x in rows
    ]
