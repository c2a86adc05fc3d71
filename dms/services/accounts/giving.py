"""Giving an account a role, a group, or the people whom it is the account of. Each within somebody's transaction."""

from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from dms.db.tables import CarerRow, GroupRow, GroupStaffRow, PupilCarerRow, PupilRow, RoleHeldRow, RoleRow, UserRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import BadInput, Conflict, NotFound
from dms.kernel.text import N_
from dms.model.events import By, Event, EventKind
from dms.model.people import RoleCode
from dms.services.accounts.gifts import Gift, ask, second_person, waits_already
from dms.services.shapes import SchoolView

BOARD_ROLES = frozenset({RoleCode.PRIVACY_OFFICER, RoleCode.RECORDS_MANAGER})
"""Roles that reach over the whole board, whatever school they are given at."""


def about(kind: EventKind, by: By, user: UserRow, school: SchoolView, **details: str) -> Event:
    """The event of an act upon an account at a school."""
    return Event(kind, by, school.board_id, school.id, object_kind="user", object_id=user.id, details=details)


def known_role(session: Session, board_id: UUID, role: str) -> None:
    """Raises BadInput for what is neither a role that ships nor one of the board's own."""
    own = session.scalars(select(RoleRow.code).where(RoleRow.board_id == board_id)).all()
    known = sorted({x.value for x in RoleCode} | set(own))
    if role not in known:
        raise BadInput(
            N_("De rol %(role)s bestaat niet."),
            N_("Kies een van: %(roles)s."),
            params={"role": role[:40], "roles": ", ".join(known)},
        )


def give_role(
    uow: UnitOfWork, by: By, user: UserRow, role: str, school: SchoolView, *, whole_board: bool = False
) -> None:
    """Let the account hold the role from today, or wait for a second person where the role asks for one. Does nothing
    where it is held, or waits, already.

    Some roles always reach over the whole board, and so does the first administrator of a board: there must be
    somebody who administers all of it.
    """
    wide = whole_board or role in BOARD_ROLES or _first_administrator(uow, role, school)
    school_id: UUID | None = None if wide else school.id
    same_place = RoleHeldRow.school_id.is_(None) if school_id is None else RoleHeldRow.school_id == school_id
    held = uow.session.scalar(
        select(RoleHeldRow).where(
            RoleHeldRow.user_id == user.id,
            RoleHeldRow.role == role,
            RoleHeldRow.board_id == school.board_id,
            same_place,
            or_(RoleHeldRow.until.is_(None), RoleHeldRow.until > uow.today),
        )
    )
    if held is not None:
        return
    gift = Gift(by, user.id, role, school.board_id, school_id)
    why = second_person(uow.session, gift, uow.today)
    if why is not None:
        if not waits_already(uow, gift):
            ask(uow, gift, why, uow.today, None, ())
        return
    uow.session.add(
        RoleHeldRow(user_id=user.id, role=role, board_id=school.board_id, school_id=school_id, since=uow.today)
    )
    uow.record(about(EventKind.ROLE_GIVEN, by, user, school, role=role))


def _first_administrator(uow: UnitOfWork, role: str, school: SchoolView) -> bool:
    if role != RoleCode.APPLICATION_MANAGER:
        return False
    held = select(RoleHeldRow.id).where(RoleHeldRow.board_id == school.board_id, RoleHeldRow.role == role)
    return uow.session.scalar(held.limit(1)) is None


def give_group(uow: UnitOfWork, by: By, user: UserRow, school: SchoolView, name: str) -> None:
    """Let the account teach the group from today. Raises NotFound for a group that the school does not have."""
    group = uow.session.scalar(select(GroupRow).where(GroupRow.school_id == school.id, GroupRow.name == name.strip()))
    if group is None:
        raise NotFound(N_("Deze groep is er niet."), N_("Importeer eerst de leerlingen van deze school."))
    exists = uow.session.scalar(
        select(GroupStaffRow).where(
            GroupStaffRow.user_id == user.id, GroupStaffRow.group_id == group.id, GroupStaffRow.until.is_(None)
        )
    )
    if exists is None:
        uow.session.add(GroupStaffRow(user_id=user.id, group_id=group.id, since=uow.today))
        uow.record(about(EventKind.GROUP_GIVEN, by, user, school, group=str(group.id)))


def link_carers(uow: UnitOfWork, by: By, user: UserRow, school: SchoolView) -> None:
    """Make this the account of the carers with its address; every child that it opens is recorded.

    Raises Conflict where two carers have the address.
    """
    carers = uow.session.scalars(
        select(CarerRow).where(CarerRow.school_id == school.id, CarerRow.email == user.email).order_by(CarerRow.id)
    ).all()
    if len({x.name for x in carers}) > 1:
        raise Conflict(N_("Twee verzorgers hebben dit e-mailadres."), N_("Geef elke verzorger een eigen e-mailadres."))
    for carer in carers:
        if carer.user_id == user.id:
            continue
        carer.user_id = user.id
        children = uow.session.scalars(
            select(PupilCarerRow.pupil_id).where(PupilCarerRow.carer_id == carer.id).order_by(PupilCarerRow.pupil_id)
        ).all()
        for pupil_id in children:
            uow.record(_linked(EventKind.CARER_LINKED, by, user, school, pupil_id, carer=str(carer.id)))


def link_pupil(uow: UnitOfWork, by: By, user: UserRow, school: SchoolView) -> None:
    """Make this the account of the pupil with its address."""
    for pupil in uow.session.scalars(
        select(PupilRow).where(PupilRow.school_id == school.id, PupilRow.email == user.email)
    ):
        if pupil.user_id != user.id:
            pupil.user_id = user.id
            uow.record(_linked(EventKind.PUPIL_LINKED, by, user, school, pupil.id))


def _linked(kind: EventKind, by: By, user: UserRow, school: SchoolView, pupil_id: UUID, **details: str) -> Event:
    return Event(kind, by, school.board_id, school.id, pupil_id, object_kind="user", object_id=user.id, details=details)
