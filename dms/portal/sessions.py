"""Visits by link: their cookie, their keeper at the door, and the token that their forms carry.

The cookie is apart from that of the portal, is sent by no other site's page, and holds nothing but a random token; the
service knows which link it belongs to and whether that still lives.
"""

import hashlib
import hmac

from flask import Flask, Response, current_app, g, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

from dms.portal import guard
from dms.portal.house import house
from dms.portal.security import SAFE_METHODS, cookie_name

VISIT, ASKED = "link", "link-vraag"
ASKED_LIVES = 15 * 60
STREAMED = "csrf_in_stream"
"""Views with this mark read the form themselves, as it arrives, and check the token then."""


def prepare(app: Flask) -> None:
    """Let `app` keep its link door."""
    guard.keep(app, guard.Door.LINK, _visiting)


def token() -> str:
    """The visit's token, in routes behind the link door."""
    return str(g.visit)


def begin(response: Response, made: str) -> None:
    """Give the browser a visit. The token is a new one; nothing of before goes along."""
    _set(response, VISIT, made)
    _drop(response, ASKED)


def end(response: Response) -> None:
    """Take the visit from the browser."""
    _drop(response, VISIT)


def asked() -> str:
    """The token of the challenge that this browser was given; empty for none."""
    return request.cookies.get(cookie_name(house().settings, ASKED), "")


def ask(response: Response, challenge: str) -> None:
    """Bind the code that is asked for to this browser."""
    _set(response, ASKED, challenge, ASKED_LIVES)


def form_token() -> str:
    """What forms of this visit carry: another site cannot know it."""
    key = hashlib.sha256(b"link-form:" + house().secret.encode()).digest()
    return hmac.new(key, token().encode(), hashlib.sha256).hexdigest()


def check_form(given: str) -> None:
    """Raises CSRFError for a form that no page of this visit made."""
    if not hmac.compare_digest(given.encode(), form_token().encode()):
        raise CSRFError("no token of this visit")


def _visiting() -> ResponseReturnValue | None:
    """Let nobody on without a visit whose link lives now. Raises VisitOver, LinkOver."""
    cookie = request.cookies.get(cookie_name(house().settings, VISIT), "")
    house().doorway.visit(cookie)
    g.visit = cookie
    view = current_app.view_functions.get(request.endpoint or "")
    if request.method not in SAFE_METHODS and not hasattr(view, STREAMED):
        check_form(request.form.get("csrf_token", ""))
    return None


def _set(response: Response, name: str, value: str, seconds: int | None = None) -> None:
    settings = house().settings
    response.set_cookie(
        cookie_name(settings, name),
        value,
        max_age=seconds,
        path="/",
        secure=settings.secure_cookies,
        httponly=True,
        samesite="Strict",
    )


def _drop(response: Response, name: str) -> None:
    settings = house().settings
    response.delete_cookie(
        cookie_name(settings, name), path="/", secure=settings.secure_cookies, httponly=True, samesite="Strict"
    )
