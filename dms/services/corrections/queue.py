"""The school's side: the queue with old and new, accepting or rejecting with a reason, and lines for the LAS.

Accepting changes nothing here: the data come from the LAS, and change when the school changed them there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from dms.db.tables import CarerRow, CorrectionRow, DossierRow, PupilCarerRow, PupilRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import BadInput, Conflict, NotFound, Refused
from dms.kernel.text import N_
from dms.model.corrections import FIELDS, CorrectionState
from dms.model.events import SYSTEM, By, Event, EventKind
from dms.model.letters import LetterKind
from dms.services.carers import CONTACT_CATEGORY
from dms.services.catalogue import categories
from dms.services.corrections.shapes import Queue, QueueLine
from dms.services.corrections.values import checked_words, current, opened, sealed
from dms.services.notices.post import Letter, language_of, post
from dms.services.rights.officers import names_of
from dms.services.shapes import SchoolView
from dms.services.tools import Tools, full_name, groups_today, school_by_brin
from rights.rules.actions import Action
from rights.service.gate import Gate

MOST = 200
KEEP = timedelta(days=365)
FAMILY_PAGE = "/portaal/wijzigingen"
DECIDED = (CorrectionState.ACCEPTED, CorrectionState.REJECTED)


@dataclass(frozen=True, slots=True)
class ExportLine:
    """What is to be changed in the LAS."""

    number: str
    pupil: str
    carer: str
    field: str
    old: str
    new: str
    decided: str
    decided_by: str
    secret: bool


class CorrectionQueue:
    """Reports about pupils whose contact data the person keeps."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def page(self, by: By, brin: str, *, decided: bool = False) -> Queue:
        """What waits, oldest first; or what was decided, newest first. Raises NotFound, Refused."""
        with self._tools.database.read() as session:
            gate, school = self._with(session, by, brin)
            query = _waiting(school.id)
            if decided:
                query = select(CorrectionRow).where(CorrectionRow.school_id == school.id)
                query = query.where(CorrectionRow.state.in_(DECIDED)).order_by(CorrectionRow.decided_at.desc())
            rows = self._mine(gate, session.scalars(query.limit(MOST)).all())
            exports = self._mine(gate, session.scalars(_to_export(school.id)).all())
            waiting = len(rows) if not decided else waiting_count(session, school.id)
            return Queue(tuple(self._lines(gate, rows)), waiting, len(exports))

    def one(self, by: By, correction_id: UUID) -> QueueLine:
        """One report. Raises NotFound."""
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            row = session.get(CorrectionRow, correction_id)
            if row is None or not self._mine(gate, [row]) or row.state is CorrectionState.REPLACED:
                raise NotFound
            (line,) = self._lines(gate, [row])
            return line

    def decide(self, by: By, correction_id: UUID, row_version: int, *, accept: bool, reason: str) -> int:
        """Accept or reject; rejecting needs a reason, which the family reads. Who else reported the very same gets the
        same answer. Returns how many were decided. Raises NotFound, BadInput, Conflict.
        """
        words = checked_words(reason)
        if not accept and not words:
            raise BadInput(N_("Schrijf waarom niet."), N_("De ouder leest wat u schrijft."), code="reason_missing")
        with self._tools.database.begin() as uow:
            gate = Gate(uow.session, by.user_id, uow.today)
            row = uow.session.get(CorrectionRow, correction_id, with_for_update=True)
            if row is None or not self._mine(gate, [row]):
                raise NotFound
            if row.state is not CorrectionState.WAITING or row.row_version != row_version:
                raise Conflict(
                    N_("Hierover is intussen al besloten."), N_("Bekijk het opnieuw."), code="changed_meanwhile"
                )
            new = opened(self._tools, row)["new"]
            same = [x for x in self._waiting_like(uow, row) if x is row or opened(self._tools, x)["new"] == new]
            for one in same:
                self._decide(uow, by, one, CorrectionState.ACCEPTED if accept else CorrectionState.REJECTED, words)
            return len(same)

    def export(self, by: By, brin: str) -> tuple[ExportLine, ...]:
        """The accepted changes that were not fetched before, as lines for the LAS; they count as fetched now. Raises
        NotFound, Refused.
        """
        with self._tools.database.begin() as uow:
            gate, school = self._with(uow.session, by, brin)
            rows = self._mine(gate, uow.session.scalars(_to_export(school.id).with_for_update()).all())
            found = tuple(_line(x) for x in self._lines(gate, rows))
            for row in rows:
                row.exported_at = uow.now
                row.row_version += 1
            if rows:
                uow.record(
                    Event(
                        EventKind.CORRECTION_EXPORTED,
                        by,
                        school.board_id,
                        school.id,
                        object_kind="school",
                        object_id=school.id,
                        details={"count": len(rows)},
                    )
                )
            return found

    def again(self, by: By, correction_id: UUID) -> None:
        """Let an accepted change be in the next lines for the LAS once more. Raises NotFound."""
        with self._tools.database.begin() as uow:
            gate = Gate(uow.session, by.user_id, uow.today)
            row = uow.session.get(CorrectionRow, correction_id, with_for_update=True)
            if row is None or not self._mine(gate, [row]) or row.state is not CorrectionState.ACCEPTED:
                raise NotFound
            row.exported_at = None
            row.row_version += 1
            uow.record(correction_event(EventKind.CORRECTION_DECIDED, by, row))

    def open_count(self, by: By, brin: str) -> int:
        """How many reports wait that the person can decide on; 0 for who keeps no contact data."""
        try:
            with self._tools.database.read() as session:
                gate, school = self._with(session, by, brin)
                return len(self._mine(gate, session.scalars(_waiting(school.id).limit(MOST)).all()))
        except (NotFound, Refused):
            return 0

    def sweep(self) -> int:
        """Forget what was decided, withdrawn or replaced a year ago; returns how many."""
        with self._tools.database.begin() as uow:
            old = CorrectionRow.decided_at < uow.now - KEEP
            per_school = uow.session.execute(
                select(CorrectionRow.board_id, CorrectionRow.school_id, func.count())
                .where(old)
                .group_by(CorrectionRow.board_id, CorrectionRow.school_id)
            ).all()
            uow.session.execute(delete(CorrectionRow).where(old).execution_options(synchronize_session=False))
            for board_id, school_id, count in per_school:
                uow.record(
                    Event(
                        EventKind.CORRECTION_FORGOTTEN,
                        SYSTEM,
                        board_id,
                        school_id,
                        object_kind="school",
                        object_id=school_id,
                        details={"count": count},
                    )
                )
            return sum(x[2] for x in per_school)

    def _decide(self, uow: UnitOfWork, by: By, row: CorrectionRow, state: CorrectionState, reason: str) -> None:
        values = opened(self._tools, row)
        row.values_sealed = sealed(self._tools, row.id, row.pupil_id, {**values, "reason": reason})
        row.state, row.decided_by, row.decided_at = state, by.user_id, uow.now
        row.row_version += 1
        uow.record(correction_event(EventKind.CORRECTION_DECIDED, by, row))
        language = language_of(uow, row.reported_by)
        letter = Letter(LetterKind.CORRECTION_ANSWERED, row.reported_by, row.school_id, language, {"page": FAMILY_PAGE})
        post(uow, letter)

    def _waiting_like(self, uow: UnitOfWork, row: CorrectionRow) -> Iterable[CorrectionRow]:
        return uow.session.scalars(
            select(CorrectionRow)
            .where(
                CorrectionRow.pupil_id == row.pupil_id,
                CorrectionRow.field == row.field,
                CorrectionRow.carer_id.is_(None) if row.carer_id is None else CorrectionRow.carer_id == row.carer_id,
                CorrectionRow.state == CorrectionState.WAITING,
            )
            .order_by(CorrectionRow.id)
            .with_for_update()
        ).all()

    def _with(self, session: Session, by: By, brin: str) -> tuple[Gate, SchoolView]:
        gate = Gate(session, by.user_id, self._tools.clock.today())
        school = school_by_brin(session, brin)
        clauses = gate.scope(Action.EDIT).clauses
        if not any(x.board_id == school.board_id and x.school_id in (None, school.id) for x in clauses):
            raise Refused if gate.holds_any(school.board_id) else NotFound
        return gate, school

    def _mine(self, gate: Gate, rows: Iterable[CorrectionRow]) -> list[CorrectionRow]:
        """Those about pupils whose contact data the person keeps now."""
        found, verdicts = [], dict[UUID, bool]()
        for row in rows:
            if row.pupil_id not in verdicts:
                verdicts[row.pupil_id] = _keeps(gate, row.pupil_id)
            if verdicts[row.pupil_id]:
                found.append(row)
        return found

    def _lines(self, gate: Gate, rows: list[CorrectionRow]) -> Iterable[QueueLine]:
        session = gate.session
        pupils = {x.id: x for x in session.scalars(select(PupilRow).where(PupilRow.id.in_({y.pupil_id for y in rows})))}
        groups = groups_today(session, frozenset(pupils), gate.today)
        names = names_of(session, (y for x in rows for y in (x.reported_by, x.decided_by)))
        for row in rows:
            carer = session.get(CarerRow, row.carer_id) if row.carer_id else None
            link = session.scalar(
                select(PupilCarerRow).where(
                    PupilCarerRow.pupil_id == row.pupil_id, PupilCarerRow.carer_id == row.carer_id
                )
            )
            values, now = opened(self._tools, row), current(self._tools, session, row, link)
            pupil = pupils[row.pupil_id]
            yield QueueLine(
                row.id,
                row.pupil_id,
                full_name(pupil),
                pupil.number,
                groups.get(row.pupil_id, ""),
                FIELDS[row.field],
                carer.name if carer else full_name(pupil),
                values["old"],
                values["new"],
                now if now != values["old"] else "",
                values.get("remark", ""),
                names.get(row.reported_by, ""),
                row.reported_at,
                row.state,
                row.decided_at,
                names.get(row.decided_by, "") if row.decided_by else "",
                values.get("reason", ""),
                row.exported_at,
                link is not None and link.address_secret,
                row.row_version,
            )


def waiting_count(session: Session, school_id: UUID) -> int:
    """How many reports wait at the school."""
    return (
        session.scalar(
            select(func.count())
            .select_from(CorrectionRow)
            .where(CorrectionRow.school_id == school_id, CorrectionRow.state == CorrectionState.WAITING)
        )
        or 0
    )


def _waiting(school_id: UUID) -> Select[tuple[CorrectionRow]]:
    """What nobody decided yet, oldest first."""
    asked = select(CorrectionRow).where(CorrectionRow.school_id == school_id)
    return asked.where(CorrectionRow.state == CorrectionState.WAITING).order_by(CorrectionRow.reported_at)


def _to_export(school_id: UUID) -> Select[tuple[CorrectionRow]]:
    return (
        select(CorrectionRow)
        .where(
            CorrectionRow.school_id == school_id,
            CorrectionRow.state == CorrectionState.ACCEPTED,
            CorrectionRow.exported_at.is_(None),
        )
        .order_by(CorrectionRow.decided_at)
    )


def _keeps(gate: Gate, pupil_id: UUID) -> bool:
    dossier = gate.session.scalar(select(DossierRow).where(DossierRow.pupil_id == pupil_id))
    category = categories(gate.session, dossier.board_id).get(CONTACT_CATEGORY) if dossier else None
    if dossier is None or category is None:
        return False
    return gate.scope(Action.EDIT).admits(gate.place_for(dossier, category.code, category.level))


def correction_event(kind: EventKind, by: By, row: CorrectionRow) -> Event:
    """The line in the log: which field of whom, never a value."""
    return Event(
        kind,
        by,
        row.board_id,
        row.school_id,
        row.pupil_id,
        object_kind="correction",
        object_id=row.id,
        details={"field": row.field, "state": row.state.value},
    )


def _line(one: QueueLine) -> ExportLine:
    return ExportLine(
        one.number,
        one.pupil,
        one.about if one.about != one.pupil else "",
        one.field.school_label,
        one.old,
        one.new,
        one.decided_at.date().isoformat() if one.decided_at else "",
        one.decided_by,
        one.secret,
    )
