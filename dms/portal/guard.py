"""Every route says which door it stands behind: open to everybody, a visit by link, or a person of the portal.

A route that says nothing is refused, and fails the build. This is the outer door only: what a visitor may have of
*this* document is asked again by every service.
"""

from collections.abc import Callable
from enum import Enum
from typing import TypeVar

from flask import Flask, current_app, request
from flask.typing import ResponseReturnValue

from dms.kernel.errors import Broken, NotFound
from dms.kernel.text import N_

View = TypeVar("View", bound=Callable[..., object])
Keeper = Callable[[], ResponseReturnValue | None]
"""Asks whether who comes may pass: None lets through, an answer stands in the way, an error too."""

MARK = "__door__"
KEEPERS = "dossierkluis.doorkeepers"


class Door(Enum):
    """What a route asks of who comes."""

    OPEN = "open"
    LINK = "link"
    PORTAL = "portal"


def open_door(view: View) -> View:
    """Everybody may come here, also without a session."""
    return _declare(view, Door.OPEN)


def link_session(view: View) -> View:
    """Who opened a scoped link, with the right code, may come here as long as the link lives."""
    return _declare(view, Door.LINK)


def portal_session(view: View) -> View:
    """Who signed in to the portal (a parent or a pupil) may come here."""
    return _declare(view, Door.PORTAL)


def door_of(app: Flask, endpoint: str) -> Door | None:
    """The door that the route `endpoint` declared; None where it declared nothing."""
    found = getattr(app.view_functions.get(endpoint), MARK, None)
    return found if isinstance(found, Door) else None


def keep(app: Flask, door: Door, keeper: Keeper) -> None:
    """Let `keeper` ask at `door` of `app`. A door without a keeper lets nobody through."""
    app.extensions.setdefault(KEEPERS, {})[door] = keeper


def prepare(app: Flask) -> None:
    """Ask at every request of `app`."""
    app.extensions.setdefault(KEEPERS, {})
    app.before_request(_ask)


def _declare(view: View, door: Door) -> View:
    setattr(view, MARK, door)
    return view


def _ask() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None  # no such page, or no such method: the error pages answer
    door = door_of(current_app, request.endpoint)
    if door is None:
        raise Broken(
            N_("Deze pagina zegt niet wie haar mag zien. Daarom blijft zij dicht."),
            N_("Meld dit aan de applicatiebeheerder."),
            code="undeclared_route",
        )
    if door is Door.OPEN:
        return None
    keeper: Keeper | None = current_app.extensions[KEEPERS].get(door)
    if keeper is None:
        raise NotFound
    return keeper()
