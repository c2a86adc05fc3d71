"""The frame: headers, cookies, languages, errors, addresses of files, signing in and out."""

import logging
import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from dms.kernel.errors import BadInput, Broken, Conflict, NotFound, OutsideDown, Refused, SetupWrong
from dms.web import assets
from dms.web.factory import create_app
from dms.web.guard import public, signed_in
from dms.web.menu import ENTRIES
from tests.web.screen_world import PASSWORD, World, token


def test_every_answer_keeps_the_browser_in_check(world: World) -> None:
    client = world.client("anouk")
    for address in ("/", "/leerlingen", "/bestaatniet", "/inloggen", "/inname/lijst"):
        headers = client.get(address).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cache-Control"] == "no-store"
        assert "Strict-Transport-Security" not in headers


def test_pages_hold_no_script_or_style_of_their_own(world: World) -> None:
    client = world.client("anouk")
    for address in ("/", "/inname", "/leerlingen", "/postbak", "/geweigerd", "/zoeken?q=rapport", "/hulp"):
        page = client.get(address).get_data(as_text=True)
        inside = "".join(re.findall(r"<[a-z][^>]*>", page))
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", inside), address
        assert all("src=" in x for x in re.findall(r"<script[^>]*>", page)), address


def test_cookies_on_loopback_and_on_https(world: World) -> None:
    plain = world.client().get("/inloggen").headers["Set-Cookie"]
    assert plain.startswith("dms=")
    assert "HttpOnly" in plain
    assert "SameSite=Lax" in plain
    assert "Secure" not in plain
    settings = replace(world.house.settings, public_url="https://dossier.school.example")
    answer = create_app(replace(world.house, settings=settings)).test_client().get("/inloggen")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-dms=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")


def test_wrong_passwords_and_unknown_people_read_the_same(world: World) -> None:
    client = world.client()
    pages = []
    for email, password in (("dirk@deregenboog.example", "mis geraden 19"), ("niemand@deregenboog.example", PASSWORD)):
        answer = client.post("/inloggen", data={"email": email, "wachtwoord": password, "csrf_token": token(client)})
        assert answer.status_code == 403
        page = answer.get_data(as_text=True)
        assert "E-mailadres of wachtwoord klopt niet." in page
        assert password not in page
        pages.append(re.sub(r'value="[^"]*"|content="[^"]*"', "", page))
    assert pages[0] == pages[1]


def test_signing_in_starts_a_fresh_session_and_goes_where_one_was_going(world: World) -> None:
    client = world.client()
    before = token(client)
    wanted = client.get("/leerlingen?groep=groep+7").location
    assert wanted.startswith("/inloggen?volgende=")
    data = {"email": "anouk@deregenboog.example", "wachtwoord": PASSWORD, "csrf_token": before}
    answer = client.post("/inloggen", data={**data, "volgende": "/leerlingen?groep=groep+7"})
    assert (answer.status_code, answer.location) == (303, "/leerlingen?groep=groep+7")
    assert client.post("/uitloggen", data={"csrf_token": before}).status_code == 400  # of the session before


@pytest.mark.parametrize("target", ["https://elders.example/", "//elders.example", "/\\elders.example", "javascript:1"])
def test_one_is_never_sent_to_another_site(world: World, target: str) -> None:
    client = world.client("anouk")
    answer = client.post("/taal", data={"taal": "nl", "terug": target, "csrf_token": token(client, "/")})
    assert answer.location == "/"


def test_signing_out_ends_the_session_at_the_service_too(world: World) -> None:
    client = world.client("anouk")
    with client.session_transaction() as kept:
        stolen = kept["_user_id"]
    assert world.house.accounts.session(stolen) is not None
    client.post("/uitloggen", data={"csrf_token": token(client, "/")})
    assert world.house.accounts.session(stolen) is None


def test_the_language_is_kept_when_one_signs_out(world: World) -> None:
    client = world.client("femke")
    page = client.get("/leerlingen").get_data(as_text=True)
    assert '<html lang="nl">' in page
    assert ">Leerlingen</h1>" in page
    answer = client.post("/taal", data={"taal": "en", "terug": "/leerlingen", "csrf_token": token(client, "/")})
    assert answer.location == "/leerlingen"
    page = client.get("/leerlingen").get_data(as_text=True)
    assert '<html lang="en">' in page
    assert ">Pupils</h1>" in page
    assert world.client("femke").get("/").get_data(as_text=True).startswith('<!doctype html>\n<html lang="en">')
    client.post("/uitloggen", data={"csrf_token": token(client, "/")})
    assert "Sign in" in client.get("/inloggen").get_data(as_text=True)


def test_an_unknown_language_changes_nothing(world: World) -> None:
    client = world.client()
    client.post("/taal", data={"taal": "../../etc", "csrf_token": token(client)})
    assert '<html lang="nl">' in client.get("/inloggen").get_data(as_text=True)


ERRORS = (
    (BadInput("Dit is %(what)s.", "Doe het anders.", params={"what": "krom"}), 400, "Dit is krom."),
    (Refused(), 403, "U mag dit niet doen."),
    (NotFound(), 404, "Wat u zoekt, is er niet."),
    (Conflict("Een collega was eerder.", "Kijk opnieuw."), 409, "Een collega was eerder."),
    (OutsideDown("De opslag antwoordt niet.", "Probeer het straks."), 503, "De opslag antwoordt niet."),
    (SetupWrong("De sleutel ontbreekt.", "Vraag hulp."), 500, "De sleutel ontbreekt."),
    (Broken("Kapot.", "Meld het."), 500, "Kapot."),
    (ZeroDivisionError("geheim van Joris"), 500, "De dienst heeft een fout gemaakt. Uw gegevens zijn veilig."),
)


@pytest.fixture(scope="module")
def failing(world: World) -> Flask:
    """The application with a route for each kind of error."""
    app = create_app(world.house)

    def raise_it(error: Exception) -> str:
        raise error

    for nth, (error, _, _) in enumerate(ERRORS):
        app.add_url_rule(f"/fout/{nth}", f"fout{nth}", public(lambda error=error: raise_it(error)))
        app.add_url_rule(f"/binnen/{nth}", f"binnen{nth}", signed_in(lambda error=error: raise_it(error)))
    return app


@pytest.mark.parametrize("nth", range(len(ERRORS)))
def test_errors_are_pages_with_code_message_and_advice(
    failing: Flask, nth: int, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    error, status, text = ERRORS[nth]
    with caplog.at_level(logging.DEBUG):
        page = failing.test_client().get(f"/fout/{nth}")
        data = failing.test_client().get(f"/fout/{nth}", headers={"X-Requested-With": "fetch"})
    assert (page.status_code, data.status_code) == (status, status)
    shown = page.get_data(as_text=True)
    assert text in shown
    assert getattr(error, "advice", "") in shown
    assert getattr(error, "code", "broken") in shown
    assert data.json["message"] == text
    for place in (shown, str(data.json), caplog.text, *capsys.readouterr()):
        assert "Traceback" not in place
        assert "Joris" not in place


def test_a_page_that_is_not_there(world: World) -> None:
    answer = world.client("anouk").get("/nergens")
    assert answer.status_code == 404
    assert "Deze pagina is er niet." in answer.get_data(as_text=True)
    assert world.client("anouk").delete("/leerlingen").status_code == 405


def test_files_are_kept_for_a_year_at_an_address_of_their_content(world: World, tmp_path: Path) -> None:
    client = world.client()
    page = client.get("/inloggen").get_data(as_text=True)
    addresses = re.findall(r'"(/static/[0-9a-f]{12}/[^"#]+)"', page)
    assert len(addresses) >= 6
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    stale = re.sub(r"[0-9a-f]{12}", "0" * 12, addresses[0])
    assert client.get(stale).headers["Cache-Control"] == "no-cache"
    assert client.get("/static/000000000000/../factory.py").status_code == 404
    (tmp_path / "a.css").write_text("a{}")
    first = assets.digest_of(tmp_path)
    (tmp_path / "a.css").write_text("b{}")
    assert assets.digest_of(tmp_path) != first


def test_the_first_page_is_small(world: World) -> None:
    client = world.client("anouk")
    page = client.get("/").get_data(as_text=True)
    total = len(page.encode())
    for address in set(re.findall(r'"(/static/[^"#]+)"', page)):
        total += len(client.get(address).data)
    total += sum(x.stat().st_size for x in (assets.FOLDER / "js").iterdir())
    assert total < 200_000


ASIDE = {
    "account", "assets", "components", "home", "letters", "pictures", "second_step", "set_password", "sign_in",
    "sign_on", "stack", "tastes", "undo",
}  # fmt: skip
"""Rooms that the account's menu leads to, that stand before the door or give no page, and the desks' own."""


def test_the_menu_says_in_every_room_where_one_is(world: World) -> None:
    pages = {x.endpoint.partition(".")[0] for x in world.app.url_map.iter_rules() if "GET" in (x.methods or ())}
    known = {room for x in ENTRIES for room in (x.rooms or ())} | {x.endpoint.partition(".")[0] for x in ENTRIES}
    assert pages - known - ASIDE == {"self_filed", "intake_desk", "lookalikes"}  # the desks say it themselves


def test_no_page_takes_an_id_that_the_frame_has() -> None:
    templates = Path(__file__).resolve().parents[2] / "templates"
    frame = {"frame.html", "base.html", "print.html"}
    ids = set(re.findall(r'\bid="([a-z-]+)"', (templates / "frame.html").read_text("utf-8")))
    assert {"inhoud", "menu", "zoek"} <= ids
    taken = {
        (str(page.relative_to(templates)), one)
        for page in templates.rglob("*.html")
        if page.name not in frame
        for one in re.findall(r'\bid="([a-z-]+)"', page.read_text("utf-8"))
        if one in ids
    }
    assert taken == set()
