"""Six processes that write at once: everybody's turn comes, and nothing is lost.

`DMS_TEST_SECONDS` sets for how long (the full bar is 60 seconds).
"""

import multiprocessing
import os
import time
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier

import pytest
from sqlalchemy import func, select

from dms.db.engine import Database
from dms.db.tables import AuditEventRow, LeaseRow
from dms.kernel.clock import SystemClock
from dms.model.events import SYSTEM, Event, EventKind

WRITERS = 6


def _write(url: str, seconds: float, name: str, ready: Barrier, told: "SimpleQueue[tuple[int, int, float]]") -> None:
    """Read first and write then, as every service does: the order that breaks deferred transactions."""
    database = Database(url, SystemClock())
    ready.wait()
    until = time.monotonic() + seconds
    done = failed = 0
    slowest = 0.0
    while time.monotonic() < until:
        began = time.monotonic()
        try:
            with database.begin() as uow:
                uow.session.scalar(select(func.count()).select_from(LeaseRow))
                uow.record(Event(EventKind.DOSSIER_SEEN, SYSTEM, None, details={"by": name}))
            done += 1
        except Exception:
            failed += 1
        slowest = max(slowest, time.monotonic() - began)
    told.put((done, failed, slowest))
    database.close()


@pytest.fixture
def seconds() -> float:
    return float(os.environ.get("DMS_TEST_SECONDS", "5"))  # noqa: TID251 - how thorough this run is


@pytest.mark.slow
def test_six_writers_are_never_refused(sqlite_url: str, seconds: float, record_property) -> None:
    start = multiprocessing.get_context("spawn")
    told: SimpleQueue[tuple[int, int, float]] = start.SimpleQueue()
    ready = start.Barrier(WRITERS)
    processes = [start.Process(target=_write, args=(sqlite_url, seconds, str(x), ready, told)) for x in range(WRITERS)]
    for process in processes:
        process.start()
    results = [told.get() for _ in processes]
    for process in processes:
        process.join()
    written = sum(x[0] for x in results)
    record_property("transactions", written)
    record_property("slowest_seconds", max(x[2] for x in results))
    assert sum(x[1] for x in results) == 0
    assert all(x[0] > 0 for x in results)
    database = Database(sqlite_url, SystemClock())
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(AuditEventRow)) == written
    database.close()
