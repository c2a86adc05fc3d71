"""One's own account at the portal: the password, and a code for one child more."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput, DmsError, Refused
from dms.kernel.text import N_
from dms.model.people import RoleCode
from dms.portal.family_words import day, line, told
from dms.portal.guard import portal_session
from dms.portal.house import house
from dms.portal.people import by, person, token, visit
from dms.services.passwords import LEAST_LENGTH

desk = Blueprint("family_account", __name__)


@desk.get("/portaal/account")
@portal_session
def page() -> ResponseReturnValue:
    """Who one is here, and what can be changed."""
    return _page()


@desk.post("/portaal/account/wachtwoord")
@portal_session
def password() -> ResponseReturnValue:
    """Another password; other sessions end."""
    new = request.form.get("nieuw", "")
    try:
        if new != request.form.get("nogmaals", ""):
            raise BadInput(N_("De twee wachtwoorden zijn niet gelijk."), N_("Vul twee keer hetzelfde in."))
        house().portal.sign_in.change_password(token(), request.form.get("oud", ""), new)
    except BadInput as wrong:
        return _page(wrong), 400
    return redirect(url_for("family_account.page", gelukt="wachtwoord"), 303)


@desk.post("/portaal/account/kind")
@portal_session
def join() -> ResponseReturnValue:
    """One child more, with the code out of a letter."""
    try:
        house().portal.invitations.join(by(), line("code"), day("geboren"), visit())
    except Refused as wrong:
        return _page(wrong), 400
    return redirect(url_for("family_home.page"), 303)


def _page(wrong: DmsError | None = None) -> str:
    return render_template(
        "portal/account/page.html",
        me=person(),
        cares=any(x.role == RoleCode.PARENT.value for x in person().roles),
        least=LEAST_LENGTH,
        problem=told(wrong),
        done=request.args.get("gelukt") == "wachtwoord",
    )
