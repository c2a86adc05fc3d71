"""Sessions of people: signing in with a password, being known, signing out."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from dms.db.tables import SessionRow, UserRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.digest import token_digest
from dms.kernel.errors import Refused
from dms.kernel.text import N_
from dms.model.events import ActorKind, By, Event, EventKind
from dms.services import passwords
from dms.services.accounts.opening import PASSWORD, enter, may_enter, own_event
from dms.services.accounts.views import user_by_email, user_view
from dms.services.shapes import SignedIn, UserView
from dms.services.sign_in import budgets, devices
from dms.services.sign_in.halfway import HalfWay
from dms.services.sign_in.visit import NOWHERE, Visit
from dms.services.tools import Tools

SEEN_STEP = timedelta(minutes=1)


class Sessions:
    """Who is signed in."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def sign_in(self, email: str, password: str, visit: Visit = NOWHERE) -> SignedIn | HalfWay:
        """The first step with a password: a session, or half of one where a second step is asked.

        Raises Refused with one and the same text for unknown, wrong, disabled and too many tries.
        """
        with self._tools.database.read() as session:
            user = user_by_email(session, email)
            stored = user.password_hash if user else None
        right = passwords.verified(stored, password)  # takes its time: no transaction waits for it
        with self._tools.database.begin() as uow:
            opened = self._tried(uow, user, email, password, visit, right=right)
        if opened is None:
            raise Refused(
                N_("E-mailadres of wachtwoord klopt niet."),
                N_("Controleer beide. Na vijf fouten moet u steeds langer wachten."),
                code="login",
            )
        return opened

    def _tried(
        self, uow: UnitOfWork, user: UserRow | None, email: str, password: str, visit: Visit, *, right: bool
    ) -> SignedIn | HalfWay | None:
        """Judge a try under its budget: whoever has to wait is refused, right or wrong, and learns no more."""
        row = uow.session.get_one(UserRow, user.id) if user is not None else None
        account = email.strip().lower()[:254]
        known = devices.known(uow.session, row.id, visit.device_token) if row is not None else None
        key = budgets.key_of("device", str(known.id)) if known else budgets.key_of("pair", account, visit.place)
        allowed = budgets.allowed(uow, key)
        if (
            row is not None
            and allowed
            and right
            and row.disabled_at is None
            and may_enter(user_view(uow.session, row, uow.today))
        ):
            budgets.right(uow, key)
            if row.password_hash and passwords.needs_new_hash(row.password_hash):
                row.password_hash = passwords.again(password)
            return enter(uow, row, PASSWORD, visit)
        if allowed:
            owner = row.id if row else None
            budgets.wrong_sign_in(uow, key, owner, account, visit.place, known=known is not None)
        uow.record(
            Event(
                EventKind.LOGIN_FAILED,
                By(ActorKind.USER, row.id if row else None),
                None,
                object_kind="user" if row else "",
                object_id=row.id if row else None,
                details={"known": row is not None, "locked": not allowed},
            )
        )
        return None

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
                uow.record(own_event(EventKind.LOGGED_OUT, view))


def session_over(session: SessionRow, now: datetime) -> bool:
    """Whether a session has run out by itself."""
    idle, most = timedelta(minutes=session.idle_minutes), timedelta(minutes=session.most_minutes)
    return now - session.seen_at > idle or now - session.created_at > most
