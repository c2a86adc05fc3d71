"""Gedeeld met mij: what schools share by link with who is signed in, and the way into it without the address."""

from uuid import UUID

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import NotFound
from dms.kernel.text import N_
from dms.portal import sessions
from dms.portal.guard import portal_session
from dms.portal.house import house
from dms.portal.people import Place, add_place, person
from dms.services.sign_in.visit import Visit

desk = Blueprint("family_shared", __name__)
add_place(Place("family_shared.page", N_("Gedeeld met mij"), ("family_shared",)))


@desk.get("/portaal/gedeeld-met-mij")
@portal_session
def page() -> ResponseReturnValue:
    """The links that this account can open now."""
    return render_template("portal/links/mine.html", found=house().doorway.shared_with(person().id))


@desk.post("/portaal/gedeeld-met-mij/<uuid:link_id>")
@portal_session
def enter(link_id: UUID) -> ResponseReturnValue:
    """Open one. Raises NotFound for what is not for this account, or not open any more."""
    entered = house().doorway.enter_shared(link_id, person().id, Visit(request.remote_addr or ""))
    if entered is None:
        raise NotFound
    inside = make_response(redirect(url_for("shared.shelf"), 303))
    sessions.begin(inside, entered.token)
    return inside
