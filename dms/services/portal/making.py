"""Making the account that an invitation is for. Within somebody's transaction."""

import secrets
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from dms.db.tables import CarerRow, PortalInvitationRow, PupilRow, RoleHeldRow, UserRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.ids import new_id
from dms.model.events import ActorKind, By, Event, EventKind
from dms.model.people import RoleCode
from dms.services.accounts.ending import end_sessions
from dms.services.chosen.known import LANGUAGE
from dms.services.chosen.reading import holding
from dms.services.portal.sign_in import FAMILY
from dms.services.shapes import SchoolView
from dms.services.sign_in import codes
from dms.services.sign_in.codes import ALPHABET
from dms.services.tools import full_name, school_by_id

NUMBER_OF = {RoleCode.PARENT: "ouder", RoleCode.PUPIL: "leerling"}
NUMBER_LETTERS = 8


def account_for(uow: UnitOfWork, row: PortalInvitationRow, hashed: str) -> UserRow:
    """The account of who was invited: a new one, or the one she lost the way into. Its old ways in end."""
    school = school_by_id(uow.session, row.school_id)
    pupil = uow.session.get_one(PupilRow, row.pupil_id)
    carer = uow.session.get_one(CarerRow, row.carer_id) if row.carer_id is not None else None
    role = RoleCode.PUPIL if carer is None else RoleCode.PARENT
    user = _family_account(uow.session, pupil.user_id if carer is None else carer.user_id)
    if user is None:
        user = _new_account(uow, school, pupil, carer, role)
    user.password_hash, user.disabled_at = hashed, None
    user.row_version = (user.row_version or 0) + 1
    end_sessions(uow, user.id)
    codes.forget(uow, user.id)
    codes.forget_recovery_codes(uow, user.id)
    hold_role(uow, user.id, role, school)
    if carer is None:
        pupil.user_id = user.id
    else:
        for one in same_person(uow.session, carer):
            one.user_id = user.id
    uow.flush()
    who = By(ActorKind.USER, user.id)
    uow.record(portal_event(EventKind.PORTAL_ACCOUNT_MADE, who, school, row.pupil_id, row.carer_id, role=role.value))
    return user


def _family_account(session: Session, user_id: UUID | None) -> UserRow | None:
    """The account, if it never was anything but a family's: no letter to a parent opens an account of the staff."""
    if user_id is None:
        return None
    roles = set(session.scalars(select(RoleHeldRow.role).where(RoleHeldRow.user_id == user_id)))
    return session.get(UserRow, user_id) if roles <= FAMILY else None


def _new_account(
    uow: UnitOfWork, school: SchoolView, pupil: PupilRow, carer: CarerRow | None, role: RoleCode
) -> UserRow:
    """An address that is taken, or shared, gives an account number to sign in with instead."""
    email = (pupil.email if carer is None else carer.email).strip().lower()
    taken = uow.session.scalar(select(UserRow.id).where(UserRow.email == email)) is not None
    if not email or taken or shared(uow.session, school.id, email):
        email = f"{NUMBER_OF[role]}-{''.join(secrets.choice(ALPHABET) for _ in range(NUMBER_LETTERS))}"
    user = UserRow(
        id=new_id(),
        email=email,
        name=full_name(pupil) if carer is None else carer.name,
        language=holding(uow.session, LANGUAGE, school.board_id, school.id),
        created_at=uow.now,
    )
    uow.session.add(user)
    uow.flush()
    return user


def hold_role(uow: UnitOfWork, user_id: UUID, role: RoleCode, school: SchoolView) -> None:
    """Let the account hold the role at the school, where it does not yet."""
    held = uow.session.scalar(
        select(RoleHeldRow.id).where(
            RoleHeldRow.user_id == user_id,
            RoleHeldRow.role == role.value,
            RoleHeldRow.school_id == school.id,
            or_(RoleHeldRow.until.is_(None), RoleHeldRow.until > uow.today),
        )
    )
    if held is None:
        uow.session.add(
            RoleHeldRow(
                user_id=user_id, role=role.value, board_id=school.board_id, school_id=school.id, since=uow.today
            )
        )


def shared(session: Session, school_id: UUID, email: str) -> bool:
    """Whether people of different names at the school have this address. A parent of several children is one person."""
    carers = select(CarerRow.name).where(CarerRow.school_id == school_id, func.lower(CarerRow.email) == email)
    pupils = select(PupilRow.id).where(PupilRow.school_id == school_id, func.lower(PupilRow.email) == email)
    return len({*session.scalars(carers), *session.scalars(pupils)}) > 1


def same_person(session: Session, carer: CarerRow) -> list[CarerRow]:
    """The carer, and the same name with the same address at other pupils of the school."""
    if not carer.email:
        return [carer]
    same = select(CarerRow).where(
        CarerRow.school_id == carer.school_id,
        CarerRow.name == carer.name,
        func.lower(CarerRow.email) == carer.email.strip().lower(),
    )
    return list(session.scalars(same.order_by(CarerRow.id)))


def portal_event(
    kind: EventKind, by: By, school: SchoolView, pupil_id: UUID, carer_id: UUID | None, **details: str | bool
) -> Event:
    """The event of an act about a carer of a pupil, or (without carer) about the pupil's own account."""
    return Event(
        kind,
        by,
        school.board_id,
        school.id,
        pupil_id,
        object_kind="carer" if carer_id else "pupil",
        object_id=carer_id or pupil_id,
        details=details,
    )
