"""What a school opens to carers and pupils, an adult pupil's consent, and pupils given to one colleague."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from dms.db.tables import CarerRow, FamilyModuleRow, PupilCarerRow, PupilConsentRow, PupilRow, PupilStaffRow
from dms.kernel.errors import BadInput, NotFound
from dms.kernel.text import N_
from dms.model.events import By, Event, EventKind
from dms.services.pupils import pupil_by_number
from dms.services.rights.officers import ADMINISTRATORS, VIEWERS, names_of, pupil_names, require
from dms.services.rights.shapes import GivenPupil, ModuleView
from dms.services.shapes import SchoolView
from dms.services.tools import Tools, school_by_brin
from rights.rules.actions import Action
from rights.rules.family import AGE_OF_INSPECTION, AGE_OF_MAJORITY, DEFAULT_MODULES, age_on
from rights.service.gate import Gate
from rights.service.places import reachable_pupils


class Families:
    """The parts of rights that hang on a relation to one pupil."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def modules(self, by: By, brin: str) -> tuple[ModuleView, ...]:
        """What stands open to families at the school. Raises Refused."""
        with self._tools.database.read() as session:
            _, school = self._with(session, by, brin, VIEWERS)
            told = _told(session, school.id)
            return tuple(
                ModuleView(
                    x.code,
                    x.name,
                    " ".join(p.text for p in x.categories),
                    told[x.code].is_open if x.code in told else x.is_open,
                    told[x.code].carers_until if x.code in told else x.carers_until,
                )
                for x in DEFAULT_MODULES
            )

    def set_modules(self, by: By, brin: str, wanted: Mapping[str, tuple[bool, int]]) -> None:
        """Open or close modules: for each code whether it is open, and the pupil's age at which it closes to carers
        (16 or 18). Counts from the next request. Raises Refused, BadInput.
        """
        codes = {x.code for x in DEFAULT_MODULES}
        if not codes.issuperset(wanted) or any(
            age not in (AGE_OF_INSPECTION, AGE_OF_MAJORITY) for _, age in wanted.values()
        ):
            raise BadInput(N_("Dit onderdeel of deze leeftijd bestaat niet."), N_("Kies 16 of 18 jaar."))
        with self._tools.database.begin() as uow:
            _, school = self._with(uow.session, by, brin, ADMINISTRATORS)
            told = _told(uow.session, school.id)
            for code, (is_open, age) in wanted.items():
                row = told.get(code)
                if row is None:
                    row = FamilyModuleRow(school_id=school.id, code=code)
                    uow.session.add(row)
                row.is_open, row.carers_until = is_open, age
                row.changed_by, row.changed_at = by.user_id, uow.now
            uow.record(
                Event(
                    EventKind.FAMILY_CHANGED,
                    by,
                    school.board_id,
                    school.id,
                    object_kind="school",
                    object_id=school.id,
                    details={f"{code}": f"{'open' if v[0] else 'closed'} {v[1]}" for code, v in wanted.items()},
                )
            )

    def consent(self, by: By, pupil_id: UUID, carer_id: UUID, *, given: bool) -> None:
        """Record that a pupil of 18 or over agrees that a carer keeps following the progress, or takes that back. By
        who may change the pupil's contact data, or by the pupil. Raises NotFound, BadInput.
        """
        with self._tools.database.begin() as uow:
            pupil = self._pupil(uow.session, by, pupil_id)
            link = uow.session.scalar(
                select(PupilCarerRow.id)
                .join(CarerRow, CarerRow.id == PupilCarerRow.carer_id)
                .where(PupilCarerRow.pupil_id == pupil_id, PupilCarerRow.carer_id == carer_id)
            )
            if link is None:
                raise NotFound
            if given and (pupil.birth_date is None or age_on(pupil.birth_date, uow.today) < AGE_OF_MAJORITY):
                raise BadInput(
                    N_("Deze leerling is nog geen 18."), N_("Tot 18 jaar geldt het gezag, niet de toestemming.")
                )
            open_row = uow.session.scalar(
                select(PupilConsentRow).where(
                    PupilConsentRow.pupil_id == pupil_id,
                    PupilConsentRow.carer_id == carer_id,
                    or_(PupilConsentRow.until.is_(None), PupilConsentRow.until > uow.today),
                )
            )
            if given == (open_row is not None):
                return
            if open_row is not None:
                open_row.until = uow.today
            else:
                uow.session.add(
                    PupilConsentRow(
                        pupil_id=pupil_id,
                        carer_id=carer_id,
                        since=uow.today,
                        recorded_by=by.user_id,
                        created_at=uow.now,
                    )
                )
            uow.record(
                Event(
                    EventKind.CONSENT_RECORDED if given else EventKind.CONSENT_WITHDRAWN,
                    by,
                    pupil.board_id,
                    pupil.school_id,
                    pupil.id,
                    object_kind="carer",
                    object_id=carer_id,
                )
            )

    def consents(self, by: By, pupil_id: UUID) -> frozenset[UUID] | None:
        """The carers whom a pupil of 18 or over lets follow the progress today; None for a younger pupil, whose consent
        is not asked. Raises NotFound.
        """
        today = self._tools.clock.today()
        with self._tools.database.read() as session:
            pupil = self._pupil(session, by, pupil_id)
            if pupil.birth_date is None or age_on(pupil.birth_date, today) < AGE_OF_MAJORITY:
                return None
            return frozenset(
                session.scalars(
                    select(PupilConsentRow.carer_id).where(
                        PupilConsentRow.pupil_id == pupil_id,
                        PupilConsentRow.since <= today,
                        or_(PupilConsentRow.until.is_(None), PupilConsentRow.until > today),
                    )
                )
            )

    def give_pupil(
        self, by: By, brin: str, user_id: UUID, pupil_id: UUID, *, since: date | None = None, until: date | None = None
    ) -> UUID:
        """Give a pupil to a colleague: lines that reach "eigen leerlingen" then count for her. Raises Refused,
        NotFound, BadInput.
        """
        with self._tools.database.begin() as uow:
            gate, school = self._with(uow.session, by, brin, ADMINISTRATORS)
            from_day = since or uow.today
            if until is not None and until <= from_day:
                raise BadInput(N_("De einddatum ligt niet na de begindatum."), N_("Controleer beide data."))
            pupil = uow.session.scalar(select(PupilRow).where(PupilRow.id == pupil_id, PupilRow.school_id == school.id))
            if pupil is None or not Gate(uow.session, user_id, gate.today).holds_any(school.board_id):
                raise NotFound
            row = PupilStaffRow(
                user_id=user_id,
                pupil_id=pupil_id,
                since=from_day,
                until=until,
                given_by=by.user_id,
                created_at=uow.now,
            )
            uow.session.add(row)
            uow.flush()
            uow.record(_about(EventKind.PUPIL_GIVEN, by, school, row))
            return row.id

    def give_number(
        self, by: By, brin: str, user_id: UUID, number: str, *, since: date | None = None, until: date | None = None
    ) -> UUID:
        """As `give_pupil`, for a pupil named by her number."""
        with self._tools.database.read() as session:
            _, school = self._with(session, by, brin, ADMINISTRATORS)
            pupil = pupil_by_number(session, school.id, number)
        if pupil is None:
            raise NotFound(N_("Er is geen leerling met dit nummer."), N_("Controleer het leerlingnummer."))
        return self.give_pupil(by, brin, user_id, pupil.id, since=since, until=until)

    def take_pupil(self, by: By, brin: str, given_id: UUID) -> None:
        """End it today. Raises Refused, NotFound."""
        with self._tools.database.begin() as uow:
            _, school = self._with(uow.session, by, brin, ADMINISTRATORS)
            row = uow.session.get(PupilStaffRow, given_id)
            pupil = uow.session.get(PupilRow, row.pupil_id) if row is not None else None
            if row is None or pupil is None or pupil.school_id != school.id:
                raise NotFound
            if row.until is None or row.until > uow.today:
                row.until = uow.today
                uow.record(_about(EventKind.PUPIL_TAKEN, by, school, row))

    def given_pupils(self, by: By, brin: str) -> tuple[GivenPupil, ...]:
        """The pupils that are given to a colleague now or later, by colleague. Raises Refused."""
        with self._tools.database.read() as session:
            gate, school = self._with(session, by, brin, ADMINISTRATORS)
            rows = session.scalars(
                select(PupilStaffRow)
                .join(PupilRow, PupilRow.id == PupilStaffRow.pupil_id)
                .where(
                    PupilRow.school_id == school.id,
                    or_(PupilStaffRow.until.is_(None), PupilStaffRow.until > gate.today),
                )
            ).all()
            names = names_of(session, (x.user_id for x in rows))
            pupils = pupil_names(session, (x.pupil_id for x in rows))
            found = [
                GivenPupil(x.id, names.get(x.user_id, ""), x.pupil_id, pupils.get(x.pupil_id, ""), x.since, x.until)
                for x in rows
            ]
            return tuple(sorted(found, key=lambda x: (x.user, x.pupil)))

    def _pupil(self, session: Session, by: By, pupil_id: UUID) -> PupilRow:
        gate = Gate(session, by.user_id, self._tools.clock.today())
        pupil = session.get(PupilRow, pupil_id)
        if pupil is None:
            raise NotFound
        own = pupil.user_id is not None and pupil.user_id == by.user_id and not gate.actor.disabled
        reached = session.scalar(
            select(PupilRow.id).where(PupilRow.id == pupil_id, reachable_pupils(gate, Action.EDIT))
        )
        if not own and reached is None:
            raise NotFound
        return pupil

    def _with(self, session: Session, by: By, brin: str, roles: tuple[str, ...]) -> tuple[Gate, SchoolView]:
        gate = Gate(session, by.user_id, self._tools.clock.today())
        school = school_by_brin(session, brin)
        require(gate, school, roles)
        return gate, school


def _told(session: Session, school_id: UUID) -> dict[str, FamilyModuleRow]:
    return {x.code: x for x in session.scalars(select(FamilyModuleRow).where(FamilyModuleRow.school_id == school_id))}


def _about(kind: EventKind, by: By, school: SchoolView, row: PupilStaffRow) -> Event:
    return Event(kind, by, school.board_id, school.id, row.pupil_id, object_kind="user", object_id=row.user_id)
