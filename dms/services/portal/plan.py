"""The plan of a school: which modules open to families on which day, with what announcement. And trying it on.

Nothing of a module is open before the day of its phase; the day is judged at every request. On the day the announcement
goes to families as a notice without personal data.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import and_, delete, select, update
from sqlalchemy.orm import Session

from dms.db.tables import (
    CarerRow,
    DossierRow,
    FamilyModuleRow,
    FamilyPhaseRow,
    PupilCarerRow,
    PupilRow,
    SchoolRow,
    UserRow,
)
from dms.db.unit_of_work import UnitOfWork
from dms.db.visibility import visible
from dms.kernel.errors import BadInput, Conflict, NotFound
from dms.kernel.ids import new_id
from dms.kernel.text import N_
from dms.model.events import SYSTEM, By, Event, EventKind
from dms.model.letters import LetterKind
from dms.model.people import RoleCode
from dms.model.portal import Standing
from dms.services.carers import CONTACT_CATEGORY
from dms.services.catalogue import categories
from dms.services.notices.post import Letter, language_of, post
from dms.services.portal.modules import modules_on, news_on, planned
from dms.services.portal.papers import parts
from dms.services.portal.shapes import Child, ChildPage, Phase, PortalPlan
from dms.services.pupils import pupil_by_number
from dms.services.rights.officers import ADMINISTRATORS, VIEWERS, require
from dms.services.shapes import SchoolView
from dms.services.tools import Tools, full_name, school_by_brin
from rights.rules.actions import Action
from rights.rules.facts import Actor, ChildHeld, RoleHeld
from rights.rules.family import DEFAULT_MODULES, open_to_carer, open_to_pupil
from rights.rules.scope import scope
from rights.service.gate import Gate

LONGEST_NAME = 80
LONGEST_TEXT = 2000
PAGE = "/portaal"
TRIED_ON = UUID(int=1)
"""Nobody: whose eyes a preview uses. No shield names it."""


class Plan:
    """Phases of a school. Who sets them up is the application manager; the head and the privacy officer look on."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def show(self, by: By, brin: str) -> PortalPlan:
        """The plan as it stands. Raises Refused."""
        with self._tools.database.read() as session:
            _, school = self._with(session, by, brin, VIEWERS)
            names = {x.code: x.name for x in categories(session, school.board_id).values()}
            modules = tuple(
                replace(x, categories=" · ".join(names.get(y, y) for y in x.categories.split()))
                for x in planned(session, school.id, self._tools.clock.today())
            )
            rows = session.scalars(
                select(FamilyPhaseRow)
                .where(FamilyPhaseRow.school_id == school.id)
                .order_by(FamilyPhaseRow.opens_on, FamilyPhaseRow.name)
            )
            return PortalPlan(
                modules,
                tuple(
                    Phase(
                        x.id,
                        x.name,
                        x.opens_on,
                        x.announcement,
                        tuple(y.code for y in modules if y.phase_id == x.id),
                        x.announced_at is not None,
                        x.row_version,
                    )
                    for x in rows
                ),
            )

    def save(
        self,
        by: By,
        brin: str,
        phase_id: UUID | None,
        name: str,
        opens_on: date | None,
        announcement: str,
        modules: Sequence[str],
        row_version: int = 0,
    ) -> UUID:
        """Make a phase or change one; its id. A module belongs to one phase: it leaves the one it was in.

        A day that has come opens its modules at once, and a later day closes them until then. Raises Refused, BadInput,
        NotFound, Conflict where a colleague changed it since `row_version`.
        """
        wanted = _checked(name, opens_on, announcement, modules)
        with self._tools.database.begin() as uow:
            _, school = self._with(uow.session, by, brin, ADMINISTRATORS)
            row = None if phase_id is None else _phase(uow.session, school, phase_id)
            if row is not None and row.row_version != row_version:
                raise Conflict(
                    N_("Een collega heeft deze fase intussen gewijzigd."), N_("Bekijk de fase en pas die weer aan.")
                )
            return _save(uow, by, school, row, wanted)

    def save_from_machine(
        self, by: By, brin: str, name: str, opens_on: date, announcement: str, modules: Sequence[str]
    ) -> UUID:
        """A phase more, for the operator of the machine. Raises NotFound, BadInput."""
        wanted = _checked(name, opens_on, announcement, modules)
        with self._tools.database.begin() as uow:
            return _save(uow, by, school_by_brin(uow.session, brin), None, wanted)

    def drop(self, by: By, brin: str, phase_id: UUID) -> None:
        """Leave a phase out: its modules close. Raises Refused, NotFound."""
        with self._tools.database.begin() as uow:
            _, school = self._with(uow.session, by, brin, ADMINISTRATORS)
            row = _phase(uow.session, school, phase_id)
            uow.session.execute(
                update(FamilyModuleRow)
                .where(FamilyModuleRow.phase_id == row.id)
                .values(phase_id=None, is_open=False, changed_by=by.user_id, changed_at=uow.now)
            )
            uow.session.execute(delete(FamilyPhaseRow).where(FamilyPhaseRow.id == row.id))
            uow.record(
                Event(
                    EventKind.PORTAL_PLANNED,
                    by,
                    school.board_id,
                    school.id,
                    object_kind="phase",
                    object_id=row.id,
                    details={"dropped": True},
                )
            )

    def preview(self, by: By, brin: str, number: str, day: date, *, as_pupil: bool = False) -> ChildPage:
        """The page of a pupil as a parent with authority (or the pupil) would see it on `day`, within what the
        colleague may see herself: a preview opens nothing. Is logged. Raises Refused, NotFound.
        """
        with self._tools.database.begin() as uow:
            gate, school = self._with(uow.session, by, brin, VIEWERS)
            pupil = pupil_by_number(uow.session, school.id, number)
            dossier = uow.session.scalar(select(DossierRow).where(DossierRow.pupil_id == pupil.id)) if pupil else None
            if pupil is None or dossier is None:
                raise NotFound(N_("Er is geen leerling met dit nummer."), N_("Controleer het leerlingnummer."))
            modules = modules_on(uow.session, school.id, day)
            if as_pupil:
                opened = open_to_pupil(pupil.birth_date, day, modules)
            else:
                opened = open_to_carer(pupil.birth_date, day, modules, authority=True, consent=False)
            child = ChildHeld(pupil.id, school.id, bool(opened), opened)
            role = RoleCode.PUPIL if as_pupil else RoleCode.PARENT
            tried = Actor(
                TRIED_ON,
                roles=(RoleHeld(role.value, school.board_id, school.id),),
                children=() if as_pupil else (child,),
                oneself=(child,) if as_pupil else (),
            )
            theirs = scope(tried, Action.READ, gate.matrices, day)
            shown = tuple(x for x in modules if x.is_open and {*x.categories} & {*opened})
            found = parts(
                uow.session,
                pupil.id,
                lambda: and_(visible(theirs, day), gate.visible(Action.SEE)),
                shown,
                categories(uow.session, school.board_id),
            )
            uow.record(
                Event(
                    EventKind.PORTAL_PREVIEWED,
                    by,
                    school.board_id,
                    school.id,
                    pupil.id,
                    object_kind="dossier",
                    object_id=dossier.id,
                    details={"day": day.isoformat(), "as": role.value},
                )
            )
            standing = Standing.PUPIL if as_pupil else Standing.PARENT
            return ChildPage(
                Child(pupil.id, full_name(pupil), school.name, standing, bool(opened)),
                found,
                None,
                news_on(uow.session, [school.id], day) if opened else (),
                any(y.matches(CONTACT_CATEGORY) for x in shown for y in x.categories),
            )

    def announce_due(self) -> int:
        """Let the announcement of every phase whose day has come go out, once; returns how many phases."""
        count = 0
        today = self._tools.clock.today()
        due = select(FamilyPhaseRow.id).where(FamilyPhaseRow.announced_at.is_(None), FamilyPhaseRow.opens_on <= today)
        with self._tools.database.read() as session:
            waiting = session.scalars(due).all()
        for phase_id in waiting:
            with self._tools.database.begin() as uow:
                row = uow.session.get(FamilyPhaseRow, phase_id, with_for_update=True, populate_existing=True)
                if row is None or row.announced_at is not None or row.opens_on > uow.today:
                    continue
                row.announced_at = uow.now
                told = _announce(uow, row)
                school = uow.session.get_one(SchoolRow, row.school_id)
                uow.record(
                    Event(
                        EventKind.PORTAL_ANNOUNCED,
                        SYSTEM,
                        school.board_id,
                        school.id,
                        object_kind="phase",
                        object_id=row.id,
                        details={"told": told},
                    )
                )
                count += 1
        return count

    def _with(self, session: Session, by: By, brin: str, roles: tuple[str, ...]) -> tuple[Gate, SchoolView]:
        gate = Gate(session, by.user_id, self._tools.clock.today())
        school = school_by_brin(session, brin)
        require(gate, school, roles)
        return gate, school


def _announce(uow: UnitOfWork, row: FamilyPhaseRow) -> int:
    """A letter to every account of a family of the school that asked for them; how many were written."""
    carers = (
        select(CarerRow.user_id)
        .join(PupilCarerRow, PupilCarerRow.carer_id == CarerRow.id)
        .where(CarerRow.school_id == row.school_id, CarerRow.user_id.is_not(None), PupilCarerRow.authority)
    )
    pupils = select(PupilRow.user_id).where(PupilRow.school_id == row.school_id, PupilRow.user_id.is_not(None))
    people = uow.session.scalars(
        select(UserRow.id)
        .where(UserRow.disabled_at.is_(None), UserRow.id.in_(carers) | UserRow.id.in_(pupils))
        .order_by(UserRow.id)
    ).all()
    told = 0
    for user_id in people:
        letter = Letter(
            LetterKind.PORTAL_OPENED,
            user_id,
            row.school_id,
            language_of(uow, user_id),
            {"date": row.opens_on, "page": PAGE},
        )
        told += post(uow, letter) is not None
    return told


def _give_modules(uow: UnitOfWork, by: By, school: SchoolView, phase: FamilyPhaseRow, chosen: frozenset[str]) -> None:
    known = {
        x.code: x for x in uow.session.scalars(select(FamilyModuleRow).where(FamilyModuleRow.school_id == school.id))
    }
    for module in DEFAULT_MODULES:
        row = known.get(module.code)
        if module.code in chosen:
            if row is None:
                row = FamilyModuleRow(school_id=school.id, code=module.code, carers_until=module.carers_until)
                uow.session.add(row)
            row.is_open, row.phase_id = True, phase.id
        elif row is not None and row.phase_id == phase.id:
            row.is_open, row.phase_id = False, None
        else:
            continue
        row.changed_by, row.changed_at = by.user_id, uow.now
    uow.flush()


def _phase(session: Session, school: SchoolView, phase_id: UUID) -> FamilyPhaseRow:
    row = session.get(FamilyPhaseRow, phase_id, with_for_update=True)
    if row is None or row.school_id != school.id:
        raise NotFound
    return row


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A phase as a form says it, checked."""

    name: str
    opens_on: date
    announcement: str
    modules: frozenset[str]


def _save(uow: UnitOfWork, by: By, school: SchoolView, row: FamilyPhaseRow | None, wanted: _Wanted) -> UUID:
    if row is None:
        row = FamilyPhaseRow(id=new_id(), school_id=school.id, row_version=0)
        uow.session.add(row)
    if wanted.opens_on > uow.today:
        row.announced_at = None  # what was put off is announced again on its day
    row.name, row.opens_on, row.announcement = wanted.name, wanted.opens_on, wanted.announcement
    row.row_version += 1
    row.changed_by, row.changed_at = by.user_id, uow.now
    uow.flush()
    _give_modules(uow, by, school, row, wanted.modules)
    uow.record(
        Event(
            EventKind.PORTAL_PLANNED,
            by,
            school.board_id,
            school.id,
            object_kind="phase",
            object_id=row.id,
            details={"opens_on": wanted.opens_on.isoformat(), "modules": " ".join(sorted(wanted.modules))},
        )
    )
    return row.id


def _checked(name: str, opens_on: date | None, announcement: str, modules: Sequence[str]) -> _Wanted:
    chosen, title, text = frozenset(modules), " ".join(name.split()), announcement.strip()
    if not title or len(title) > LONGEST_NAME:
        raise BadInput(
            N_("Geef de fase een naam van 1 tot %(most)d tekens."), N_("Vul de naam in."), params={"most": LONGEST_NAME}
        )
    if opens_on is None:
        raise BadInput(N_("De dag waarop de fase opengaat, ontbreekt."), N_("Vul een datum in."))
    if len(text) > LONGEST_TEXT:
        raise BadInput(
            N_("De tekst is langer dan %(most)d tekens."), N_("Maak de tekst korter."), params={"most": LONGEST_TEXT}
        )
    if not chosen or not chosen <= {x.code for x in DEFAULT_MODULES}:
        raise BadInput(N_("Kies een of meer onderdelen."), N_("Zet een vinkje bij wat opengaat."))
    return _Wanted(title, opens_on, text, chosen)
