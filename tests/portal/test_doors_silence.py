"""The address of a link, and what is behind it, show nowhere but where they must; and what every answer carries."""

import re
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from structlog.testing import capture_logs
from werkzeug.test import Client

from dms.cli.site import build
from dms.jobs.web_server import ROUTE
from dms.model.links import Permission
from tests.portal.doors_world import Doors, path

DOWNLOAD = frozenset({Permission.VIEW, Permission.DOWNLOAD})
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
POLICY = {
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}


def test_the_token_shows_in_no_page_no_log_and_no_redirect(doors: Doors) -> None:
    made = doors.link("plan", "rapport", permissions=DOWNLOAD)
    token = path(made).removeprefix("/l/")
    routes: list[object] = []
    client = Client(noting(build(doors.house.app), routes))
    one = f"/portaal/gedeeld/{doors.documents['plan']}"
    answers = []
    with capture_logs() as lines:
        for method, address, form in (
            ("GET", path(made), None),
            ("GET", f"{path(made)}/meer", None),
            ("PUT", path(made), None),
            ("POST", path(made), {}),
            ("POST", path(made), {"code": "12121212"}),
            ("POST", path(made), {"code": made.access_code}),
            ("GET", "/portaal/gedeeld", None),
            ("GET", one, None),
            ("GET", f"{one}/bladzijde/1", None),
            ("GET", f"{one}/bladzijde/99", None),
            ("GET", f"{one}/bestand", None),
            ("GET", "/portaal/bestaat-niet", None),
        ):
            answer = client.open(address, method=method, data=form, buffered=True)
            answers.append(answer)
    assert [x.status_code for x in answers] == [200, 404, 404, 200, 403, 303, 200, 200, 200, 404, 200, 404]
    assert routes[0] == "/l/<token>"
    assert not any(token in str(x) for x in routes)
    for answer in answers:
        assert token.encode() not in answer.data
        assert token not in str(answer.headers)
    said = str(lines)
    assert lines, "something was said"
    for secret in (token, made.access_code, "12121212", "Nadia", "overleg over de aanpak", "plan.pdf"):
        assert secret not in said, secret


def noting(app: WSGIApplication, routes: list[object]) -> WSGIApplication:
    """`app`, and what it leaves for the log of the web server."""

    def call(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        body = app(environ, start_response)
        routes.append(environ.get(ROUTE))
        return body

    return call


def test_every_answer_says_what_a_browser_may_do_with_it(doors: Doors) -> None:
    made = doors.link("plan", permissions=DOWNLOAD)
    client = doors.enter(made)
    one = f"/portaal/gedeeld/{doors.documents['plan']}"
    for address in (
        path(made),
        "/portaal/gedeeld",
        one,
        f"{one}/bladzijde/1",
        f"{one}/bestand",
        "/portaal/niets",
        "/l/",
    ):
        answer = client.get(address, buffered=True)
        for name, value in HEADERS.items():
            assert answer.headers[name] == value, (address, name)
        assert set(answer.headers["Content-Security-Policy"].split("; ")) == POLICY
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert b"<script" not in answer.data
        assert not re.search(rb'(?:href|src|action)="(?:https?:)?//', answer.data), "nothing from elsewhere"


def test_cookies_are_of_this_site_alone(doors: Doors) -> None:
    made = doors.link("plan")
    client = doors.browser()
    asked = client.post(path(made)).headers["Set-Cookie"]
    entered = client.post(path(made), data={"code": made.access_code}).headers.getlist("Set-Cookie")
    for cookie in (asked, *entered):
        for word in ("HttpOnly", "Path=/", "SameSite=Strict"):
            assert word in cookie
        assert "Domain" not in cookie


def test_a_page_before_its_documents_weighs_little(doors: Doors) -> None:
    client = doors.enter(doors.link("plan", "rapport", "adres"))
    for address in ("/portaal/gedeeld", f"/portaal/gedeeld/{doors.documents['plan']}"):
        page = client.get(address)
        parts = re.findall(r'(?:href|src)="(/portaal/static/[^"]+)"', page.text)
        assert len(page.data) + sum(len(client.get(x).data) for x in set(parts)) < 40_000


def test_a_form_of_another_site_is_refused(doors: Doors) -> None:
    made = doors.link("plan")
    for headers in (
        {"Origin": "https://elders.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ):
        answer = doors.browser().post(path(made), data={"code": made.access_code}, headers=headers)
        assert answer.status_code == 400, headers
    ours = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
    assert doors.browser().post(path(made), data={"code": made.access_code}, headers=ours).status_code == 303
