"""Temporary access: giving a reason first, and breaking the glass. For one dossier or document, for some hours.

The matrix says who may: only lines with that condition count, and only as far as they reach. Everything is in the log
and in the privacy officer's list, which waits until she has looked at it.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from dms.db.tables import PlacementRow, PupilRow, TemporaryAccessRow
from dms.db.unit_of_work import UnitOfWork
from dms.db.visibility import visible
from dms.kernel.errors import BadInput, NotFound
from dms.kernel.text import N_
from dms.model.events import By, Event, EventKind
from dms.services.pupil_words import fold
from dms.services.rights.officers import OFFICERS, checked_reason, names_of, pupil_names, require
from dms.services.rights.shapes import AccessView
from dms.services.tools import Tools, full_name, groups_today, school_by_brin
from rights.rules.actions import Condition
from rights.service.gate import Gate
from rights.service.places import pupils_within

MOST_HOURS = 24
USUAL_HOURS = 4
MOST_FOUND = 12
LEAST_TYPED = 2


class Opening:
    """Asking for access with a reason, and looking at what was asked."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def conditions(self, by: By, brin: str) -> tuple[Condition, ...]:
        """Which kinds of access the matrix offers the person at this school."""
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            school = school_by_brin(session, brin)
            return tuple(
                x
                for x in (Condition.REASON, Condition.EMERGENCY)
                if any(
                    c.board_id == school.board_id and c.school_id in (None, school.id) for c in gate.askable(x).clauses
                )
            )

    def candidates(self, by: By, brin: str, condition: Condition, text: str) -> tuple[tuple[UUID, str, str], ...]:
        """Pupils of the school (id, name, group) whose dossier the person may open with a reason and whose name or
        number fits what is typed. Nothing for less than two letters: it is no list to browse.
        """
        if len(text.strip()) < LEAST_TYPED:
            return ()
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            school = school_by_brin(session, brin)
            rows = session.scalars(
                select(PupilRow)
                .where(
                    PupilRow.school_id == school.id,
                    pupils_within(gate.askable(condition).clauses, gate.today),
                    *_typed(text),
                )
                .order_by(PupilRow.sort_name, PupilRow.given_name)
                .limit(MOST_FOUND)
            ).all()
            groups = groups_today(session, frozenset(x.id for x in rows), gate.today)
            return tuple((x.id, full_name(x), groups.get(x.id, "")) for x in rows)

    def open(
        self,
        by: By,
        condition: Condition,
        reason: str,
        hours: int,
        *,
        pupil_id: UUID | None = None,
        document_id: UUID | None = None,
    ) -> AccessView:
        """Open a dossier, or one document, for `hours` from now. Raises NotFound where no line of the matrix offers
        that (or it is not there), BadInput for a reason or time that will not do.
        """
        why = checked_reason(reason)
        if not 1 <= hours <= MOST_HOURS:
            raise BadInput(
                N_("Kies een tijd van 1 tot %(most)d uur."),
                N_("Is het langer nodig, vraag dan de applicatiebeheerder om een recht."),
                params={"most": MOST_HOURS},
            )
        with self._tools.database.begin() as uow:
            gate = Gate(uow.session, by.user_id, uow.today)
            if document_id is not None:
                pupil = _pupil_of(uow.session, gate, condition, document_id)
            else:
                pupil = uow.session.scalar(
                    select(PupilRow).where(
                        PupilRow.id == pupil_id, pupils_within(gate.askable(condition).clauses, gate.today)
                    )
                )
            if pupil is None or by.user_id is None:
                raise NotFound
            row = TemporaryAccessRow(
                board_id=pupil.board_id,
                school_id=pupil.school_id,
                user_id=by.user_id,
                condition=condition.value,
                pupil_id=pupil.id,
                document_id=document_id,
                reason=why,
                since=uow.now,
                until=uow.now + timedelta(hours=hours),
            )
            uow.session.add(row)
            uow.flush()
            uow.record(
                Event(
                    EventKind.ACCESS_OPENED,
                    by,
                    row.board_id,
                    row.school_id,
                    pupil.id,
                    object_kind="document" if document_id else "dossier",
                    object_id=document_id or row.id,
                    details={"condition": condition.value, "hours": hours, "access": str(row.id)},
                    note=why,
                )
            )
            return _views(uow.session, [row], uow.now)[0]

    def mine(self, by: By) -> tuple[AccessView, ...]:
        """What the person has open at this moment."""
        now = self._tools.clock.now()
        with self._tools.database.read() as session:
            rows = session.scalars(
                select(TemporaryAccessRow)
                .where(
                    TemporaryAccessRow.user_id == by.user_id,
                    TemporaryAccessRow.until > now,
                    TemporaryAccessRow.ended_at.is_(None),
                )
                .order_by(TemporaryAccessRow.until)
            ).all()
            return _views(session, list(rows), now)

    def end(self, by: By, access_id: UUID) -> None:
        """Close it before its time: the person herself, or the privacy officer. Raises NotFound."""
        with self._tools.database.begin() as uow:
            row = uow.session.get(TemporaryAccessRow, access_id)
            gate = Gate(uow.session, by.user_id, uow.today)
            if row is None or not (row.user_id == by.user_id or _guards(gate, row)):
                raise NotFound
            if row.ended_at is None and row.until > uow.now:
                row.ended_at = uow.now
                _record(uow, EventKind.ACCESS_ENDED, by, row)

    def review(self, by: By, access_id: UUID, remark: str) -> None:
        """The privacy officer has looked at it. Raises NotFound."""
        with self._tools.database.begin() as uow:
            row = uow.session.get(TemporaryAccessRow, access_id)
            if row is None or not _guards(Gate(uow.session, by.user_id, uow.today), row):
                raise NotFound
            row.reviewed_by, row.reviewed_at = by.user_id, uow.now
            row.remark = " ".join(remark.split())[:500]
            _record(uow, EventKind.ACCESS_REVIEWED, by, row, note=row.remark)

    def all(self, by: By, brin: str, *, waiting: bool = True, most: int = 200) -> tuple[AccessView, ...]:
        """What was opened at the board, newest first, for the privacy officer; `waiting`: only what she has not looked
        at. Raises Refused.
        """
        now = self._tools.clock.now()
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            school = school_by_brin(session, brin)
            require(gate, school, OFFICERS)
            query = select(TemporaryAccessRow).where(TemporaryAccessRow.board_id == school.board_id)
            if waiting:
                query = query.where(TemporaryAccessRow.reviewed_at.is_(None))
            rows = session.scalars(query.order_by(TemporaryAccessRow.since.desc()).limit(most)).all()
            return _views(session, list(rows), now)

    def waiting(self, by: By, brin: str) -> int:
        """How many wait for the privacy officer's look; 0 for everybody else."""
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            school = school_by_brin(session, brin)
            if not gate.holds_role(school.id, school.board_id, *OFFICERS):
                return 0
            return (
                session.scalar(
                    select(func.count())
                    .select_from(TemporaryAccessRow)
                    .where(TemporaryAccessRow.board_id == school.board_id, TemporaryAccessRow.reviewed_at.is_(None))
                )
                or 0
            )


def _typed(text: str) -> list[ColumnElement[bool]]:
    """Every word begins a part of the name, or the number."""
    return [
        or_(
            PupilRow.sort_name.startswith(word, autoescape=True),
            PupilRow.sort_name.contains(f" {word}", autoescape=True),
            PupilRow.number_key == (word.lstrip("0") or "0"),
        )
        for word in fold(text).replace(",", " ").split()[:6]
    ]


def _pupil_of(session: Session, gate: Gate, condition: Condition, document_id: UUID) -> PupilRow | None:
    """The pupil through whose dossier a line with this condition reaches the document; shields do not hide it from an
    emergency.
    """
    return session.scalar(
        select(PupilRow)
        .join(PlacementRow, PlacementRow.pupil_id == PupilRow.id)
        .where(PlacementRow.document_id == document_id, visible(gate.askable(condition), gate.today))
        .order_by(PlacementRow.created_at, PlacementRow.id)
        .limit(1)
    )


def _guards(gate: Gate, row: TemporaryAccessRow) -> bool:
    return gate.holds_role(row.school_id, row.board_id, *OFFICERS)


def _record(uow: UnitOfWork, kind: EventKind, by: By, row: TemporaryAccessRow, note: str = "") -> None:
    uow.record(
        Event(
            kind,
            by,
            row.board_id,
            row.school_id,
            row.pupil_id,
            object_kind="access",
            object_id=row.id,
            details={"condition": row.condition},
            note=note,
        )
    )


def _views(session: Session, rows: list[TemporaryAccessRow], now: datetime) -> tuple[AccessView, ...]:
    names = names_of(session, (y for x in rows for y in (x.user_id, x.reviewed_by)))
    pupils = pupil_names(session, (x.pupil_id for x in rows))
    return tuple(
        AccessView(
            id=x.id,
            condition=x.condition,
            user=names.get(x.user_id, ""),
            user_id=x.user_id,
            pupil_id=x.pupil_id,
            pupil=pupils.get(x.pupil_id, ""),
            document_id=x.document_id,
            reason=x.reason,
            since=x.since,
            until=x.until,
            ended_at=x.ended_at,
            now=x.ended_at is None and x.until > now,
            reviewed_by=names.get(x.reviewed_by, "") if x.reviewed_by else "",
            reviewed_at=x.reviewed_at,
            remark=x.remark,
        )
        for x in rows
    )
