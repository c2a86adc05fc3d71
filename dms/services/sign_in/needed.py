"""Who must use a second factor: by the roles held today, as their boards chose. The strictest board counts."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import CodeAppRow, PasskeyRow, RoleRow
from dms.services.chosen.fields import YES
from dms.services.chosen.known import FACTOR_ELSEWHERE, FACTORS
from dms.services.chosen.reading import chosen_at
from dms.services.shapes import UserView


def factor_needed(session: Session, view: UserView) -> bool:
    """Whether some role of the person asks for a second factor at the board where it is held."""
    boards = {x.board_id for x in view.roles}
    chosen = chosen_at(session, boards)
    own = {
        (board, code): base
        for board, code, base in session.execute(
            select(RoleRow.board_id, RoleRow.code, RoleRow.base).where(RoleRow.board_id.in_(boards))
        )
    }
    settings = {role.value: setting for role, setting in FACTORS.items()}
    for held in view.roles:
        setting = settings.get(own.get((held.board_id, held.role), held.role))
        if setting and chosen.get(held.board_id, {}).get(setting.name, setting.default) == YES:
            return True
    return False


def elsewhere_counts(session: Session, view: UserView) -> bool:
    """Whether every board of the person lets the account elsewhere be the second factor too."""
    boards = {x.board_id for x in view.roles}
    chosen = chosen_at(session, boards)
    return bool(boards) and all(
        chosen.get(x, {}).get(FACTOR_ELSEWHERE.name, FACTOR_ELSEWHERE.default) == YES for x in boards
    )


def has_factor(session: Session, user_id: UUID) -> bool:
    """Whether the person has an app for codes or a passkey."""
    app = select(CodeAppRow.user_id).where(CodeAppRow.user_id == user_id)
    key = select(PasskeyRow.id).where(PasskeyRow.user_id == user_id).limit(1)
    return session.scalar(app) is not None or session.scalar(key) is not None
