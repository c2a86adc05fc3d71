"""The start page: what waits for this person, what they sent, and a place to search. And help."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from dms.web.frame import desk_counts, school
from dms.web.guard import by, may, signed_in, user
from dms.web.house import house
from dms.web.presenters.desks import tiles
from dms.web.presenters.items import cards
from rights.rules.actions import Action

desk = Blueprint("home", __name__)
SHOWN = 8


@desk.get("/")
@signed_in
def page() -> ResponseReturnValue:
    """What waits, by what the person may do here."""
    place = school()
    sends = may(Action.ADD, place)
    counts = desk_counts()
    recent = house().status.recent(by(), place.brin, limit=SHOWN) if sends else ()
    return render_template(
        "home/page.html",
        name=user().name,
        tiles=tiles(counts),
        sends=sends,
        searches=may(Action.SEE, place),
        items=cards(recent, counts),
    )


@desk.get("/hulp")
@signed_in
def help_page() -> ResponseReturnValue:
    """How things are done here, in short."""
    return render_template("home/help.html")
