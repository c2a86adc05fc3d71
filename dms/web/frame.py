"""What stands around every page: the menu with what waits, the school, the person, their tastes and what was told."""

import structlog
from flask import Flask, Response, g, request
from flask_login import current_user

from dms.kernel.errors import DmsError
from dms.model.screens import Opened
from dms.services.preferences import PreferenceView
from dms.web import menu
from dms.web.around import SCHOOL_KEY, choose_school, desk_counts, school, taste
from dms.web.guard import by, may, user, wants_data
from dms.web.house import house
from dms.web.notices import shown
from dms.web.presenters.sorting import figure, figures
from rights.rules.actions import Action

__all__ = ["SCHOOL_KEY", "choose_school", "desk_counts", "prepare", "school", "taste"]

log = structlog.get_logger(__name__)

OPENED = {"document.page": (Opened.DOCUMENT, "document_id"), "pupils.dossier": (Opened.PUPIL, "pupil_id")}
"""Pages that are found back under "last opened": what they show, and where the address has its id."""

BARE: dict[str, object] = {
    "me": None,
    "menu": (),
    "trail": (),
    "school": None,
    "schools": (),
    "may_search": False,
    "may_add": False,
    "taste": PreferenceView(),
}


def prepare(app: Flask) -> None:
    """Give the templates of `app` what stands around them, and remember what is opened."""
    app.context_processor(_around)
    app.after_request(_remember)
    app.jinja_env.globals.update(told=shown, figure=figure, figures=figures)


def _around() -> dict[str, object]:
    """Pages of who is not signed in, and pages about a fault of ours, have nothing around them."""
    if g.get("bare_page") or not current_user.is_authenticated or not user().schools:
        return {**BARE, "here": _here()}
    place, groups = school(), menu.groups()
    return {
        "me": user(),
        "menu": groups,
        "trail": menu.trail(groups),
        "school": place,
        "schools": user().schools if len(user().schools) > 1 else (),
        "here": _here(),
        "may_search": may(Action.SEE, place),
        "may_add": may(Action.ADD, place),
        "taste": taste(),
    }


def _here() -> str:
    return request.full_path.rstrip("?") if request.method == "GET" and request.endpoint else "/"


def _remember(response: Response) -> Response:
    """A page of OPENED that was shown; that it cannot be remembered now is no reason not to show it."""
    kind, argument = OPENED.get(request.endpoint or "", (None, ""))
    if kind is None or request.method != "GET" or response.status_code != 200 or wants_data():
        return response
    try:
        house().recent.opened(by(), school().brin, kind, (request.view_args or {})[argument])
    except DmsError as fault:
        log.warning("not remembered", code=fault.code, kind=kind.value)
    return response
