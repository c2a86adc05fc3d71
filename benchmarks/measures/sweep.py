"""The daily look at what is due in a very large archive: seconds and memory, on SQLite and on PostgreSQL.

The archive is rows put straight into the tables: one pupil in ten left long ago, and about one document in ten is due.
On SQLite it is kept between runs in `build/`, by size and schema. The sweep runs in a process of its own, so that its
memory is its own.
"""

import hashlib
import json
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from benchmarks.machine import ROOT
from benchmarks.measures.figure import Figure
from dms.app import App
from dms.db.engine import Database
from dms.db.tables import DocumentRow, DossierRow, EnrolmentRow, PersonRow, PlacementRow, PupilRow
from dms.kernel.clock import SystemClock
from dms.kernel.ids import new_id
from dms.model.documents import DossierState, PlacementState, Source
from dms.model.events import SYSTEM
from dms.services.catalogue import categories
from dms.services.shapes import SchoolView
from dms.settings import load
from retention.rules.due import Facts, due
from retention.service.sweep import sweep
from retention.terms.schedules import schedule_of
from tests.servers import schema
from tests.servers.postgres import postgres_server
from tests.servers.run import Run

CACHE = ROOT / "build" / "bench-terms"
MIGRATIONS = ROOT / "dms" / "db" / "migrations" / "versions"
DOCUMENTS = 1_000_000
A_PUPIL = 100
"""Documents in one dossier."""
LEFT = 10
"""One pupil in so many left long ago."""
MOST_SECONDS = 15.0
MOST_MEBIBYTES = 500.0
AT_ONCE = 5000


def measure(folder: Path, documents: int = DOCUMENTS) -> list[Figure]:
    """Seconds and memory of one sweep over `documents`, on both databases."""
    figures = list(_figures("SQLite", kept(documents), documents))
    run = Run.begin()
    try:
        server = postgres_server(run)
        url = schema.new_postgres(server)
        app = App.initialise(load(_settings(folder) | {"DMS_DATABASE_URL": url}, folder))
        fill(app, documents)
        with app.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")
        app.close()
        figures += _figures("PostgreSQL", url, documents)
    finally:
        run.end()
    return figures


def kept(documents: int) -> str:
    """The address of the archive on SQLite; made unless it is there."""
    mark = hashlib.sha256(b"".join(x.read_bytes() for x in sorted(MIGRATIONS.glob("*.py")))).hexdigest()[:10]
    folder = CACHE / f"terms-{documents}-{mark}"
    if not folder.is_dir():
        shutil.rmtree(CACHE, ignore_errors=True)
        draft = CACHE / "new"
        draft.mkdir(parents=True)
        app = App.initialise(load(_settings(draft), draft))
        fill(app, documents)
        app.close()
        draft.rename(folder)
    app = App.open(load(_settings(folder), folder))
    app.close()
    return app.database.url


def fill(app: App, documents: int) -> None:
    """A school with so many documents, with the days that the rules give them."""
    school = app.schools.add(SYSTEM, "99XX", "De Regenboog", "Stichting Horizon")
    today = app.clock.today()
    with app.database.begin() as uow:
        if app.database.dialect == "sqlite":
            uow.session.execute(text("PRAGMA cache_size=-600000"))  # random ids: without it every row is a page read
        known = list(categories(uow.session, school.board_id).values())
        schedule = schedule_of(uow.session, school.board_id)
        place = {"board_id": school.board_id, "school_id": school.id}
        stamp = {"created_at": uow.now, "changed_at": uow.now}
        for first in range(0, documents // A_PUPIL, AT_ONCE // A_PUPIL):
            pupils = range(first, min(first + AT_ONCE // A_PUPIL, documents // A_PUPIL))
            ends = {n: today - timedelta(days=2200 + n % 1800) if n % LEFT == 0 else None for n in pupils}
            ids = {n: (new_id(), new_id()) for n in pupils}
            _people(uow.session, school, ids, ends, stamp)
            rows = []
            for n in pupils:
                for nth in range(A_PUPIL):
                    category = known[(n + nth) % len(known)]
                    day = today - timedelta(days=(7 * n + 31 * nth) % 3000)
                    found = due(Facts(category.code, (ends[n],), day), schedule, today)
                    rows.append((new_id(), n, category, day, found))
            uow.session.execute(
                insert(DocumentRow),
                [
                    {
                        "id": x,
                        "title": "Stuk",
                        "document_date": day,
                        "fields": {},
                        "source": Source.UPLOAD,
                        **place,
                        **stamp,
                    }
                    for x, _, _, day, _ in rows
                ],
            )
            uow.session.execute(
                insert(PlacementRow),
                [
                    {
                        "document_id": x,
                        "dossier_id": ids[n][1],
                        "pupil_id": ids[n][0],
                        "category": category.code,
                        "category_version_id": category.version_id,
                        "level": int(category.level),
                        "state": PlacementState.ACTIVE,
                        "confirmed": True,
                        "due_from": found.due_from,
                        "due_by": found.due_by,
                        "rule_version": found.rule_version,
                        "due_reason": str(found.reason)[:300],
                        **place,
                        **stamp,
                    }
                    for x, n, category, _, found in rows
                ],
            )


def _people(
    session: Session,
    school: SchoolView,
    ids: dict[int, tuple[UUID, UUID]],
    ends: dict[int, date | None],
    stamp: dict[str, datetime],
) -> None:
    place = {"board_id": school.board_id, "school_id": school.id}
    people = {n: new_id() for n in ids}
    session.execute(insert(PersonRow), [{"id": x, "created_at": stamp["created_at"]} for x in people.values()])
    session.execute(
        insert(PupilRow),
        [
            {"id": ids[n][0], "person_id": people[n], "number": str(n), "number_key": str(n), **place, **stamp}
            for n in ids
        ],
    )
    session.execute(
        insert(DossierRow),
        [
            {
                "id": ids[n][1],
                "pupil_id": ids[n][0],
                "state": DossierState.OPEN,
                "created_at": stamp["created_at"],
                **place,
            }
            for n in ids
        ],
    )
    session.execute(
        insert(EnrolmentRow), [{"pupil_id": ids[n][0], "since": date(2010, 8, 1), "until": ends[n]} for n in ids]
    )


def _settings(folder: Path) -> dict[str, str]:
    return {"DMS_DATA": str(folder / "var"), "DMS_KEYS": str(folder / "keys"), "DMS_WORKERS": "1"}


def _figures(name: str, url: str, documents: int) -> Iterator[Figure]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.measures.sweep", url], cwd=ROOT, capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout.splitlines()[-1])
    detail = {"documents": documents, **found}
    yield Figure(f"sweep on {name}, {documents} documents", found["seconds"], "s", most=MOST_SECONDS, detail=detail)
    yield Figure(f"sweep on {name}, memory", found["mebibytes"], "MiB", most=MOST_MEBIBYTES, detail=detail)


def alone(url: str) -> dict[str, float]:
    """One sweep, in this process."""
    database = Database(url, SystemClock())
    began = time.perf_counter()
    with database.read() as session:
        found = sweep(session, database.clock.today(), {})
    seconds = time.perf_counter() - began
    database.close()
    used = resource.getrusage(resource.RUSAGE_SELF)
    status = Path("/proc/self/status").read_text("ascii")  # ru_maxrss would count who started this process too
    peak = int(status.partition("VmHWM:")[2].split()[0]) / 1024
    return {
        "seconds": round(seconds, 2),
        "processor_seconds": round(used.ru_utime + used.ru_stime, 2),
        "mebibytes": round(peak, 1),
        "due": sum(x.due for x in found.values()),
        "undated": sum(x.undated for x in found.values()),
    }


if __name__ == "__main__":
    print(json.dumps(alone(sys.argv[1])))
