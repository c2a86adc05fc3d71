"""Opening a session, or half of one: the end of every way in. Within somebody's transaction."""

import secrets
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from dms.db.tables import SessionRow, SignInStepRow, UserRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.digest import token_digest
from dms.kernel.errors import Refused
from dms.kernel.text import N_
from dms.model.events import ActorKind, By, Event, EventKind
from dms.model.people import OUTSIDE_ROLES
from dms.services.accounts.views import user_view
from dms.services.chosen.known import SESSION_IDLE, SESSION_MOST
from dms.services.chosen.reading import strictest
from dms.services.shapes import SignedIn, UserView
from dms.services.sign_in import codes, devices, needed, passkeys
from dms.services.sign_in.halfway import HalfWay
from dms.services.sign_in.visit import Visit

PASSWORD = "password"  # noqa: S105 - the name of a way in
SIGN_ON = "sign_on"
HALF_WAY_LASTS = timedelta(minutes=10)
TRIES_HALF_WAY = 5


def may_enter(view: UserView) -> bool:
    """Whether the person has work here. Parents and pupils have their own door."""
    return any(x.role not in OUTSIDE_ROLES for x in view.roles)


def enter(uow: UnitOfWork, row: UserRow, method: str, visit: Visit) -> SignedIn | HalfWay:
    """After a right first step: a session, or half of one for who must use or has a second factor."""
    view = user_view(uow.session, row, uow.today)
    has = needed.has_factor(uow.session, row.id)
    if method == SIGN_ON and needed.elsewhere_counts(uow.session, view):
        return open_session(uow, row, method, visit)
    if not has and not needed.factor_needed(uow.session, view):
        return open_session(uow, row, method, visit)
    uow.session.execute(delete(SignInStepRow).where(SignInStepRow.created_at < uow.now - HALF_WAY_LASTS))
    token = secrets.token_urlsafe(32)
    uow.session.add(
        SignInStepRow(user_id=row.id, token_digest=token_digest(token), method=method, tries=0, created_at=uow.now)
    )
    uow.session.flush()
    uow.record(own_event(EventKind.LOGIN_HALFWAY, view, method=method))
    return half_way(uow.session, row, token, uow.today)


def half_way(session: Session, row: UserRow, token: str, today: date) -> HalfWay:
    """What the second step can be."""
    app = codes.app_since(session, row.id) is not None
    keys = bool(passkeys.held(session, row.id))
    return HalfWay(token, user_view(session, row, today), not (app or keys), app, keys)


def open_session(uow: UnitOfWork, row: UserRow, method: str, visit: Visit) -> SignedIn:
    """A fresh session; the device is known from now on."""
    view = user_view(uow.session, row, uow.today)
    boards = {x.board_id for x in view.roles}
    token = secrets.token_urlsafe(32)
    uow.session.add(
        SessionRow(
            user_id=row.id,
            token_digest=token_digest(token),
            created_at=uow.now,
            seen_at=uow.now,
            verified_at=uow.now,
            method=method,
            device=visit.device,
            idle_minutes=strictest(uow.session, SESSION_IDLE, boards),
            most_minutes=strictest(uow.session, SESSION_MOST, boards) * 60,
        )
    )
    uow.record(own_event(EventKind.LOGIN_SUCCEEDED, view, method=method))
    return SignedIn(token, view, devices.remembered(uow, row.id, visit.device_token))


def step_held(uow: UnitOfWork, token: str) -> tuple[SignInStepRow, UserRow]:
    """The half-way step with this token and whose it is, held. Raises Refused for one that is over."""
    row = uow.session.scalar(
        select(SignInStepRow).where(SignInStepRow.token_digest == token_digest(token)).with_for_update()
    )
    user = uow.session.get(UserRow, row.user_id) if row else None
    if (
        row is None
        or user is None
        or row.used_at is not None
        or row.tries >= TRIES_HALF_WAY
        or uow.now - row.created_at > HALF_WAY_LASTS
        or user.disabled_at is not None
        or not may_enter(user_view(uow.session, user, uow.today))
    ):
        raise over()
    return row, user


def over() -> Refused:
    """That one must begin again."""
    return Refused(
        N_("Het inloggen duurde te lang, of er is te vaak een verkeerde code ingevuld."),
        N_("Begin opnieuw met uw e-mailadres en wachtwoord."),
        code="step_over",
    )


def end_steps(uow: UnitOfWork, user_id: UUID) -> None:
    """Nobody is half-way at this account any more."""
    uow.session.execute(delete(SignInStepRow).where(SignInStepRow.user_id == user_id))


def own_event(kind: EventKind, view: UserView, **details: str | int | bool) -> Event:
    """An event of a person about herself."""
    board = view.roles[0].board_id if view.roles else None
    return Event(kind, By(ActorKind.USER, view.id), board, object_kind="user", object_id=view.id, details=details)
