"""What falls due, and what never does as things stand."""

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from dms.kernel.errors import NotFound
from dms.kernel.text import N_
from dms.web.around import school
from dms.web.asked import flag, line
from dms.web.asked import page as asked_page
from dms.web.desks.retention.room import DISPOSING, tabs
from dms.web.guard import acts, by, may, user
from dms.web.house import house
from dms.web.presenters.addresses import with_fields
from dms.web.presenters.paging import pager
from dms.web.presenters.retention_lists import WAYS, WHENS, due_line, needs, undated_blocks, undated_document
from dms.web.texts import day, number, say, say_many
from retention.service.due_lists import DueAsked, DueList
from retention.service.undated import Undated
from rights.rules.actions import Action

desk = Blueprint("retention_due", __name__)
PAGE_SIZE = 50
COMPOSE = "disposal.compose"
"""The page where a disposal list is begun."""
BOARD = "bestuur"


@desk.get("/bewaren/vervalt")
@acts(*DISPOSING)
def page() -> ResponseReturnValue:
    """What falls due: narrowed, page by page, with the way to a disposal list of it."""
    when = line("wanneer") if line("wanneer") in WHENS else "nu"
    _, months, late = WHENS[when]
    category, wide, held, at = line("categorie"), line("waar") == BOARD, flag("bevroren"), asked_page()
    asked = DueAsked(category, months, late, held, wide)
    found = house().retention.lists.page(by(), school().brin, asked, at, PAGE_SIZE)
    tile = house().retention.sweep.tile(by(), school().brin)
    return render_template(
        "retention/due.html",
        rows=tuple(due_line(x) for x in found.rows),
        total=say_many(N_("%(num)d stuk"), N_("%(num)d stukken"), found.total),
        late=found.late,
        held=found.held,
        until=day(found.until),
        when=when,
        whens=[(k, say(x[0])) for k, x in WHENS.items()],
        category=category,
        categories=[(code, f"{name} ({number(count)})") for code, name, count in found.categories],
        wide=wide,
        places=[("", school().name), (BOARD, say(N_("Alle scholen van het bestuur")))] if _several() else [],
        held_too=held,
        compose=_compose(found, category, wide, ahead=bool(months)),
        recounting=tile.recounting,
        pager=pager("retention_due.page", found.total, at, PAGE_SIZE),
        tabs=tabs("retention_due.page"),
    )


@desk.get("/bewaren/zonder-dag")
@acts(*DISPOSING)
def undated() -> ResponseReturnValue:
    """What never falls due as things stand, by reason; of one group the documents."""
    lists = house().retention.undated
    edits = house().retention.schedules.current(by(), school().brin).may_edit
    why, category = line("waarom"), line("categorie")
    if not why:
        blocks = undated_blocks(lists.groups(by(), school().brin), edits=edits)
        return render_template(
            "retention/undated.html",
            blocks=[x for x in blocks if not x.calm],
            calm=[x for x in blocks if x.calm],
            tabs=tabs("retention_due.undated"),
        )
    if why not in set(Undated):
        raise NotFound
    at = asked_page()
    found = lists.page(by(), school().brin, Undated(why), category, at, PAGE_SIZE)
    heading, advice = WAYS[found.group.why]
    return render_template(
        "retention/undated_group.html",
        heading=say(heading),
        advice=say(advice),
        code=found.group.category,
        name=found.group.category_name,
        needs=needs(found.group),
        rows=tuple(undated_document(x) for x in found.rows),
        total=say_many(N_("%(num)d stuk"), N_("%(num)d stukken"), found.total),
        pager=pager("retention_due.undated", found.total, at, PAGE_SIZE),
        tabs=tabs("retention_due.undated"),
    )


def _several() -> bool:
    """Whether the person works for more schools of this board."""
    return sum(x.board_id == school().board_id for x in user().schools) > 1


def _compose(found: DueList, category: str, wide: bool, *, ahead: bool) -> str:
    """The address where a list is begun of what is shown: of one school, and of what is due today."""
    if COMPOSE not in current_app.view_functions or not may(Action.PROPOSE_DISPOSAL, school()):
        return ""
    if wide or ahead or found.total == found.held:
        return ""
    fields = {"school": school().brin} | ({"categorie": category} if category else {})
    return with_fields(COMPOSE, fields)
