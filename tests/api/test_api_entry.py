"""The API over a real house: tokens and scopes, intake, finding, fetching, and answers that fit their description."""

import json
import uuid
from dataclasses import dataclass

import pytest
from sqlalchemy import update
from werkzeug.test import Client, TestResponse

from dms.api import multipart
from dms.api.factory import PREFIX, create_app
from dms.api.guard import Access, Scope, access_of, public
from dms.api.openapi import document_of
from dms.app import App
from dms.cli.site import build
from dms.db.tables import ApiTokenRow
from dms.jobs.indexer import drain
from tests.api.json_schema import faults
from tests.cli.small_school import BRIN, CLERK, STRANGER, WATCHER, Installation

EVERYTHING = ("intake", "read", "search")
BIG = "too_many_bytes"


@dataclass
class Caller:
    """A program with a token."""

    client: Client
    token: str

    def ask(self, path: str, method: str = "GET", **more) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        return self.client.open(PREFIX + path, method=method, headers=headers, **more)

    def send(self, data: dict, **headers: str) -> TestResponse:
        return self.send_parts(*data.items(), **headers)

    def send_parts(self, *parts: tuple[str, str | tuple[str, bytes]], **headers: str) -> TestResponse:
        """A form with fields (text) and files (name and bytes) in exactly this order."""
        body = b""
        for name, value in parts:
            body += f'--x\r\nContent-Disposition: form-data; name="{name}"'.encode()
            if isinstance(value, str):
                body += b"\r\n\r\n" + value.encode()
            else:
                body += f'; filename="{value[0]}"\r\n\r\n'.encode() + value[1]
            body += b"\r\n"
        kind = "multipart/form-data; boundary=x"
        return self.ask("/intake", "POST", data=body + b"--x--\r\n", content_type=kind, headers=headers)


@pytest.fixture(scope="module")
def house(school: Installation):
    with school.app() as app:
        yield app


@pytest.fixture(scope="module")
def client(house: App) -> Client:
    return Client(build(house))


def caller(school: Installation, client: Client, email: str, scopes: tuple[str, ...] = EVERYTHING) -> Caller:
    words = [x for scope in scopes for x in ("--scope", scope)]
    return Caller(client, school.dms("user", "token", email, *words, "--json").json["token"])


@pytest.fixture(scope="module")
def clerk(school: Installation, client: Client) -> Caller:
    return caller(school, client, CLERK)


@pytest.fixture(scope="module")
def described(client: Client) -> dict:
    answer = client.get(f"{PREFIX}/openapi.json")
    assert answer.status_code == 200
    return answer.get_json()


def fits(described: dict, path: str, method: str, answer: TestResponse) -> None:
    """The answer is one that the description promised."""
    promised = described["paths"][path][method]["responses"][str(answer.status_code)]["content"]
    assert answer.mimetype in promised
    assert not faults(answer.get_json(), promised[answer.mimetype]["schema"], described)


def problem(described: dict, answer: TestResponse, status: int, code: str) -> dict:
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    body = answer.get_json()
    assert not faults(body, {"$ref": "#/components/schemas/Problem"}, described)
    assert (body["status"], body["code"]) == (status, code)
    return body


@pytest.mark.slow
@pytest.mark.parametrize(
    "header",
    [None, "", "Bearer", "Bearer ", "Basic YTpi", "Bearer onbekend", "Bearer " + "x" * 5000, "Bearer dk1_ü"],
)
def test_without_a_good_token_nothing_opens(client: Client, described: dict, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    for path in ("/search?q=x", f"/documents/{uuid.uuid4()}", f"/intake/{uuid.uuid4()}"):
        answer = client.get(PREFIX + path, headers=headers)
        problem(described, answer, 401, "no_token")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_that_is_over_or_revoked_stops_at_once(school, client, house, described) -> None:
    program = caller(school, client, CLERK)
    assert program.ask("/search?q=x").status_code == 200
    from dms.kernel.digest import token_digest

    for values in ({"expires_at": house.clock.now()}, {"revoked_at": house.clock.now()}):
        other = caller(school, client, CLERK)
        with house.database.begin() as uow:
            mine = ApiTokenRow.token_digest == token_digest(other.token)
            uow.session.execute(update(ApiTokenRow).where(mine).values(**values))
        problem(described, other.ask("/search?q=x"), 401, "no_token")


def test_a_disabled_account_takes_its_tokens_along(school, client, house, described) -> None:
    school.dms("user", "add", "weg@hetkompas.example", "--role", "administratie", "--school", BRIN)
    program = caller(school, client, "weg@hetkompas.example")
    assert program.ask("/search?q=x").status_code == 200
    from dms.model.events import SYSTEM

    house.accounts.disable(SYSTEM, "weg@hetkompas.example")
    problem(described, program.ask("/search?q=x"), 401, "no_token")


@pytest.mark.parametrize("scope", EVERYTHING)
def test_a_token_is_good_for_its_scope_only(school, client, described, document, scope) -> None:
    program = caller(school, client, CLERK, (scope,))
    wanted = {
        "search": "/search?q=rapport",
        "read": f"/documents/{document}",
        "intake": f"/intake/{uuid.uuid4()}",
    }
    for name, path in wanted.items():
        answer = program.ask(path)
        if name == scope:
            assert answer.status_code in (200, 404)
        else:
            problem(described, answer, 403, f"scope_{name}")


def test_search_fits_its_description_and_the_rights(school, client, clerk, described, document) -> None:
    answer = clerk.ask("/search?q=rapport")
    fits(described, "/search", "get", answer)
    assert document in {x["document_id"] for x in answer.get_json()["hits"]}
    stranger = caller(school, client, STRANGER).ask("/search?q=rapport")
    fits(described, "/search", "get", stranger)
    assert stranger.get_json()["total"] == 0
    assert stranger.get_json()["hits"] == []


@pytest.mark.parametrize(
    ("query", "code"),
    [("", "no_query"), ("?q=", "no_query"), ("?q=x&page=nul", "no_number"), ("?q=x&size=0", "bad_input")],
)
def test_a_question_that_is_none_is_told(clerk, described, query: str, code: str) -> None:
    body = problem(described, clerk.ask(f"/search{query}"), 400, code)
    assert body["advice"]


def test_a_document_fits_its_description(clerk, described, document) -> None:
    answer = clerk.ask(f"/documents/{document}")
    fits(described, "/documents/{document_id}", "get", answer)
    assert answer.get_json()["document_id"] == document


def test_forbidden_and_absent_look_alike(school, client, described, document) -> None:
    stranger = caller(school, client, STRANGER)
    for path in ("/documents/{}", "/documents/{}/content"):
        forbidden, absent = stranger.ask(path.format(document)), stranger.ask(path.format(uuid.uuid4()))
        assert forbidden.get_data() == absent.get_data()
        problem(described, forbidden, 404, "not_found")


def test_who_sees_but_does_not_read_gets_no_bytes(school, client, described, document) -> None:
    watcher = caller(school, client, WATCHER)
    assert watcher.ask(f"/documents/{document}").status_code == 200
    answer = watcher.ask(f"/documents/{document}/content")
    problem(described, answer, 403, "refused")


def test_content_is_a_download_that_no_browser_opens(clerk, school, document) -> None:
    answer = clerk.ask(f"/documents/{document}/content")
    assert answer.status_code == 200
    assert answer.get_data() == school.letter(1, seed=101)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert int(answer.headers["Content-Length"]) == len(answer.get_data())
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    text = clerk.ask(f"/documents/{document}/content?rendition=text")
    assert text.mimetype == "text/plain"
    assert "rapport" in text.get_data(as_text=True).lower()


def test_a_rendition_that_is_none_is_told(clerk, described, document) -> None:
    problem(described, clerk.ask(f"/documents/{document}/content?rendition=page"), 400, "no_rendition")


def test_a_paper_comes_in_with_what_the_sender_knows(clerk, school, house, described) -> None:
    form = {
        "school": BRIN,
        "pupil": school.pupil(5).number,
        "category": "OND-03",
        "document_date": "2026-03-31",
        "source": "scanner",
        "file": ("scan 1.pdf", school.letter(5, seed=9)),
    }
    answer = clerk.send(form)
    fits(described, "/intake", "post", answer)
    assert answer.status_code == 202
    place = f"/intake/{answer.get_json()['intake_id']}"
    waiting = clerk.ask(place)
    fits(described, "/intake/{intake_id}", "get", waiting)
    assert [x["status"] for x in waiting.get_json()["items"]] == ["waiting"]
    house.worker().work_until_empty()
    assert drain(house)
    (item,) = clerk.ask(place).get_json()["items"]
    assert (item["status"], item["pupil"], item["category"]) == ("filed", form["pupil"], "OND-03")
    assert (item["path"], item["document_date"]) == ("scan 1.pdf", "2026-03-31")
    assert clerk.ask(f"/documents/{item['document_id']}").get_json()["source"] == "scanner"


def test_one_intake_can_hold_several_files_before_or_after_the_fields(clerk, school) -> None:
    first, second = (("file", (f"{n}.pdf", school.letter(n, seed=20))) for n in (6, 7))
    fields = ("school", BRIN), ("pupil", school.pupil(6).number)
    for parts in ((*fields, first, second), (first, *fields, second), (first, second, *fields)):
        answer = clerk.send_parts(*parts)
        assert answer.status_code == 202
        items = clerk.ask(f"/intake/{answer.get_json()['intake_id']}").get_json()["items"]
        assert [(x["part"], x["path"]) for x in items] == [(1, "6.pdf"), (2, "7.pdf")]


def test_the_same_key_gives_the_same_intake_and_keeps_nothing_twice(school, client, clerk) -> None:
    key = str(uuid.uuid4())

    def send(program: Caller, name: str) -> str:
        form = {"school": BRIN, "file": (name, school.letter(8, seed=30))}
        answer = program.send(form, **{"Idempotency-Key": key})
        assert answer.status_code == 202
        return answer.get_json()["intake_id"]

    first = send(clerk, "a.pdf")
    assert send(clerk, "b.pdf") == first
    assert [x["path"] for x in clerk.ask(f"/intake/{first}").get_json()["items"]] == ["a.pdf"]
    school.dms("user", "add", "colleague@hetkompas.example", "--role", "administratie", "--school", BRIN)
    colleague = caller(school, client, "colleague@hetkompas.example")
    assert send(colleague, "c.pdf") != first, "another sender's key is another key"


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"school": ""}, 400, "no_field"),
        ({"school": "99XX"}, 404, "not_found"),
        ({"pupil": "999999"}, 404, "no_pupil"),
        ({"category": "ZZZ-99"}, 400, "no_category"),
        ({"document_date": "31-03-2026"}, 400, "no_date"),
        ({"source": "demo"}, 400, "no_source"),
        ({"file": None}, 400, "bad_input"),
    ],
)
def test_what_does_not_fit_is_told_with_a_code(clerk, described, change, status, code) -> None:
    form = {"school": BRIN, "file": ("a.pdf", b"%PDF-1.7"), **change}
    problem(described, clerk.send({k: v for k, v in form.items() if v is not None}), status, code)


def test_what_is_no_form_or_is_cut_off_is_told(clerk, described) -> None:
    answer = clerk.ask("/intake", "POST", data=json.dumps({}), content_type="application/json")
    problem(described, answer, 400, "no_form")
    half = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\nhalf'
    answer = clerk.ask("/intake", "POST", data=half, content_type="multipart/form-data; boundary=x")
    problem(described, answer, 400, "cut_off")


def test_a_file_that_is_too_large_is_refused_and_nothing_is_kept(school, described) -> None:
    tight = Installation(school.folder, {"DMS_MAX_FILE_MB": "1"}, school.demo)
    objects = school.folder / "var" / "objects"
    with tight.app() as app:
        program = caller(school, Client(build(app)), CLERK)
        before = {x for x in objects.rglob("*") if x.is_file()}
        body = problem(
            described, program.send({"school": BRIN, "file": ("a.pdf", b"%PDF" + b"0" * 1_100_000)}), 413, BIG
        )
        assert "1 MB" in body["detail"]
        assert {x for x in objects.rglob("*") if x.is_file()} == before


def test_large_files_pass_through_and_then_fields_may_not_follow(clerk, described, monkeypatch) -> None:
    monkeypatch.setattr(multipart, "MOST_WAITING", 1000)
    large = ("file", ("a.pdf", b"%PDF-1.7" + b"0" * 50_000))
    school_first = ("school", BRIN)
    answer = clerk.send_parts(school_first, large, large)
    assert answer.status_code == 202
    assert len(clerk.ask(f"/intake/{answer.get_json()['intake_id']}").get_json()["items"]) == 2
    problem(described, clerk.send_parts(school_first, large, ("pupil", "1")), 400, "field_after_file")
    problem(described, clerk.send_parts(large, school_first), 400, "no_field")


def test_strange_addresses_and_methods_are_problems_too(client, clerk, described) -> None:
    problem(described, client.get(f"{PREFIX}/niets"), 404, "not_found")
    problem(described, clerk.ask("/documents/geen-nummer"), 404, "not_found")
    answer = clerk.ask("/search", "DELETE")
    problem(described, answer, 405, "method_not_allowed")
    assert "GET" in answer.headers["Allow"]


def test_a_fault_of_ours_tells_nothing(clerk, described, monkeypatch) -> None:
    from dms.services.search import Search

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("Jan Jansen")

    monkeypatch.setattr(Search, "search", broken)
    body = problem(described, clerk.ask("/search?q=x"), 500, "broken")
    assert "Jansen" not in json.dumps(body)


def test_every_route_says_who_may_come_and_what_it_gives(house: App) -> None:
    app = create_app(house)
    described = document_of(app, PREFIX)
    rules = list(app.url_map.iter_rules())
    assert len(rules) == sum(len(x) for x in described["paths"].values())
    open_to_all = {x.rule for x in rules if access_of(app, x.endpoint) == Access(None, None)}
    assert open_to_all == {"/openapi.json"}
    for rule in rules:
        found = access_of(app, rule.endpoint)
        assert found is not None
        assert (found.scope is None) == (found.action is None)


def test_a_route_that_says_nothing_is_closed_and_stops_the_description(house: App, described: dict) -> None:
    app = create_app(house)
    app.add_url_rule("/half", "half", public(lambda: "hallo"))
    with pytest.raises(LookupError):
        document_of(app, PREFIX)
    app.add_url_rule("/stil", "stil", lambda: "hallo")
    problem(described, Client(app).get("/stil"), 500, "undeclared_route")


def test_scopes_are_those_that_tokens_can_have() -> None:
    from dms.services.accounts import TOKEN_SCOPES

    assert {x.value for x in Scope} == TOKEN_SCOPES


def test_readiness_names_the_part_that_is_down(house: App, monkeypatch) -> None:
    from dms.kernel.errors import OutsideDown

    client = Client(build(house))
    assert client.get("/readyz").get_json()["ready"] is True

    def down() -> None:
        raise OutsideDown("weg", code="index_down")

    from dms.api.health import with_health

    app = with_health(build(house), {"index": down, "database": house.database.probe})
    answer = Client(app).get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json() == {
        "ready": False,
        "parts": {"index": {"ready": False, "code": "index_down"}, "database": {"ready": True}},
    }
    assert Client(app).get("/healthz").get_json() == {"alive": True}
