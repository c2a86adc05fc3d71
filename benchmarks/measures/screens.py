"""Server time of each page at the size of a large school, and how many questions a page puts to the database."""

import re
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import event

from benchmarks.machine import ROOT
from benchmarks.measures.figure import Figure
from benchmarks.measures.screens_world import PASSWORD, Size, big_school
from dms.app import App
from dms.web.factory import create_app

CACHE = ROOT / "build" / "bench-schools"
MOST_MILLISECONDS = 150.0
TIMES = 40
WHO = "anouk"


def measure(pupils: int, documents: int, cache: Path = CACHE) -> list[Figure]:
    """p95 in milliseconds of each page that the administration opens in a day."""
    app = big_school(cache, Size(pupils, documents, min(documents, 5000)))
    client = signed_in(app)
    figures = []
    detail = {"pupils": pupils, "documents": documents}
    for name, address in addresses(client).items():
        client.get(address)
        spent = []
        for _ in range(TIMES):
            begin = time.perf_counter()
            answer = client.get(address)
            spent.append((time.perf_counter() - begin) * 1000)
            assert answer.status_code == 200, (address, answer.status_code)
        p95 = statistics.quantiles(spent, n=20)[-1]
        more = {**detail, "p50": round(statistics.median(spent), 1), "questions": questions(app, client, address)}
        figures.append(Figure(f"page {name}, p95", p95, "ms", most=MOST_MILLISECONDS, detail=more))
    app.close()
    return figures


def signed_in(app: App, who: str = WHO) -> FlaskClient:
    """A browser of somebody of the school."""
    client = create_app(app).test_client()
    page = client.get("/inloggen").get_data(as_text=True)
    token = page.partition('<meta name="csrf-token" content="')[2].partition('"')[0]
    form = {"email": f"{who}@deregenboog.example", "wachtwoord": PASSWORD, "csrf_token": token}
    assert client.post("/inloggen", data=form).status_code == 303
    return client


def addresses(client: FlaskClient) -> dict[str, str]:
    """The pages of a day: each with something on it."""
    pupils = client.get("/leerlingen").get_data(as_text=True)
    dossier = re.search(r'href="(/leerlingen/[0-9a-f-]{36})"', pupils)
    found = client.get("/zoeken?q=school").get_data(as_text=True)
    document = re.search(r'href="(/documenten/[0-9a-f-]{36})"', found)
    assert dossier is not None
    assert document is not None
    return {
        "start": "/",
        "pupils": "/leerlingen",
        "pupils by name": "/leerlingen?q=jan",
        "picker": "/leerlingen/kies?q=jan",
        "dossier": dossier[1],
        "document": document[1],
        "search, two words": "/zoeken?q=school+rapport",
        "search, everything of a school year": "/zoeken?schooljaar=2024-2025&volgorde=newest",
        "search, by pupil": "/zoeken?q=school&volgorde=pupil",
        "intake": "/inname",
        "inbox": "/postbak",
        "refused": "/geweigerd",
        "last opened": "/laatst",
    }


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
