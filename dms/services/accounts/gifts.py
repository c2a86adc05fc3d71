"""Roles that one person alone may not give: which they are, and asking for a second person.

A role weighs heavily when the matrix in force gives it anything at level 4, or proposing or approving disposal
(product contract: one person alone can never destroy), and when who holds it may confirm a colleague's role: else one
could make one's own second person. Each within somebody's transaction.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from dms.db.tables import MatrixLineRow, MatrixVersionRow, RoleGiftRow, RoleHeldRow, SessionRow, UserRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import Conflict
from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.catalogue import Level
from dms.model.duties import Duty, roles_with
from dms.model.events import By, Change, Event, EventKind
from dms.model.people import OUTSIDE_ROLES
from rights.rules.changes import DISPOSAL

WAITS = timedelta(days=14)
"""How long a second person has to answer."""
WAITING, CONFIRMED, REFUSED = "waiting", "confirmed", "refused"
WHY: dict[str, str] = {
    "level": N_("Deze rol heeft rechten op het hoogste niveau (L4)."),
    "disposal": N_("Met deze rol stelt iemand vernietiging voor, of keurt die goed."),
    "confirms": N_("Met deze rol bevestigt iemand rollen van anderen."),
}
"""Code → what makes a role weigh heavily."""


@dataclass(frozen=True, slots=True)
class Gift:
    """A role that somebody is about to get. `school_id` None for the whole board."""

    by: By
    user_id: UUID | None
    role: str
    board_id: UUID
    school_id: UUID | None


GivingRule = Callable[[Session, Gift, date], Reason | None]
"""Says why a role, given today, waits for a second person; None where one person may give it."""


def second_person(session: Session, gift: Gift, today: date) -> Reason | None:
    """Why this role waits for a second person.

    At the machine itself a school is set up: there a role counts at once as long as nobody who could confirm it has
    ever signed in.
    """
    code = weight(session, gift, today)
    if code is None or (gift.by.user_id is None and not _somebody_could(session, gift, today)):
        return None
    return Reason(code, WHY[code])


def one_person_may(session: Session, gift: Gift, today: date) -> Reason | None:
    """No role needs a second person."""
    return None


def weight(session: Session, gift: Gift, today: date) -> str | None:
    """The code (see WHY) of what makes a role weigh heavily by the matrix in force; None for a light one."""
    if gift.role in OUTSIDE_ROLES:
        return None
    newest = select(func.max(MatrixVersionRow.number)).where(MatrixVersionRow.board_id == gift.board_id)
    lines = session.execute(
        select(MatrixLineRow.level, MatrixLineRow.actions, MatrixLineRow.valid_until)
        .join(MatrixVersionRow, MatrixVersionRow.id == MatrixLineRow.matrix_version_id)
        .where(
            MatrixVersionRow.board_id == gift.board_id,
            MatrixVersionRow.number == newest.scalar_subquery(),
            MatrixLineRow.role == gift.role,
        )
    )
    given = [(level, actions.split()) for level, actions, until in lines if until is None or until > today]
    if any(level >= Level.L4 and actions for level, actions in given):
        return "level"
    if any(DISPOSAL.intersection(actions) for _, actions in given):
        return "disposal"
    return "confirms" if gift.role in roles_with(Duty.RIGHTS_SEEN) else None


def ask(uow: UnitOfWork, gift: Gift, why: Reason, since: date, until: date | None, changes: tuple[Change, ...]) -> UUID:
    """Let the role wait for a second person. Raises Conflict where the same waits already."""
    if gift.user_id is None:
        raise ValueError("the account must exist")
    if waits_already(uow, gift):
        raise Conflict(
            N_("Deze rol wacht al op een tweede persoon."), N_("Vraag een collega die te bevestigen."), code="waits"
        )
    row = RoleGiftRow(
        board_id=gift.board_id,
        school_id=gift.school_id,
        user_id=gift.user_id,
        role=gift.role,
        since=since,
        until=until,
        why=why.code,
        state=WAITING,
        asked_by=gift.by.user_id,
        asked_at=uow.now,
        expires_at=uow.now + WAITS,
    )
    uow.session.add(row)
    uow.flush()
    uow.record(
        Event(
            EventKind.ROLE_ASKED,
            gift.by,
            gift.board_id,
            gift.school_id,
            object_kind="user",
            object_id=gift.user_id,
            details={"role": gift.role, "why": why.code},
            changes=changes,
        )
    )
    return row.id


def waits_already(uow: UnitOfWork, gift: Gift) -> bool:
    """Whether the same role at the same place waits for a second person now."""
    same = select(RoleGiftRow.id).where(
        RoleGiftRow.user_id == gift.user_id,
        RoleGiftRow.role == gift.role,
        RoleGiftRow.state == WAITING,
        RoleGiftRow.expires_at > uow.now,
        RoleGiftRow.board_id == gift.board_id,
        _at(RoleGiftRow.school_id, gift.school_id),
    )
    return uow.session.scalar(same.limit(1)) is not None


def _somebody_could(session: Session, gift: Gift, today: date) -> bool:
    """Whether somebody else who may confirm the gift has ever signed in."""
    holders = (
        select(RoleHeldRow.id)
        .join(UserRow, UserRow.id == RoleHeldRow.user_id)
        .where(
            RoleHeldRow.role.in_(roles_with(Duty.RIGHTS_SEEN)),
            RoleHeldRow.board_id == gift.board_id,
            or_(RoleHeldRow.school_id.is_(None), _at(RoleHeldRow.school_id, gift.school_id)),
            or_(RoleHeldRow.since.is_(None), RoleHeldRow.since <= today),
            or_(RoleHeldRow.until.is_(None), RoleHeldRow.until > today),
            UserRow.disabled_at.is_(None),
            select(SessionRow.id).where(SessionRow.user_id == UserRow.id).exists(),
        )
    )
    if gift.user_id is not None:
        holders = holders.where(UserRow.id != gift.user_id)
    return session.scalar(holders.limit(1)) is not None


def _at(column: InstrumentedAttribute[UUID | None], school_id: UUID | None) -> ColumnElement[bool]:
    return column.is_(None) if school_id is None else column == school_id
