"""What stands around every page: the menu with what waits, the school, the language."""

from dataclasses import dataclass

from flask import Flask, g, request, session, url_for
from flask_login import current_user

from dms.kernel.errors import NotFound
from dms.kernel.text import N_
from dms.model.documents import Desk
from dms.services.shapes import SchoolView
from dms.web.guard import by, may, user
from dms.web.house import house
from dms.web.texts import say
from rights.rules.actions import Action

SCHOOL_KEY = "school"


@dataclass(frozen=True, slots=True)
class Link:
    """One line of the menu. `count` None where nothing is counted."""

    address: str
    label: str
    icon: str
    here: bool
    count: int | None = None


def prepare(app: Flask) -> None:
    """Give the templates of `app` the menu, the person and the school."""
    app.context_processor(_around)


def school() -> SchoolView:
    """The school that the person works for at this moment: the chosen one, else the first.

    Raises NotFound for somebody without a school.
    """
    schools = user().schools
    if not schools:
        raise NotFound(
            N_("Uw account hoort bij geen school."), N_("Vraag de applicatiebeheerder om een rol."), code="no_school"
        )
    chosen = session.get(SCHOOL_KEY)
    return next((x for x in schools if x.brin == chosen), schools[0])


def choose_school(brin: str) -> None:
    """Work for the school `brin` from now on. Raises NotFound for a school that is not the person's."""
    if all(x.brin != brin for x in user().schools):
        raise NotFound
    session[SCHOOL_KEY] = brin


def desk_counts() -> dict[Desk, int]:
    """How much waits at the desks of the person here; asked once a request."""
    if "desk_counts" not in g:
        g.desk_counts = dict(house().desk.counts(by(), school().brin)) if may(Action.ADD, school()) else {}
    found: dict[Desk, int] = g.desk_counts
    return found


def _around() -> dict[str, object]:
    if not current_user.is_authenticated or not user().schools or g.get("bare_page"):
        return {"me": None, "menu": (), "school": None, "schools": (), "here": _here(), "may_search": False}
    return {
        "me": user(),
        "menu": _menu(),
        "school": school(),
        "schools": user().schools if len(user().schools) > 1 else (),
        "here": _here(),
        "may_search": may(Action.SEE, school()),
    }


def _here() -> str:
    return request.full_path.rstrip("?") if request.method == "GET" and request.endpoint else "/"


def _menu() -> tuple[Link, ...]:
    place = school()
    counts = desk_counts()
    lines: list[tuple[str, str, str, bool, int | None]] = [("home.page", N_("Start"), "home", True, None)]
    lines.append(("upload.page", N_("Inname"), "inbox-in", may(Action.ADD, place), None))
    for desk, endpoint, label, icon in (
        (Desk.ORDINARY, "intake_desk.ordinary", N_("Postbak"), "tray"),
        (Desk.CARE, "intake_desk.care", N_("Zorgpostbak"), "care"),
    ):
        lines.append((endpoint, label, icon, desk in counts, counts.get(desk)))
    lines.append(("pupils.page", N_("Leerlingen"), "people", may(Action.SEE, place), None))
    lines.append(("finding.page", N_("Zoeken"), "search", may(Action.SEE, place), None))
    lines.append(("refused.page", N_("Geweigerd"), "stop", may(Action.ADD, place), None))
    lines.append(("home.help_page", N_("Hulp"), "help", True, None))
    return tuple(
        Link(url_for(endpoint), say(label), icon, _is_here(endpoint), count)
        for endpoint, label, icon, shown, count in lines
        if shown
    )


def _is_here(endpoint: str) -> bool:
    """The desk's own pages count as being at the desk; the start page only as itself."""
    if request.endpoint is None:
        return False
    if endpoint == request.endpoint:
        return True
    if endpoint.startswith("home."):
        return False
    if endpoint.startswith("intake_desk."):
        return request.endpoint.startswith("intake_desk.") and g.get("desk_here") == endpoint
    return request.endpoint.partition(".")[0] == endpoint.partition(".")[0]
