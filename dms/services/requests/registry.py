"""Registering requests, listing them with their deadlines, establishing who asks, extending and withdrawing."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from dms.db.tables import CarerRow, PupilCarerRow, PupilRow, SchoolRow, SubjectRequestItemRow, SubjectRequestRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import BadInput, Conflict, NotFound
from dms.kernel.ids import parse_id
from dms.kernel.text import N_
from dms.model.events import By, Event, EventKind
from dms.model.requests import CLOSED, Asker, RequestState
from dms.services.requests import holding, words
from dms.services.requests.access import PREPARERS, releases, require_desk
from dms.services.requests.deadline import due_on
from dms.services.requests.shapes import AskerChoices, CheckForm, RequestForm, RequestLine
from dms.services.tools import Tools, full_name, school_by_brin
from ingest.rules.pupils.identifiers import number_key
from rights.service.gate import Gate

AUTHORITIES = ("gezag", "leerling_16", "gemachtigd", "voogd", "geen")
"""On what authority somebody may ask; the last is none."""
SOON = timedelta(days=7)
MOST_LISTED = 1_000


class Registry:
    """Requests within the reach of whoever asks."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def register(self, by: By, form: RequestForm) -> UUID:
        """Register a request; its id. The month runs from the day on which it came in. Raises NotFound, BadInput."""
        with self._tools.database.begin() as uow:
            gate = Gate(uow.session, by.user_id, uow.today)
            pupil = uow.session.get(PupilRow, form.pupil_id)
            if pupil is None:
                raise NotFound
            require_desk(gate, pupil.school_id, pupil.board_id)
            if form.received_on > uow.today:
                raise BadInput(
                    N_("De dag van ontvangst ligt in de toekomst."), N_("Verbeter de datum."), code="in_future"
                )
            name = _asker_name(uow.session, pupil, form)
            row = SubjectRequestRow(
                board_id=pupil.board_id,
                school_id=pupil.school_id,
                pupil_id=pupil.id,
                number=_next_number(uow.session, pupil.board_id),
                kind=form.kind,
                state=RequestState.OPEN,
                asker=form.asker,
                carer_id=form.carer_id if form.asker is Asker.CARER else None,
                received_on=form.received_on,
                due_on=due_on(form.received_on),
                authority="",
                row_version=1,
                created_by=by.user_id,
                created_at=uow.now,
            )
            uow.session.add(row)
            uow.flush()
            words.keep(self._tools.vault, row, words.Told(asker_name=name, asked=words.clean(form.asked)))
            holding.place(uow, by, row)
            log(uow, by, row, EventKind.REQUEST_REGISTERED, {"kind": row.kind.value})
            return row.id

    def list(self, by: By, brin: str, *, closed: bool = False) -> tuple[RequestLine, ...]:
        """The requests of a school, what must be answered first on top; with `closed` what was answered too.

        Empty for who does not deal with requests there. Raises NotFound for a school that is not there.
        """
        today = self._tools.clock.today()
        with self._tools.database.read() as session:
            school = school_by_brin(session, brin)
            gate = Gate(session, by.user_id, today)
            if not gate.holds_role(school.id, school.board_id, *PREPARERS):
                return ()
            asked = select(SubjectRequestRow, PupilRow).join(PupilRow, PupilRow.id == SubjectRequestRow.pupil_id)
            asked = asked.where(SubjectRequestRow.school_id == school.id)
            if not closed:
                asked = asked.where(SubjectRequestRow.state.not_in(CLOSED))
            late_last = case((SubjectRequestRow.state.in_(CLOSED), 1), else_=0)
            rows = session.execute(
                asked.order_by(late_last, SubjectRequestRow.due_on, SubjectRequestRow.number).limit(MOST_LISTED)
            ).all()
            counts = _counts(session, [x[0].id for x in rows])
            return tuple(line_of(row, pupil, counts.get(row.id, (0, 0)), today) for row, pupil in rows)

    def waiting(self, by: By, brin: str) -> int | None:
        """How many requests wait at the school: for the privacy officer what is prepared or nearly late, for others
        what is open. None for who does not deal with them.
        """
        with self._tools.database.read() as session:
            school = school_by_brin(session, brin)
            gate = Gate(session, by.user_id, self._tools.clock.today())
            if not gate.holds_role(school.id, school.board_id, *PREPARERS):
                return None
            asked = select(func.count()).select_from(SubjectRequestRow).where(SubjectRequestRow.school_id == school.id)
            if releases(gate, school.id, school.board_id):
                late = SubjectRequestRow.state.not_in(CLOSED) & (SubjectRequestRow.due_on <= gate.today + SOON)
                return session.scalar(asked.where(or_(SubjectRequestRow.state == RequestState.PREPARED, late))) or 0
            return session.scalar(asked.where(SubjectRequestRow.state == RequestState.OPEN)) or 0

    def pupil(self, by: By, text: str, brin: str | None = None) -> UUID:
        """The pupil with this leerlingnummer or id at a school where the person deals with requests.

        Raises NotFound, BadInput where the number is that of pupils at several schools.
        """
        key = number_key(text.strip())
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            asked = select(PupilRow).join(SchoolRow, SchoolRow.id == PupilRow.school_id)
            some_id = parse_id(text)
            asked = asked.where(PupilRow.id == some_id if some_id is not None else PupilRow.number_key == key)
            if brin is not None:
                asked = asked.where(SchoolRow.brin == brin.strip().upper())
            found = [x for x in session.scalars(asked) if gate.holds_role(x.school_id, x.board_id, *PREPARERS)]
        if not found:
            raise NotFound
        if len(found) > 1:
            raise BadInput(
                N_("Meer scholen hebben een leerling met dit nummer."), N_("Zeg met --school welke u bedoelt.")
            )
        return found[0].id

    def askers(self, by: By, pupil_id: UUID) -> AskerChoices:
        """Who may be named as asking for a pupil. Raises NotFound for who does not deal with requests there."""
        with self._tools.database.read() as session:
            pupil = session.get(PupilRow, pupil_id)
            if pupil is None:
                raise NotFound
            require_desk(Gate(session, by.user_id, self._tools.clock.today()), pupil.school_id, pupil.board_id)
            rows = session.execute(
                select(CarerRow.id, CarerRow.name, PupilCarerRow.relation)
                .join(PupilCarerRow, PupilCarerRow.carer_id == CarerRow.id)
                .where(PupilCarerRow.pupil_id == pupil_id)
                .order_by(PupilCarerRow.position)
            )
            return AskerChoices(full_name(pupil), tuple((x[0], f"{x[1]} ({x[2]})" if x[2] else x[1]) for x in rows))

    def of_pupil(self, by: By, pupil_id: UUID) -> UUID | None:
        """The newest request about a pupil that is answered with a pack. Raises NotFound for who does not deal with
        requests at her school.
        """
        with self._tools.database.read() as session:
            pupil = session.get(PupilRow, pupil_id)
            if pupil is None:
                raise NotFound
            require_desk(Gate(session, by.user_id, self._tools.clock.today()), pupil.school_id, pupil.board_id)
            return session.scalar(
                select(SubjectRequestRow.id)
                .where(SubjectRequestRow.pupil_id == pupil_id, SubjectRequestRow.state != RequestState.WITHDRAWN)
                .order_by(SubjectRequestRow.created_at.desc())
                .limit(1)
            )

    def check(self, by: By, request_id: UUID, row_version: int, form: CheckForm) -> None:
        """Write down how identity and authority were established, and by whom. Raises NotFound, Conflict, BadInput."""
        if form.authority not in AUTHORITIES or (form.authority == "geen" and form.authority_ok):
            raise BadInput(N_("Kies op welke grond deze persoon dit vraagt."), N_("Kies uit de lijst."))
        with self._tools.database.begin() as uow:
            row = open_row(uow, by, request_id, row_version)
            row.identity, row.identity_by, row.identity_on = form.identity, by.user_id, uow.today
            row.authority, row.authority_ok = form.authority, form.authority_ok
            told = words.told_of(self._tools.vault, row)
            notes = {
                "identity_note": words.clean(form.identity_note),
                "authority_note": words.clean(form.authority_note),
            }
            words.keep(self._tools.vault, row, replace(told, **notes))
            details = {"identity": form.identity.value, "authority": form.authority, "ok": form.authority_ok}
            log(uow, by, row, EventKind.REQUEST_CHECKED, details)

    def extend(self, by: By, request_id: UUID, row_version: int, reason: str) -> None:
        """Two months more, once, with a reason that is told to who asks (AVG 12(3)). Raises as `check`."""
        why = words.needed(reason)
        with self._tools.database.begin() as uow:
            row = open_row(uow, by, request_id, row_version)
            if row.extended_on is not None:
                raise Conflict(N_("De termijn is al verlengd."), N_("Een tweede keer kan niet."), code="extended")
            if uow.today > row.due_on:
                raise Conflict(
                    N_("De termijn is al om."), N_("Verlengen kan alleen voor de laatste dag."), code="too_late"
                )
            row.extended_on, row.due_on = uow.today, due_on(row.received_on, extended=True)
            words.keep(self._tools.vault, row, replace(words.told_of(self._tools.vault, row), extension_reason=why))
            log(uow, by, row, EventKind.REQUEST_EXTENDED, {"due": row.due_on.isoformat()})

    def withdraw(self, by: By, request_id: UUID, row_version: int, reason: str) -> None:
        """Close a request that was taken back, or that nobody entitled made. Raises as `check`."""
        why = words.needed(reason)
        with self._tools.database.begin() as uow:
            row = open_row(uow, by, request_id, row_version)
            row.state, row.closed_at = RequestState.WITHDRAWN, uow.now
            words.keep(self._tools.vault, row, replace(words.told_of(self._tools.vault, row), decision_reason=why))
            holding.let_go(uow, by, row)
            log(uow, by, row, EventKind.REQUEST_WITHDRAWN)


def open_row(uow: UnitOfWork, by: By, request_id: UUID, row_version: int | None) -> SubjectRequestRow:
    """A request to work on, locked. Raises NotFound, Conflict when it is closed or a colleague was first."""
    row = uow.session.get(SubjectRequestRow, request_id, with_for_update=True)
    if row is None:
        raise NotFound
    require_desk(Gate(uow.session, by.user_id, uow.today), row.school_id, row.board_id)
    if row.state in CLOSED or row_version not in (None, row.row_version):
        raise Conflict(
            N_("Dit verzoek is intussen veranderd."), N_("Bekijk hoe het nu staat."), code="changed_meanwhile"
        )
    row.row_version += 1
    return row


def log(
    uow: UnitOfWork,
    by: By,
    row: SubjectRequestRow,
    kind: EventKind,
    details: Mapping[str, str | int | bool | None] | None = None,
) -> None:
    """A line in the log about a request."""
    uow.record(
        Event(
            kind,
            by,
            row.board_id,
            row.school_id,
            row.pupil_id,
            object_kind="request",
            object_id=row.id,
            details=details or {},
        )
    )


def line_of(row: SubjectRequestRow, pupil: PupilRow, counts: tuple[int, int], today: date) -> RequestLine:
    """A request as a line; `counts`: documents, and how many of them were answered."""
    days = (row.due_on - today).days
    return RequestLine(
        row.id,
        row.number,
        full_name(pupil),
        pupil.id,
        row.kind,
        row.state,
        row.received_on,
        row.due_on,
        days,
        row.extended_on is not None,
        *counts,
    )


def _counts(session: Session, requests: "list[UUID]") -> dict[UUID, tuple[int, int]]:
    rows = session.execute(
        select(
            SubjectRequestItemRow.request_id,
            func.count(),
            func.count(SubjectRequestItemRow.answer),
        )
        .where(SubjectRequestItemRow.request_id.in_(requests))
        .group_by(SubjectRequestItemRow.request_id)
    )
    return {x[0]: (int(x[1]), int(x[2])) for x in rows}


def _asker_name(session: Session, pupil: PupilRow, form: RequestForm) -> str:
    """Who asks, by name. Raises BadInput where nobody is named, NotFound for a carer of somebody else."""
    if form.asker is Asker.PUPIL:
        return full_name(pupil)
    if form.asker is Asker.CARER and form.carer_id is not None:
        name = session.scalar(
            select(CarerRow.name)
            .join(PupilCarerRow, PupilCarerRow.carer_id == CarerRow.id)
            .where(PupilCarerRow.pupil_id == pupil.id, CarerRow.id == form.carer_id)
        )
        if name is None:
            raise NotFound
        return name
    name = words.clean(form.asker_name)
    if not name:
        raise BadInput(N_("Wie vraagt dit?"), N_("Kies een verzorger of vul een naam in."), code="no_asker")
    return name


def _next_number(session: Session, board_id: UUID) -> int:
    asked = select(func.max(SubjectRequestRow.number)).where(SubjectRequestRow.board_id == board_id)
    return (session.scalar(asked) or 0) + 1
