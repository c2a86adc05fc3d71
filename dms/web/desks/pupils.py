"""Pupils: the list, the picker that other pages use while typing, and the dossier."""

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from dms.web.asked import flag, line
from dms.web.asked import page as asked_page
from dms.web.frame import school
from dms.web.guard import acts, by, may
from dms.web.house import house
from dms.web.presenters import pupils as present
from dms.web.presenters.paging import pager
from dms.web.texts import number
from rights.rules.actions import Action

desk = Blueprint("pupils", __name__)
PAGE_SIZE = 50


@desk.get("/leerlingen")
@acts(Action.SEE)
def page() -> ResponseReturnValue:
    """The pupils of the school, filtered by text, group and whether they have left."""
    text, group, former, at = line("q"), line("groep"), flag("oud"), asked_page()
    found = house().pupils.list(
        by(), school().brin, text=text, group=group or None, former=former, page=at, size=PAGE_SIZE
    )
    return render_template(
        "pupils/list.html",
        rows=present.rows(found.rows),
        total=found.total,
        total_text=number(found.total),
        groups=found.groups,
        text=text,
        group=group,
        former=former,
        pager=pager("pupils.page", found.total, at, PAGE_SIZE),
    )


@desk.get("/leerlingen/kies")
@acts(Action.SEE)
def picker() -> ResponseReturnValue:
    """Pupils that fit what is typed, as a piece of a page for the picker."""
    found = house().pupils.find(by(), school().brin, line("q"), adding=True)
    return render_template("pupils/_choices.html", choices=present.rows(found), asked=line("q"))


@desk.get("/leerlingen/<uuid:pupil_id>")
@acts(Action.SEE)
def dossier(pupil_id: UUID) -> ResponseReturnValue:
    """One dossier, by category."""
    view = house().pupils.dossier(by(), pupil_id)
    return render_template("pupils/dossier.html", dossier=present.dossier(view, pictures=may(Action.READ)))
