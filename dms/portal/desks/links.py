"""The door of a scoped link: the page at its address, the code, and the way in.

Every answer before the right code is the same for every address. What an address is worth is looked up only after the
page was sent, or behind a least time (`dms.portal.pace`).
"""

from uuid import UUID

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for

from dms.kernel.errors import DmsError, NotFound
from dms.portal import people, sessions
from dms.portal.guard import open_door
from dms.portal.house import house
from dms.portal.pace import door_kind, steady
from dms.portal.security import csrf
from dms.services.sign_in.visit import Visit

desk = Blueprint("links", __name__)
csrf.exempt(desk)  # the page has no session, and must be the same for all: see `dms.portal.security`

MOST_FORM = 4096


@desk.get("/l/<token>")
@open_door
@steady(door_kind)
def page(token: str) -> Response:
    """The page at the address of any link, or of none. It uses nothing up and opens nothing."""
    response = make_response(render_template("portal/links/door.html"))
    app, whence = current_app._get_current_object(), _whence()  # type: ignore[attr-defined]

    def note() -> None:
        with app.app_context():
            try:
                house().doorway.fetched(token, whence)
            except DmsError:  # the page was sent; who fetched is written down only where that can be
                return

    response.call_on_close(note)
    return response


@desk.post("/l/<token>")
@open_door
@steady(door_kind)
def knock(token: str) -> Response:
    """Ask for the code, or give it."""
    request.max_content_length = MOST_FORM
    form = request.form
    if "code" in form:
        entered = house().doorway.enter(token, sessions.asked(), form["code"], _whence())
    elif "account" in form:
        person = _person()
        if person is None:
            return _page("account")
        entered = house().doorway.enter_with_account(token, person, _whence())
    else:
        response = _page("asked")
        sessions.ask(response, house().doorway.ask(token, _whence()))
        return response
    if entered is None:
        response = _page("wrong")
        response.status_code = 403
        return response
    inside = make_response(redirect(url_for("shared.shelf"), 303))
    sessions.begin(inside, entered.token)
    return inside


def _page(state: str) -> Response:
    return make_response(render_template("portal/links/code.html", state=state))


def _person() -> UUID | None:
    """Who signed in to the portal with this browser; None for nobody."""
    try:
        return people.person().id
    except NotFound:
        return None


def _whence() -> Visit:
    return Visit(request.remote_addr or "")
