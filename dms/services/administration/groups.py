"""Groups: their names, school year and year level, and who teaches them. Where pupils sit comes from the LVS."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from dms.db.tables import GroupPlacementRow, GroupRow, GroupStaffRow, RoleHeldRow, SchoolRow, UserRow
from dms.db.unit_of_work import UnitOfWork
from dms.db.visibility import placed_on
from dms.kernel.errors import BadInput, Conflict
from dms.kernel.outcome import Reason
from dms.kernel.schoolyear import parse_school_year
from dms.kernel.text import N_
from dms.model.duties import Duty
from dms.model.events import By, Change, Event, EventKind
from dms.model.people import OUTSIDE_ROLES
from dms.services.accounts.views import user_by_email
from dms.services.administration.merging import merge
from dms.services.administration.outcome import Outcome, changed, iso, locked, only, required_text
from dms.services.administration.remit import remit, school_within
from dms.services.administration.shapes import GroupCard, GroupDetail, MentorStay
from dms.services.tools import Tools

LONGEST_NAME = 64
LONGEST_LEVEL = 10
"""A year group of primary education (1 to 8), or as a secondary school writes it (`vwo 3`)."""


class GroupAdministration:
    """The groups of a school, by hand."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def list(self, by: By, school_id: UUID, *, closed: bool = False) -> tuple[GroupCard, ...]:
        """The groups of a school by name, with how many pupils sit there today. Raises NotFound."""
        today = self._tools.clock.today()
        with self._tools.database.read() as session:
            school = school_within(session, remit(session, by, Duty.GROUPS, today), school_id)
            condition = GroupRow.closed_on.is_not(None) if closed else GroupRow.closed_on.is_(None)
            rows = session.scalars(
                select(GroupRow).where(GroupRow.school_id == school.id, condition).order_by(GroupRow.name)
            ).all()
            return _cards(session, list(rows), today)

    def view(self, by: By, group_id: UUID) -> GroupDetail:
        """One group with everybody who taught it. Raises NotFound."""
        today = self._tools.clock.today()
        with self._tools.database.read() as session:
            group = locked(session, GroupRow, group_id, None, writing=False)
            school = school_within(session, remit(session, by, Duty.GROUPS, today), group.school_id)
            stays = session.execute(
                select(GroupStaffRow, UserRow)
                .join(UserRow, UserRow.id == GroupStaffRow.user_id)
                .where(GroupStaffRow.group_id == group.id)
                .order_by(GroupStaffRow.until.is_not(None), GroupStaffRow.since.desc(), UserRow.name)
            ).tuples()
            count = session.scalar(select(func.count()).where(GroupPlacementRow.group_id == group.id)) or 0
            return GroupDetail(
                _cards(session, [group], today)[0],
                school.id,
                school.name,
                tuple(
                    MentorStay(s.id, u.id, u.name, u.email, s.since, s.until, _now(s.since, s.until, today))
                    for s, u in stays
                ),
                count,
            )

    def add(self, by: By, school_id: UUID, given: Mapping[str, str], *, apply: bool) -> Outcome:
        """A new group (`name`, `school_year`, `year_level`). Raises NotFound, BadInput, Conflict."""
        name, year, level = _checked(given)
        with self._tools.database.begin() as uow:
            school = school_within(uow.session, remit(uow.session, by, Duty.GROUPS, uow.today), school_id)
            _free(uow.session, school.id, name, None)
            changes = changed((N_("Naam"), "", name), (N_("Schooljaar"), "", year), (N_("Leerjaar"), "", level))
            if not apply:
                return Outcome(changes)
            group = GroupRow(school_id=school.id, name=name, school_year=year, year_level=level)
            uow.session.add(group)
            uow.flush()
            uow.record(_event(EventKind.GROUP_CREATED, by, school, group, changes))
            return Outcome(changes, object_id=group.id)

    def change(self, by: By, group_id: UUID, version: int, given: Mapping[str, str], *, apply: bool) -> Outcome:
        """Another name, school year or year level. Raises NotFound, BadInput, Conflict."""
        name, year, level = _checked(given)
        with self._tools.database.begin() as uow:
            school, group = self._group(uow, by, group_id, version)
            _free(uow.session, school.id, name, group.id)
            changes = changed(
                (N_("Naam"), group.name, name),
                (N_("Schooljaar"), group.school_year, year),
                (N_("Leerjaar"), group.year_level, level),
            )
            renamed = group.name != name
            if apply and changes:
                group.name, group.school_year, group.year_level = name, year, level
                group.row_version += 1
                uow.record(_event(EventKind.GROUP_CHANGED, by, school, group, changes))
            warning = Reason(
                "lvs_name",
                N_("Heet de groep in het leerlingsysteem anders, dan maakt het inlezen weer een groep met die naam."),
            )
            return Outcome(changes, (warning,) if renamed else (), group.id)

    def close(self, by: By, group_id: UUID, version: int, *, apply: bool) -> Outcome:
        """Close the group from today; its history stays. Raises Conflict as long as pupils sit in it."""
        with self._tools.database.begin() as uow:
            school, group = self._group(uow, by, group_id, version)
            pupils = _pupils(uow.session, [group.id], uow.today).get(group.id, 0)
            if pupils:
                raise Conflict(
                    N_("Er zitten nog %(count)d leerlingen in deze groep."),
                    N_("Voeg de groep samen met een andere, of lees het bestand van het leerlingsysteem in."),
                    code="in_use",
                    params={"count": pupils},
                )
            mentors = _teaching(uow.session, group.id, uow.today)
            changes = changed((N_("Gesloten vanaf"), iso(group.closed_on), uow.today.isoformat()))
            if apply and group.closed_on is None:
                for stay in mentors:
                    stay.until = uow.today
                group.closed_on = uow.today
                group.row_version += 1
                uow.record(_event(EventKind.GROUP_CLOSED, by, school, group, changes, mentors=len(mentors)))
            ends = Reason("mentors", N_("%(count)d mentoren van deze groep stoppen vandaag."), {"count": len(mentors)})
            return Outcome(changes, only((ends if mentors else None,)), group.id)

    def reopen(self, by: By, group_id: UUID, version: int, *, apply: bool) -> Outcome:
        """Open a closed group again; who taught it must be said anew."""
        with self._tools.database.begin() as uow:
            school, group = self._group(uow, by, group_id, version)
            changes = changed((N_("Gesloten vanaf"), iso(group.closed_on), ""))
            if apply and changes:
                group.closed_on = None
                group.row_version += 1
                uow.record(_event(EventKind.GROUP_REOPENED, by, school, group, changes))
            return Outcome(changes, object_id=group.id)

    def merge(self, by: By, group_id: UUID, version: int, into_id: UUID, *, apply: bool) -> Outcome:
        """Let the pupils and mentors of the group sit in another of the same school from today, and close it.

        Raises NotFound, BadInput for itself, Conflict for a closed one or one of a colleague's later version.
        """
        with self._tools.database.begin() as uow:
            school, group = self._group(uow, by, group_id, version)
            into = locked(uow.session, GroupRow, into_id, None)
            if into.id == group.id or into.school_id != group.school_id:
                raise BadInput(N_("Kies een andere groep van dezelfde school."), N_("Kies uit de lijst."))
            if into.closed_on is not None or group.closed_on is not None:
                raise Conflict(
                    N_("Een van beide groepen is gesloten."), N_("Open die groep eerst weer."), code="closed"
                )
            pupils = _pupils(uow.session, [group.id], uow.today).get(group.id, 0)
            mentors = _teaching(uow.session, group.id, uow.today)
            changes = changed(
                (N_("Samengevoegd met"), "", into.name),
                (N_("Gesloten vanaf"), iso(group.closed_on), uow.today.isoformat()),
            )
            consequences = (
                Reason(
                    "pupils",
                    N_("%(count)d leerlingen zitten vanaf vandaag in %(group)s."),
                    {"count": pupils, "group": into.name},
                ),
                Reason(
                    "mentors",
                    N_("%(count)d mentoren krijgen vanaf vandaag %(group)s."),
                    {"count": len(mentors), "group": into.name},
                ),
                Reason("rights", N_("Wat mentoren mogen zien, volgt de groep van vandaag en verandert dus meteen.")),
                Reason("past", N_("Wie eerder in welke groep zat, blijft bewaard.")),
            )
            if apply:
                moved = merge(uow, group, into)
                group.closed_on = uow.today
                group.row_version += 1
                into.row_version += 1
                uow.record(_event(EventKind.GROUP_MERGED, by, school, group, changes, into=str(into.id), pupils=moved))
            return Outcome(changes, consequences, into.id)

    def add_mentor(
        self, by: By, group_id: UUID, version: int, email: str, since: date | None, until: date | None
    ) -> None:
        """Let a colleague with a role at the school teach the group on days in [since, until).

        Raises NotFound, BadInput for somebody without a role there or days in the wrong order, Conflict.
        """
        with self._tools.database.begin() as uow:
            school, group = self._group(uow, by, group_id, version)
            if group.closed_on is not None:
                raise Conflict(N_("Deze groep is gesloten."), N_("Open de groep eerst weer."), code="closed")
            start = since or uow.today
            if until is not None and until <= start:
                raise BadInput(N_("De laatste dag ligt voor de eerste."), N_("Kies een latere einddatum."))
            user = colleague(uow.session, email, school)
            same = select(GroupStaffRow.id).where(
                GroupStaffRow.group_id == group.id,
                GroupStaffRow.user_id == user.id,
                or_(GroupStaffRow.until.is_(None), GroupStaffRow.until > start),
            )
            if uow.session.scalar(same) is not None:
                raise Conflict(
                    N_("Deze collega heeft de groep al."), N_("Kies een ander, of beëindig dat eerst."), code="taken"
                )
            uow.session.add(GroupStaffRow(user_id=user.id, group_id=group.id, since=start, until=until))
            group.row_version += 1
            changes = changed((N_("Mentor"), "", user.name), (N_("Van"), "", iso(start)), (N_("Tot"), "", iso(until)))
            uow.record(_event(EventKind.GROUP_GIVEN, by, school, group, changes, user=str(user.id)))

    def end_mentor(self, by: By, group_id: UUID, version: int, stay_id: UUID, until: date | None) -> None:
        """End somebody's teaching of the group on `until` (default: today). Raises NotFound, BadInput."""
        with self._tools.database.begin() as uow:
            school, group = self._group(uow, by, group_id, version)
            stay = uow.session.get(GroupStaffRow, stay_id)
            if stay is None or stay.group_id != group.id:
                raise BadInput(N_("Deze collega heeft de groep niet."), N_("Open de pagina opnieuw."))
            end = until or uow.today
            if stay.since is not None and end < stay.since:
                raise BadInput(N_("De laatste dag ligt voor de eerste."), N_("Kies een latere einddatum."))
            user = uow.session.get_one(UserRow, stay.user_id)
            changes = changed((N_("Mentor"), user.name, ""), (N_("Tot"), iso(stay.until), iso(end)))
            stay.until = end
            group.row_version += 1
            uow.record(_event(EventKind.GROUP_ENDED, by, school, group, changes, user=str(user.id)))

    def _group(self, uow: UnitOfWork, by: By, group_id: UUID, version: int) -> tuple[SchoolRow, GroupRow]:
        group = locked(uow.session, GroupRow, group_id, None)
        school = school_within(uow.session, remit(uow.session, by, Duty.GROUPS, uow.today), group.school_id)
        return school, locked(uow.session, GroupRow, group_id, version)


def colleague(session: Session, email: str, school: SchoolRow) -> UserRow:
    """The account with this address, if it holds a role of staff at the school or its board. Raises BadInput."""
    user = user_by_email(session, email)
    held = user is not None and session.scalar(
        select(RoleHeldRow.id)
        .where(
            RoleHeldRow.user_id == user.id,
            RoleHeldRow.board_id == school.board_id,
            or_(RoleHeldRow.school_id.is_(None), RoleHeldRow.school_id == school.id),
            RoleHeldRow.role.not_in(OUTSIDE_ROLES),
        )
        .limit(1)
    )
    if user is None or held is None:
        raise BadInput(
            N_("Deze collega heeft nog geen rol bij deze school."),
            N_("Controleer het e-mailadres, of geef eerst een rol bij Collega's."),
            code="no_role",
        )
    return user


def _checked(given: Mapping[str, str]) -> tuple[str, str, str]:
    name = required_text(given.get("name", ""), N_("De groep heeft geen naam."), LONGEST_NAME)
    typed = given.get("school_year", "").strip()
    year = parse_school_year(typed) if typed else None
    if typed and year is None:
        raise BadInput(N_("Dit is geen schooljaar."), N_("Schrijf het als 2026-2027."))
    level = " ".join(given.get("year_level", "").split())
    if len(level) > LONGEST_LEVEL:
        raise BadInput(N_("Dit leerjaar is te lang."), N_("Schrijf bijvoorbeeld 7, of vwo 3."))
    return name, str(year) if year else "", level


def _free(session: Session, school_id: UUID, name: str, own: UUID | None) -> None:
    found = session.scalar(select(GroupRow.id).where(GroupRow.school_id == school_id, GroupRow.name == name))
    if found is not None and found != own:
        raise Conflict(
            N_("Deze school heeft al een groep met deze naam."),
            N_("Kies een andere naam, of voeg de groepen samen."),
            code="taken",
        )


def _cards(session: Session, rows: list[GroupRow], today: date) -> tuple[GroupCard, ...]:
    ids = [x.id for x in rows]
    pupils = _pupils(session, ids, today)
    mentors: dict[UUID, list[str]] = {}
    for group_id, name in session.execute(
        select(GroupStaffRow.group_id, UserRow.name)
        .join(UserRow, UserRow.id == GroupStaffRow.user_id)
        .where(
            GroupStaffRow.group_id.in_(ids),
            or_(GroupStaffRow.since.is_(None), GroupStaffRow.since <= today),
            or_(GroupStaffRow.until.is_(None), GroupStaffRow.until > today),
        )
        .order_by(UserRow.name)
    ):
        mentors.setdefault(group_id, []).append(name)
    return tuple(
        GroupCard(
            x.id,
            x.name,
            x.school_year,
            x.year_level,
            x.closed_on,
            pupils.get(x.id, 0),
            tuple(mentors.get(x.id, ())),
            x.row_version,
        )
        for x in rows
    )


def _pupils(session: Session, ids: list[UUID], today: date) -> dict[UUID, int]:
    rows = session.execute(
        select(GroupPlacementRow.group_id, func.count(func.distinct(GroupPlacementRow.pupil_id)))
        .where(GroupPlacementRow.group_id.in_(ids), placed_on(today))
        .group_by(GroupPlacementRow.group_id)
    )
    return dict(rows.tuples().all())


def _teaching(session: Session, group_id: UUID, today: date) -> list[GroupStaffRow]:
    open_still = or_(GroupStaffRow.until.is_(None), GroupStaffRow.until > today)
    return list(session.scalars(select(GroupStaffRow).where(GroupStaffRow.group_id == group_id, open_still)))


def _now(since: date | None, until: date | None, today: date) -> bool:
    return (since is None or since <= today) and (until is None or until > today)


def _event(
    kind: EventKind, by: By, school: SchoolRow, group: GroupRow, changes: tuple[Change, ...], **details: str | int
) -> Event:
    return Event(
        kind,
        by,
        school.board_id,
        school.id,
        object_kind="group",
        object_id=group.id,
        details=details,
        changes=changes,
    )
