"""Every route says who may come: everybody, who is signed in, who has a right somewhere, or who administers.

A route that says nothing is refused, and fails the build. This is the outer door only: whether a person may
do something to *this* document is asked again by every service.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from flask import Flask, current_app, g, redirect, request, url_for
from flask_login import current_user
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from dms.kernel.errors import Broken, Refused
from dms.kernel.text import N_
from dms.model.duties import DUTIES, Duty
from dms.model.events import ActorKind, By
from dms.services.shapes import SchoolView, UserView
from dms.web.house import house
from rights.rules.actions import Action

View = TypeVar("View", bound=Callable[..., object])
MARK = "__access__"


@dataclass(frozen=True, slots=True)
class Access:
    """What a route asks. `actions` and `duties` empty with `signed_in`: a session is enough. One of either does."""

    signed_in: bool
    actions: frozenset[Action] = frozenset()
    duties: frozenset[Duty] = frozenset()


class SignInFirst(HTTPException):
    """Nobody is signed in: pages go to the sign-in page, scripts get 401."""

    code = 401


def public(view: View) -> View:
    """Everybody may come here, also without a session."""
    return _declare(view, Access(signed_in=False))


def signed_in(view: View) -> View:
    """Everybody with a session may come here."""
    return _declare(view, Access(signed_in=True))


def acts(*actions: Action) -> Callable[[View], View]:
    """Who may do one of `actions` with some category at some school of theirs may come here."""

    def declare(view: View) -> View:
        return _declare(view, Access(signed_in=True, actions=frozenset(actions)))

    return declare


def manages(*duties: Duty) -> Callable[[View], View]:
    """Who has one of `duties` at some school or board may come here."""

    def declare(view: View) -> View:
        return _declare(view, Access(signed_in=True, duties=frozenset(duties)))

    return declare


def access_of(app: Flask, endpoint: str) -> Access | None:
    """What the route `endpoint` declared; None where it declared nothing."""
    found = getattr(app.view_functions.get(endpoint), MARK, None)
    return found if isinstance(found, Access) else None


def prepare(app: Flask) -> None:
    """Ask at every request of `app`."""
    app.before_request(_ask)


def user() -> UserView:
    """Who is signed in. Only in routes that ask for a session."""
    found = current_user.view
    if not isinstance(found, UserView):
        raise SignInFirst
    return found


def by() -> By:
    """The signed-in person as the log writes it."""
    return By(ActorKind.USER, user().id)


def may(action: Action, school: SchoolView | None = None) -> bool:
    """Whether the person may do `action` with some category, at `school` or at any school of theirs."""
    if "abilities" not in g:
        g.abilities = house().reach.abilities(by(), user().schools)
    places = (school,) if school else user().schools
    return any((place.id, action) in g.abilities for place in places)


def may_manage(duty: Duty, school: SchoolView | None = None) -> bool:
    """Whether the person has `duty`, at `school` (through it or its whole board) or anywhere."""
    return any(
        duty in DUTIES.get(x.role, ())
        and (school is None or x.school == school or (x.school is None and x.board_id == school.board_id))
        for x in user().roles
    )


def may_manage_board(duty: Duty, board_id: UUID) -> bool:
    """Whether the person has `duty` over the whole board."""
    return any(duty in DUTIES.get(x.role, ()) and x.school is None and x.board_id == board_id for x in user().roles)


def _declare(view: View, access: Access) -> View:
    setattr(view, MARK, access)
    return view


def _ask() -> Response | None:
    if request.endpoint is None:
        return None  # no such page, or no such method: the error pages answer
    access = access_of(current_app, request.endpoint)
    if access is None:
        raise Broken(
            N_("Deze pagina zegt niet wie haar mag zien. Daarom blijft zij dicht."),
            N_("Meld dit aan de applicatiebeheerder."),
            code="undeclared_route",
        )
    if not access.signed_in:
        return None
    if not current_user.is_authenticated:
        if wants_data():
            raise SignInFirst
        back = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("sign_in.form", volgende=back if back != "/" else None))
    if access.actions and not any(may(x) for x in access.actions):
        raise Refused
    if access.duties and not any(may_manage(x) for x in access.duties):
        raise Refused
    return None


def wants_data() -> bool:
    """Whether a script of ours asks, and not a person's browser."""
    return request.headers.get("X-Requested-With") == "fetch"
