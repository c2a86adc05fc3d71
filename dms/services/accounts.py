"""Accounts: signing in and out, sessions, bearer tokens, and making users with their roles."""

import secrets
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from dms.db.tables import (
    ApiTokenRow,
    BoardRow,
    CarerRow,
    GroupRow,
    GroupStaffRow,
    PupilRow,
    RoleHeldRow,
    SchoolRow,
    SessionRow,
    UserRow,
)
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.digest import token_digest
from dms.kernel.errors import BadInput, Conflict, NotFound, Refused
from dms.kernel.text import N_
from dms.model.events import ActorKind, By, Event, EventKind
from dms.model.people import OUTSIDE_ROLES, RoleCode
from dms.services import passwords
from dms.services.shapes import IssuedToken, RoleView, SchoolView, SignedIn, UserView
from dms.services.tools import Tools, school_by_brin, school_view

SESSION_IDLE = timedelta(minutes=30)
SESSION_MOST = timedelta(hours=12)
SEEN_STEP = timedelta(minutes=1)
FREE_TRIES = 5
LONGEST_LOCK_SECONDS = 900
TOKEN_SCOPES = frozenset({"intake", "read", "search"})
MOST_TOKEN_DAYS = 366
BOARD_ROLES = frozenset({RoleCode.PRIVACY_OFFICER, RoleCode.RECORDS_MANAGER})


class Accounts:
    """People with an account."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def sign_in(self, email: str, password: str) -> SignedIn:
        """Open a session. Raises Refused with one and the same text for unknown, wrong, disabled and locked."""
        with self._tools.database.read() as session:
            user = _by_email(session, email)
            stored = user.password_hash if user else None
            locked = user is not None and user.locked_until is not None and user.locked_until > self._tools.clock.now()
            active = user is not None and user.disabled_at is None
        right = passwords.verified(stored, password) and active and not locked
        with self._tools.database.begin() as uow:
            if user is None:
                uow.record(Event(EventKind.LOGIN_FAILED, By(ActorKind.USER), None, details={"known": False}))
                opened = None
            else:
                row = uow.session.get_one(UserRow, user.id)
                opened = self._opened(uow, row, password) if right else None
                if not right:
                    self._failed(uow, row, locked=locked)
        if opened is None:
            raise Refused(
                N_("E-mailadres of wachtwoord klopt niet."),
                N_("Controleer beide. Na vijf fouten moet u steeds langer wachten."),
                code="login",
            )
        return opened

    def _opened(self, uow: UnitOfWork, row: UserRow, password: str) -> SignedIn | None:
        view = _view(uow.session, row, uow.today)
        if not any(x.role not in OUTSIDE_ROLES for x in view.roles):
            return None  # parents and pupils have their own door
        token = secrets.token_urlsafe(32)
        row.failed_logins, row.locked_until = 0, None
        if row.password_hash and passwords.needs_new_hash(row.password_hash):
            row.password_hash = passwords.hashed(password)
        session = SessionRow(user_id=row.id, token_digest=token_digest(token), created_at=uow.now, seen_at=uow.now)
        uow.session.add(session)
        uow.record(_own(EventKind.LOGIN_SUCCEEDED, view))
        return SignedIn(token, view)

    def _failed(self, uow: UnitOfWork, row: UserRow, *, locked: bool) -> None:
        if not locked:
            row.failed_logins += 1
            if row.failed_logins >= FREE_TRIES:
                wait = min(2 ** (row.failed_logins - FREE_TRIES) * 5, LONGEST_LOCK_SECONDS)
                row.locked_until = uow.now + timedelta(seconds=wait)
        uow.record(
            Event(
                EventKind.LOGIN_FAILED,
                By(ActorKind.USER, row.id),
                None,
                object_kind="user",
                object_id=row.id,
                details={"known": True, "locked": locked},
            )
        )

    def session(self, token: str) -> UserView | None:
        """Who holds this session, or None when it has ended, was idle for 30 minutes or is 12 hours old."""
        now = self._tools.clock.now()
        with self._tools.database.read() as session:
            found = session.scalar(select(SessionRow).where(SessionRow.token_digest == token_digest(token)))
            if found is None or found.ended_at is not None or _over(found, now):
                return None
            user = session.get_one(UserRow, found.user_id)
            if user.disabled_at is not None:
                return None
            view = _view(session, user, self._tools.clock.today())
        if now - found.seen_at > SEEN_STEP:
            with self._tools.database.begin() as uow:
                uow.session.execute(update(SessionRow).where(SessionRow.id == found.id).values(seen_at=uow.now))
        return view

    def sign_out(self, token: str) -> None:
        """End the session; unknown ones are no error."""
        with self._tools.database.begin() as uow:
            row = uow.session.scalar(select(SessionRow).where(SessionRow.token_digest == token_digest(token)))
            if row is not None and row.ended_at is None:
                row.ended_at = uow.now
                view = _view(uow.session, uow.session.get_one(UserRow, row.user_id), uow.today)
                uow.record(_own(EventKind.LOGGED_OUT, view))

    def set_language(self, by: By, language: str) -> None:
        """Remember the language of the screens (`nl` or `en`). Raises BadInput for another."""
        if language not in {"nl", "en"}:
            raise BadInput(N_("Deze taal is er niet."), N_("Kies Nederlands of Engels."))
        with self._tools.database.begin() as uow:
            uow.session.execute(update(UserRow).where(UserRow.id == by.user_id).values(language=language))

    def add_user(
        self,
        by: By,
        email: str,
        role: str,
        brin: str,
        *,
        group: str | None = None,
        password: str | None = None,
        name: str | None = None,
    ) -> UserView:
        """Make an account, or give a role to one that exists. The privacy officer's and the records manager's role
        reach over the whole board. A carer's or pupil's account is linked by its address.

        Raises BadInput for a role or address that is none, NotFound for the school or group.
        """
        address = _address(email)
        known = {x.value for x in RoleCode}
        if role not in known:
            raise BadInput(
                N_("De rol %(role)s bestaat niet."),
                N_("Kies een van: %(roles)s."),
                params={"role": role[:40], "roles": ", ".join(sorted(known))},
            )
        if group is not None and RoleCode(role) in OUTSIDE_ROLES:
            raise BadInput(N_("Alleen medewerkers krijgen een groep."), N_("Laat de groep weg."))
        hashed = passwords.hashed(password) if password else None
        with self._tools.database.begin() as uow:
            school = school_by_brin(uow.session, brin)
            user = uow.session.scalar(select(UserRow).where(UserRow.email == address))
            if user is None:
                user = UserRow(email=address, name=name or address.split("@")[0].capitalize(), created_at=uow.now)
                uow.session.add(user)
                uow.session.flush()
                uow.record(_about(EventKind.USER_CREATED, by, user, school))
            if hashed:
                user.password_hash = hashed
                _end_sessions(uow, user)  # whoever knew the old one
                uow.record(_about(EventKind.PASSWORD_SET, by, user, school))
            _give_role(uow, by, user, RoleCode(role), school)
            if group is not None:
                _give_group(uow, by, user, school, group)
            if role == RoleCode.PARENT:
                _link_carers(uow, user, school)
            if role == RoleCode.PUPIL:
                _link_pupil(uow, user, school)
            uow.session.flush()
            return _view(uow.session, user, uow.today)

    def disable(self, by: By, email: str) -> None:
        """Switch an account off: its sessions and tokens stop at once. Raises NotFound."""
        with self._tools.database.begin() as uow:
            user = _by_email(uow.session, email)
            if user is None:
                raise NotFound
            user.disabled_at = uow.now
            _end_sessions(uow, user)
            uow.record(Event(EventKind.USER_DISABLED, by, None, object_kind="user", object_id=user.id))

    def list_users(self, brin: str | None = None) -> tuple[UserView, ...]:
        """All accounts, or those with a role at one school, by address. For the operator of the machine."""
        with self._tools.database.read() as session:
            query = select(UserRow).order_by(UserRow.email)
            if brin is not None:
                school = school_by_brin(session, brin)
                holders = select(RoleHeldRow.user_id).where(
                    RoleHeldRow.board_id == school.board_id,
                    or_(RoleHeldRow.school_id.is_(None), RoleHeldRow.school_id == school.id),
                )
                query = query.where(UserRow.id.in_(holders))
            return tuple(_view(session, x, self._tools.clock.today()) for x in session.scalars(query).all())

    def by_email(self, email: str) -> UserView:
        """The account with this address. Raises NotFound, for a disabled one too."""
        with self._tools.database.read() as session:
            user = _by_email(session, email)
            if user is None or user.disabled_at is not None:
                raise NotFound(
                    N_("Er is geen gebruiker met dit e-mailadres."), N_("Zie `dms user list` voor alle gebruikers.")
                )
            return _view(session, user, self._tools.clock.today())

    def issue_token(self, by: By, email: str, scope: str = "read search", days: int = 90) -> IssuedToken:
        """A bearer token for programs, shown once. Raises BadInput for scopes or days out of bounds, NotFound,
        Refused for people who never enter the staff rooms.
        """
        words = scope.split()
        if not words or not TOKEN_SCOPES.issuperset(words):
            raise BadInput(
                N_("Dit bereik bestaat niet."),
                N_("Kies uit: %(scopes)s."),
                params={"scopes": ", ".join(sorted(TOKEN_SCOPES))},
            )
        if not 1 <= days <= MOST_TOKEN_DAYS:
            raise BadInput(
                N_("Het aantal dagen klopt niet."), N_("Kies 1 tot %(most)d."), params={"most": MOST_TOKEN_DAYS}
            )
        user = self.by_email(email)
        if not any(x.role not in OUTSIDE_ROLES for x in user.roles):
            raise Refused(
                N_("Deze persoon krijgt geen toegang tot de API."), N_("Alleen medewerkers krijgen een token.")
            )
        token = f"dk1_{secrets.token_urlsafe(32)}"
        with self._tools.database.begin() as uow:
            expires = uow.now + timedelta(days=days)
            row = ApiTokenRow(
                user_id=user.id,
                token_digest=token_digest(token),
                scope=" ".join(sorted(set(words))),
                created_at=uow.now,
                expires_at=expires,
            )
            uow.session.add(row)
            uow.session.flush()
            uow.record(
                Event(
                    EventKind.TOKEN_ISSUED,
                    by,
                    user.roles[0].board_id if user.roles else None,
                    object_kind="user",
                    object_id=user.id,
                    details={"scope": row.scope, "days": days},
                )
            )
        return IssuedToken(token, expires)

    def by_token(self, token: str) -> tuple[UserView, frozenset[str]] | None:
        """Who holds a bearer token and its scope words; None when it is unknown, revoked or over."""
        with self._tools.database.read() as session:
            row = session.scalar(select(ApiTokenRow).where(ApiTokenRow.token_digest == token_digest(token)))
            now = self._tools.clock.now()
            if row is None or row.revoked_at is not None or row.expires_at <= now:
                return None
            user = session.get_one(UserRow, row.user_id)
            if user.disabled_at is not None:
                return None
            return _view(session, user, self._tools.clock.today()), frozenset(row.scope.split())


def _own(kind: EventKind, view: UserView) -> Event:
    board = view.roles[0].board_id if view.roles else None
    return Event(kind, By(ActorKind.USER, view.id), board, object_kind="user", object_id=view.id)


def _about(kind: EventKind, by: By, user: UserRow, school: SchoolView, **details: str) -> Event:
    return Event(kind, by, school.board_id, school.id, object_kind="user", object_id=user.id, details=details)


def _end_sessions(uow: UnitOfWork, user: UserRow) -> None:
    uow.session.execute(
        update(SessionRow).where(SessionRow.user_id == user.id, SessionRow.ended_at.is_(None)).values(ended_at=uow.now)
    )


def _over(session: SessionRow, now: datetime) -> bool:
    return now - session.seen_at > SESSION_IDLE or now - session.created_at > SESSION_MOST


def _by_email(session: Session, email: str) -> UserRow | None:
    return session.scalar(select(UserRow).where(UserRow.email == email.strip().lower()))


def _address(text: str) -> str:
    address = text.strip().lower()
    name, _, domain = address.partition("@")
    if not name or "." not in domain or any(x.isspace() for x in address) or len(address) > 254:
        raise BadInput(N_("Dit is geen e-mailadres."), N_("Geef een adres zoals naam@school.nl."))
    return address


def _give_role(uow: UnitOfWork, by: By, user: UserRow, role: RoleCode, school: SchoolView) -> None:
    school_id: UUID | None = None if role in BOARD_ROLES else school.id
    same_place = RoleHeldRow.school_id.is_(None) if school_id is None else RoleHeldRow.school_id == school_id
    held = uow.session.scalar(
        select(RoleHeldRow).where(
            RoleHeldRow.user_id == user.id,
            RoleHeldRow.role == role.value,
            RoleHeldRow.board_id == school.board_id,
            same_place,
            or_(RoleHeldRow.until.is_(None), RoleHeldRow.until > uow.today),
        )
    )
    if held is not None:
        return
    uow.session.add(
        RoleHeldRow(user_id=user.id, role=role.value, board_id=school.board_id, school_id=school_id, since=uow.today)
    )
    uow.record(_about(EventKind.ROLE_GIVEN, by, user, school, role=role.value))


def _give_group(uow: UnitOfWork, by: By, user: UserRow, school: SchoolView, name: str) -> None:
    group = uow.session.scalar(select(GroupRow).where(GroupRow.school_id == school.id, GroupRow.name == name.strip()))
    if group is None:
        raise NotFound(N_("Deze groep is er niet."), N_("Importeer eerst de leerlingen van deze school."))
    exists = uow.session.scalar(
        select(GroupStaffRow).where(
            GroupStaffRow.user_id == user.id, GroupStaffRow.group_id == group.id, GroupStaffRow.until.is_(None)
        )
    )
    if exists is None:
        uow.session.add(GroupStaffRow(user_id=user.id, group_id=group.id, since=uow.today))
        uow.record(_about(EventKind.GROUP_GIVEN, by, user, school, group=str(group.id)))


def _link_carers(uow: UnitOfWork, user: UserRow, school: SchoolView) -> None:
    carers = uow.session.scalars(
        select(CarerRow).where(CarerRow.school_id == school.id, CarerRow.email == user.email)
    ).all()
    if len({x.name for x in carers}) > 1:
        raise Conflict(N_("Twee verzorgers hebben dit e-mailadres."), N_("Geef elke verzorger een eigen e-mailadres."))
    for carer in carers:
        carer.user_id = user.id


def _link_pupil(uow: UnitOfWork, user: UserRow, school: SchoolView) -> None:
    for pupil in uow.session.scalars(
        select(PupilRow).where(PupilRow.school_id == school.id, PupilRow.email == user.email)
    ):
        pupil.user_id = user.id


def _view(session: Session, user: UserRow, today: date) -> UserView:
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
