"""The second step of signing in: a code, a passkey, or setting one up the first time.

A half-way token opens nothing. A wrong try counts for the step (five, then one begins again) and for the account:
whoever is here knew the password, so strangers share one budget and a known device keeps its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import Select, select

from dms.db.tables import SignInStepRow, UserRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.digest import token_digest
from dms.kernel.errors import BadInput, Refused
from dms.kernel.text import N_
from dms.model.events import EventKind
from dms.services.accounts.opening import (
    HALF_WAY_LASTS,
    TRIES_HALF_WAY,
    half_way,
    open_session,
    over,
    own_event,
    step_held,
)
from dms.services.accounts.views import user_view
from dms.services.shapes import SignedIn
from dms.services.sign_in import budgets, codes, devices, needed, passkeys
from dms.services.sign_in.halfway import HalfWay
from dms.services.sign_in.passkeys import Site
from dms.services.sign_in.visit import NOWHERE, Visit
from dms.services.tools import Tools


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A session that begins with a first second factor; the recovery codes are shown once."""

    signed_in: SignedIn
    recovery_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """A new app for codes: the secret to type over (base32), and the address that the picture shows."""

    secret: str
    address: str


class SecondStep:
    """From half-way to a session."""

    _tools: Tools

    def half_way(self, token: str) -> HalfWay:
        """Where somebody is who did the first step. Raises Refused when that is over."""
        with self._tools.database.read() as session:
            user = self._whose(session.scalar(_step(token)), session.get)
            return half_way(session, user, token, self._tools.clock.today())

    def offer(self, token: str) -> Offer:
        """A secret for an app, for who has no second factor yet. Raises Refused."""
        with self._tools.database.read() as session:
            user = self._whose(session.scalar(_step(token)), session.get)
            secret = codes.offered(self._tools.vault, token)
            return Offer(secret, codes.address_of(secret, user.email, "Dossierkluis"))

    def passkey_to_make(self, token: str, site: Site) -> str:
        """What the browser needs to make a first passkey, as JSON. Raises Refused."""
        with self._tools.database.read() as session:
            row = session.scalar(_step(token))
            user = self._whose(row, session.get)
            return passkeys.to_make(site, user, _challenge(token, row), passkeys.held(session, user.id))

    def passkey_to_use(self, token: str, site: Site) -> str:
        """What the browser needs to use a passkey, as JSON. Raises Refused."""
        with self._tools.database.read() as session:
            row = session.scalar(_step(token))
            user = self._whose(row, session.get)
            return passkeys.to_use(site, _challenge(token, row), passkeys.held(session, user.id))

    def second_step_code(self, token: str, code: str, visit: Visit = NOWHERE) -> SignedIn:
        """Finish with a code of the app or a recovery code. Raises BadInput when it is wrong, Refused when over."""
        vault = self._tools.vault

        def right(uow: UnitOfWork, user: UserRow, _: SignInStepRow) -> bool:
            return codes.use(uow, vault, user.id, code) or codes.use_recovery_code(uow, vault, user.id, code)

        return self._finish(token, visit, right)

    def second_step_passkey(self, token: str, answer: str, site: Site, visit: Visit = NOWHERE) -> SignedIn:
        """Finish with a passkey. Raises BadInput, Refused."""
        return self._finish(
            token, visit, lambda uow, user, row: passkeys.use(uow, site, user.id, _challenge(token, row), answer)
        )

    def enrol_app(self, token: str, code: str, visit: Visit = NOWHERE) -> Enrolled:
        """Finish by setting up an app: `code` is its first. Raises BadInput when it is wrong, Refused when over."""

        def right(uow: UnitOfWork, user: UserRow, _: SignInStepRow) -> bool:
            secret = codes.offered(self._tools.vault, token)
            step = codes.step_of(secret, code, uow.now)
            if step is not None:
                codes.keep(uow, self._tools.vault, user.id, secret, step)
            return step is not None

        return self._enrol(token, visit, right, "app")

    def enrol_passkey(self, token: str, answer: str, name: str, site: Site, visit: Visit = NOWHERE) -> Enrolled:
        """Finish by making a passkey. Raises BadInput, Refused."""
        return self._enrol(
            token,
            visit,
            lambda uow, user, row: passkeys.keep(uow, site, user.id, _challenge(token, row), answer, name),
            "passkey",
        )

    def _finish(
        self, token: str, visit: Visit, right: Callable[[UnitOfWork, UserRow, SignInStepRow], bool]
    ) -> SignedIn:
        opened: SignedIn | None = None
        with self._tools.database.begin() as uow:
            row, user = step_held(uow, token)
            known = devices.known(uow.session, user.id, visit.device_token)
            key = budgets.key_of("factor", str(user.id), str(known.id) if known else "")
            allowed = budgets.allowed(uow, key)
            if allowed and needed.has_factor(uow.session, user.id) and right(uow, user, row):
                budgets.right(uow, key)
                row.used_at = uow.now
                opened = open_session(uow, user, row.method, visit)
            else:
                row.tries += 1
                if allowed:
                    budgets.wrong(uow, key, user.id)
                view = user_view(uow.session, user, uow.today)
                uow.record(own_event(EventKind.FACTOR_FAILED, view, locked=not allowed))
            ended = row.tries >= TRIES_HALF_WAY
        if opened is not None:
            return opened
        raise over() if ended else wrong_factor()

    def _enrol(
        self, token: str, visit: Visit, right: Callable[[UnitOfWork, UserRow, SignInStepRow], bool], what: str
    ) -> Enrolled:
        enrolled: Enrolled | None = None
        with self._tools.database.begin() as uow:
            row, user = step_held(uow, token)
            if needed.has_factor(uow.session, user.id):
                raise Refused  # who has one uses it: a new one is added from inside
            if right(uow, user, row):
                row.used_at = uow.now
                view = user_view(uow.session, user, uow.today)
                uow.record(own_event(EventKind.FACTOR_ADDED, view, factor=what))
                recovery = codes.new_recovery_codes(uow, self._tools.vault, user.id)
                enrolled = Enrolled(open_session(uow, user, row.method, visit), recovery)
            else:
                row.tries += 1
            ended = row.tries >= TRIES_HALF_WAY
        if enrolled is not None:
            return enrolled
        raise over() if ended else wrong_factor()

    def _whose(self, row: SignInStepRow | None, get: Callable[..., UserRow | None]) -> UserRow:
        user = get(UserRow, row.user_id) if row is not None else None
        fresh = (
            row is not None
            and row.used_at is None
            and row.tries < TRIES_HALF_WAY
            and self._tools.clock.now() - row.created_at <= HALF_WAY_LASTS
        )
        if user is None or user.disabled_at is not None or not fresh:
            raise over()
        return user


def wrong_factor() -> BadInput:
    """That the code or passkey is not right, or was used."""
    return BadInput(
        N_("Deze code of passkey klopt niet, of is al gebruikt."),
        N_("Wacht op de volgende code in uw app en vul die in."),
        code="factor",
    )


def _step(token: str) -> Select[tuple[SignInStepRow]]:
    return select(SignInStepRow).where(SignInStepRow.token_digest == token_digest(token))


def _challenge(token: str, row: SignInStepRow | None) -> bytes:
    """What the passkey signs: only who holds the token can make it, and after a wrong answer it is another."""
    return sha256(f"passkey {row.tries if row else 0} {token}".encode()).digest()
