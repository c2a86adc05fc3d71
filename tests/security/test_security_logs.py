"""Logs hold no personal data and errors no traceback: a day at school with canary words, then the logs are searched."""

import json
import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

import pytest
import structlog
from gunicorn.config import Config
from sqlalchemy import update
from werkzeug.test import Client, TestResponse

from dms.cli.site import build
from dms.db.tables import PupilRow
from dms.jobs.web_server import RequestLog
from dms.kernel.errors import Broken, OutsideDown
from dms.log import KEYS, configure
from dms.model.documents import Source
from dms.services.documents import Documents
from dms.services.search import Search
from dms.services.shapes import Hints
from dms.web.factory import create_app
from tests import houses
from tests.houses import BRIN, OPERATOR, PASSWORD, House
from tests.security.guarded_world import csrf, email, pdf, sign_in

CANARIES = {
    "surname": "Kanariekoppel",
    "given name": "Wielewaal",
    "title": "Grutto in het gras",
    "file name": "scholekster geheim",
    "text in the paper": "roodborsttapuit",
    "search words": "nachtegaalzang",
    "wrong password": "ijsvogel op de tak",
    "unknown address": "boomvalk@elders.example",
    "group asked for": "waterhoen",
    "token that is none": "dk1_kievitkievitkievitkievitkievitkievitkievit",
    "error of a library": "Kanariekoppel is stuk",
}
WORDS = tuple(x.casefold() for x in CANARIES.values())


@pytest.fixture
def quiet_after() -> Iterator[None]:
    """Logging as it was before."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    logging.captureWarnings(False)
    root.handlers, root.level = before


def day_at_school(house: House, site: Client) -> set[str]:
    """Sending, filing, finding, failing; returns the secrets that were in play."""
    pupil = house.schools()[0].current_pupils[0]
    pupil_id = house.pupil_id(pupil.number)
    with house.app.database.begin() as uow:
        uow.session.execute(
            update(PupilRow)
            .where(PupilRow.id == pupil_id)
            .values(surname=CANARIES["surname"], given_name=CANARIES["given name"])
        )
    assert sign_in(site, email("anouk"), CANARIES["wrong password"]).status_code == 403
    assert sign_in(site, CANARIES["unknown address"], PASSWORD).status_code == 403
    assert sign_in(site, email("anouk"), PASSWORD).status_code == 303
    secret = csrf(site)
    cookie = site.get_cookie("dms")
    assert cookie is not None
    sends = {"X-CSRFToken": secret, "X-Requested-With": "fetch"}
    sent = site.post(
        "/inname/bestand",
        data=pdf(CANARIES["text in the paper"], CANARIES["surname"]),
        headers=sends | {"X-File-Name": quote(f"{CANARIES['file name']}.pdf")},
    )
    assert sent.status_code == 202
    site.post(
        "/inname/bestand",
        data=b"%PDF-1.7 " + CANARIES["text in the paper"].encode(),
        headers=sends | {"X-File-Name": quote(f"{CANARIES['file name']} stuk.pdf")},
    )
    day = house.app.clock.today() - timedelta(days=9)
    hints = Hints(pupil_id=pupil_id, category="OND-03", document_date=day)
    data = pdf(CANARIES["text in the paper"])
    intake = house.app.receive.receive(
        house.by("anouk"), BRIN, Source.UPLOAD, [(f"{CANARIES['file name']}.pdf", [data])], hints
    )
    house.work()
    document = house.items(intake)[0].document_id
    address = f"/documenten/{document}"
    form = {"csrf_token": secret, "versie": "1", "titel": CANARIES["title"]}
    assert site.post(address, data=form).status_code == 303
    assert site.post(address, data=form).status_code == 409
    assert site.post(address, data={**form, "csrf_token": "vals"}).status_code == 400
    house.work()
    for asked in (
        f"/zoeken?q={CANARIES['text in the paper']}", f"/zoeken?q={CANARIES['search words']}", "/zoeken?q=%28%28%22",
        f"/leerlingen?q={CANARIES['surname']}&groep={CANARIES['group asked for']}", f"/leerlingen/{pupil_id}",
        f"/{CANARIES['surname']}", address, f"{address}/origineel", f"{address}/bladzijde/1", f"{address}/bladzijde/99",
        "/inname", "/postbak", "/geweigerd", "/",
    ):  # fmt: skip
        site.get(asked)
    token = house.app.accounts.issue_token(OPERATOR, email("anouk"), "intake read search").token
    for one in (token, CANARIES["token that is none"]):
        headers = {"Authorization": f"Bearer {one}"}
        site.get(f"/api/v1/search?q={CANARIES['search words']}", headers=headers)
        site.get(f"/api/v1/documents/{document}", headers=headers)
        site.get(f"/api/v1/documents/{document}/content?rendition={CANARIES['surname']}", headers=headers)
        site.get(f"/api/v1/{CANARIES['surname']}", headers=headers)
    return {token, secret, cookie.value, PASSWORD}


@pytest.mark.slow
@pytest.mark.usefixtures("quiet_after")
def test_logs_of_a_day_hold_no_personal_data(
    house: House, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    configure("debug", "web")
    secrets = day_at_school(house, Client(with_access_log(house)))
    breaking(monkeypatch)
    site = Client(with_access_log(house))
    sign_in(site, email("anouk"), PASSWORD)
    assert site.get(f"/zoeken?q={CANARIES['search words']}").status_code == 500
    logging.getLogger("whoosh").warning("could not read %s", CANARIES["surname"])
    out, err = capfd.readouterr()
    everything = (out + err).casefold()
    assert everything.count('"event": "request"') > 30
    assert '"event": "page failed"' in everything
    assert '"event": "item_outcome"' in everything
    assert [x for x in WORDS if x in everything] == []
    people = {x.lower() for p in house.schools()[0].current_pupils for x in (p.surname,) if len(x) > 6}
    people |= {x.email for x in house.app.accounts.list_users()} | {
        x.name.lower() for x in house.app.accounts.list_users()
    }
    assert sorted(x for x in people if x in everything) == []
    assert [x for x in secrets if x.casefold() in everything] == []
    lines = [json.loads(x) for x in err.splitlines() if x.startswith("{")]
    assert len(lines) > 40
    assert set().union(*lines) <= KEYS


def with_access_log(house: House) -> Callable[..., object]:
    """The web side with the server's own line for every request."""
    site, access = build(house.app), RequestLog(Config())

    def answer(environ: dict[str, object], start: Callable[..., object]) -> object:
        told: list[str] = []

        def started(status: str, *more: object) -> object:
            told.append(status)
            return start(status, *more)

        body = site(environ, started)  # type: ignore[arg-type]
        shown = SimpleNamespace(status=told[0], sent=1)
        access.access(shown, SimpleNamespace(), environ, timedelta(milliseconds=3))  # type: ignore[arg-type]
        return body

    return answer


def breaking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let search and documents fail as a library would: with what it worked on in its text."""

    def broken(*_: object, **__: object) -> None:
        raise ValueError(CANARIES["error of a library"])

    monkeypatch.setattr(Search, "search", broken)
    monkeypatch.setattr(Documents, "show", broken)


@pytest.mark.parametrize("debug", [False, True])
def test_errors_never_show_a_traceback(house: House, monkeypatch: pytest.MonkeyPatch, debug: bool) -> None:
    breaking(monkeypatch)
    site = Client(build(house.app))
    sign_in(site, email("anouk"), PASSWORD)
    token = house.app.accounts.issue_token(OPERATOR, email("anouk"), "read search").token
    headers = {"Authorization": f"Bearer {token}"}
    if debug:
        monkeypatch.setenv("FLASK_DEBUG", "1")
        monkeypatch.setenv("FLASK_ENV", "development")
        site = Client(build(house.app))
        sign_in(site, email("anouk"), PASSWORD)
    missing = "0f0f0f0f-0000-4000-8000-00000000beef"
    for address in ("/zoeken?q=a", f"/documenten/{missing}", "/api/v1/search?q=a", f"/api/v1/documents/{missing}"):
        for more in ({}, {"X-Requested-With": "fetch"}):
            answer = site.get(address, headers={**headers, **more})
            assert answer.status_code == 500
            says_no_more_than_needed(answer, house.folder)


@pytest.mark.parametrize("fault", [OutsideDown("De opslag antwoordt niet.", "Probeer het straks."), Broken("Kapot.")])
def test_known_faults_say_what_to_do_and_no_more(
    house: House, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def failing(*_: object, **__: object) -> None:
        raise fault from ConnectionError(f"{CANARIES['surname']} at 10.0.0.7:5432")

    monkeypatch.setattr(Search, "search", failing)
    site = Client(build(house.app))
    sign_in(site, email("anouk"), PASSWORD)
    answer = site.get("/zoeken?q=a")
    assert answer.status_code >= 500
    assert str(fault) in answer.get_data(as_text=True)
    says_no_more_than_needed(answer, house.folder)


def says_no_more_than_needed(answer: TestResponse, folder: Path) -> None:
    """No traceback, no place in the code, no path, no text of the fault."""
    page = answer.get_data(as_text=True)
    for word in ("Traceback", "ValueError", "ConnectionError", 'File "', ".py", "10.0.0.7", str(folder)):
        assert word not in page, word
    assert CANARIES["surname"] not in page


def test_the_applications_never_run_for_developers(house: House) -> None:
    app = create_app(house.app)
    assert not app.debug
    assert not app.testing
    assert app.config["PROPAGATE_EXCEPTIONS"] is None


def test_the_secrets_of_the_settings_are_masked(tmp_path: Path) -> None:
    more = {"DMS_SECRET": "s3cret" * 8, "DMS_DATABASE_URL": "postgresql+psycopg://piet:g3heim@db.example/x"}
    settings = houses.load({**houses.settings_of(tmp_path), **more, "DMS_ROOT_KEY": "env:" + "ab" * 32}, tmp_path)
    text = str(settings.shown())
    assert not [x for x in ("s3cret", "g3heim", "abab") if x in text]
