"""Holds (bevriezing): what they lie on stays whatever its term, until a person releases them.

A hold never ends by itself: `review_on` asks for a look. Placements are judged with the holds of the moment, so a
release lets the next look at what is due find them again at once.
"""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from dms.db.tables import HoldRow, SchoolRow, UserRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import BadInput, Conflict, NotFound, Refused
from dms.kernel.text import N_
from dms.model.events import By, Event, EventKind
from dms.model.retention import HoldOn
from dms.services.rights.officers import colleagues
from dms.services.rights.shapes import Colleague
from dms.services.tools import Tools, school_by_brin
from retention.service.due_rights import checked_reason, is_operator
from retention.service.holds_place import HoldTarget, place_of_hold, reached
from retention.service.holds_view import HoldView, hold_views
from retention.terms.follow import ask_recount, follow_documents, follow_pupils, forget_sweeps
from rights.rules.actions import Action
from rights.service.gate import Gate

LOOK_AGAIN = timedelta(days=365)
"""When a hold is looked at again, unless who places it says another day."""


class HoldDesk:
    """Placing, changing, releasing and listing holds."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def add(
        self, by: By, target: HoldTarget, reason: str, *, owner: str | None = None, review_on: date | None = None
    ) -> HoldView:
        """Freeze something. `owner`: the e-mail of who answers for it, else who places it.

        Raises NotFound for what the person does not see, Refused without `hold` there, BadInput without a reason, for
        an owner who is no colleague, or for a day to look again that is not ahead.
        """
        told = checked_reason(reason)
        with self._tools.database.begin() as uow:
            if by.user_id is None:
                raise Refused(N_("Een bevriezing staat op naam."), N_("Geef aan namens wie u dit doet."))
            gate = Gate(uow.session, by.user_id, uow.today)
            place = place_of_hold(gate, target)
            row = HoldRow(
                board_id=place.board_id,
                school_id=place.school_id,
                lies_on=target.lies_on,
                document_id=place.document_id,
                dossier_id=place.dossier_id,
                pupil_id=place.pupil_id,
                category=place.category,
                reason=told,
                owner_id=_owner(uow.session, owner, by.user_id, place.board_id, uow.today),
                review_on=_review(review_on, uow.today),
                placed_by=by.user_id,
                placed_at=uow.now,
            )
            uow.session.add(row)
            uow.flush()
            _follow(uow, row)
            _record(uow, EventKind.HOLD_PLACED, by, row, told)
            return hold_views(uow.session, [row], uow.today)[0]

    def change(self, by: By, hold_id: UUID, *, owner: str | None = None, review_on: date | None = None) -> HoldView:
        """Another owner, another day to look again. Raises as `add`, and Conflict for one that was released."""
        with self._tools.database.begin() as uow:
            row = self._own(uow.session, by, hold_id)
            if owner is not None and by.user_id is not None:
                row.owner_id = _owner(uow.session, owner, by.user_id, row.board_id, uow.today)
            if review_on is not None:
                row.review_on = _review(review_on, uow.today)
            _record(uow, EventKind.HOLD_CHANGED, by, row, "")
            return hold_views(uow.session, [row], uow.today)[0]

    def release(self, by: By, hold_id: UUID, reason: str) -> HoldView:
        """Let go. What is due by its own term is found again at once. Raises as `change`."""
        told = checked_reason(reason)
        with self._tools.database.begin() as uow:
            row = self._own(uow.session, by, hold_id)
            row.released_by, row.released_at, row.release_reason = by.user_id, uow.now, told
            uow.flush()
            _follow(uow, row)
            _record(uow, EventKind.HOLD_RELEASED, by, row, told)
            return hold_views(uow.session, [row], uow.today)[0]

    def list(self, by: By, brin: str | None = None, *, released: bool = False) -> tuple[HoldView, ...]:
        """The holds in force that the person may place and release, the oldest day to look again first; with
        `released` those too that were. Somebody who may hold nothing gets an empty list.
        """
        today = self._tools.clock.today()
        with self._tools.database.read() as session:
            asked = select(HoldRow).order_by(HoldRow.review_on, HoldRow.placed_at, HoldRow.id)
            if not released:
                asked = asked.where(HoldRow.released_at.is_(None))
            if brin is not None:
                school = session.scalar(select(SchoolRow).where(SchoolRow.brin == brin.strip().upper()))
                if school is None:
                    raise NotFound
                here = or_(HoldRow.school_id.is_(None), HoldRow.school_id == school.id)
                asked = asked.where(HoldRow.board_id == school.board_id, here)
            rows = list(session.scalars(asked))
            if not is_operator(by):
                own = reached(Gate(session, by.user_id, today), rows)
                rows = [x for x in rows if x.id in own]
            return hold_views(session, rows, today)

    def one(self, by: By, hold_id: UUID) -> HoldView:
        """One hold, also one that was released. Raises NotFound for one that the person may not place and release."""
        today = self._tools.clock.today()
        with self._tools.database.read() as session:
            row = session.get(HoldRow, hold_id)
            if row is None or not reached(Gate(session, by.user_id, today), [row]):
                raise NotFound
            return hold_views(session, [row], today)[0]

    def owners(self, by: By, brin: str) -> tuple[Colleague, ...]:
        """The colleagues of the school's board who can answer for a hold. Raises NotFound, and Refused for who may
        hold nothing there.
        """
        with self._tools.database.read() as session:
            school = school_by_brin(session, brin)
            gate = Gate(session, by.user_id, self._tools.clock.today())
            if not gate.holds_any(school.board_id):
                raise NotFound
            if not any(x.board_id == school.board_id for x in gate.scope(Action.HOLD).clauses):
                raise Refused
            return colleagues(session, school.board_id, gate.today)

    def to_review(self, by: By, brin: str) -> int:
        """How many holds at the school's board wait for the person to look at them again: those she answers for, and
        those of colleagues who have left, where she may release them.
        """
        today = self._tools.clock.today()
        with self._tools.database.read() as session:
            board_id = school_by_brin(session, brin).board_id
            asked = select(HoldRow).where(
                HoldRow.board_id == board_id, HoldRow.released_at.is_(None), HoldRow.review_on <= today
            )
            rows = list(session.scalars(asked))
            if not rows:
                return 0
            here = {x.user_id for x in colleagues(session, board_id, today)}
            mine = [x for x in rows if x.owner_id == by.user_id or x.owner_id not in here]
            return len(reached(Gate(session, by.user_id, today), mine))

    def _own(self, session: Session, by: By, hold_id: UUID) -> HoldRow:
        row = session.get(HoldRow, hold_id, with_for_update=True)
        if row is None or not reached(Gate(session, by.user_id, self._tools.clock.today()), [row]):
            raise NotFound
        if row.released_at is not None:
            raise Conflict(N_("Deze bevriezing is al opgeheven."), N_("Bevries opnieuw als dat nodig is."))
        return row


def _follow(uow: UnitOfWork, row: HoldRow) -> None:
    """Let what lies under it show that: at once for one dossier, as work for very many."""
    forget_sweeps(uow, row.board_id)
    match row.lies_on:
        case HoldOn.DOCUMENT if row.document_id is not None:
            follow_documents(uow, [row.document_id])
        case HoldOn.DOSSIER | HoldOn.PUPIL if row.pupil_id is not None:
            follow_pupils(uow, row.board_id, [row.pupil_id])
        case _:
            ask_recount(uow, row.board_id, row.category)


def _owner(session: Session, email: str | None, user_id: UUID, board_id: UUID, today: date) -> UUID:
    if email is None:
        return user_id
    found = session.scalar(select(UserRow.id).where(UserRow.email == email.strip().lower()))
    if found is None or not Gate(session, found, today).holds_any(board_id):
        raise BadInput(
            N_("De eigenaar van een bevriezing is een medewerker van dit bestuur."),
            N_("Geef het e-mailadres van een collega."),
            code="no_owner",
        )
    return found


def _review(day: date | None, today: date) -> date:
    if day is not None and day <= today:
        raise BadInput(N_("De dag om opnieuw te kijken ligt niet in de toekomst."), N_("Kies een latere dag."))
    return day or today + LOOK_AGAIN


def _record(uow: UnitOfWork, kind: EventKind, by: By, row: HoldRow, note: str) -> None:
    uow.record(
        Event(
            kind,
            by,
            row.board_id,
            row.school_id,
            row.pupil_id,
            object_kind="hold",
            object_id=row.id,
            details={"on": row.lies_on.value, "category": row.category},
            note=note,
        )
    )
