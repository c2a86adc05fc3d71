"""What a person does with her own account: sessions, password, second factors. What weighs asks to be sure first."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from dms.db.tables import ElsewhereRow, RoleHeldRow, SessionRow, UserRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.digest import token_digest
from dms.kernel.errors import BadInput, Conflict, NotFound
from dms.kernel.text import N_
from dms.model.events import EventKind
from dms.services import passwords
from dms.services.accounts.ending import withdraw_links
from dms.services.accounts.opening import end_steps, own_event
from dms.services.accounts.second_step import Offer, wrong_factor
from dms.services.accounts.sessions import session_over
from dms.services.accounts.views import user_view
from dms.services.chosen.known import PASSWORD_LENGTH
from dms.services.chosen.reading import strictest_most
from dms.services.shapes import UserView
from dms.services.sign_in import budgets, codes, needed, passkeys
from dms.services.sign_in.passkeys import Site
from dms.services.tools import Tools

RECENTLY = timedelta(minutes=10)


class VerifyFirst(BadInput):
    """The person must show again who she is before this."""

    code = "verify_first"

    def __init__(self) -> None:
        super().__init__(
            N_("Laat eerst opnieuw zien dat u het bent."), N_("Dat vragen wij bij dingen die over uw toegang gaan.")
        )


@dataclass(frozen=True, slots=True)
class MySession:
    """One of the person's sessions that is not over."""

    id: UUID
    created_at: datetime
    seen_at: datetime
    device: str
    current: bool


@dataclass(frozen=True, slots=True)
class MyPasskey:
    """One of the person's passkeys."""

    id: UUID
    name: str
    created_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class MyAccount:
    """How the person comes in. `required`: some role of hers asks for a second factor."""

    has_password: bool
    least_length: int
    app_since: datetime | None
    passkeys: tuple[MyPasskey, ...]
    recovery_codes: int
    required: bool
    elsewhere: bool
    sessions: tuple[MySession, ...]

    @property
    def factors(self) -> int:
        """How many second factors there are."""
        return len(self.passkeys) + (self.app_since is not None)


class OwnAccount:
    """All of it is for the holder of a session: its token says who."""

    _tools: Tools

    def my_account(self, token: str) -> MyAccount:
        """The holder's account. Raises NotFound for a session that is over."""
        now = self._tools.clock.now()
        with self._tools.database.read() as session:
            here, user = self._holder(session, token)
            view = user_view(session, user, self._tools.clock.today())
            open_ones = session.scalars(
                select(SessionRow)
                .where(SessionRow.user_id == user.id, SessionRow.ended_at.is_(None))
                .order_by(SessionRow.seen_at.desc())
            ).all()
            elsewhere = session.get(ElsewhereRow, user.id)
            return MyAccount(
                has_password=user.password_hash is not None,
                least_length=_least(session, user.id),
                app_since=codes.app_since(session, user.id),
                passkeys=tuple(
                    MyPasskey(x.id, x.name, x.created_at, x.used_at) for x in passkeys.held(session, user.id)
                ),
                recovery_codes=codes.recovery_codes_left(session, user.id),
                required=needed.factor_needed(session, view),
                elsewhere=elsewhere is not None and elsewhere.linked_at is not None,
                sessions=tuple(
                    MySession(x.id, x.created_at, x.seen_at, x.device, x.id == here.id)
                    for x in open_ones
                    if not session_over(x, now)
                ),
            )

    def recently_verified(self, token: str, within: timedelta = RECENTLY) -> bool:
        """Whether the holder showed who she is within this time, at signing in or since."""
        with self._tools.database.read() as session:
            at = session.scalar(select(SessionRow.verified_at).where(SessionRow.token_digest == token_digest(token)))
            return at is not None and self._tools.clock.now() - at <= within

    def verify_again(self, token: str, secret: str) -> None:
        """Show again who one is: with a code where there is an app or passkey, else with the password.

        Raises BadInput for a wrong one, or when one has to wait after many.
        """
        with self._tools.database.read() as session:
            _, user = self._holder(session, token)
            coded = needed.has_factor(session, user.id)
            stored = user.password_hash
        known = not coded and passwords.verified(stored, secret)
        vault = self._tools.vault
        self._verify(
            token,
            lambda uow, row: (
                codes.use(uow, vault, row.id, secret) or codes.use_recovery_code(uow, vault, row.id, secret)
                if needed.has_factor(uow.session, row.id)
                else known
            ),
        )

    def verify_again_passkey(self, token: str, challenge: bytes, answer: str, site: Site) -> None:
        """Show again who one is, with a passkey. Raises BadInput."""
        self._verify(token, lambda uow, row: passkeys.use(uow, site, row.id, challenge, answer))

    def my_passkey_to_use(self, token: str, challenge: bytes, site: Site) -> str:
        """What the browser needs to use one of the holder's passkeys, as JSON."""
        with self._tools.database.read() as session:
            _, user = self._holder(session, token)
            return passkeys.to_use(site, challenge, passkeys.held(session, user.id))

    def my_passkey_to_make(self, token: str, challenge: bytes, site: Site) -> str:
        """What the browser needs to make a passkey for the holder, as JSON."""
        with self._tools.database.read() as session:
            _, user = self._holder(session, token)
            return passkeys.to_make(site, user, challenge, passkeys.held(session, user.id))

    def my_offer(self, token: str) -> Offer:
        """A secret for an app of the holder; another one after every change of the account."""
        with self._tools.database.read() as session:
            _, user = self._holder(session, token)
            secret = self._offered(token, user)
            return Offer(secret, codes.address_of(secret, user.email, "Dossierkluis"))

    def add_my_app(self, token: str, code: str) -> tuple[str, ...]:
        """Use an app for codes from now on, in place of an earlier one; `code` is its first.

        Returns recovery codes where there were none. Raises VerifyFirst, BadInput for a wrong code.
        """
        with self._tools.database.begin() as uow:
            user, view = self._sure(uow, token)
            secret = self._offered(token, user)
            step = codes.step_of(secret, code, uow.now)
            if step is None:
                raise wrong_factor()
            codes.keep(uow, self._tools.vault, user.id, secret, step)
            user.row_version += 1
            uow.record(own_event(EventKind.FACTOR_ADDED, view, factor="app"))
            return self._first_codes(uow, user.id)

    def add_my_passkey(self, token: str, challenge: bytes, answer: str, name: str, site: Site) -> tuple[str, ...]:
        """Use a passkey from now on. Returns recovery codes where there were none. Raises VerifyFirst, BadInput."""
        with self._tools.database.begin() as uow:
            user, view = self._sure(uow, token)
            if not passkeys.keep(uow, site, user.id, challenge, answer, name):
                raise BadInput(
                    N_("De passkey kon niet worden toegevoegd."),
                    N_("Probeer het opnieuw. U kunt hoogstens tien passkeys hebben."),
                    code="passkey",
                )
            uow.record(own_event(EventKind.FACTOR_ADDED, view, factor="passkey"))
            return self._first_codes(uow, user.id)

    def remove_my_factor(self, token: str, passkey_id: UUID | None) -> None:
        """Let a passkey go, or (None) the app. Raises VerifyFirst, NotFound; Conflict for the last one needed."""
        with self._tools.database.begin() as uow:
            user, view = self._sure(uow, token)
            held = passkeys.held(uow.session, user.id)
            row = next((x for x in held if x.id == passkey_id), None)
            had_app = codes.app_since(uow.session, user.id) is not None
            if (passkey_id is not None and row is None) or (passkey_id is None and not had_app):
                raise NotFound
            last = len(held) + had_app == 1
            if last and needed.factor_needed(uow.session, view):
                raise Conflict(
                    N_("Dit is uw enige tweede stap, en uw rol vraagt er een."),
                    N_("Voeg eerst een andere toe. Haal deze daarna weg."),
                    code="last_factor",
                )
            if row is not None:
                uow.session.delete(row)
            else:
                codes.forget(uow, user.id)
            if last:
                codes.forget_recovery_codes(uow, user.id)
            user.row_version += 1
            uow.record(own_event(EventKind.FACTOR_REMOVED, view, factor="passkey" if row is not None else "app"))

    def new_recovery_codes(self, token: str) -> tuple[str, ...]:
        """Fresh recovery codes, shown once. Raises VerifyFirst, Conflict for who has no second factor."""
        with self._tools.database.begin() as uow:
            user, view = self._sure(uow, token)
            if not needed.has_factor(uow.session, user.id):
                raise Conflict(N_("U hebt nog geen tweede stap."), N_("Voeg er eerst een toe."), code="no_factor")
            uow.record(own_event(EventKind.RECOVERY_CODES_MADE, view))
            return codes.new_recovery_codes(uow, self._tools.vault, user.id)

    def change_my_password(self, token: str, password: str) -> None:
        """Choose another password; the other sessions end. Raises VerifyFirst, BadInput."""
        with self._tools.database.begin() as uow:
            user, view = self._sure(uow, token)
            user.password_hash = passwords.hashed(password, _least(uow.session, user.id))
            withdraw_links(uow, user.id)
            end_steps(uow, user.id)
            self._end_others(uow, user.id, token)
            uow.record(own_event(EventKind.PASSWORD_SET, view))

    def end_my_sessions(self, token: str, session_id: UUID | None = None) -> int:
        """End one session of one's own, or all but this one; returns how many. Raises NotFound."""
        with self._tools.database.begin() as uow:
            here, user = self._holder(uow.session, token)
            if session_id is None:
                count = self._end_others(uow, user.id, token)
            else:
                row = uow.session.get(SessionRow, session_id)
                if row is None or row.user_id != here.user_id:
                    raise NotFound
                count = 1 if row.ended_at is None else 0
                row.ended_at = row.ended_at or uow.now
            view = user_view(uow.session, user, uow.today)
            uow.record(own_event(EventKind.SESSIONS_ENDED, view, sessions=count))
            return count

    def _verify(self, token: str, right: Callable[[UnitOfWork, UserRow], bool]) -> None:
        with self._tools.database.begin() as uow:
            here, user = self._holder(uow.session, token)
            view = user_view(uow.session, user, uow.today)
            key = budgets.key_of("verify", str(here.id))
            allowed = budgets.allowed(uow, key)
            good = allowed and right(uow, user)
            if good:
                budgets.right(uow, key)
                here.verified_at = uow.now
                uow.record(own_event(EventKind.LOGIN_VERIFIED, view))
            else:
                if allowed:
                    budgets.wrong(uow, key, None)
                uow.record(own_event(EventKind.FACTOR_FAILED, view, locked=not allowed))
        if not good:
            raise BadInput(
                N_("Dat klopt niet."),
                N_("Probeer het opnieuw. Na vijf fouten moet u steeds langer wachten."),
                code="verify",
            )

    def _sure(self, uow: UnitOfWork, token: str) -> tuple[UserRow, UserView]:
        here, user = self._holder(uow.session, token)
        if here.verified_at is None or uow.now - here.verified_at > RECENTLY:
            raise VerifyFirst
        return user, user_view(uow.session, user, uow.today)

    def _first_codes(self, uow: UnitOfWork, user_id: UUID) -> tuple[str, ...]:
        uow.session.flush()
        if codes.recovery_codes_left(uow.session, user_id):
            return ()
        return codes.new_recovery_codes(uow, self._tools.vault, user_id)

    def _offered(self, token: str, user: UserRow) -> str:
        return codes.offered(self._tools.vault, f"{token} {user.row_version}")

    def _end_others(self, uow: UnitOfWork, user_id: UUID, token: str) -> int:
        others = (
            SessionRow.user_id == user_id,
            SessionRow.ended_at.is_(None),
            SessionRow.token_digest != token_digest(token),
        )
        ids = uow.session.scalars(select(SessionRow.id).where(*others)).all()
        uow.session.execute(update(SessionRow).where(SessionRow.id.in_(ids)).values(ended_at=uow.now))
        return len(ids)

    def _holder(self, session: Session, token: str) -> tuple[SessionRow, UserRow]:
        here = session.scalar(select(SessionRow).where(SessionRow.token_digest == token_digest(token)))
        user = session.get(UserRow, here.user_id) if here is not None else None
        if here is None or user is None or here.ended_at is not None or user.disabled_at is not None:
            raise NotFound
        return here, user


def _least(session: Session, user_id: UUID) -> int:
    boards = session.scalars(select(RoleHeldRow.board_id).where(RoleHeldRow.user_id == user_id).distinct()).all()
    return strictest_most(session, PASSWORD_LENGTH, boards)
