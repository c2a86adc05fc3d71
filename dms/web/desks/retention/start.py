"""Where the records manager begins: the figures of today, what waits for her, and what comes."""

from dataclasses import dataclass

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.text import N_
from dms.web.around import keeping_waits, school
from dms.web.desks.retention.room import WORKING, may_dispose, may_freeze, tabs
from dms.web.guard import acts, by
from dms.web.house import house
from dms.web.presenters.addresses import with_fields
from dms.web.presenters.desks import Tile
from dms.web.presenters.retention_chart import chart
from dms.web.presenters.retention_lists import CALM, FRESH, calm, undated_blocks
from dms.web.texts import day, say, say_many
from retention.service.due_shapes import DueTile
from retention.service.undated import UndatedGroup

desk = Blueprint("retention", __name__)
AHEAD = 12


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits for the person, with the page for it."""

    text: str
    address: str


@desk.get("/bewaren")
@acts(*WORKING)
def page() -> ResponseReturnValue:
    """The figures, what waits, and the coming year; for who only freezes, the holds."""
    place, retention = school(), house().retention
    tile = retention.sweep.tile(by(), place.brin) if may_dispose() else None
    groups = retention.undated.groups(by(), place.brin) if tile else ()
    names = retention.schedules.current(by(), place.brin).names
    cells = retention.forecast.cells(by(), place.brin, AHEAD) if tile else ()
    return render_template(
        "retention/page.html",
        tiles=_tiles(tile, groups) if tile else (),
        tile=tile,
        swept=day(tile.on_day) if tile else "",
        tasks=_tasks(groups),
        holds=_holds() if may_freeze() else None,
        chart=chart(cells, house().clock.today(), AHEAD, {place.brin: place.name}, names) if tile else None,
        tabs=tabs("retention.page"),
    )


def _tiles(tile: DueTile, groups: tuple[UndatedGroup, ...]) -> tuple[Tile, ...]:
    lacking = sum(x.count for x in groups if x.why not in CALM)
    return (
        Tile(
            say(N_("Vervallen")),
            url_for("retention_due.page"),
            tile.due,
            say_many(FRESH, FRESH, tile.fresh) if tile.due else calm(tile, N_("Er hoeft niets weg")),
        ),
        Tile(
            say(N_("Over tijd")),
            with_fields("retention_due.page", {"wanneer": "over-tijd"}),
            tile.late,
            say(N_("Had al weg moeten zijn")) if tile.late else calm(tile, N_("Niets is over tijd")),
        ),
        Tile(
            say(N_("Vervallen, maar bevroren")),
            with_fields("retention_due.page", {"bevroren": "1"}),
            tile.held,
            say(N_("Blijft tot iemand de bevriezing opheft"))
            if tile.held
            else calm(tile, N_("Niets wordt tegengehouden")),
        ),
        Tile(
            say(N_("Zonder dag")),
            url_for("retention_due.undated"),
            lacking,
            say(N_("Wacht op een regel of een gegeven")) if lacking else say(N_("Alles heeft wat het nodig heeft")),
        ),
    )


def _holds() -> int:
    return len(house().retention.holds.list(by(), school().brin))


def _tasks(groups: tuple[UndatedGroup, ...]) -> tuple[Task, ...]:
    """What waits for this person."""
    found = []
    reviews, adopt = keeping_waits()
    if reviews:
        one, many = N_("Kijk opnieuw naar %(num)d bevriezing"), N_("Kijk opnieuw naar %(num)d bevriezingen")
        text = say_many(one, many, reviews)
        found.append(Task(text, with_fields("holds.page", {"nu": "1"})))
    if adopt:
        found.append(Task(say(N_("Een concept van het bewaarschema wacht op u")), url_for("retention_draft.page")))
    for block in undated_blocks(groups, edits=False):
        if not block.calm:
            count = say_many(N_("%(num)d stuk"), N_("%(num)d stukken"), block.total)
            found.append(Task(f"{block.heading}: {count}", url_for("retention_due.undated", _anchor=block.key)))
    return tuple(found)
