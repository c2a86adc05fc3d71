"""Sessions of people: signing in, being known, signing out."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import select, update

from dms.db.tables import SessionRow, UserRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.digest import token_digest
from dms.kernel.errors import Refused
from dms.kernel.text import N_
from dms.model.events import ActorKind, By, Event, EventKind
from dms.model.people import OUTSIDE_ROLES
from dms.services import passwords
from dms.services.accounts.views import user_by_email, user_view
from dms.services.chosen.known import SESSION_IDLE, SESSION_MOST
from dms.services.chosen.reading import strictest
from dms.services.shapes import SignedIn, UserView
from dms.services.tools import Tools

SEEN_STEP = timedelta(minutes=1)
FREE_TRIES = 5
LONGEST_LOCK_SECONDS = 900


class Sessions:
    """Who is signed in."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def sign_in(self, email: str, password: str) -> SignedIn:
        """Open a session. Raises Refused with one and the same text for unknown, wrong, disabled and locked."""
        with self._tools.database.read() as session:
            user = user_by_email(session, email)
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
        view = user_view(uow.session, row, uow.today)
        if not any(x.role not in OUTSIDE_ROLES for x in view.roles):
            return None  # parents and pupils have their own door
        token = secrets.token_urlsafe(32)
        row.failed_logins, row.locked_until = 0, None
        if row.password_hash and passwords.needs_new_hash(row.password_hash):
            row.password_hash = passwords.hashed(password)
        boards = {x.board_id for x in view.roles}
        session = SessionRow(
            user_id=row.id,
            token_digest=token_digest(token),
            created_at=uow.now,
            seen_at=uow.now,
            idle_minutes=strictest(uow.session, SESSION_IDLE, boards),
            most_minutes=strictest(uow.session, SESSION_MOST, boards) * 60,
        )
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
        """Who holds this session, or None when it has ended, was idle for too long or is too old.

        How long that is, the boards of the person chose; it was settled at signing in.
        """
        now = self._tools.clock.now()
        with self._tools.database.read() as session:
            found = session.scalar(select(SessionRow).where(SessionRow.token_digest == token_digest(token)))
            if found is None or found.ended_at is not None or session_over(found, now):
                return None
            user = session.get_one(UserRow, found.user_id)
            if user.disabled_at is not None:
                return None
            view = user_view(session, user, self._tools.clock.today())
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
                view = user_view(uow.session, uow.session.get_one(UserRow, row.user_id), uow.today)
                uow.record(_own(EventKind.LOGGED_OUT, view))


def _own(kind: EventKind, view: UserView) -> Event:
    board = view.roles[0].board_id if view.roles else None
    return Event(kind, By(ActorKind.USER, view.id), board, object_kind="user", object_id=view.id)


def session_over(session: SessionRow, now: datetime) -> bool:
    """Whether a session has run out by itself."""
    idle, most = timedelta(minutes=session.idle_minutes), timedelta(minutes=session.most_minutes)
    return now - session.seen_at > idle or now - session.created_at > most
