"""A worker that is killed -9 at any moment: every item still ends filed or at the desk, exactly once.

`DMS_TEST_KILLS` sets how often (the full bar is 50).
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from itertools import islice

import pytest
from sqlalchemy import func, select

from dms.db import pulse
from dms.db.tables import DocumentRow, DocumentVersionRow, ItemRow, OutboxRow, PlacementRow
from dms.demo.collection import demo_documents
from dms.demo.load import SEED
from dms.model.documents import UNFINISHED, ItemState
from storage.spool import sweep
from tests.houses import House, settings_of

KILLS = int(os.environ.get("DMS_TEST_KILLS", "2"))  # noqa: TID251 - how thorough this run is
FILES = 20 if KILLS > 8 else 6

WORKER = """
import sys
from ingest.service import claims, worker
claims.LEASE_SECONDS, worker.EXTEND_SECONDS = 3, 0.5
from dms.app import App
from dms.settings import load
app = App.open(load())
print("ready", flush=True)
app.worker().work_until_empty(patience=float(sys.argv[1]))
"""


def _start(house: House, patience: float) -> subprocess.Popen[str]:
    environment = {**os.environ, **settings_of(house.folder)}  # noqa: TID251 - a child of the test
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(patience)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def _left(house: House) -> int:
    with house.app.database.read() as session:
        return session.scalar(select(func.count()).select_from(ItemRow).where(ItemRow.state.in_(UNFINISHED))) or 0


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_killed_workers_lose_nothing_and_do_nothing_twice(house: House, record_property) -> None:
    school = house.schools()[0]
    papers = islice(demo_documents(school, seed=SEED, today=house.app.clock.today(), count=40), FILES)
    house.send([(x.file_name, x.data) for x in papers])
    chance = random.Random(7)
    killed = 0
    while killed < KILLS and _left(house):
        process = _start(house, patience=30)
        time.sleep(chance.uniform(0.05, 2.5))
        process.send_signal(signal.SIGKILL)
        process.wait()
        killed += 1
    last = _start(house, patience=5)
    assert last.wait(timeout=900) == 0
    house.settle()
    with house.app.database.read() as session:
        states = Counter(x.state for x in session.scalars(select(ItemRow)))
        filed = states[ItemState.FILED]
        assert states[ItemState.FILED] + states[ItemState.DESK] == FILES, states
        for table in (DocumentRow, DocumentVersionRow, PlacementRow):
            assert session.scalar(select(func.count()).select_from(table)) == filed
        per_item = session.execute(select(DocumentRow.item_id, func.count()).group_by(DocumentRow.item_id)).all()
        assert all(count == 1 for _, count in per_item)
        asked = session.execute(
            select(OutboxRow.object_id, func.count()).where(OutboxRow.kind == "index").group_by(OutboxRow.object_id)
        ).all()
        assert len(asked) == filed
    record_property("kills", killed)
    record_property("states", str(dict(states)))
    report = house.app.checks.check(full=True)
    assert report.well, report
    jobs = house.folder / "var" / "jobs"
    sweep(jobs, lambda: [f"item-{x}" for x in pulse.leased_items(house.app.database)])  # the clock does this
    assert not any(jobs.iterdir())
