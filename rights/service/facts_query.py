"""The one query that tells everything about a person: a row for each fact, of kinds that `actors` understands.

Columns are shared by the kinds: `a` and `b` are ids, `since` and `until` days, `text` a word, `flag` and
`other` yes or no. What they mean stands with each part.
"""

from datetime import date, datetime
from functools import cache
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    Boolean,
    ColumnElement,
    CompoundSelect,
    Date,
    Integer,
    Select,
    String,
    Uuid,
    and_,
    bindparam,
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
    FamilyPhaseRow,
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
from dms.db.tables.base import Instant


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


USER: BindParameter[UUID] = bindparam("user_id", type_=Uuid())
TODAY: BindParameter[date] = bindparam("today", type_=Date())
NOW: BindParameter[datetime] = bindparam("now", type_=Instant())


def facts_of(
    user_id: UUID, today: date, now: datetime | None
) -> tuple["CompoundSelect[Any]", dict[str, UUID | date | datetime]]:
    """The query and its parameters. Without `now` temporary access is left out."""
    if now is None:
        return _query(timed=False), {"user_id": user_id, "today": today}
    return _query(timed=True), {"user_id": user_id, "today": today, "now": now}


@cache
def _query(*, timed: bool) -> "CompoundSelect[Any]":
    """Put together once: that takes longer than asking it."""
    parts = [
        _row("user", flag=UserRow.disabled_at.is_not(None)).where(UserRow.id == USER),
        _roles(),
        _row(
            "group",
            a=GroupStaffRow.group_id,
            b=GroupRow.school_id,
            since=GroupStaffRow.since,
            until=GroupStaffRow.until,
        )
        .join_from(GroupStaffRow, GroupRow, GroupRow.id == GroupStaffRow.group_id)
        .where(GroupStaffRow.user_id == USER),
        _pupils(),
        _children(),
        _row("self", a=PupilRow.id, b=PupilRow.school_id, born=PupilRow.birth_date).where(PupilRow.user_id == USER),
        _modules(),
        _matrices(),
    ]
    if timed:
        parts.append(_accesses())
    return union_all(*parts)


def _roles() -> "Select[Any]":
    """`a` board, `b` school or nothing, `text` the role."""
    return _row(
        "role",
        a=RoleHeldRow.board_id,
        b=RoleHeldRow.school_id,
        since=RoleHeldRow.since,
        until=RoleHeldRow.until,
        text=RoleHeldRow.role,
    ).where(RoleHeldRow.user_id == USER)


def _pupils() -> "Select[Any]":
    """`a` pupil, `b` school, `flag` whether enrolled today."""
    enrolled = exists(
        select(EnrolmentRow.id).where(
            EnrolmentRow.pupil_id == PupilRow.id, or_(EnrolmentRow.until.is_(None), EnrolmentRow.until > TODAY)
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
        .where(PupilStaffRow.user_id == USER)
    )


def _children() -> "Select[Any]":
    """`a` pupil, `b` school, `since` and `until` of the authority, `flag` authority, `other` the pupil's consent."""
    agreed = exists(
        select(PupilConsentRow.id).where(
            PupilConsentRow.pupil_id == PupilCarerRow.pupil_id,
            PupilConsentRow.carer_id == PupilCarerRow.carer_id,
            PupilConsentRow.since <= TODAY,
            or_(PupilConsentRow.until.is_(None), PupilConsentRow.until > TODAY),
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
                or_(PupilCarerRow.authority_since.is_(None), PupilCarerRow.authority_since <= TODAY),
                or_(PupilCarerRow.authority_until.is_(None), PupilCarerRow.authority_until > TODAY),
            ),
            other=agreed,
        )
        .join_from(PupilCarerRow, CarerRow, CarerRow.id == PupilCarerRow.carer_id)
        .join(PupilRow, PupilRow.id == PupilCarerRow.pupil_id)
        .where(CarerRow.user_id == USER, CarerRow.deceased.is_(False))
    )


def _modules() -> "Select[Any]":
    """`a` school, `text` the module, `flag` open (its phase too), `number` the age at which it closes to carers."""
    own = select(PupilRow.school_id).where(PupilRow.user_id == USER)
    cared = (
        select(PupilRow.school_id)
        .join(PupilCarerRow, PupilCarerRow.pupil_id == PupilRow.id)
        .join(CarerRow, CarerRow.id == PupilCarerRow.carer_id)
        .where(CarerRow.user_id == USER)
    )
    query = _row(
        "module",
        a=FamilyModuleRow.school_id,
        text=FamilyModuleRow.code,
        flag=and_(FamilyModuleRow.is_open, or_(FamilyPhaseRow.id.is_(None), FamilyPhaseRow.opens_on <= TODAY)),
        number=FamilyModuleRow.carers_until,
    )
    return query.outerjoin_from(FamilyModuleRow, FamilyPhaseRow, FamilyPhaseRow.id == FamilyModuleRow.phase_id).where(
        or_(FamilyModuleRow.school_id.in_(own), FamilyModuleRow.school_id.in_(cared))
    )


def _matrices() -> "Select[Any]":
    """`a` board, `b` version, `number` of the version in force: the highest."""
    boards = select(RoleHeldRow.board_id).where(RoleHeldRow.user_id == USER)
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


def _accesses() -> "Select[Any]":
    """`a` pupil, `b` document or nothing for the whole dossier, `text` the condition that is met."""
    return _row(
        "access", a=TemporaryAccessRow.pupil_id, b=TemporaryAccessRow.document_id, text=TemporaryAccessRow.condition
    ).where(
        TemporaryAccessRow.user_id == USER,
        TemporaryAccessRow.since <= NOW,
        TemporaryAccessRow.until > NOW,
        TemporaryAccessRow.ended_at.is_(None),
    )
