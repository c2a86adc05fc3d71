"""Who of the families of a school has an account, is invited, or could be; and blocking an account."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from dms.db.tables import (
    CarerRow,
    EnrolmentRow,
    GroupPlacementRow,
    GroupRow,
    PortalInvitationRow,
    PortalSessionRow,
    PupilCarerRow,
    PupilRow,
    RoleHeldRow,
    UserRow,
)
from dms.db.visibility import placed_on
from dms.kernel.errors import NotFound
from dms.model.events import By, Event, EventKind
from dms.services.accounts.ending import end_access
from dms.services.portal.shapes import FamilyMember
from dms.services.portal.sign_in import FAMILY
from dms.services.portal.staff import inviters
from dms.services.tools import Tools, full_name, groups_today, school_by_brin
from rights.rules.family import AGE_OF_INSPECTION, AGE_OF_MAJORITY, age_on
from rights.rules.matrix import covers
from rights.service.gate import Gate

SOON = timedelta(days=92)


class Members:
    """Families of a school, for who invites them."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def groups(self, by: By, brin: str) -> tuple[str, ...]:
        """The groups that have pupils today, by name. Raises Refused."""
        with self._tools.database.read() as session:
            today = self._tools.clock.today()
            school = school_by_brin(session, brin)
            inviters(Gate(session, by.user_id, today), school)
            names = session.scalars(
                select(GroupRow.name)
                .join(GroupPlacementRow, GroupPlacementRow.group_id == GroupRow.id)
                .where(GroupRow.school_id == school.id, placed_on(today))
                .distinct()
                .order_by(GroupRow.name)
            )
            return tuple(names)

    def of_group(self, by: By, brin: str, group: str) -> tuple[FamilyMember, ...]:
        """Carers with authority, and pupils of 16 and over, of one group; by pupil. Raises Refused."""
        with self._tools.database.read() as session:
            today = self._tools.clock.today()
            school = school_by_brin(session, brin)
            inviters(Gate(session, by.user_id, today), school)
            placed = (
                select(GroupPlacementRow.pupil_id)
                .join(GroupRow, GroupRow.id == GroupPlacementRow.group_id)
                .where(GroupRow.school_id == school.id, GroupRow.name == group, placed_on(today))
            )
            which = PupilRow.id.in_(placed) & (PupilRow.school_id == school.id)
            return _members(session, school.id, which, today, self._tools.clock.now())

    def of_pupil(self, by: By, brin: str, pupil_id: UUID) -> tuple[FamilyMember, ...]:
        """The same for one pupil. Raises Refused."""
        with self._tools.database.read() as session:
            today = self._tools.clock.today()
            school = school_by_brin(session, brin)
            inviters(Gate(session, by.user_id, today), school)
            which = (PupilRow.id == pupil_id) & (PupilRow.school_id == school.id)
            return _members(session, school.id, which, today, self._tools.clock.now())

    def from_machine(self, brin: str) -> tuple[FamilyMember, ...]:
        """Everybody of the school, for the operator of the machine. Raises NotFound."""
        with self._tools.database.read() as session:
            school = school_by_brin(session, brin)
            today = self._tools.clock.today()
            enrolled = select(EnrolmentRow.pupil_id).where(
                or_(EnrolmentRow.until.is_(None), EnrolmentRow.until > today)
            )
            which = (PupilRow.school_id == school.id) & PupilRow.id.in_(enrolled)
            return _members(session, school.id, which, today, self._tools.clock.now())

    def block(self, by: By, brin: str, user_id: UUID, *, blocked: bool) -> None:
        """Block an account of a family of the school, at once, or let it in again. Raises Refused, NotFound."""
        with self._tools.database.begin() as uow:
            school = school_by_brin(uow.session, brin)
            inviters(Gate(uow.session, by.user_id, uow.today), school)
            user = uow.session.get(UserRow, user_id)
            ours = uow.session.scalar(
                select(CarerRow.id).where(CarerRow.user_id == user_id, CarerRow.school_id == school.id).limit(1)
            ) or uow.session.scalar(
                select(PupilRow.id).where(PupilRow.user_id == user_id, PupilRow.school_id == school.id).limit(1)
            )
            roles = set(uow.session.scalars(select(RoleHeldRow.role).where(RoleHeldRow.user_id == user_id)))
            if user is None or ours is None or not roles <= FAMILY:
                raise NotFound
            user.disabled_at = uow.now if blocked else None
            user.row_version += 1
            if blocked:
                end_access(uow, user.id)
            uow.record(
                Event(
                    EventKind.USER_DISABLED if blocked else EventKind.USER_ENABLED,
                    by,
                    school.board_id,
                    school.id,
                    object_kind="user",
                    object_id=user.id,
                )
            )


def _members(
    session: Session, school_id: UUID, which: ColumnElement[bool], today: date, now: datetime
) -> tuple[FamilyMember, ...]:
    pupils = session.scalars(select(PupilRow).where(which).order_by(PupilRow.sort_name, PupilRow.id)).all()
    ids = [x.id for x in pupils]
    people: dict[UUID, list[_Person]] = {x.id: _oneself(x, today) for x in pupils}
    for carer, link in session.execute(
        select(CarerRow, PupilCarerRow)
        .join(PupilCarerRow, PupilCarerRow.carer_id == CarerRow.id)
        .where(PupilCarerRow.pupil_id.in_(ids), CarerRow.deceased.is_(False))
        .order_by(PupilCarerRow.position, CarerRow.name)
    ).tuples():
        held = link.authority and covers(link.authority_since, link.authority_until, today)
        if held and covers(link.since, link.until, today):
            one = _Person(carer.id, carer.name, link.relation, carer.email, carer.user_id)
            people[link.pupil_id].append(one)
    used = _names_by_address(session, school_id)
    accounts = _accounts(session, [x.user_id for found in people.values() for x in found])
    out = _out(session, school_id, now)
    groups = groups_today(session, frozenset(ids), today)
    found = []
    for pupil in pupils:
        for person in people[pupil.id]:
            account = accounts.get(person.user_id) if person.user_id else None
            invited = out.get(person.key or str(pupil.id))
            found.append(
                FamilyMember(
                    pupil.id,
                    full_name(pupil),
                    groups.get(pupil.id, ""),
                    person.carer_id,
                    person.name,
                    person.relation,
                    person.email,
                    len(used.get(person.email.strip().lower(), ())) > 1,
                    pupil.birth_date is not None,
                    account[0].id if account else None,
                    account[0].email if account else "",
                    account is not None and account[0].disabled_at is not None,
                    account[1] if account else None,
                    invited.expires_at if invited else None,
                    invited.channel if invited else None,
                    _turns(pupil.birth_date, today),
                )
            )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Person:
    """Somebody who can have an account; without `carer_id` the pupil. `key` is the same for a carer of several pupils,
    empty for a pupil.
    """

    carer_id: UUID | None
    name: str
    relation: str
    email: str
    user_id: UUID | None

    @property
    def key(self) -> str:
        return "" if self.carer_id is None else key_of(self.carer_id, self.name, self.email)


def key_of(carer_id: UUID, name: str, email: str) -> str:
    """What says that carers of several pupils are one person: the same name with the same address."""
    return f"{name}\0{email.strip().lower()}" if email else str(carer_id)


def _oneself(pupil: PupilRow, today: date) -> list[_Person]:
    if pupil.birth_date is None or age_on(pupil.birth_date, today) < AGE_OF_INSPECTION:
        return []
    return [_Person(None, full_name(pupil), "", pupil.email, pupil.user_id)]


def _accounts(session: Session, ids: Iterable[UUID | None]) -> dict[UUID, tuple[UserRow, datetime | None]]:
    """Accounts with when each was last used at the portal."""
    wanted = {x for x in ids if x is not None}
    if not wanted:
        return {}
    last = (
        select(PortalSessionRow.user_id, func.max(PortalSessionRow.seen_at).label("at"))
        .group_by(PortalSessionRow.user_id)
        .subquery()
    )
    rows = session.execute(
        select(UserRow, last.c.at).outerjoin(last, last.c.user_id == UserRow.id).where(UserRow.id.in_(wanted))
    )
    return {user.id: (user, at) for user, at in rows.tuples()}


def _out(session: Session, school_id: UUID, now: datetime) -> dict[str, PortalInvitationRow]:
    """Invitations that can be used: by the key of the carer, or by the pupil for the pupil's own."""
    rows = session.execute(
        select(PortalInvitationRow, CarerRow)
        .outerjoin(CarerRow, CarerRow.id == PortalInvitationRow.carer_id)
        .where(
            PortalInvitationRow.school_id == school_id,
            PortalInvitationRow.used_at.is_(None),
            PortalInvitationRow.withdrawn_at.is_(None),
            PortalInvitationRow.expires_at > now,
        )
        .order_by(PortalInvitationRow.created_at)
    )
    return {key_of(y.id, y.name, y.email) if y is not None else str(x.pupil_id): x for x, y in rows.tuples()}


def _names_by_address(session: Session, school_id: UUID) -> dict[str, set[str]]:
    """Who of the school has each address; a pupil counts by her id."""
    found: dict[str, set[str]] = {}
    for email, name in session.execute(
        select(CarerRow.email, CarerRow.name).where(CarerRow.school_id == school_id, CarerRow.email != "")
    ):
        found.setdefault(email.strip().lower(), set()).add(name)
    for email, pupil_id in session.execute(
        select(PupilRow.email, PupilRow.id).where(PupilRow.school_id == school_id, PupilRow.email != "")
    ):
        found.setdefault(email.strip().lower(), set()).add(str(pupil_id))
    return found


def _turns(born: date | None, today: date) -> date | None:
    """The day within three months on which the pupil becomes 16 or 18."""
    if born is None:
        return None
    for age in (AGE_OF_INSPECTION, AGE_OF_MAJORITY):
        try:
            day = born.replace(year=born.year + age)
        except ValueError:  # born on 29 February
            day = date(born.year + age, 3, 1)
        if today < day <= today + SOON:
            return day
    return None
