"""Who may come into the rights room, and small facts that its parts share."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from dms.db.tables import PupilRow, RoleHeldRow, RoleRow, UserRow
from dms.kernel.errors import BadInput, Refused
from dms.kernel.text import N_
from dms.model.people import OUTSIDE_ROLES, RoleCode
from dms.services.rights.shapes import Colleague, RoleName
from dms.services.shapes import SchoolView
from dms.services.tools import full_name
from rights.service.gate import Gate

ADMINISTRATORS = (RoleCode.APPLICATION_MANAGER.value,)
OFFICERS = (RoleCode.PRIVACY_OFFICER.value,)
VIEWERS = (*ADMINISTRATORS, *OFFICERS, RoleCode.HEAD.value)
"""Who may see the matrix, confirm a change of it as the second person, and ask what colleagues may see."""

LEAST_REASON = 8
MOST_REASON = 500


def require(gate: Gate, school: SchoolView, roles: Iterable[str]) -> None:
    """Raises Refused for who holds none of `roles` at the school or its board."""
    if not gate.holds_role(school.id, school.board_id, *roles):
        raise Refused


def checked_reason(text: str) -> str:
    """A reason in the person's own words. Raises BadInput for one that says nothing or is too long."""
    reason = " ".join(text.split())
    if not LEAST_REASON <= len(reason) <= MOST_REASON:
        raise BadInput(
            N_("Geef een reden van %(least)d tot %(most)d tekens."),
            N_("Schrijf in een zin waarom dit nodig is."),
            code="reason_missing",
            params={"least": LEAST_REASON, "most": MOST_REASON},
        )
    return reason


SHIPPED = (
    (RoleCode.ADMINISTRATION, N_("Administratie")),
    (RoleCode.MENTOR, N_("Mentor of leerkracht")),
    (RoleCode.CARE_COORDINATOR, N_("Intern begeleider")),
    (RoleCode.HEAD, N_("Directeur")),
    (RoleCode.PRIVACY_OFFICER, N_("Functionaris gegevensbescherming")),
    (RoleCode.RECORDS_MANAGER, N_("Archiefbeheerder")),
    (RoleCode.APPLICATION_MANAGER, N_("Applicatiebeheerder")),
    (RoleCode.PARENT, N_("Ouder of verzorger")),
    (RoleCode.PUPIL, N_("Leerling")),
    (RoleCode.OUTSIDER, N_("Extern")),
)


def known_roles(session: Session, board_id: UUID) -> tuple[RoleName, ...]:
    """The shipped roles in their order, then the board's own by name."""
    own = session.scalars(select(RoleRow).where(RoleRow.board_id == board_id).order_by(RoleRow.name))
    return (
        *(RoleName(code.value, name) for code, name in SHIPPED),
        *(RoleName(x.code, x.name, True, x.base) for x in own),
    )


def names_of(session: Session, ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """The names of accounts."""
    wanted = {x for x in ids if x is not None}
    if not wanted:
        return {}
    found: dict[UUID, str] = {}
    for user_id, name in session.execute(select(UserRow.id, UserRow.name).where(UserRow.id.in_(wanted))):
        found[user_id] = name
    return found


def pupil_names(session: Session, ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """The names of pupils."""
    wanted = {x for x in ids if x is not None}
    if not wanted:
        return {}
    return {x.id: full_name(x) for x in session.scalars(select(PupilRow).where(PupilRow.id.in_(wanted)))}


def colleagues(
    session: Session, board_id: UUID, today: date, *, school_id: UUID | None = None, outside: bool = False
) -> tuple[Colleague, ...]:
    """Everybody with a role at the board today (at one school of it, or over all of it), by name. Without `outside`
    only people of the staff.
    """
    query = (
        select(UserRow, RoleHeldRow.role)
        .join(RoleHeldRow, RoleHeldRow.user_id == UserRow.id)
        .where(
            RoleHeldRow.board_id == board_id,
            UserRow.disabled_at.is_(None),
            or_(RoleHeldRow.since.is_(None), RoleHeldRow.since <= today),
            or_(RoleHeldRow.until.is_(None), RoleHeldRow.until > today),
        )
        .order_by(UserRow.name, UserRow.email)
    )
    if school_id is not None:
        query = query.where(or_(RoleHeldRow.school_id.is_(None), RoleHeldRow.school_id == school_id))
    if not outside:
        query = query.where(RoleHeldRow.role.not_in([x.value for x in OUTSIDE_ROLES]))
    people: dict[UUID, tuple[UserRow, set[str]]] = {}
    for user, role in session.execute(query):
        people.setdefault(user.id, (user, set()))[1].add(role)
    return tuple(Colleague(u.id, u.name, u.email, tuple(sorted(roles))) for u, roles in people.values())
