"""The bin (prullenbak) of the school: what was removed, and putting it back."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput
from dms.kernel.ids import parse_id
from dms.kernel.text import N_
from dms.web import notices
from dms.web.asked import page as asked_page
from dms.web.frame import school
from dms.web.guard import acts, by
from dms.web.house import house
from dms.web.notices import Notice, tell
from dms.web.presenters import histories
from dms.web.presenters.paging import pager
from dms.web.texts import say_many
from rights.rules.actions import Action

desk = Blueprint("bin", __name__)
PAGE_SIZE = 50
notices.register({"restored": Notice(N_("%(num)d document is teruggezet."), N_("%(num)d documenten zijn teruggezet."))})


@desk.get("/prullenbak")
@acts(Action.REMOVE)
def page() -> ResponseReturnValue:
    """What the person may put back, newest first."""
    at = asked_page()
    found = house().bin.list(by(), school().brin, page=at, size=PAGE_SIZE)
    return render_template(
        "bin/page.html",
        rows=tuple(histories.bin_row(x) for x in found.rows),
        total=say_many(N_("%(num)d document"), N_("%(num)d documenten"), found.total),
        pager=pager("bin.page", found.total, at, PAGE_SIZE),
    )


@desk.post("/prullenbak/terug")
@acts(Action.REMOVE)
def restore() -> ResponseReturnValue:
    """Put back what was chosen: all of it or nothing."""
    chosen = [x for x in (parse_id(y) for y in request.form.getlist("plaats")) if x is not None]
    if not chosen:
        raise BadInput(N_("Er is niets gekozen."), N_("Kies een of meer documenten."), code="nothing_chosen")
    tell("restored", count=house().bin.restore(by(), chosen))
    return redirect(url_for("bin.page"), 303)
