"""Who may import pupils: the administration and the application manager of the school, and the machine's operator.

The service itself too, for what a school's own system handed in.
"""

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from dms.db.tables import RoleHeldRow, UserRow
from dms.kernel.errors import NotFound, Refused
from dms.model.events import ActorKind, By
from dms.model.people import RoleCode
from dms.services.shapes import SchoolView

IMPORTERS = frozenset({RoleCode.ADMINISTRATION, RoleCode.APPLICATION_MANAGER})


def must_import(session: Session, by: By, school: SchoolView, today: date, *, itself: bool = False) -> None:
    """Raises Refused for who works at the school in another role, NotFound for who does not belong there at all.

    `itself`: the service may too, for a file that is kept with its preview until a person or a school's rule says so.
    """
    own = {ActorKind.COMMAND, ActorKind.SYSTEM} if itself else {ActorKind.COMMAND}
    if by.kind in own and by.user_id is None:
        return
    if by.user_id is None:
        raise NotFound
    roles = set(
        session.scalars(
            select(RoleHeldRow.role)
            .join(UserRow, UserRow.id == RoleHeldRow.user_id)
            .where(
                RoleHeldRow.user_id == by.user_id,
                UserRow.disabled_at.is_(None),
                RoleHeldRow.board_id == school.board_id,
                or_(RoleHeldRow.school_id.is_(None), RoleHeldRow.school_id == school.id),
                or_(RoleHeldRow.since.is_(None), RoleHeldRow.since <= today),
                or_(RoleHeldRow.until.is_(None), RoleHeldRow.until > today),
            )
        )
    )
    if not roles:
        raise NotFound
    if IMPORTERS.isdisjoint(roles):
        raise Refused
