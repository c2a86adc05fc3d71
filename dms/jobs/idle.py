"""Waiting for work: awake soon after something was committed, and hardly any work of its own meanwhile."""

import time

from dms.db.engine import Database
from dms.jobs.stop import Stop

LOOK_SECONDS = 0.03
ASK_SECONDS = 0.1
"""How long to wait where nothing tells that something was committed."""


def wait_for_work(database: Database, stop: Stop, mark: object | None, seconds: float) -> None:
    """Sleep until something is committed after `mark` (taken before the last look at what waits), somebody asks to
    stop, or at most `seconds` are over.
    """
    if mark is None:
        stop.wait(min(seconds, ASK_SECONDS))
        return
    end = time.monotonic() + seconds
    while database.mark() == mark and time.monotonic() < end:
        if stop.wait(LOOK_SECONDS):
            return
