"""Every route of the API says which scope its token must have and which action its holder must be able to do.

A route that says nothing is refused, and fails the build. This is the outer door only: whether a person may do
something to *this* document is asked again by every service.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from flask import Flask, current_app, g, request

from dms.api.house import house
from dms.api.problems import NoToken, WrongScope
from dms.kernel.errors import Broken, Refused
from dms.kernel.text import N_
from dms.model.events import ActorKind, By
from dms.model.people import OUTSIDE_ROLES
from dms.services.shapes import UserView
from rights.rules.actions import Action

View = TypeVar("View", bound=Callable[..., object])
MARK = "__api_access__"
LONGEST_TOKEN = 200


class Scope(StrEnum):
    """What a token can be good for."""

    INTAKE = "intake"
    READ = "read"
    SEARCH = "search"


@dataclass(frozen=True, slots=True)
class Access:
    """What a route asks; None: nothing, everybody may come."""

    scope: Scope | None
    action: Action | None


def public(view: View) -> View:
    """Everybody may come here."""
    return _declare(view, Access(None, None))


def needs(scope: Scope, action: Action) -> Callable[[View], View]:
    """Tokens with `scope` of people who may do `action` with some category at some school of theirs may come here."""

    def declare(view: View) -> View:
        return _declare(view, Access(scope, action))

    return declare


def access_of(app: Flask, endpoint: str) -> Access | None:
    """What the route `endpoint` declared; None where it declared nothing."""
    found = getattr(app.view_functions.get(endpoint), MARK, None)
    return found if isinstance(found, Access) else None


def prepare(app: Flask) -> None:
    """Ask at every request of `app`."""
    app.before_request(_ask)


def user() -> UserView:
    """Whose token it is. Only in routes that ask for one."""
    found: UserView = g.api_user
    return found


def by() -> By:
    """The holder of the token as the log writes it."""
    return By(ActorKind.TOKEN, user().id)


def _declare(view: View, access: Access) -> View:
    setattr(view, MARK, access)
    return view


def _ask() -> None:
    if request.endpoint is None:
        return  # no such address, or no such method: the problem says so
    access = access_of(current_app, request.endpoint)
    if access is None:
        raise Broken(
            N_("Dit adres zegt niet wie het mag gebruiken, en blijft daarom dicht."),
            N_("Meld dit aan de applicatiebeheerder."),
            code="undeclared_route",
        )
    if access.scope is None:
        return
    found = house().accounts.by_token(_token())
    if found is None:
        raise NoToken
    view, scopes = found
    if all(x.role in OUTSIDE_ROLES for x in view.roles):
        raise NoToken  # the last role of staff has ended since the token was given
    if access.scope not in scopes:
        raise WrongScope(access.scope)
    g.api_user = view
    if access.action is not None and not _may(access.action):
        raise Refused


def _token() -> str:
    kind, _, value = request.headers.get("Authorization", "").partition(" ")
    value = value.strip()
    if kind.lower() != "bearer" or not value or len(value) > LONGEST_TOKEN:
        raise NoToken
    return value


def _may(action: Action) -> bool:
    return any(house().documents.categories(by(), x.brin, action) for x in user().schools)
