"""Colleagues: who they are, which roles they hold, and finding them among thousands.

Accounts of parents and pupils are not shown: their names belong to dossiers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from dms.db.tables import (
    ApiTokenRow,
    BoardRow,
    GroupRow,
    GroupStaffRow,
    PasswordLinkRow,
    RoleHeldRow,
    SchoolRow,
    SessionRow,
    UserRow,
)
from dms.kernel.errors import BadInput, NotFound
from dms.kernel.text import N_
from dms.model.duties import Duty
from dms.model.events import By, Event, EventKind
from dms.model.people import OUTSIDE_ROLES
from dms.services.accounts.sessions import session_over
from dms.services.administration.outcome import Outcome, changed, locked, required_text
from dms.services.administration.remit import Remit, remit
from dms.services.administration.shapes import (
    GroupTaught,
    HeldRole,
    OpenSession,
    PersonCard,
    PersonDetail,
    PersonPage,
    TokenCard,
)
from dms.services.sign_in.budgets import waiting_until
from dms.services.tools import Tools

LANGUAGES = ("nl", "en")
MOST_TOKENS = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list of colleagues is narrowed to. `state`: empty for who has access, `off` for disabled, `all`."""

    text: str = ""
    role: str = ""
    school_id: UUID | None = None
    state: str = ""


class PeopleAdministration:
    """The colleagues within an administrator's reach."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def list(self, by: By, asked: Asked, page: int = 1, size: int = 50) -> PersonPage:
        """One page of colleagues by name. The number of queries does not grow with them."""
        today = self._tools.clock.today()
        with self._tools.database.read() as session:
            reach = remit(session, by, Duty.PEOPLE, today)
            wanted = _wanted(reach, asked, today)
            total = session.scalar(select(func.count()).select_from(UserRow).where(wanted)) or 0
            users = session.scalars(
                select(UserRow)
                .where(wanted)
                .order_by(func.lower(UserRow.name), UserRow.email)
                .limit(size)
                .offset((max(page, 1) - 1) * size)
            ).all()
            families = session.scalar(select(func.count()).select_from(UserRow).where(_family(reach))) or 0
            return PersonPage(total, cards(session, list(users), reach, today), families)

    def view(self, by: By, user_id: UUID) -> PersonDetail:
        """One colleague. Raises NotFound for who holds and held no role within reach."""
        today, now = self._tools.clock.today(), self._tools.clock.now()
        with self._tools.database.read() as session:
            reach = remit(session, by, Duty.PEOPLE, today)
            user = person(session, reach, user_id)
            sessions = session.scalars(
                select(SessionRow)
                .where(SessionRow.user_id == user.id, SessionRow.ended_at.is_(None))
                .order_by(SessionRow.seen_at.desc())
            ).all()
            tokens = session.scalars(
                select(ApiTokenRow)
                .where(ApiTokenRow.user_id == user.id)
                .order_by(ApiTokenRow.created_at.desc())
                .limit(MOST_TOKENS)
            ).all()
            link = session.scalar(
                select(func.max(PasswordLinkRow.expires_at)).where(
                    PasswordLinkRow.user_id == user.id,
                    PasswordLinkRow.used_at.is_(None),
                    PasswordLinkRow.withdrawn_at.is_(None),
                    PasswordLinkRow.expires_at > now,
                )
            )
            return PersonDetail(
                person=cards(session, [user], reach, today)[0],
                language=user.language,
                has_password=user.password_hash is not None,
                locked_until=session.scalar(waiting_until(user.id, now)),
                groups=_groups(session, user.id, reach, today),
                sessions=tuple(
                    OpenSession(x.id, x.created_at, x.seen_at) for x in sessions if not session_over(x, now)
                ),
                tokens=tuple(
                    TokenCard(
                        x.id,
                        x.name,
                        x.scope,
                        x.created_at,
                        x.expires_at,
                        x.revoked_at,
                        x.revoked_at is None and x.expires_at > now,
                    )
                    for x in tokens
                ),
                link_until=link,
                row_version=user.row_version,
                whole=whole(session, reach, user.id, today),
                oneself=user.id == by.user_id,
            )

    def change(self, by: By, user_id: UUID, version: int, given: Mapping[str, str], *, apply: bool) -> Outcome:
        """Another name or language. Raises NotFound, BadInput, Conflict."""
        name = required_text(given.get("name", ""), N_("De collega heeft geen naam."))
        language = given.get("language", "")
        if language not in LANGUAGES:
            raise BadInput(N_("Deze taal is er niet."), N_("Kies Nederlands of Engels."))
        with self._tools.database.begin() as uow:
            reach = remit(uow.session, by, Duty.PEOPLE, uow.today)
            person(uow.session, reach, user_id)
            user = locked(uow.session, UserRow, user_id, version)
            changes = changed((N_("Naam"), user.name, name), (N_("Taal"), user.language, language))
            if apply and changes:
                user.name, user.language = name, language
                user.row_version += 1
                board = board_of(uow.session, reach, user.id)
                uow.record(
                    Event(EventKind.USER_CHANGED, by, board, object_kind="user", object_id=user.id, changes=changes)
                )
            return Outcome(changes, object_id=user.id)


def person(session: Session, reach: Remit, user_id: UUID) -> UserRow:
    """The colleague. Raises NotFound for who holds and held no role of staff within reach."""
    user = session.scalar(select(UserRow).where(UserRow.id == user_id, _staff(reach)))
    if user is None:
        raise NotFound
    return user


def whole(session: Session, reach: Remit, user_id: UUID, today: date) -> bool:
    """Whether every role that the person holds now or later lies within reach: only then may her access end."""
    if reach.everything:
        return True
    places = session.execute(
        select(RoleHeldRow.board_id, RoleHeldRow.school_id).where(
            RoleHeldRow.user_id == user_id, or_(RoleHeldRow.until.is_(None), RoleHeldRow.until > today)
        )
    )
    return all(reach.has_school(board, school) for board, school in places)


def board_of(session: Session, reach: Remit, user_id: UUID) -> UUID | None:
    """The board in whose chain an act upon the person is logged: one within reach where she holds or held a role."""
    return session.scalar(
        select(RoleHeldRow.board_id)
        .where(RoleHeldRow.user_id == user_id, reach.roles_within())
        .order_by(RoleHeldRow.until.is_not(None), RoleHeldRow.board_id)
        .limit(1)
    )


def cards(session: Session, users: list[UserRow], reach: Remit, today: date) -> tuple[PersonCard, ...]:
    """Colleagues with their roles within reach and when they were last seen: two queries for all."""
    ids = [x.id for x in users]
    roles: dict[UUID, list[HeldRole]] = {}
    for held, board, school in session.execute(
        select(RoleHeldRow, BoardRow.name, SchoolRow.name)
        .join(BoardRow, BoardRow.id == RoleHeldRow.board_id)
        .outerjoin(SchoolRow, SchoolRow.id == RoleHeldRow.school_id)
        .where(RoleHeldRow.user_id.in_(ids), RoleHeldRow.role.not_in(OUTSIDE_ROLES), reach.roles_within())
        .order_by(RoleHeldRow.until.is_not(None), RoleHeldRow.until.desc(), RoleHeldRow.role, SchoolRow.name)
    ):
        roles.setdefault(held.user_id, []).append(
            HeldRole(
                held.id,
                held.role,
                held.board_id,
                board,
                held.school_id,
                school or "",
                held.since,
                held.until,
                (held.since is None or held.since <= today) and (held.until is None or held.until > today),
            )
        )
    seen = dict(
        session.execute(
            select(SessionRow.user_id, func.max(SessionRow.seen_at))
            .where(SessionRow.user_id.in_(ids))
            .group_by(SessionRow.user_id)
        )
        .tuples()
        .all()
    )
    return tuple(
        PersonCard(x.id, x.name, x.email, x.disabled_at is not None, tuple(roles.get(x.id, ())), seen.get(x.id))
        for x in users
    )


def _staff(reach: Remit, *more: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(
        select(RoleHeldRow.id).where(
            RoleHeldRow.user_id == UserRow.id, RoleHeldRow.role.not_in(OUTSIDE_ROLES), reach.roles_within(), *more
        )
    )


def _family(reach: Remit) -> ColumnElement[bool]:
    held = exists(
        select(RoleHeldRow.id).where(
            RoleHeldRow.user_id == UserRow.id, RoleHeldRow.role.in_(OUTSIDE_ROLES), reach.roles_within()
        )
    )
    return and_(held, ~_staff(reach))


def _wanted(reach: Remit, asked: Asked, today: date) -> ColumnElement[bool]:
    parts: list[ColumnElement[bool]] = []
    now = and_(
        or_(RoleHeldRow.since.is_(None), RoleHeldRow.since <= today),
        or_(RoleHeldRow.until.is_(None), RoleHeldRow.until > today),
    )
    held: list[ColumnElement[bool]] = []
    if asked.role:
        held.append(RoleHeldRow.role == asked.role)
    if asked.school_id is not None:
        held.append(RoleHeldRow.school_id == asked.school_id)
    if held and asked.state != "all":
        held.append(now)
    parts.append(_staff(reach, *held))
    if asked.state == "off":
        parts.append(UserRow.disabled_at.is_not(None))
    elif asked.state != "all":
        parts.append(UserRow.disabled_at.is_(None))
    for word in asked.text.lower().split():
        like = f"%{word.replace('!', '!!').replace('%', '!%').replace('_', '!_')}%"
        parts.append(or_(func.lower(UserRow.name).like(like, escape="!"), UserRow.email.like(like, escape="!")))
    return and_(*parts)


def _groups(session: Session, user_id: UUID, reach: Remit, today: date) -> tuple[GroupTaught, ...]:
    rows = session.execute(
        select(GroupStaffRow, GroupRow.name, SchoolRow.name)
        .join(GroupRow, GroupRow.id == GroupStaffRow.group_id)
        .join(SchoolRow, SchoolRow.id == GroupRow.school_id)
        .where(GroupStaffRow.user_id == user_id, reach.schools_within())
        .order_by(GroupStaffRow.until.is_not(None), GroupStaffRow.since.desc(), GroupRow.name)
    )
    return tuple(
        GroupTaught(
            x.group_id,
            name,
            school,
            x.since,
            x.until,
            (x.since is None or x.since <= today) and (x.until is None or x.until > today),
        )
        for x, name, school in rows
    )
