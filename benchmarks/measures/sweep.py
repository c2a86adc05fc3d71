"""The daily look at what is due in a very large archive: seconds and memory, on SQLite and on PostgreSQL.

The archive is rows put straight into the tables, kept between runs in `build/`, by size and schema. One document in
ten is due. The sweep runs in a process of its own, so that its memory is its own.
"""

import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select

from benchmarks.machine import ROOT
from benchmarks.measures.figure import Figure
from benchmarks.measures.screens_world import Size, big_school

from dms.db.engine import Database
from dms.db.tables import Base, EnrolmentRow, PlacementRow, PupilRow
from dms.kernel.clock import SystemClock
from retention.service.sweep import sweep
from tests.servers import schema
from tests.servers.postgres import postgres_server
from tests.servers.run import Run

CACHE = ROOT / "build" / "bench-schools"
DOCUMENTS = 1_000_000
A_PUPIL = 100
"""Documents in one dossier."""
MOST_SECONDS = 15.0
MOST_MEBIBYTES = 500.0
AT_ONCE = 2000
LEFT_BEFORE = 10
"""One pupil in so many left long ago."""


def measure(folder: Path, documents: int = DOCUMENTS) -> list[Figure]:
    """Seconds and memory of one sweep over `documents`, on both databases."""
    app = big_school(CACHE, Size(documents // A_PUPIL, documents, 0))
    try:
        prepare(app.database)
        figures = _figures("SQLite", app.database.url, documents)
        run = Run.begin()
        try:
            server = postgres_server(run)
            url = schema.new_postgres(server)
            other = Database(url, SystemClock())
            copy(app.database, other)
            other.close()
            figures += _figures("PostgreSQL", url, documents)
        finally:
            run.end()
    finally:
        app.close()
    return figures


def prepare(database: Database) -> None:
    """Let one pupil in ten have left, and count all terms; done once, kept with the archive."""
    with database.read() as session:
        if session.scalar(select(func.count()).where(PlacementRow.due_from.is_not(None))):
            return
        pupils = session.scalars(select(PupilRow.id).order_by(PupilRow.number)).all()
    rng, today = random.Random(7), database.clock.today()
    with database.begin() as uow:
        uow.session.query(EnrolmentRow).filter(EnrolmentRow.pupil_id.in_(pupils[::LEFT_BEFORE])).delete()
        uow.session.execute(
            insert(EnrolmentRow),
            [
                {"pupil_id": x, "since": date(2010, 8, 1), "until": today - timedelta(days=rng.randint(2200, 4000))}
                for x in pupils[::LEFT_BEFORE]
            ],
        )
    from retention.terms.follow import ask_recount, count_some

    with database.begin() as uow:
        for board_id in uow.session.scalars(select(PupilRow.board_id).distinct()):
            ask_recount(uow, board_id)
    some = 1
    while some:
        with database.begin() as uow:
            some = count_some(uow, 5000)


def copy(source: Database, target: Database) -> None:
    """All rows of one database to another, parents before children."""
    with source.read() as reading, target.engine.begin() as writing:
        for table in Base.metadata.sorted_tables:
            if table.name.startswith("audit_"):
                continue
            for rows in _batches(reading.execute(select(table).execution_options(yield_per=AT_ONCE)).mappings()):
                writing.execute(insert(table), rows)
    with target.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def _batches(rows: Any) -> Iterator[list[dict[str, Any]]]:  # noqa: ANN401 - rows of whatever table
    for some in rows.partitions(AT_ONCE):
        yield [dict(x) for x in some]


def _figures(name: str, url: str, documents: int) -> list[Figure]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.measures.sweep", url], cwd=ROOT, capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout.splitlines()[-1])
    detail = {"documents": documents, **found}
    return [
        Figure(f"sweep on {name}, {documents} documents", found["seconds"], "s", most=MOST_SECONDS, detail=detail),
        Figure(f"sweep on {name}, memory", found["mebibytes"], "MiB", most=MOST_MEBIBYTES, detail=detail),
    ]


def alone(url: str) -> dict[str, float]:
    """One sweep, in this process."""
    database = Database(url, SystemClock())
    began = time.perf_counter()
    with database.read() as session:
        found = sweep(session, database.clock.today(), {})
    seconds = time.perf_counter() - began
    database.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "seconds": round(seconds, 2),
        "mebibytes": round(peak, 1),
        "due": sum(x.due for x in found.values()),
        "undated": sum(x.undated for x in found.values()),
    }


if __name__ == "__main__":
    print(json.dumps(alone(sys.argv[1])))
