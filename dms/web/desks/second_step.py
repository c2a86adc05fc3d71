"""The second step of signing in, and setting one up the first time. Works without scripts, but for passkeys."""

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput, Refused
from dms.services.accounts.second_step import Enrolled
from dms.services.sign_in.passkeys import Site
from dms.web import sessions
from dms.web.asked import line
from dms.web.desks.sign_in import sign_in_form
from dms.web.error_pages import Problem, problem_of
from dms.web.guard import public
from dms.web.house import house
from dms.web.pictures_of_codes import picture
from dms.web.visits import remember, visit

desk = Blueprint("second_step", __name__)


@desk.get("/inloggen/tweede-stap")
@public
def form() -> ResponseReturnValue:
    """Ask for a code or a passkey; who is not half-way begins at the start."""
    token, _ = sessions.half()
    if not token:
        return redirect(url_for("sign_in.form"), 303)
    return _form(token)


@desk.post("/inloggen/tweede-stap")
@public
def send() -> ResponseReturnValue:
    """Try a code (field `code`) or a passkey (field `credential`)."""
    token, onward = sessions.half()
    accounts, answer = house().accounts, request.form.get("credential", "")
    try:
        if answer:
            made = accounts.second_step_passkey(token, answer, site(), visit())
        else:
            made = accounts.second_step_code(token, line("code"), visit())
    except BadInput as wrong:
        return _form(token, problem_of(wrong))
    except Refused as gone:
        return sign_in_form(refused=gone), 403
    sessions.begin(made)
    return remember(make_response(redirect(onward, 303)), made.device)


@desk.get("/inloggen/instellen")
@public
def set_up() -> ResponseReturnValue:
    """How to set up a second step; who is not half-way begins at the start."""
    token, _ = sessions.half()
    if not token:
        return redirect(url_for("sign_in.form"), 303)
    return _set_up(token)


@desk.post("/inloggen/instellen")
@public
def set_up_now() -> ResponseReturnValue:
    """Set up an app (field `code`) or a passkey (fields `credential`, `name`); shows the recovery codes once."""
    token, onward = sessions.half()
    accounts, answer = house().accounts, request.form.get("credential", "")
    try:
        if answer:
            made: Enrolled = accounts.enrol_passkey(token, answer, line("name"), site(), visit())
        else:
            made = accounts.enrol_app(token, line("code"), visit())
    except BadInput as wrong:
        return _set_up(token, problem_of(wrong))
    except Refused as gone:
        return sign_in_form(refused=gone), 403
    sessions.begin(made.signed_in)
    g.bare_page = True
    page = make_response(render_template("account/recovery_codes.html", codes=made.recovery_codes, onward=onward))
    return remember(page, made.signed_in.device)


def site() -> Site:
    """The site that passkeys are for."""
    return Site.at(house().settings.public_url)


def _form(token: str, problem: Problem | None = None) -> ResponseReturnValue:
    try:
        half = house().accounts.half_way(token)
        options = house().accounts.passkey_to_use(token, site()) if half.passkeys else ""
    except Refused as gone:
        return sign_in_form(refused=gone), 403
    if half.enrol:
        return redirect(url_for("second_step.set_up"), 303)
    g.bare_page = True
    page = render_template("sign_in/second_step.html", half=half, options=options, problem=problem)
    return page, 400 if problem else 200


def _set_up(token: str, problem: Problem | None = None) -> ResponseReturnValue:
    try:
        half = house().accounts.half_way(token)
        offer = house().accounts.offer(token)
        options = house().accounts.passkey_to_make(token, site())
    except Refused as gone:
        return sign_in_form(refused=gone), 403
    if not half.enrol:
        return redirect(url_for("second_step.form"), 303)
    g.bare_page = True
    page = render_template(
        "sign_in/set_up.html",
        offer=offer,
        picture=picture(offer.address),
        options=options,
        problem=problem,
    )
    return page, 400 if problem else 200
