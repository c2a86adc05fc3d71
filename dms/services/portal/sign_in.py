"""Coming in at the portal: password, second step, a session of its own.

The tries, codes and known devices are those of `dms.services.sign_in`; sessions are not: no session of the staff
application opens the portal, and none of the portal opens anything else. An account that holds a role of staff does
not come in here, whatever else it holds.
"""

import secrets
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from dms.db.tables import PortalSessionRow, SignInStepRow, UserRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.digest import token_digest
from dms.kernel.errors import BadInput, Refused
from dms.kernel.text import N_
from dms.model.events import ActorKind, By, Event, EventKind
from dms.model.people import RoleCode
from dms.model.portal import DOOR, Door
from dms.services import passwords
from dms.services.accounts.opening import HALF_WAY_LASTS, TRIES_HALF_WAY, own_event
from dms.services.accounts.second_step import Offer
from dms.services.accounts.views import user_by_email, user_view
from dms.services.shapes import SignedIn, UserView
from dms.services.sign_in import budgets, codes, devices, needed
from dms.services.sign_in.halfway import HalfWay
from dms.services.sign_in.visit import NOWHERE, Visit
from dms.services.tools import Tools

ISSUER = "Dossierkluis ouderportaal"
METHOD = "portal"
FAMILY = frozenset({RoleCode.PARENT.value, RoleCode.PUPIL.value})
IDLE = timedelta(minutes=30)
MOST = timedelta(hours=4)
SEEN_STEP = timedelta(minutes=1)
HERE = {DOOR: Door.PORTAL.value}


def may_enter(view: UserView) -> bool:
    """Whether the account is one of a parent or a pupil, and of nothing else."""
    held = {x.role for x in view.roles}
    return bool(held) and held <= FAMILY and not view.disabled


class PortalSignIn:
    """Who is signed in at the portal."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def sign_in(self, name: str, password: str, visit: Visit = NOWHERE) -> SignedIn | HalfWay:
        """The first step, with the e-mail address or account number as `name`.

        Raises Refused with one and the same text for unknown, wrong, disabled, no family and too many tries.
        """
        with self._tools.database.read() as session:
            user = user_by_email(session, name)
            stored = user.password_hash if user else None
        right = passwords.verified(stored, password)  # takes its time: no transaction waits for it
        with self._tools.database.begin() as uow:
            opened = self._tried(uow, user, name, password, visit, right=right)
        if opened is None:
            raise Refused(
                N_("E-mailadres of wachtwoord klopt niet."),
                N_("Controleer beide. Deelt u een e-mailadres? Gebruik dan het accountnummer uit uw brief."),
                code="login",
            )
        return opened

    def _tried(
        self, uow: UnitOfWork, user: UserRow | None, name: str, password: str, visit: Visit, *, right: bool
    ) -> SignedIn | HalfWay | None:
        row = uow.session.get_one(UserRow, user.id) if user is not None else None
        account = name.strip().lower()[:254]
        known = devices.known(uow.session, row.id, visit.device_token) if row is not None else None
        key = budgets.key_of("device", str(known.id)) if known else budgets.key_of("pair", account, visit.place)
        allowed = budgets.allowed(uow, key)
        if row is not None and allowed and right and may_enter(user_view(uow.session, row, uow.today)):
            budgets.right(uow, key)
            if row.password_hash and passwords.needs_new_hash(row.password_hash):
                row.password_hash = passwords.again(password)
            return enter(uow, row, visit)
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
                details={"known": row is not None, "locked": not allowed, **HERE},
            )
        )
        return None

    def session(self, token: str) -> UserView | None:
        """Who holds this session; None when it has ended, was idle for too long, or is not a family's any more."""
        now = self._tools.clock.now()
        with self._tools.database.read() as session:
            found = _held(session, token)
            if found is None or now - found.seen_at > IDLE or now - found.created_at > MOST:
                return None
            view = user_view(session, session.get_one(UserRow, found.user_id), self._tools.clock.today())
        if not may_enter(view):
            return None
        if now - found.seen_at > SEEN_STEP:
            with self._tools.database.begin() as uow:
                uow.session.execute(
                    update(PortalSessionRow).where(PortalSessionRow.id == found.id).values(seen_at=uow.now)
                )
        return view

    def sign_out(self, token: str) -> None:
        """End the session; unknown ones are no error."""
        with self._tools.database.begin() as uow:
            row = _held(uow.session, token)
            if row is not None:
                row.ended_at = uow.now
                view = user_view(uow.session, uow.session.get_one(UserRow, row.user_id), uow.today)
                uow.record(own_event(EventKind.LOGGED_OUT, view, **HERE))

    def half_way(self, token: str) -> HalfWay:
        """Where somebody is who did the first step. Raises Refused when that is over."""
        with self._tools.database.read() as session:
            _, user = self._step(session, token)
            return _half_way(session, user, token, user_view(session, user, self._tools.clock.today()))

    def offer(self, token: str) -> Offer:
        """A secret for an app, for who has no second step yet. Raises Refused."""
        with self._tools.database.read() as session:
            _, user = self._step(session, token)
            secret = codes.offered(self._tools.vault, token)
            return Offer(secret, codes.address_of(secret, user.email, ISSUER))

    def second_step(self, token: str, code: str, visit: Visit = NOWHERE) -> SignedIn:
        """Finish with a code of the app or a recovery code. Raises BadInput when it is wrong, Refused when over."""
        vault = self._tools.vault
        made, _ = self._finish(
            token,
            visit,
            lambda uow, user: (
                needed.has_factor(uow.session, user.id)
                and (codes.use(uow, vault, user.id, code) or codes.use_recovery_code(uow, vault, user.id, code))
            ),
        )
        return made

    def enrol(self, token: str, code: str, visit: Visit = NOWHERE) -> tuple[SignedIn, tuple[str, ...]]:
        """Finish by setting up an app, whose first code is `code`: the session, and recovery codes to show once.

        Raises BadInput when the code is wrong, Refused when it is over, or there is an app already.
        """
        vault = self._tools.vault

        def right(uow: UnitOfWork, user: UserRow) -> bool:
            if needed.has_factor(uow.session, user.id):
                raise Refused  # who has one uses it
            secret = codes.offered(vault, token)
            step = codes.step_of(secret, code, uow.now)
            if step is None:
                return False
            codes.keep(uow, vault, user.id, secret, step)
            view = user_view(uow.session, user, uow.today)
            uow.record(own_event(EventKind.FACTOR_ADDED, view, factor="app", **HERE))
            return True

        return self._finish(token, visit, right, enrols=True)

    def _finish(
        self,
        token: str,
        visit: Visit,
        right: Callable[[UnitOfWork, UserRow], bool],
        *,
        enrols: bool = False,
    ) -> tuple[SignedIn, tuple[str, ...]]:
        made: SignedIn | None = None
        recovery: tuple[str, ...] = ()
        with self._tools.database.begin() as uow:
            row, user = self._step(uow.session, token, held=True)
            known = devices.known(uow.session, user.id, visit.device_token)
            key = budgets.key_of("factor", str(user.id), str(known.id) if known else "")
            allowed = budgets.allowed(uow, key)
            if allowed and right(uow, user):
                budgets.right(uow, key)
                row.used_at = uow.now
                if enrols:
                    recovery = codes.new_recovery_codes(uow, self._tools.vault, user.id)
                made = open_session(uow, user, visit)
            else:
                row.tries += 1
                if allowed:
                    budgets.wrong(uow, key, user.id)
                view = user_view(uow.session, user, uow.today)
                uow.record(own_event(EventKind.FACTOR_FAILED, view, locked=not allowed, **HERE))
            ended = row.tries >= TRIES_HALF_WAY
        if made is not None:
            return made, recovery
        raise _over() if ended else _wrong_code()

    def change_password(self, token: str, old: str, new: str) -> None:
        """Another password; every other session ends. Raises BadInput for a wrong old or a bad new one, Refused."""
        with self._tools.database.read() as session:
            held = _held(session, token)
            user = session.get(UserRow, held.user_id) if held else None
            stored = user.password_hash if user else None
        if held is None or user is None:
            raise Refused
        right, hashed = passwords.verified(stored, old), passwords.hashed(new)
        with self._tools.database.begin() as uow:
            key = budgets.key_of("portal-password", str(user.id))
            allowed = budgets.allowed(uow, key)
            right = allowed and right
            if right:
                budgets.right(uow, key)
                self._set_password(uow, held, hashed)
            else:
                if allowed:
                    budgets.wrong(uow, key, user.id)
                view = user_view(uow.session, uow.session.get_one(UserRow, user.id), uow.today)
                uow.record(own_event(EventKind.FACTOR_FAILED, view, locked=not allowed, **HERE))
        if not right:
            raise BadInput(N_("Uw oude wachtwoord klopt niet."), N_("Vul het wachtwoord in waarmee u nu inlogt."))

    @staticmethod
    def _set_password(uow: UnitOfWork, held: PortalSessionRow, hashed: str) -> None:
        row = uow.session.get_one(UserRow, held.user_id)
        row.password_hash = hashed
        row.row_version += 1
        others = (PortalSessionRow.user_id == row.id, PortalSessionRow.ended_at.is_(None))
        uow.session.execute(
            update(PortalSessionRow).where(*others, PortalSessionRow.id != held.id).values(ended_at=uow.now)
        )
        uow.record(own_event(EventKind.PASSWORD_SET, user_view(uow.session, row, uow.today), **HERE))

    def _step(self, session: Session, token: str, *, held: bool = False) -> tuple[SignInStepRow, UserRow]:
        query = select(SignInStepRow).where(SignInStepRow.token_digest == token_digest(token))
        row = session.scalar(query.with_for_update() if held else query)
        user = session.get(UserRow, row.user_id) if row else None
        if (
            row is None
            or user is None
            or row.method != METHOD
            or row.used_at is not None
            or row.tries >= TRIES_HALF_WAY
            or self._tools.clock.now() - row.created_at > HALF_WAY_LASTS
            or not may_enter(user_view(session, user, self._tools.clock.today()))
        ):
            raise _over()
        return row, user


def enter(uow: UnitOfWork, row: UserRow, visit: Visit) -> SignedIn | HalfWay:
    """After a right first step: a session, or half of one for who must use or has a second step."""
    view = user_view(uow.session, row, uow.today)
    if not needed.has_factor(uow.session, row.id) and not needed.factor_needed(uow.session, view):
        return open_session(uow, row, visit)
    uow.session.execute(delete(SignInStepRow).where(SignInStepRow.created_at < uow.now - HALF_WAY_LASTS))
    token = secrets.token_urlsafe(32)
    uow.session.add(
        SignInStepRow(user_id=row.id, token_digest=token_digest(token), method=METHOD, tries=0, created_at=uow.now)
    )
    uow.session.flush()
    uow.record(own_event(EventKind.LOGIN_HALFWAY, view, method=METHOD))
    return _half_way(uow.session, row, token, view)


def open_session(uow: UnitOfWork, row: UserRow, visit: Visit) -> SignedIn:
    """A fresh session at the portal; the device is known from now on."""
    view = user_view(uow.session, row, uow.today)
    token = secrets.token_urlsafe(32)
    uow.session.add(
        PortalSessionRow(
            user_id=row.id,
            token_digest=token_digest(token),
            created_at=uow.now,
            seen_at=uow.now,
            device=visit.device,
        )
    )
    uow.record(own_event(EventKind.LOGIN_SUCCEEDED, view, method=METHOD, **HERE))
    return SignedIn(token, view, devices.remembered(uow, row.id, visit.device_token))


def _half_way(session: Session, user: UserRow, token: str, view: UserView) -> HalfWay:
    app = codes.app_since(session, user.id) is not None
    return HalfWay(token, view, not needed.has_factor(session, user.id), app, False)


def _held(session: Session, token: str) -> PortalSessionRow | None:
    return session.scalar(
        select(PortalSessionRow).where(
            PortalSessionRow.token_digest == token_digest(token), PortalSessionRow.ended_at.is_(None)
        )
    )


def _over() -> Refused:
    return Refused(
        N_("Het inloggen duurde te lang, of er is te vaak een verkeerde code ingevuld."),
        N_("Begin opnieuw met uw e-mailadres en wachtwoord."),
        code="step_over",
    )


def _wrong_code() -> BadInput:
    """What a family reads of a wrong code; there are no passkeys here."""
    return BadInput(
        N_("Deze code klopt niet, of is al gebruikt."),
        N_("Wacht op de volgende code in uw app en vul die in."),
        code="factor",
    )
