"""Sixty papers come in while the process that takes them in and reads them is killed -9 at random moments.

`DMS_TEST_KILLS` sets how often (the full bar is 300; each batch of sixty is followed by another until it is reached).
"""

import os
import random
import signal
import sys
import time
from collections import Counter

import pytest

from tests.machines.conftest import DAY, FULL, NewWorld, tiny_pdf
from tests.machines.crash_world import KILLED, LATER, Paper, World
from tests.machines.test_crash_points import recovered, states

KILLS = int(os.environ.get("DMS_TEST_KILLS") or (300 if FULL else 8))  # noqa: TID251 - how thorough this run is
BATCH = 60 if FULL else 12


def papers(batch: int, number: str) -> list[Paper]:
    """A batch of papers, no two alike; every third goes to the desk."""
    made = []
    for nth in range(BATCH):
        name = f"{batch}-{nth}"
        sure = nth % 3 != 0
        made.append(Paper(f"{name}.pdf", tiny_pdf(name), number if sure else None, "OND-01" if sure else None, DAY))
    return made


def shot(world: World, batch: list[Paper], seconds: float) -> int:
    """Start a process that brings in and reads all, kill it after so many seconds; returns how it ended."""
    sys.stdout.flush()
    number = os.fork()
    if number == 0:
        code = 1
        try:
            os.setpgid(0, 0)
            app = world.open(later=LATER)
            world.release(app)
            world.receive(app, batch)
            world.finish(app)
            app.close()
            code = 0
        finally:
            os._exit(code)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found, status = os.waitpid(number, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.005)
    os.kill(number, signal.SIGKILL)
    _, status = os.waitpid(number, 0)
    return os.waitstatus_to_exitcode(status)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_nothing_is_lost_and_nothing_happens_twice(new_world: NewWorld, record_property) -> None:
    world = new_world("folder")
    number = (world.folder / "pupil.txt").read_text("ascii")
    chance = random.Random(11)
    killed, batches = 0, 0
    started = time.monotonic()
    assert shot(world, papers(99, number)[:1], 60.0) == 0
    longest = max(1.5, 4 * (time.monotonic() - started))  # a slow machine gets on between two kills as well
    while killed < KILLS:
        batch = papers(batches, number)
        batches += 1
        while killed < KILLS:
            ended = shot(world, batch, chance.uniform(0.05, longest))
            assert ended in (KILLED, 0)
            if ended == 0:
                break
            killed += 1
    assert shot(world, batch, 600.0) == 0
    recovered(world)
    expected = Counter({"desk": 2})
    for nth in range(batches * BATCH):
        expected["desk" if nth % BATCH % 3 == 0 else "filed"] += 1
    assert Counter(states(world)) == expected
    told = (world.folder / "acknowledged.txt").read_text("ascii").splitlines()
    assert len(set(told)) == len(told) == batches * BATCH + 2
    record_property("kills", killed)
    record_property("papers", batches * BATCH)
