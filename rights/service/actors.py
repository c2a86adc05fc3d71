"""Gathers what must be known about a person before anything is decided. Asked anew at every request."""

from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from dms.db.tables import (
    CarerRow,
    GroupRow,
    GroupStaffRow,
    MatrixLineRow,
    MatrixVersionRow,
    PupilCarerRow,
    PupilRow,
    RoleHeldRow,
    UserRow,
)
from dms.model.catalogue import Level
from rights.rules.actions import Action, Reach
from rights.rules.facts import Actor, ChildHeld, GroupHeld, RoleHeld
from rights.rules.matrix import CategoryPattern, Matrix, MatrixLine, covers

AGE_OF_INSPECTION = 16
"""From this age inspection, copy and consent pass from the parents to the pupil (UAVG 5; AVG 8)."""


def load_actor(session: Session, user_id: UUID, today: date) -> Actor:
    """The facts about a person on `today`; an unknown id gives an actor who is disabled and holds nothing."""
    user = session.get(UserRow, user_id)
    if user is None:
        return Actor(user_id, disabled=True)
    roles = session.scalars(
        select(RoleHeldRow).where(RoleHeldRow.user_id == user_id).order_by(RoleHeldRow.role, RoleHeldRow.id)
    )
    groups = session.execute(
        select(GroupStaffRow, GroupRow.school_id)
        .join(GroupRow, GroupRow.id == GroupStaffRow.group_id)
        .where(GroupStaffRow.user_id == user_id)
    )
    return Actor(
        user_id=user_id,
        disabled=user.disabled_at is not None,
        roles=tuple(RoleHeld(x.role, x.board_id, x.school_id, x.since, x.until) for x in roles),
        groups=tuple(GroupHeld(x.group_id, school_id, x.since, x.until) for x, school_id in groups),
        children=_children(session, user_id, today),
        oneself=_oneself(session, user_id, today),
    )


def _children(session: Session, user_id: UUID, today: date) -> tuple[ChildHeld, ...]:
    rows = session.execute(
        select(PupilCarerRow, PupilRow.school_id, PupilRow.birth_date)
        .join(CarerRow, CarerRow.id == PupilCarerRow.carer_id)
        .join(PupilRow, PupilRow.id == PupilCarerRow.pupil_id)
        .where(CarerRow.user_id == user_id, CarerRow.deceased.is_(False))
    )
    return tuple(
        ChildHeld(
            link.pupil_id,
            school_id,
            entitled=link.authority and covers(link.since, link.until, today) and _under_sixteen(birth_date, today),
        )
        for link, school_id, birth_date in rows
    )


def _oneself(session: Session, user_id: UUID, today: date) -> tuple[ChildHeld, ...]:
    rows = session.execute(
        select(PupilRow.id, PupilRow.school_id, PupilRow.birth_date).where(PupilRow.user_id == user_id)
    )
    return tuple(
        ChildHeld(pupil_id, school_id, entitled=birth_date is not None and not _under_sixteen(birth_date, today))
        for pupil_id, school_id, birth_date in rows
    )


def _under_sixteen(birth_date: date | None, today: date) -> bool:
    """An unknown birth date is no age: nothing is opened on a guess."""
    if birth_date is None:
        return False
    return (today.year - birth_date.year, today.month, today.day) < (
        AGE_OF_INSPECTION,
        birth_date.month,
        birth_date.day,
    )


def load_matrices(session: Session, boards: frozenset[UUID]) -> dict[UUID, Matrix]:
    """The matrix in force (highest version) of each board."""
    found: dict[UUID, Matrix] = {}
    for board_id in boards:
        version = session.scalar(
            select(MatrixVersionRow)
            .where(MatrixVersionRow.board_id == board_id)
            .order_by(MatrixVersionRow.number.desc())
            .limit(1)
        )
        if version is not None:
            lines = session.scalars(
                select(MatrixLineRow)
                .where(MatrixLineRow.matrix_version_id == version.id)
                .order_by(MatrixLineRow.number)
            )
            found[board_id] = Matrix(version.number, tuple(_line(x) for x in lines))
    return found


def _line(row: MatrixLineRow) -> MatrixLine:
    return MatrixLine(
        number=row.number,
        role=row.role,
        reach=Reach(row.reach),
        level=Level(row.level),
        categories=tuple(CategoryPattern(x) for x in row.categories.split()),
        actions=frozenset(Action(x) for x in row.actions.split()),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        note=row.note,
    )


def people_of_board(session: Session, board_id: UUID, today: date) -> list[UUID]:
    """Everybody who holds a role at the board on `today`."""
    return list(
        session.scalars(
            select(RoleHeldRow.user_id)
            .where(
                RoleHeldRow.board_id == board_id,
                or_(RoleHeldRow.since.is_(None), RoleHeldRow.since <= today),
                or_(RoleHeldRow.until.is_(None), RoleHeldRow.until > today),
            )
            .distinct()
        )
    )
