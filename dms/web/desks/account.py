"""My account: how I come in, from where I am signed in, and what I use as a second step."""

import secrets

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dms.kernel.errors import BadInput, Conflict, DmsError
from dms.kernel.ids import parse_id
from dms.kernel.text import N_
from dms.services.accounts import VerifyFirst
from dms.web.asked import identity, line, way_back
from dms.web.desks.second_step import site
from dms.web.error_pages import Problem, problem_of
from dms.web.guard import signed_in
from dms.web.house import house
from dms.web.notices import Notice, register, tell
from dms.web.pictures_of_codes import picture
from dms.web.texts import day, moment
from dms.wire.status import status_of

desk = Blueprint("account", __name__, url_prefix="/account")
CHALLENGE = "challenge"
APP = "app"

register(
    {
        "account_saved": Notice(N_("Opgeslagen.")),
        "account_sessions": Notice(N_("Op %(num)d apparaat uitgelogd."), N_("Op %(num)d apparaten uitgelogd.")),
    }
)


@desk.get("")
@signed_in
def page() -> ResponseReturnValue:
    """The account."""
    return _page()


@desk.get("/bevestigen")
@signed_in
def confirm() -> ResponseReturnValue:
    """Ask to show again who one is."""
    return _confirm(way_back("volgende"))


@desk.post("/bevestigen")
@signed_in
def confirm_now() -> ResponseReturnValue:
    """Take a password or code (field `bewijs`) or a passkey (field `credential`), and go on."""
    answer, onward = request.form.get("credential", ""), way_back("volgende")
    try:
        if answer:
            house().accounts.verify_again_passkey(_token(), _taken(), answer, site())
        else:
            house().accounts.verify_again(_token(), request.form.get("bewijs", ""))
    except BadInput as wrong:
        return _confirm(onward, problem_of(wrong)), 400
    return redirect(onward, 303)


@desk.get("/wachtwoord")
@signed_in
def password() -> ResponseReturnValue:
    """Another password."""
    return _sure() or _password()


@desk.post("/wachtwoord")
@signed_in
def change_password() -> ResponseReturnValue:
    """Choose it; it is typed twice."""
    first, second = request.form.get("wachtwoord", ""), request.form.get("nogmaals", "")
    try:
        if first != second:
            raise BadInput(N_("De wachtwoorden zijn niet gelijk."), N_("Typ twee keer hetzelfde wachtwoord."))
        house().accounts.change_my_password(_token(), first)
    except VerifyFirst as first_this:
        return _confirm(url_for("account.password"), problem_of(first_this)), 400
    except BadInput as wrong:
        return _password(problem_of(wrong)), 400
    return _saved()


@desk.get("/app")
@signed_in
def app() -> ResponseReturnValue:
    """An app for codes."""
    return _sure() or _app()


@desk.post("/app")
@signed_in
def add_app() -> ResponseReturnValue:
    """Take the app's first code."""
    try:
        made = house().accounts.add_my_app(_token(), line("code"))
    except VerifyFirst as first_this:
        return _confirm(url_for("account.app"), problem_of(first_this)), 400
    except BadInput as wrong:
        return _app(problem_of(wrong)), 400
    return _codes(made) if made else _saved()


@desk.get("/passkey")
@signed_in
def passkey() -> ResponseReturnValue:
    """A passkey; needs the browser's script."""
    return _sure() or _passkey()


@desk.post("/passkey")
@signed_in
def add_passkey() -> ResponseReturnValue:
    """Take what the browser made (field `credential`), under a name."""
    try:
        made = house().accounts.add_my_passkey(
            _token(), _taken(), request.form.get("credential", ""), line("name"), site()
        )
    except VerifyFirst as first_this:
        return _confirm(url_for("account.passkey"), problem_of(first_this)), 400
    except BadInput as wrong:
        return _passkey(problem_of(wrong)), 400
    return _codes(made) if made else _saved()


@desk.post("/stap-weg")
@signed_in
def remove_factor() -> ResponseReturnValue:
    """Let the app go (field `wat` is `app`) or a passkey (`wat` is its id)."""
    chosen = line("wat")
    key = parse_id(chosen)
    try:
        if chosen != APP and key is None:
            raise BadInput(N_("Kies wat u wilt weghalen."), N_("Open de pagina opnieuw."))
        house().accounts.remove_my_factor(_token(), key)
    except VerifyFirst as first_this:
        return _confirm(url_for("account.page"), problem_of(first_this)), 400
    except (BadInput, Conflict) as wrong:
        return _page(problem_of(wrong)), status_of(wrong)
    return _saved()


@desk.post("/herstelcodes")
@signed_in
def recovery_codes() -> ResponseReturnValue:
    """Fresh codes, shown once on the answer itself."""
    try:
        if not house().accounts.my_account(_token()).factors:
            raise Conflict(N_("U hebt nog geen tweede stap."), N_("Voeg er eerst een toe."), code="no_factor")
        made = house().accounts.new_recovery_codes(_token())
    except VerifyFirst as first_this:
        return _confirm(url_for("account.page"), problem_of(first_this)), 400
    except DmsError as wrong:
        return _page(problem_of(wrong)), status_of(wrong)
    return _codes(made)


@desk.post("/sessies")
@signed_in
def end_sessions() -> ResponseReturnValue:
    """End one session of mine (field `sessie`), or all but this one."""
    tell("account_sessions", count=house().accounts.end_my_sessions(_token(), identity("sessie")))
    return redirect(url_for("account.page"), 303)


def _token() -> str:
    return str(current_user.token)


def _page(problem: Problem | None = None) -> str:
    account = house().accounts.my_account(_token())
    return render_template(
        "account/page.html",
        account=account,
        app_since=day(account.app_since.date()) if account.app_since else "",
        passkeys=[(x, day(x.created_at.date()), moment(x.used_at) if x.used_at else "") for x in account.passkeys],
        sessions=[(x, moment(x.created_at), moment(x.seen_at)) for x in account.sessions],
        problem=problem,
    )


def _sure() -> ResponseReturnValue | None:
    """The page that asks to show again who one is, where that was too long ago."""
    if house().accounts.recently_verified(_token()):
        return None
    return _confirm(request.path)


def _confirm(onward: str, problem: Problem | None = None) -> str:
    account = house().accounts.my_account(_token())
    options = house().accounts.my_passkey_to_use(_token(), _challenge(), site()) if account.passkeys else ""
    return render_template("account/confirm.html", account=account, options=options, onward=onward, problem=problem)


def _password(problem: Problem | None = None) -> str:
    least = house().accounts.my_account(_token()).least_length
    return render_template("account/password.html", least=least, problem=problem)


def _app(problem: Problem | None = None) -> str:
    offer = house().accounts.my_offer(_token())
    return render_template("account/app.html", offer=offer, picture=picture(offer.address), problem=problem)


def _passkey(problem: Problem | None = None) -> str:
    options = house().accounts.my_passkey_to_make(_token(), _challenge(), site())
    return render_template("account/passkey.html", options=options, problem=problem)


def _codes(made: tuple[str, ...]) -> str:
    return render_template("account/recovery_codes.html", codes=made, onward=url_for("account.page"))


def _saved() -> ResponseReturnValue:
    tell("account_saved")
    return redirect(url_for("account.page"), 303)


def _challenge() -> bytes:
    """What the next passkey signs; it lies in the signed cookie until it is used."""
    session[CHALLENGE] = secrets.token_hex(32)
    return bytes.fromhex(session[CHALLENGE])


def _taken() -> bytes:
    """The challenge that was given out; once. Without one nothing matches."""
    return bytes.fromhex(str(session.pop(CHALLENGE, ""))) or secrets.token_bytes(32)
