"""The one query that tells everything about a person: a row for each fact, of kinds that `actors` understands.

Columns are shared by the kinds: `a` and `b` are ids, `since` and `until` days, `text` a word, `flag` and
`other` yes or no. What they mean stands with each part.
"""

from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    CompoundSelect,
    Date,
    Integer,
    Select,
    String,
    Uuid,
    and_,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.types import TypeEngine

from dms.db.tables import (
    CarerRow,
    EnrolmentRow,
    FamilyModuleRow,
    GroupRow,
    GroupStaffRow,
    MatrixVersionRow,
    PupilCarerRow,
    PupilConsentRow,
    PupilRow,
    PupilStaffRow,
    RoleHeldRow,
    TemporaryAccessRow,
    UserRow,
)


class Fact(Protocol):
    """A row of the answer. Only the columns that its kind fills mean anything."""

    kind: str
    a: UUID
    b: UUID
    since: date | None
    until: date | None
    born: date | None
    text: str
    flag: bool
    other: bool
    number: int


def _row(kind: str, **given: Any) -> "Select[Any]":  # noqa: ANN401 - columns of any type
    kinds: dict[str, TypeEngine[Any]] = {
        "a": Uuid(), "b": Uuid(), "since": Date(), "until": Date(), "born": Date(), "text": String(40),
        "flag": Boolean(), "other": Boolean(), "number": Integer(),
    }  # fmt: skip
    columns: list[ColumnElement[Any]] = [literal(kind, String(10)).label("kind")]
    for name, of in kinds.items():
        value = given.get(name)
        columns.append((cast(null(), of) if value is None else value).label(name))
    return select(*columns)


def facts_of(user_id: UUID, today: date, now: datetime | None) -> "CompoundSelect[Any]":
    """The query. Without `now` temporary access is left out."""
    parts = [
        _row("user", flag=UserRow.disabled_at.is_not(None)).where(UserRow.id == user_id),
        _roles(user_id),
        _row(
            "group",
            a=GroupStaffRow.group_id,
            b=GroupRow.school_id,
            since=GroupStaffRow.since,
            until=GroupStaffRow.until,
        )
        .join_from(GroupStaffRow, GroupRow, GroupRow.id == GroupStaffRow.group_id)
        .where(GroupStaffRow.user_id == user_id),
        _pupils(user_id, today),
        _children(user_id, today),
        _row("self", a=PupilRow.id, b=PupilRow.school_id, born=PupilRow.birth_date).where(PupilRow.user_id == user_id),
        _modules(user_id),
        _matrices(user_id),
    ]
    if now is not None:
        parts.append(_accesses(user_id, now))
    return union_all(*parts)


def _roles(user_id: UUID) -> "Select[Any]":
    """`a` board, `b` school or nothing, `text` the role."""
    return _row(
        "role",
        a=RoleHeldRow.board_id,
        b=RoleHeldRow.school_id,
        since=RoleHeldRow.since,
        until=RoleHeldRow.until,
        text=RoleHeldRow.role,
    ).where(RoleHeldRow.user_id == user_id)


def _pupils(user_id: UUID, today: date) -> "Select[Any]":
    """`a` pupil, `b` school, `flag` whether enrolled today."""
    enrolled = exists(
        select(EnrolmentRow.id).where(
            EnrolmentRow.pupil_id == PupilRow.id, or_(EnrolmentRow.until.is_(None), EnrolmentRow.until > today)
        )
    )
    return (
        _row(
            "pupil",
            a=PupilRow.id,
            b=PupilRow.school_id,
            since=PupilStaffRow.since,
            until=PupilStaffRow.until,
            flag=enrolled,
        )
        .join_from(PupilStaffRow, PupilRow, PupilRow.id == PupilStaffRow.pupil_id)
        .where(PupilStaffRow.user_id == user_id)
    )


def _children(user_id: UUID, today: date) -> "Select[Any]":
    """`a` pupil, `b` school, `since` and `until` of the authority, `flag` authority, `other` the pupil's consent."""
    agreed = exists(
        select(PupilConsentRow.id).where(
            PupilConsentRow.pupil_id == PupilCarerRow.pupil_id,
            PupilConsentRow.carer_id == PupilCarerRow.carer_id,
            PupilConsentRow.since <= today,
            or_(PupilConsentRow.until.is_(None), PupilConsentRow.until > today),
        )
    )
    return (
        _row(
            "child",
            a=PupilRow.id,
            b=PupilRow.school_id,
            since=PupilCarerRow.since,
            until=PupilCarerRow.until,
            born=PupilRow.birth_date,
            flag=and_(
                PupilCarerRow.authority,
                or_(PupilCarerRow.authority_since.is_(None), PupilCarerRow.authority_since <= today),
                or_(PupilCarerRow.authority_until.is_(None), PupilCarerRow.authority_until > today),
            ),
            other=agreed,
        )
        .join_from(PupilCarerRow, CarerRow, CarerRow.id == PupilCarerRow.carer_id)
        .join(PupilRow, PupilRow.id == PupilCarerRow.pupil_id)
        .where(CarerRow.user_id == user_id, CarerRow.deceased.is_(False))
    )


def _modules(user_id: UUID) -> "Select[Any]":
    """`a` school, `text` the module, `flag` open, `number` the age at which it closes to carers."""
    own = select(PupilRow.school_id).where(PupilRow.user_id == user_id)
    cared = (
        select(PupilRow.school_id)
        .join(PupilCarerRow, PupilCarerRow.pupil_id == PupilRow.id)
        .join(CarerRow, CarerRow.id == PupilCarerRow.carer_id)
        .where(CarerRow.user_id == user_id)
    )
    return _row(
        "module",
        a=FamilyModuleRow.school_id,
        text=FamilyModuleRow.code,
        flag=FamilyModuleRow.is_open,
        number=FamilyModuleRow.carers_until,
    ).where(or_(FamilyModuleRow.school_id.in_(own), FamilyModuleRow.school_id.in_(cared)))


def _matrices(user_id: UUID) -> "Select[Any]":
    """`a` board, `b` version, `number` of the version in force: the highest."""
    boards = select(RoleHeldRow.board_id).where(RoleHeldRow.user_id == user_id)
    newest = (
        select(MatrixVersionRow.board_id, func.max(MatrixVersionRow.number).label("number"))
        .where(MatrixVersionRow.board_id.in_(boards))
        .group_by(MatrixVersionRow.board_id)
        .subquery()
    )
    return _row("matrix", a=MatrixVersionRow.board_id, b=MatrixVersionRow.id, number=MatrixVersionRow.number).join_from(
        MatrixVersionRow,
        newest,
        (newest.c.board_id == MatrixVersionRow.board_id) & (newest.c.number == MatrixVersionRow.number),
    )


def _accesses(user_id: UUID, now: datetime) -> "Select[Any]":
    """`a` pupil, `b` document or nothing for the whole dossier, `text` the condition that is met."""
    return _row(
        "access", a=TemporaryAccessRow.pupil_id, b=TemporaryAccessRow.document_id, text=TemporaryAccessRow.condition
    ).where(
        TemporaryAccessRow.user_id == user_id,
        TemporaryAccessRow.since <= now,
        TemporaryAccessRow.until > now,
        TemporaryAccessRow.ended_at.is_(None),
    )
