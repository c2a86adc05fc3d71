"""What a person opened last. Remembered as ids; what is shown is asked anew, within the rights of that moment."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, select, tuple_
from sqlalchemy.orm import Session

from dms.db.tables import DocumentRow, PlacementRow, PupilRow, RecentRow
from dms.model.events import By
from dms.model.screens import Opened
from dms.services.tools import Tools, full_name, groups_today
from rights.service.gate import Gate
from rights.service.places import reachable_pupils

KEPT = 30
"""So many are remembered of each person."""


@dataclass(frozen=True, slots=True)
class RecentLine:
    """One thing that was opened. `beside` says whose a document is, or the group of a pupil."""

    kind: Opened
    id: UUID
    title: str
    beside: str
    opened_at: datetime


class Recent:
    """The last dossiers and documents of one person."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def opened(self, by: By, brin: str, kind: Opened, object_id: UUID) -> None:
        """Remember that the person opened this just now, at the school `brin`; the act itself stands in the log."""
        if by.user_id is None:
            return
        with self._tools.database.begin() as uow:
            session = uow.session
            row = session.get(RecentRow, (by.user_id, kind, object_id))
            if row is None:
                session.add(
                    RecentRow(user_id=by.user_id, kind=kind, object_id=object_id, school=brin, opened_at=uow.now)
                )
                _prune(session, by.user_id)
            else:
                row.opened_at, row.school = uow.now, brin

    def lines(self, by: By, brin: str, *, limit: int = 8) -> tuple[RecentLine, ...]:
        """The last things at the school `brin` that the person may still see, newest first."""
        if by.user_id is None:
            return ()
        with self._tools.database.read() as session:
            rows = session.scalars(
                select(RecentRow)
                .where(RecentRow.user_id == by.user_id, RecentRow.school == brin)
                .order_by(RecentRow.opened_at.desc())
                .limit(KEPT)
            ).all()
            gate = Gate(session, by.user_id, self._tools.clock.today())
            found = {
                **_pupils(gate, [x.object_id for x in rows if x.kind is Opened.PUPIL], gate.today),
                **_documents(gate, [x.object_id for x in rows if x.kind is Opened.DOCUMENT]),
            }
            lines = [
                RecentLine(x.kind, x.object_id, *found[x.kind, x.object_id], x.opened_at)
                for x in rows
                if (x.kind, x.object_id) in found
            ]
            return tuple(lines[:limit])


Known = dict[tuple[Opened, UUID], tuple[str, str]]


def _pupils(gate: Gate, ids: list[UUID], today: date) -> Known:
    if not ids:
        return {}
    pupils = gate.session.scalars(select(PupilRow).where(PupilRow.id.in_(ids), reachable_pupils(gate))).all()
    groups = groups_today(gate.session, frozenset(x.id for x in pupils), today)
    return {(Opened.PUPIL, x.id): (full_name(x), groups.get(x.id, "")) for x in pupils}


def _documents(gate: Gate, ids: list[UUID]) -> Known:
    if not ids:
        return {}
    found: Known = {}
    for document, pupil in gate.session.execute(
        select(DocumentRow, PupilRow)
        .join(PlacementRow, PlacementRow.document_id == DocumentRow.id)
        .join(PupilRow, PupilRow.id == PlacementRow.pupil_id)
        .where(DocumentRow.id.in_(ids), gate.visible())
        .order_by(PlacementRow.created_at, PlacementRow.id)
    ):
        found.setdefault((Opened.DOCUMENT, document.id), (document.title, full_name(pupil)))
    return found


def _prune(session: Session, user_id: UUID) -> None:
    session.flush()
    old = session.execute(
        select(RecentRow.kind, RecentRow.object_id)
        .where(RecentRow.user_id == user_id)
        .order_by(RecentRow.opened_at.desc())
        .offset(KEPT)
    ).all()
    if old:
        keys = [(kind, object_id) for kind, object_id in old]
        session.execute(
            delete(RecentRow).where(RecentRow.user_id == user_id, tuple_(RecentRow.kind, RecentRow.object_id).in_(keys))
        )
