"""Where a person sets a password with a link. Everybody may come; a link that does not work looks like any other."""

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput, Refused
from dms.kernel.text import N_
from dms.web.error_pages import Problem, problem_of
from dms.web.guard import public
from dms.web.house import house
from dms.web.texts import say

desk = Blueprint("set_password", __name__)


@desk.get("/wachtwoord/<token>")
@public
def form(token: str) -> ResponseReturnValue:
    """The form, or that the link does not work."""
    return _form(token)


@desk.post("/wachtwoord/<token>")
@public
def save(token: str) -> ResponseReturnValue:
    """Set it. The same password is typed twice."""
    first, second = request.form.get("wachtwoord", ""), request.form.get("nogmaals", "")
    try:
        if first != second:
            raise BadInput(N_("De wachtwoorden zijn niet gelijk."), N_("Typ twee keer hetzelfde wachtwoord."))
        house().administration.access.set_password(token, first)
    except BadInput as problem:
        return _form(token, problem_of(problem))
    except Refused as gone:
        return _gone(gone)
    g.bare_page = True
    return render_template(
        "admin/set_password.html", done=True, gone=None, problem=None, least=0, contact="", title=_title()
    )


def _form(token: str, problem: Problem | None = None) -> ResponseReturnValue:
    try:
        contact, least = house().administration.access.link(token)
    except Refused as gone:
        return _gone(gone)
    g.bare_page = True
    page = render_template(
        "admin/set_password.html", done=False, gone=None, problem=problem, least=least, contact=contact, title=_title()
    )
    return page, 400 if problem else 200


def _gone(gone: Refused) -> ResponseReturnValue:
    g.bare_page = True
    page = render_template(
        "admin/set_password.html", done=False, gone=problem_of(gone), problem=None, least=0, contact="", title=_title()
    )
    return page, 404


def _title() -> str:
    return say(N_("Kies een wachtwoord"))
