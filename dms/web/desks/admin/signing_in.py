"""How a colleague signs in: the second step, and whether a school account may be used."""

from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import Conflict, Refused
from dms.kernel.text import N_
from dms.model.duties import Duty
from dms.web.asked import line
from dms.web.desks.admin.room import crumbs, desk
from dms.web.error_pages import Problem, problem_of
from dms.web.guard import by, manages
from dms.web.house import house
from dms.web.notices import tell
from dms.web.texts import day, say
from dms.wire.status import status_of

RESET, ALLOW, END = "wis", "sta-toe", "stop"


@desk.get("/collegas/<uuid:user_id>/inloggen")
@manages(Duty.PEOPLE)
def signing_in(user_id: UUID) -> ResponseReturnValue:
    """The page."""
    return _page(user_id)


@desk.post("/collegas/<uuid:user_id>/inloggen")
@manages(Duty.PEOPLE)
def change_signing_in(user_id: UUID) -> ResponseReturnValue:
    """Clear the second step, or let the school account count or not (field `doe`)."""
    desk_of = house().administration.signing_in
    acts = {RESET: desk_of.reset_factor, ALLOW: desk_of.allow_sign_on, END: desk_of.end_sign_on}
    try:
        act = acts.get(line("doe"))
        if act is None:
            desk_of.view(by(), user_id)
            raise Conflict(N_("Kies wat u wilt doen."), N_("Open de pagina opnieuw."))
        act(by(), user_id)
    except (Conflict, Refused) as problem:
        return _page(user_id, problem_of(problem)), status_of(problem)
    tell("admin_saved")
    return redirect(url_for("admin.signing_in", user_id=user_id), 303)


def _page(user_id: UUID, problem: Problem | None = None) -> str:
    found = house().administration.signing_in.view(by(), user_id)
    provider = house().openid
    return render_template(
        "admin/signing_in.html",
        one=found,
        user_id=user_id,
        oneself=by().user_id == user_id,
        provider=provider.provider.name if provider else "",
        app_since=day(found.app_since.date()) if found.app_since else "",
        allowed=day(found.allowed_at.date()) if found.allowed_at else "",
        linked=day(found.linked_at.date()) if found.linked_at else "",
        problem=problem,
        crumbs=crumbs(
            (say(N_("Collega's")), url_for("admin.people")),
            (found.name, url_for("admin.person", user_id=user_id)),
            (say(N_("Inloggen")), ""),
        ),
    )
