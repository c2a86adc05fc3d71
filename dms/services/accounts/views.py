"""An account as plain data, and how one is found."""

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from dms.db.tables import BoardRow, RoleHeldRow, SchoolRow, UserRow
from dms.kernel.errors import BadInput, NotFound
from dms.kernel.text import N_
from dms.services.shapes import RoleView, UserView
from dms.services.tools import school_view


def user_by_email(session: Session, email: str) -> UserRow | None:
    """The account with this address, in whatever capitals it is written."""
    return session.scalar(select(UserRow).where(UserRow.email == email.strip().lower()))


def live_user(session: Session, email: str) -> UserRow:
    """The account with this address. Raises NotFound, for a disabled one too."""
    user = user_by_email(session, email)
    if user is None or user.disabled_at is not None:
        raise NotFound(N_("Er is geen gebruiker met dit e-mailadres."), N_("Zie `dms user list` voor alle gebruikers."))
    return user


def checked_address(text: str) -> str:
    """The address in lower case. Raises BadInput for what is none."""
    address = text.strip().lower()
    name, _, domain = address.partition("@")
    if not name or "." not in domain or any(x.isspace() for x in address) or len(address) > 254:
        raise BadInput(N_("Dit is geen e-mailadres."), N_("Geef een adres zoals naam@school.nl."))
    return address


def user_view(session: Session, user: UserRow, today: date) -> UserView:
    """The account with the roles that it holds on `today`."""
    held = session.execute(
        select(RoleHeldRow, SchoolRow, BoardRow)
        .join(BoardRow, BoardRow.id == RoleHeldRow.board_id)
        .outerjoin(SchoolRow, SchoolRow.id == RoleHeldRow.school_id)
        .where(
            RoleHeldRow.user_id == user.id,
            or_(RoleHeldRow.since.is_(None), RoleHeldRow.since <= today),
            or_(RoleHeldRow.until.is_(None), RoleHeldRow.until > today),
        )
        .order_by(RoleHeldRow.role, SchoolRow.brin)
    ).all()
    roles = tuple(RoleView(r.role, b.id, school_view(s, b) if s else None) for r, s, b in held)
    schools = {x.school.id: x.school for x in roles if x.school is not None}
    whole_boards = {x.board_id for x in roles if x.school is None}
    if whole_boards:
        for school, board in session.execute(
            select(SchoolRow, BoardRow)
            .join(BoardRow, BoardRow.id == SchoolRow.board_id)
            .where(SchoolRow.board_id.in_(whole_boards))
        ):
            schools[school.id] = school_view(school, board)
    return UserView(
        id=user.id,
        email=user.email,
        name=user.name,
        language=user.language,
        disabled=user.disabled_at is not None,
        roles=roles,
        schools=tuple(sorted(schools.values(), key=lambda x: x.brin)),
    )
