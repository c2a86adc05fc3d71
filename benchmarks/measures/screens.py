"""Server time of each page at the size of a large school, and how many questions a page puts to the database."""

import re
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import event

from benchmarks.machine import ROOT
from benchmarks.measures.figure import Figure
from benchmarks.measures.screens_world import PASSWORD, Size, big_school
from dms.app import App
from dms.jobs.web_server import settle_memory
from dms.web.factory import create_app

CACHE = ROOT / "build" / "bench-schools"
MOST_MILLISECONDS = 150.0
TIMES = 40
WHO = "anouk"
USERS = 2000
ITEMS = 300
ID = "[0-9a-f-]{36}"


def measure(pupils: int, documents: int, cache: Path = CACHE) -> list[Figure]:
    """p95 in milliseconds of each page of a day: by the wall clock, which the bar is about, and in the processor.

    On a machine that does other things besides, the second says what the page costs.
    """
    app = big_school(cache, Size(pupils, documents, documents, USERS, ITEMS))
    figures = []
    for who, places in WALKS.items():
        client = signed_in(app, who)
        settle_memory()  # as the web server does
        for name, address in places(client).items():
            client.get(address)
            wall, processor = zip(*(_once(client, address) for _ in range(TIMES)), strict=True)
            detail = {
                "pupils": pupils,
                "documents": documents,
                "who": who,
                "p50": round(statistics.median(wall), 1),
                "processor p95": round(_p95(processor), 1),
                "questions": questions(app, client, address),
            }
            figures.append(Figure(f"page {name}, p95", _p95(wall), "ms", most=MOST_MILLISECONDS, detail=detail))
            figures.append(Figure(f"page {name}, p95 in the processor", _p95(processor), "ms"))
    app.close()
    return figures


def _once(client: FlaskClient, address: str) -> tuple[float, float]:
    """Milliseconds that one look takes: by the wall clock, and of this thread in the processor."""
    began, busy = time.perf_counter(), time.thread_time()
    answer = client.get(address)
    spent = (time.perf_counter() - began) * 1000, (time.thread_time() - busy) * 1000
    assert answer.status_code == 200, (address, answer.status_code)
    return spent


def _p95(values: tuple[float, ...]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def signed_in(app: App, who: str = WHO) -> FlaskClient:
    """A browser of somebody of the school."""
    client = create_app(app).test_client()
    page = client.get("/inloggen").get_data(as_text=True)
    token = page.partition('<meta name="csrf-token" content="')[2].partition('"')[0]
    form = {"email": f"{who}@deregenboog.example", "wachtwoord": PASSWORD, "csrf_token": token}
    assert client.post("/inloggen", data=form).status_code == 303
    return client


def addresses(client: FlaskClient) -> dict[str, str]:
    """The pages of a day of the administration: each with something on it."""
    dossier = _first(client, "/leerlingen", f"/leerlingen/{ID}")
    document = _first(client, "/zoeken?q=school", f"/documenten/{ID}")
    return {
        "start": "/",
        "pupils": "/leerlingen",
        "pupils by name": "/leerlingen?q=jan",
        "pupils, by group": "/leerlingen?volgorde=group",
        "picker": "/leerlingen/kies?q=jan",
        "dossier": dossier,
        "time line": f"{dossier}/tijdlijn",
        "carers": f"{dossier}/verzorgers",
        "document": document,
        "document with marked words": f"{document}?q=school",
        "history of a document": f"{document}/geschiedenis",
        "search, nothing asked": "/zoeken",
        "search, one word": "/zoeken?q=school",
        "search, two words": "/zoeken?q=school+rapport",
        "search, side by side": "/zoeken?q=%22school+rapport%22",
        "search, beginning": "/zoeken?q=ra*",
        "search, likeness": "/zoeken?q=rapprt~",
        "search, a name": "/zoeken?q=leerling:jansen",
        "search, everything of a school year": "/zoeken?schooljaar=2024-2025&volgorde=newest",
        "search, by pupil": "/zoeken?q=school&volgorde=pupil",
        "search, page 50": "/zoeken?q=school&bladzijde=50",
        "intake": "/inname",
        "inbox": "/postbak",
        "item of the inbox": _first(client, "/postbak", f"/postbak/{ID}"),
        "refused": "/geweigerd",
        "bin": "/prullenbak",
        "reading in": "/inlezen",
        "last opened": "/laatst",
        "help": "/hulp",
    }


def care_addresses(client: FlaskClient) -> dict[str, str]:
    """The pages of a care coordinator that differ."""
    return {"start of care": "/", "care inbox": "/zorgpostbak", "search of care": "/zoeken?q=school+rapport"}


def manager_addresses(client: FlaskClient) -> dict[str, str]:
    """The pages of who administers."""
    return {
        "administration": "/beheer",
        "schools": "/beheer/scholen",
        "groups": "/beheer/groepen",
        "group": _first(client, "/beheer/groepen", f"/beheer/groepen/{ID}"),
        "colleagues": "/beheer/collegas",
        "colleagues by name": "/beheer/collegas?q=collega+19",
        "colleague": _first(client, "/beheer/collegas", f"/beheer/collegas/{ID}"),
        "categories": "/beheer/categorieen",
        "sources": "/beheer/bronnen",
        "settings": "/beheer/instellingen",
        "changes": "/beheer/wijzigingen",
        "rights": "/rechten",
    }


WALKS: Mapping[str, Callable[[FlaskClient], dict[str, str]]] = {
    WHO: addresses,
    "carla": care_addresses,
    "gijs": manager_addresses,
}
"""Who looks, and at which pages."""


def _first(client: FlaskClient, page: str, pattern: str) -> str:
    found = re.search(f'href="({pattern})["?]', client.get(page).get_data(as_text=True))
    assert found is not None, (page, pattern)
    return found[1]


def questions(app: App, client: FlaskClient, address: str) -> int:
    """How many statements the database gets for one look at a page; those of the key store do not count."""
    with counted(app) as seen:
        client.get(address)
    return len(seen)


@contextmanager
def counted(app: App) -> Iterator[list[str]]:
    """The statements that the database of `app` executes meanwhile."""
    seen: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:  # noqa: ANN401 - the event's own shape
        seen.append(statement)

    event.listen(app.database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(app.database.engine, "before_cursor_execute", note)
