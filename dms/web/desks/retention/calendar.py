"""What falls due in the coming months: drawn, with its table."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from dms.kernel.text import N_
from dms.web.around import school
from dms.web.asked import line
from dms.web.desks.retention.room import DISPOSING, tabs
from dms.web.guard import acts, by, may, user
from dms.web.house import house
from dms.web.presenters.retention_chart import chart
from dms.web.texts import say

desk = Blueprint("retention_calendar", __name__)
SPANS = {"12": N_("1 jaar"), "24": N_("2 jaar"), "60": N_("5 jaar"), "120": N_("10 jaar")}
USUAL = "24"
BOARD = "bestuur"


@desk.get("/bewaren/kalender")
@acts(*DISPOSING)
def page() -> ResponseReturnValue:
    """The forecast per month, school and category."""
    place = school()
    span = line("maanden") if line("maanden") in SPANS else USUAL
    schools = {x.brin: x.name for x in user().schools if x.board_id == place.board_id and _disposes(x.brin)}
    wide = len(schools) > 1 and line("waar") != place.brin
    forecast = house().retention.forecast
    cells = (forecast.board if wide else forecast.cells)(by(), place.brin, int(span))
    names = house().retention.schedules.current(by(), place.brin).names
    category = line("categorie")
    counted = sorted({x.category for x in cells})
    shown = {k: v for k, v in schools.items() if any(x.school == k for x in cells)} if wide else {}
    return render_template(
        "retention/calendar.html",
        chart=chart(
            [x for x in cells if not category or x.category == category],
            house().clock.today(),
            int(span),
            shown or {place.brin: place.name},
            names,
        ),
        several=bool(shown) and len(shown) > 1,
        span=span,
        spans=[(k, say(v)) for k, v in SPANS.items()],
        place=place,
        wide=wide,
        places=[(BOARD, say(N_("Alle scholen van het bestuur"))), (place.brin, place.name)] if len(schools) > 1 else [],
        category=category,
        categories=[(x, f"{x} {names.get(x, '')}".strip()) for x in counted],
        recounting=house().retention.sweep.tile(by(), place.brin).recounting,
        tabs=tabs("retention_calendar.page"),
    )


def _disposes(brin: str) -> bool:
    """Whether the person has a part in disposal at this school of hers."""
    return any(may(action, x) for x in user().schools if x.brin == brin for action in DISPOSING)
