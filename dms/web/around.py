"""Who asks, for which school, and what waits there: asked once a request, by pages and by what stands around them."""

from flask import g, session

from dms.kernel.errors import NotFound
from dms.kernel.text import N_
from dms.model.documents import Desk
from dms.services.preferences import PreferenceView
from dms.services.shapes import SchoolView
from dms.web.guard import by, may, user
from dms.web.house import house
from rights.rules.actions import Action

SCHOOL_KEY = "school"


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


def imports_waiting() -> int | None:
    """How many files wait to be looked at before they are read in; None for who may read none in."""
    if "imports_waiting" not in g:
        g.imports_waiting = house().watched.waiting(by(), school().brin)
    found: int | None = g.imports_waiting
    return found


def keeping_waits() -> tuple[int, bool]:
    """How many holds wait for the person to look again, and whether a draft of the schedule waits for her to adopt
    it; asked once a request.
    """
    if "keeping_waits" not in g:
        place, retention = school(), house().retention
        reviews = retention.holds.to_review(by(), place.brin) if may(Action.HOLD, place) else 0
        adopts = may(Action.APPROVE_DISPOSAL, place) and retention.schedules.waits(by(), place.brin)
        g.keeping_waits = (reviews, adopts)
    found: tuple[int, bool] = g.keeping_waits
    return found


def taste() -> PreferenceView:
    """How the person likes the screens; asked once a request."""
    if "taste" not in g:
        g.taste = house().preferences.of(by())
    found: PreferenceView = g.taste
    return found


def disposal_waits() -> int:
    """How many disposal lists wait for something that the person can do here; asked once a request."""
    if "disposal_waits" not in g:
        disposes = any(may(x, school()) for x in (Action.PROPOSE_DISPOSAL, Action.APPROVE_DISPOSAL))
        g.disposal_waits = house().disposal.reading.waiting(by(), school().brin).total if disposes else 0
    found: int = g.disposal_waits
    return found
