"""In and out for parents and pupils: an invitation, the password, the second step and setting one up."""

from flask import Blueprint, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput, DmsError, Refused
from dms.kernel.text import N_
from dms.portal import people
from dms.portal.family_words import day, line, told
from dms.portal.guard import open_door
from dms.portal.house import house
from dms.portal.pictures import picture
from dms.services.passwords import LEAST_LENGTH
from dms.services.shapes import SignedIn
from dms.services.sign_in.halfway import HalfWay

desk = Blueprint("family_sign_in", __name__)


@desk.get("/portaal/inloggen")
@open_door
def form() -> ResponseReturnValue:
    """The form; who is signed in already goes on."""
    if people.token() and house().portal.sign_in.session(people.token()) is not None:
        return redirect(url_for("family_home.page"), 303)
    return _form()


@desk.post("/portaal/inloggen")
@open_door
def sign_in() -> ResponseReturnValue:
    """Try it. A wrong try shows the form again with one and the same text."""
    name, password = line("email"), request.form.get("wachtwoord", "")
    try:
        made = house().portal.sign_in.sign_in(name, password, people.visit())
    except Refused as refused:
        return _form(name, refused), 403
    return _go_on(made)


@desk.post("/portaal/uitloggen")
@open_door
def leave() -> ResponseReturnValue:
    """End the session; harmless for who has none."""
    people.end()
    return redirect(url_for("family_sign_in.form"), 303)


@desk.get("/portaal/uitnodiging")
@open_door
def invitation() -> ResponseReturnValue:
    """The form for the code out of a letter or a mail."""
    return _invitation()


@desk.post("/portaal/uitnodiging")
@open_door
def accept() -> ResponseReturnValue:
    """Make the account. A wrong code shows the form again."""
    password = request.form.get("wachtwoord", "")
    try:
        if password != request.form.get("nogmaals", ""):
            raise BadInput(N_("De twee wachtwoorden zijn niet gelijk."), N_("Vul twee keer hetzelfde in."))
        made = house().portal.invitations.accept(line("code"), day("geboren"), password, people.visit())
    except (BadInput, Refused) as wrong:
        return _invitation(wrong), 400
    return _go_on(made)


@desk.get("/portaal/inloggen/tweede-stap")
@open_door
def second_step() -> ResponseReturnValue:
    """Ask for a code; who is not half-way begins at the start."""
    return _second_step() if people.half() else redirect(url_for("family_sign_in.form"), 303)


@desk.post("/portaal/inloggen/tweede-stap")
@open_door
def second_step_now() -> ResponseReturnValue:
    """Try a code of the app, or a recovery code."""
    try:
        made = house().portal.sign_in.second_step(people.half(), line("code"), people.visit())
    except BadInput as wrong:
        return _second_step(wrong)
    except Refused as gone:
        return _form(refused=gone), 403
    return _go_on(made)


@desk.get("/portaal/inloggen/instellen")
@open_door
def set_up() -> ResponseReturnValue:
    """How to set up a second step; who is not half-way begins at the start."""
    return _set_up() if people.half() else redirect(url_for("family_sign_in.form"), 303)


@desk.post("/portaal/inloggen/instellen")
@open_door
def set_up_now() -> ResponseReturnValue:
    """Set up an app; shows the recovery codes once."""
    try:
        made, codes = house().portal.sign_in.enrol(people.half(), line("code"), people.visit())
    except BadInput as wrong:
        return _set_up(wrong)
    except Refused as gone:
        return _form(refused=gone), 403
    people.begin(made)
    page = make_response(render_template("portal/sign_in/recovery_codes.html", codes=codes))
    return people.remember(page, made.device)


def _go_on(made: SignedIn | HalfWay) -> ResponseReturnValue:
    """Inside, or to the second step."""
    if isinstance(made, HalfWay):
        people.begin_half(made)
        return redirect(url_for("family_sign_in.set_up" if made.enrol else "family_sign_in.second_step"), 303)
    people.begin(made)
    return people.remember(make_response(redirect(url_for("family_home.page"), 303)), made.device)


def _form(name: str = "", refused: DmsError | None = None) -> str:
    session.pop(people.HALF, None)
    return render_template("portal/sign_in/form.html", name=name, problem=told(refused))


def _invitation(wrong: DmsError | None = None) -> str:
    return render_template("portal/sign_in/invitation.html", problem=told(wrong), least=LEAST_LENGTH, code=line("code"))


def _second_step(wrong: DmsError | None = None) -> ResponseReturnValue:
    try:
        half = house().portal.sign_in.half_way(people.half())
    except Refused as gone:
        return _form(refused=gone), 403
    if half.enrol:
        return redirect(url_for("family_sign_in.set_up"), 303)
    return render_template("portal/sign_in/second_step.html", problem=told(wrong)), 400 if wrong else 200


def _set_up(wrong: DmsError | None = None) -> ResponseReturnValue:
    try:
        half = house().portal.sign_in.half_way(people.half())
        offer = house().portal.sign_in.offer(people.half())
    except Refused as gone:
        return _form(refused=gone), 403
    if not half.enrol:
        return redirect(url_for("family_sign_in.second_step"), 303)
    page = render_template(
        "portal/sign_in/set_up.html", offer=offer, picture=picture(offer.address), problem=told(wrong)
    )
    return page, 400 if wrong else 200
