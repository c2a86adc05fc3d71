"""How far an administrator's word goes: the boards and schools of the role. The operator of the machine reaches all."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import Session

from dms.db.tables import RoleHeldRow, SchoolRow, UserRow
from dms.kernel.errors import NotFound, Refused
from dms.kernel.text import N_
from dms.model.duties import Duty, roles_with
from dms.model.events import ActorKind, By


@dataclass(frozen=True, slots=True)
class Remit:
    """Whole boards, and schools of other boards. `everything` for who works at the machine itself."""

    user_id: UUID | None
    boards: frozenset[UUID] = frozenset()
    schools: frozenset[tuple[UUID, UUID]] = frozenset()
    """Pairs of board and school."""
    everything: bool = False

    def has_board(self, board_id: UUID) -> bool:
        """Whether the whole board is within it."""
        return self.everything or board_id in self.boards

    def has_school(self, board_id: UUID, school_id: UUID | None) -> bool:
        """Whether the school is within it; for no school the whole board must be."""
        return self.has_board(board_id) or (school_id is not None and (board_id, school_id) in self.schools)

    def need_board(self, board_id: UUID) -> None:
        """Raises NotFound for a board that is not hers at all, Refused where she administers only a school of it."""
        if not self.has_board(board_id):
            if any(x == board_id for x, _ in self.schools):
                raise Refused(
                    N_("Dit geldt voor het hele bestuur."),
                    N_("Vraag de applicatiebeheerder van het bestuur om dit te doen."),
                    code="whole_board",
                )
            raise NotFound

    def need_school(self, board_id: UUID, school_id: UUID) -> None:
        """Raises NotFound for a school out of reach."""
        if not self.has_school(board_id, school_id):
            raise NotFound

    def schools_within(self) -> ColumnElement[bool]:
        """Condition on `schools`."""
        if self.everything:
            return true()
        parts = [SchoolRow.board_id.in_(self.boards), SchoolRow.id.in_([x for _, x in self.schools])]
        return or_(*parts)

    def roles_within(self) -> ColumnElement[bool]:
        """Condition on `roles_held`: given at a place within the remit."""
        if self.everything:
            return true()
        if not self.boards and not self.schools:
            return false()
        return or_(
            RoleHeldRow.board_id.in_(self.boards),
            and_(RoleHeldRow.school_id.is_not(None), RoleHeldRow.school_id.in_([x for _, x in self.schools])),
        )


def remit(session: Session, by: By, duty: Duty, today: date) -> Remit:
    """Where the person has `duty` today. Raises Refused for nowhere; asks one query."""
    if by.user_id is None:
        if by.kind in (ActorKind.COMMAND, ActorKind.SYSTEM):
            return Remit(None, everything=True)
        raise Refused
    rows = session.execute(
        select(RoleHeldRow.board_id, RoleHeldRow.school_id)
        .join(UserRow, UserRow.id == RoleHeldRow.user_id)
        .where(
            RoleHeldRow.user_id == by.user_id,
            UserRow.disabled_at.is_(None),
            RoleHeldRow.role.in_(roles_with(duty)),
            or_(RoleHeldRow.since.is_(None), RoleHeldRow.since <= today),
            or_(RoleHeldRow.until.is_(None), RoleHeldRow.until > today),
        )
    ).all()
    if not rows:
        raise Refused
    boards = frozenset(board for board, school in rows if school is None)
    return Remit(by.user_id, boards, frozenset((b, s) for b, s in rows if s is not None and b not in boards))


def school_within(session: Session, reach: Remit, school_id: UUID) -> SchoolRow:
    """The school. Raises NotFound for one that is not there or out of reach."""
    school = session.get(SchoolRow, school_id)
    if school is None:
        raise NotFound
    reach.need_school(school.board_id, school.id)
    return school
