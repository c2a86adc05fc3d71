"""Sessions of parents and pupils. The portal's cookie keeps a token; the portal's sign-in knows whose it is.

Asked at every request anew: an ended session, a blocked account or an ended role stops at once.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, Response, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from dms.kernel.errors import NotFound
from dms.kernel.text import N_
from dms.model.events import ActorKind, By
from dms.portal.guard import Door, keep
from dms.portal.house import house
from dms.portal.security import cookie_name
from dms.portal.texts import say
from dms.services.shapes import SignedIn, UserView
from dms.services.sign_in.halfway import HalfWay
from dms.services.sign_in.visit import Visit, device_name

PERSON, HALF = "person", "half"
DEVICE = "toestel-portaal"
DEVICE_DAYS = 180
LONGEST_TOKEN = 100


FIRST, LAST = 0, 99


def _nothing() -> int:
    return 0


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the menu: the endpoint, its name, the blueprints whose pages count as being here, its rank (lowest
    first), what counts the things that wait there for who is signed in, and whether the menu shows it to her at all.
    """

    endpoint: str
    name: str
    rooms: tuple[str, ...]
    rank: int = 50
    waits: Callable[[], int] = _nothing
    shows: Callable[[], bool] = _always


PLACES: list[Place] = [
    Place("family_home.page", N_("Overzicht"), ("family_home", "family_child", "family_document"), FIRST),
    Place("family_account.page", N_("Mijn account"), ("family_account",), LAST),
]
"""The menu of who is signed in. Another room adds its line with `add_place`."""


def add_place(place: Place) -> None:
    """One page more in the menu, at its rank; at the start of a desk's module. Twice is once."""
    if place not in PLACES:
        PLACES.append(place)
        PLACES.sort(key=lambda x: x.rank)


def prepare(app: Flask) -> None:
    """Let `app` know who comes through the portal's door, and show what stands around her pages."""
    keep(app, Door.PORTAL, _keeper)
    app.context_processor(_around)


def person() -> UserView:
    """Who is signed in. Raises NotFound for nobody."""
    found = _person()
    if found is None:
        raise NotFound
    return found


def by() -> By:
    """The person as services and the log want her."""
    return By(ActorKind.USER, person().id)


def token() -> str:
    """The token of the session; empty for none."""
    return str(session.get(PERSON, ""))


def begin(made: SignedIn) -> None:
    """Start a fresh session in the browser: nothing of an earlier one remains."""
    session.clear()
    session.permanent = True
    session[PERSON] = made.token
    g.pop("family_person", None)


def begin_half(made: HalfWay) -> None:
    """Remember in the browser that the first step was right."""
    session.clear()
    session[HALF] = made.token


def half() -> str:
    """The token of who is half-way; empty for nobody."""
    return str(session.get(HALF, ""))


def end() -> None:
    """End the session, here and at the service."""
    if token():
        house().portal.sign_in.sign_out(token())
    session.clear()
    g.pop("family_person", None)


def visit() -> Visit:
    """Whence this request comes."""
    known = request.cookies.get(cookie_name(house().settings, DEVICE), "")
    return Visit(
        address=request.remote_addr or "",
        device_token=known if len(known) <= LONGEST_TOKEN else "",
        device=device_name(request.headers.get("User-Agent", "")),
    )


def remember(answer: Response, device: str) -> Response:
    """Let the browser be known the next time; that gives no access."""
    settings = house().settings
    answer.set_cookie(
        cookie_name(settings, DEVICE),
        device,
        max_age=DEVICE_DAYS * 24 * 3600,
        path="/",
        secure=settings.secure_cookies,
        httponly=True,
        samesite="Lax",
    )
    return answer


def _person() -> UserView | None:
    if "family_person" not in g:
        g.family_person = house().portal.sign_in.session(token()) if token() else None
    found = g.family_person
    return found if isinstance(found, UserView) else None


def _keeper() -> ResponseReturnValue | None:
    return None if _person() is not None else redirect(url_for("family_sign_in.form"), 303)


def _around() -> dict[str, object]:
    """Nothing around pages of who is not in, and nothing of a person around pages of a link."""
    if not (request.blueprint or "").startswith("family") or _person() is None:
        return {}
    found = person()
    places = [x for x in PLACES if request.blueprint in x.rooms or x.shows()]
    counts = [x.waits() for x in places]
    return {
        "school_name": found.schools[0].name if len(found.schools) == 1 else "",
        "places": [
            (url_for(x.endpoint), say(x.name), request.blueprint in x.rooms, count)
            for x, count in zip(places, counts, strict=True)
        ],
        "waiting": sum(counts),
        "person_name": found.name,
        "leave": url_for("family_sign_in.leave"),
        "leave_token": generate_csrf(),
    }
