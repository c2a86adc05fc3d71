"""The start page: what waits for this person, what they sent and opened last, how to begin. And help."""

from dataclasses import dataclass, replace

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from dms.model.screens import Opened
from dms.services.recent import RecentLine
from dms.web.around import disposal_waits, imports_waiting
from dms.web.asked import flag, way_back
from dms.web.frame import desk_counts, school, taste
from dms.web.guard import acts, by, may, signed_in, user, wants_data
from dms.web.house import house
from dms.web.menu import groups, links_looked_at
from dms.web.notices import tell
from dms.web.presenters.desks import Tile, tiles
from dms.web.presenters.disposal import waiting_lists
from dms.web.presenters.guide import GuideLine, steps
from dms.web.presenters.imports import waiting_tile
from dms.web.presenters.items import cards
from dms.web.presenters.links import looked_tile
from dms.web.presenters.retention_lists import due_tile
from dms.web.texts import moment
from rights.rules.actions import Action

desk = Blueprint("home", __name__)
SHOWN = 6
MOST_RECENT = 20


@dataclass(frozen=True, slots=True)
class RecentRow:
    """One thing that was opened last, as the page shows it."""

    address: str
    icon: str
    title: str
    beside: str
    when: str


@desk.get("/")
@signed_in
def page() -> ResponseReturnValue:
    """What waits, by what the person may do here."""
    place = school()
    sends, sees = may(Action.ADD, place), may(Action.SEE, place)
    counts = desk_counts()
    sent = house().status.recent(by(), place.brin, limit=SHOWN) if sends else ()
    return render_template(
        "home/page.html",
        name=user().name,
        guide=() if taste().guide_put_away else _guide(),
        tiles=(*tiles(counts), *_imports(), *_links(), *_retention(), *_disposal()),
        sends=sends,
        searches=sees,
        items=cards(sent, counts),
        recent=_recent(SHOWN) if sees else (),
    )


@desk.get("/laatst")
@acts(Action.SEE)
def recent() -> ResponseReturnValue:
    """The dossiers and documents that the person opened last, as far as she may see them now."""
    template = "home/_recent.html" if wants_data() else "home/recent.html"
    return render_template(template, recent=_recent(MOST_RECENT))


@desk.get("/hulp")
@signed_in
def help_page() -> ResponseReturnValue:
    """How things are done here, in short."""
    place = school() if user().schools else None
    contact = house().administration.settings.contact(place.board_id, place.id) if place else ""
    return render_template("home/help.html", contact=contact)


@desk.get("/hulp/toetsen")
@signed_in
def keys() -> ResponseReturnValue:
    """The keys that work on every page."""
    return render_template("home/keys.html")


@desk.get("/hulp/begin")
@signed_in
def guide() -> ResponseReturnValue:
    """The first guide, also for who has put it away."""
    return render_template("home/guide.html", guide=_guide(), away=taste().guide_put_away)


@desk.post("/hulp/begin")
@signed_in
def put_guide() -> ResponseReturnValue:
    """Put the guide away, or back on the start page."""
    away = flag("weg")
    house().preferences.choose(by(), replace(taste(), guide_put_away=away))
    if away:
        tell("guide_away")
    return redirect(way_back() if away else url_for("home.page"), 303)


def _disposal() -> tuple[Tile, ...]:
    count = disposal_waits()
    return (waiting_lists(count),) if count else ()


def _links() -> tuple[Tile, ...]:
    """Links of the person that somebody looked at for the first time since she looked herself."""
    count = links_looked_at() if may(Action.SHARE) else 0
    return (looked_tile(count),) if count else ()


def _imports() -> tuple[Tile, ...]:
    count = imports_waiting()
    return (waiting_tile(count),) if count else ()


def _retention() -> tuple[Tile, ...]:
    """What falls due, for who has a part in disposal here."""
    place = school()
    if not (may(Action.PROPOSE_DISPOSAL, place) or may(Action.APPROVE_DISPOSAL, place)):
        return ()
    return (due_tile(house().retention.sweep.tile(by(), place.brin)),)


def _guide() -> tuple[GuideLine, ...]:
    return steps((x.role for x in user().roles), groups())


def _recent(most: int) -> tuple[RecentRow, ...]:
    return tuple(_row(x) for x in house().recent.lines(by(), school().brin, limit=most))


def _row(line: RecentLine) -> RecentRow:
    if line.kind is Opened.PUPIL:
        return RecentRow(
            url_for("pupils.dossier", pupil_id=line.id), "folder", line.title, line.beside, moment(line.opened_at)
        )
    address = url_for("document.page", document_id=line.id)
    return RecentRow(address, "paper", line.title, line.beside, moment(line.opened_at))
