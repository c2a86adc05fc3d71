"""The process that reads: one item at a time, until it is asked to stop."""

import os
import time
from collections.abc import Callable

import structlog

from dms.db import outbox, pulse
from dms.jobs.disposal import DisposalWork
from dms.jobs.house import House
from dms.jobs.idle import wait_for_work
from dms.jobs.stop import Interrupted, Stop
from dms.kernel.errors import OutsideDown

IDLE_SECONDS = 0.5
SPARE_SECONDS = 10.0
"""How often an idle worker looks for work that can wait."""
BEAT_SECONDS = 5.0
GRACE_SECONDS = 5.0
LONGEST_PAUSE = 30.0

log = structlog.get_logger(__name__)


def run_worker(house: House, owner: str) -> None:
    """Read what comes in until SIGTERM or SIGINT. An item that then takes more than 5 s is given back unread.

    `owner` is the name of this process (`worker-…`). What an earlier life of it held is taken up again.
    """
    stop = Stop(GRACE_SECONDS)
    if left := pulse.let_go(house.database, owner):
        log.info("items_taken_up", count=left)
    outbox.let_go(house.database, owner)
    worker = house.worker(owner)
    try:
        disposal = DisposalWork(house, owner)
        _work(house, owner, stop, lambda: worker.work_once() or disposal.once(), worker.idle_once)
    except Interrupted:
        log.info("work_broken_off")
    finally:
        stop.finished()
        worker.release()
        pulse.silent(house.database, owner)


def _work(house: House, owner: str, stop: Stop, work_once: Callable[[], bool], idle_once: Callable[[], bool]) -> None:
    log.info("worker_started", owner=owner)
    beaten, pause, looked = 0.0, 1.0, 0.0
    while not stop.asked:
        try:
            if time.monotonic() - beaten > BEAT_SECONDS:
                pulse.beat(house.database, owner, f"pid {os.getpid()}")
                beaten = time.monotonic()
            mark = house.database.mark()
            busy = pulse.work_waits(house.database) and work_once()
            pause = 1.0
        except OutsideDown as fault:
            log.warning("worker_waits", code=fault.code, pause=pause)
            stop.wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
            continue
        if not busy and time.monotonic() - looked > SPARE_SECONDS and not stop.asked:
            busy = idle_once()  # one at a time: what comes in meanwhile goes first
            looked = time.monotonic() if not busy else looked
        if not busy:
            wait_for_work(house.database, stop, mark, IDLE_SECONDS)
