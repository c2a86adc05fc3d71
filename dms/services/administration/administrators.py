"""A board keeps somebody who administers it: without one, nobody could ever let anybody in again."""

from uuid import UUID

from sqlalchemy import or_, select

from dms.db.tables import BoardRow, RoleHeldRow, UserRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import Conflict
from dms.kernel.text import N_
from dms.model.people import RoleCode


def keep_an_administrator(
    uow: UnitOfWork, board_id: UUID, *, without_role: RoleHeldRow | None = None, without_user: UUID | None = None
) -> None:
    """Raises Conflict where ending this role, or this person's access, leaves the board without an administrator.

    Counted are accounts that are not disabled and hold the role today without an end: over the whole board where
    somebody does, else at some school. The row of the board is held, so that two cannot leave at once.
    """
    uow.session.get_one(BoardRow, board_id, with_for_update=True)
    rows = uow.session.scalars(
        select(RoleHeldRow)
        .join(UserRow, UserRow.id == RoleHeldRow.user_id)
        .where(
            RoleHeldRow.board_id == board_id,
            RoleHeldRow.role == RoleCode.APPLICATION_MANAGER.value,
            RoleHeldRow.until.is_(None),
            or_(RoleHeldRow.since.is_(None), RoleHeldRow.since <= uow.today),
            UserRow.disabled_at.is_(None),
        )
    ).all()
    counted = [x for x in rows if x.school_id is None] or list(rows)
    going = [x for x in counted if x is without_role or x.user_id == without_user]
    if going and len(going) == len(counted):
        raise Conflict(
            N_("Dit is de laatste applicatiebeheerder van het bestuur."),
            N_("Geef eerst een ander die rol, zonder einddatum."),
            code="last_administrator",
        )


def keep_administrators(uow: UnitOfWork, user_id: UUID) -> None:
    """The same for every board that the person administers. Raises Conflict."""
    boards = uow.session.scalars(
        select(RoleHeldRow.board_id)
        .where(
            RoleHeldRow.user_id == user_id,
            RoleHeldRow.role == RoleCode.APPLICATION_MANAGER.value,
            RoleHeldRow.until.is_(None),
        )
        .distinct()
        .order_by(RoleHeldRow.board_id)
    ).all()
    for board_id in boards:
        keep_an_administrator(uow, board_id, without_user=user_id)
