"""The family's side: the form with what the school has, reporting what is wrong, and what became of it.

Nothing that is reported changes the data: it goes into the school's queue.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import CarerRow, CorrectionRow, PupilCarerRow, PupilRow, RoleHeldRow, SchoolRow, UserRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import BadInput, NotFound
from dms.kernel.ids import new_id
from dms.kernel.text import N_
from dms.model.corrections import FIELDS, SECRET, CorrectionState, Field, Whose
from dms.model.events import By, EventKind
from dms.model.letters import LetterKind
from dms.model.people import RoleCode
from dms.services.carers import CONTACT_CATEGORY
from dms.services.corrections.queue import correction_event, waiting_count
from dms.services.corrections.shapes import FieldNow, FormView, Reported
from dms.services.corrections.values import checked, checked_words, opened, sealed, value_now
from dms.services.notices.post import Letter, language_of, post
from dms.services.portal.standing import relations
from dms.services.tools import Tools, full_name
from rights.rules.matrix import covers
from rights.service.gate import Gate

QUEUE_PAGE = "/wijzigingen"
MOST_WAITING = 40


@dataclass(frozen=True, slots=True)
class _Reporter:
    """Who reports about whom, and about which fields."""

    pupil: PupilRow
    carer: CarerRow | None
    link: PupilCarerRow | None
    fields: tuple[Field, ...]


class Reporting:
    """What a carer or pupil reports."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def pupils(self, by: By) -> tuple[tuple[UUID, str], ...]:
        """The pupils about whom the person can report something."""
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            return tuple((x.pupil.id, full_name(x.pupil)) for x in _reporters(gate))

    def form(self, by: By, pupil_id: UUID) -> FormView:
        """The form about one pupil. Raises NotFound for who may report nothing about her."""
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            one = _reporter(gate, pupil_id)
            return FormView(
                pupil_id,
                full_name(one.pupil),
                session.get_one(SchoolRow, one.pupil.school_id).name,
                one.carer.name if one.carer else "",
                tuple(self._now(one, x) for x in one.fields),
            )

    def report(self, by: By, pupil_id: UUID, given: Mapping[str, str], remark: str = "") -> int:
        """Report new values by code of field; empty ones and those that are as they were say nothing. Returns how many
        were reported. Raises NotFound, BadInput (nothing new, a value that cannot be, too much at once).
        """
        words = checked_words(remark)
        with self._tools.database.begin() as uow:
            gate = Gate(uow.session, by.user_id, uow.today)
            one = _reporter(gate, pupil_id)
            known = {x.code: x for x in one.fields}
            if set(given) - set(known):
                raise NotFound
            wanted = {k: checked(known[k], v, uow.today) for k, v in given.items() if v.strip()}
            made, same = 0, 0
            for code, new in wanted.items():
                now = self._now(one, known[code])
                old = value_now(self._tools, one.pupil, one.carer, one.link, known[code])
                if new == old and not now.hidden:
                    continue
                if self._again(uow, gate.actor.user_id, one, code, new):
                    same += 1
                    continue
                made += self._queue_up(uow, by, one, code, {"old": old, "new": new, "remark": words})
            if not made and not same:
                raise BadInput(
                    N_("U hebt niets veranderd."),
                    N_("Vul het nieuwe gegeven in bij wat niet klopt."),
                    code="nothing_new",
                )
            if made:
                _tell_school(uow, one.pupil)
            return made

    def mine(self, by: By) -> tuple[Reported, ...]:
        """What the person reported and what became of it, newest first."""
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            about = {x.pupil.id: x for x in _reporters(gate)}
            rows = session.scalars(
                select(CorrectionRow)
                .where(
                    CorrectionRow.reported_by == gate.actor.user_id,
                    CorrectionRow.pupil_id.in_(about),
                    CorrectionRow.state != CorrectionState.REPLACED,
                )
                .order_by(CorrectionRow.reported_at.desc())
                .limit(100)
            )
            return tuple(self._reported(about[x.pupil_id], x) for x in rows)

    def withdraw(self, by: By, correction_id: UUID) -> None:
        """Take a report back that nobody decided on yet. Raises NotFound."""
        with self._tools.database.begin() as uow:
            row = uow.session.get(CorrectionRow, correction_id, with_for_update=True)
            mine = row is not None and row.reported_by == by.user_id and by.user_id is not None
            if row is None or not mine or row.state is not CorrectionState.WAITING:
                raise NotFound
            _reporter(Gate(uow.session, by.user_id, uow.today), row.pupil_id)
            row.state, row.decided_at = CorrectionState.WITHDRAWN, uow.now
            row.row_version += 1
            uow.record(correction_event(EventKind.CORRECTION_WITHDRAWN, by, row))

    def _now(self, one: _Reporter, field: Field) -> FieldNow:
        hidden = one.link is not None and one.link.address_secret and field.code in SECRET
        value = "" if hidden else value_now(self._tools, one.pupil, one.carer, one.link, field)
        return FieldNow(field, value, hidden)

    def _again(self, uow: UnitOfWork, user_id: UUID, one: _Reporter, code: str, new: str) -> bool:
        """Whether the same was reported and still waits; what the person reported before in its place is replaced."""
        rows = uow.session.scalars(
            select(CorrectionRow)
            .where(
                CorrectionRow.pupil_id == one.pupil.id,
                CorrectionRow.reported_by == user_id,
                CorrectionRow.state == CorrectionState.WAITING,
            )
            .with_for_update()
        ).all()
        if len(rows) >= MOST_WAITING:
            raise BadInput(
                N_("Er wachten al veel wijzigingen van u."), N_("Wacht tot de school daarnaar heeft gekeken.")
            )
        for row in rows:
            if row.field == code:
                if opened(self._tools, row)["new"] == new:
                    return True
                row.state, row.decided_at = CorrectionState.REPLACED, uow.now
                row.row_version += 1
        return False

    def _queue_up(self, uow: UnitOfWork, by: By, one: _Reporter, code: str, values: dict[str, str]) -> int:
        row_id = new_id()
        carer = one.carer if FIELDS[code].whose is Whose.CARER else None
        row = CorrectionRow(
            id=row_id,
            board_id=one.pupil.board_id,
            school_id=one.pupil.school_id,
            pupil_id=one.pupil.id,
            carer_id=carer.id if carer else None,
            field=code,
            values_sealed=sealed(self._tools, row_id, one.pupil.id, values),
            state=CorrectionState.WAITING,
            reported_by=by.user_id,
            reported_at=uow.now,
        )
        uow.session.add(row)
        uow.flush()
        uow.record(correction_event(EventKind.CORRECTION_REPORTED, by, row))
        return 1

    def _reported(self, one: _Reporter, row: CorrectionRow) -> Reported:
        values, field = opened(self._tools, row), FIELDS[row.field]
        hidden = one.link is not None and one.link.address_secret and row.field in SECRET
        return Reported(
            row.id,
            full_name(one.pupil),
            field,
            "" if hidden else values["old"],
            values["new"],
            values.get("remark", ""),
            row.state,
            row.reported_at,
            row.decided_at,
            values.get("reason", ""),
        )


def _reporters(gate: Gate) -> list[_Reporter]:
    """The pupils of whom something is open to the person now, with the fields that she can report about.

    Of herself a carer can report as long as anything is open to her; of the pupil where the personal data are open.
    """
    found: list[_Reporter] = []
    if gate.actor.disabled:
        return found
    held = [x for x in (*gate.actor.children, *gate.actor.oneself) if x.entitled]
    for one in relations(gate.session, gate.actor.user_id, gate.today):
        opened_here = [x for x in held if x.pupil_id == one.pupil.id]
        if not opened_here:
            continue
        data = any(y.matches(CONTACT_CATEGORY) for x in opened_here for y in x.categories)
        carer = _carer(gate.session, one.link)
        fields = tuple(x for x in FIELDS.values() if (data if x.whose is Whose.PUPIL else carer is not None))
        if fields:
            found.append(_Reporter(one.pupil, carer, one.link, fields))
    return found


def _reporter(gate: Gate, pupil_id: UUID) -> _Reporter:
    found = next((x for x in _reporters(gate) if x.pupil.id == pupil_id), None)
    if found is None:
        raise NotFound
    return found


def _carer(session: Session, link: PupilCarerRow | None) -> CarerRow | None:
    return session.get(CarerRow, link.carer_id) if link is not None else None


def _tell_school(uow: UnitOfWork, pupil: PupilRow) -> None:
    """Post letters to the administration of the school, to who wants them."""
    held = uow.session.execute(
        select(RoleHeldRow, UserRow.id)
        .join(UserRow, UserRow.id == RoleHeldRow.user_id)
        .where(
            RoleHeldRow.role == RoleCode.ADMINISTRATION.value,
            RoleHeldRow.board_id == pupil.board_id,
            (RoleHeldRow.school_id == pupil.school_id) | RoleHeldRow.school_id.is_(None),
            UserRow.disabled_at.is_(None),
        )
    ).all()
    count = waiting_count(uow.session, pupil.school_id)
    for user_id in {y for x, y in held if covers(x.since, x.until, uow.today)}:
        post(
            uow,
            Letter(
                LetterKind.CORRECTION_RECEIVED,
                user_id,
                pupil.school_id,
                language_of(uow, user_id),
                {"count": count, "page": QUEUE_PAGE},
            ),
        )
