"""Roles that wait for a second person."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import NotFound
from dms.kernel.text import N_
from dms.model.duties import Duty
from dms.web import notices
from dms.web.asked import identity, line
from dms.web.guard import by, manages
from dms.web.house import house
from dms.web.notices import Notice, tell
from dms.web.presenters.admin import period
from dms.web.texts import moment, say

desk = Blueprint("role_gifts", __name__)
notices.register(
    {
        "gift_confirmed": Notice(N_("De rol is bevestigd en telt.")),
        "gift_refused": Notice(N_("De rol wordt niet gegeven.")),
    }
)


@desk.get("/rechten/rollen")
@manages(Duty.RIGHTS_SEEN)
def page() -> ResponseReturnValue:
    """What waits, with the answer beside it for who may give one."""
    rows = [
        {
            "one": x,
            "role": x.role.name if x.role.own else say(x.role.name),
            "period": period(x.since, x.until),
            "why": say(x.why),
            "asked_by": x.asked_by or say(N_("de beheerder van de machine")),
            "asked_at": moment(x.asked_at),
            "expires": moment(x.expires_at),
        }
        for x in house().rights_desk.gifts.waiting(by())
    ]
    return render_template("rights/gifts.html", rows=rows)


@desk.post("/rechten/rollen")
@manages(Duty.RIGHTS_SEEN)
def decide() -> ResponseReturnValue:
    """Confirm one, refuse it, or take back what one asked for."""
    gift_id, agrees = identity("rol"), request.form.get("antwoord") == "ja"
    if gift_id is None:
        raise NotFound
    house().rights_desk.gifts.decide(by(), gift_id, agrees=agrees, answer=line("reden"))
    tell("gift_confirmed" if agrees else "gift_refused")
    return redirect(url_for("role_gifts.page"), 303)
