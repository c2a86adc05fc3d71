"""In and out, the language, and the school to work for."""

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dms.kernel.errors import DmsError, Refused
from dms.services.shapes import SignedIn
from dms.services.sign_in.halfway import HalfWay
from dms.web import sessions
from dms.web.asked import line, way_back
from dms.web.error_pages import problem_of
from dms.web.frame import choose_school
from dms.web.guard import by, public, signed_in
from dms.web.house import house
from dms.web.texts import LANGUAGES, cookie_name
from dms.web.visits import remember, visit

desk = Blueprint("sign_in", __name__)
YEAR = 365 * 24 * 3600


@desk.get("/inloggen")
@public
def form() -> ResponseReturnValue:
    """The form; who is signed in already goes on."""
    if current_user.is_authenticated:
        return redirect(way_back("volgende"))
    return sign_in_form()


@desk.post("/inloggen")
@public
def sign_in() -> ResponseReturnValue:
    """Try it. A wrong try shows the form again with one and the same text."""
    email, password = line("email"), request.form.get("wachtwoord", "")
    try:
        made = house().accounts.sign_in(email, password, visit())
    except Refused as refused:
        return sign_in_form(email, refused), 403
    return go_on(made, way_back("volgende"))


@desk.post("/uitloggen")
@public
def sign_out() -> ResponseReturnValue:
    """End the session; harmless for who has none."""
    sessions.end()
    return redirect(url_for("sign_in.form"), 303)


@desk.post("/taal")
@public
def language() -> ResponseReturnValue:
    """Keep the language with the account, and in a cookie for the page to sign in."""
    answer = redirect(way_back(), 303)
    chosen = line("taal")
    if chosen in LANGUAGES:
        if current_user.is_authenticated:
            house().accounts.set_language(by(), chosen)
        secure = house().settings.secure_cookies
        answer.set_cookie(
            cookie_name(secure), chosen, max_age=YEAR, path="/", secure=secure, httponly=True, samesite="Lax"
        )
    return answer


@desk.post("/school")
@signed_in
def school() -> ResponseReturnValue:
    """Work for another school of one's own."""
    choose_school(line("school"))
    return redirect(url_for("home.page"), 303)


def go_on(made: SignedIn | HalfWay, onward: str) -> ResponseReturnValue:
    """After a right first step: inside, or to the second one."""
    if isinstance(made, HalfWay):
        sessions.begin_half(made, onward)
        return redirect(url_for("second_step.set_up" if made.enrol else "second_step.form"), 303)
    sessions.begin(made)
    return remember(make_response(redirect(onward, 303)), made.device)


def sign_in_form(email: str = "", refused: DmsError | None = None) -> str:
    """The page to sign in at, with what went wrong."""
    g.bare_page = True
    provider = house().openid
    return render_template(
        "sign_in/form.html",
        email=email,
        problem=problem_of(refused) if refused else None,
        onward=way_back("volgende"),
        provider=provider.provider.name if provider else "",
    )
