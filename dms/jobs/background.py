"""The process that keeps up: the only index writer, the relay of effects, and the tasks by the clock."""

import os
import time

import structlog

from dms.db import outbox, pulse
from dms.jobs.house import House
from dms.jobs.idle import wait_for_work
from dms.jobs.indexer import index_lease
from dms.jobs.lease import KeptLease
from dms.jobs.relay import relay_of
from dms.jobs.stop import Stop
from dms.jobs.ticks import Ticks
from dms.kernel.errors import DmsError

POLL_SECONDS = 0.5
TOGETHER_SECONDS = 1.0
"""While workers are reading, what they file goes into the index at most so often: a commit of it costs as much as
adding ten papers. When they are done, what is left follows at once.
"""
SOON_SECONDS = 0.05
STAND_BY_SECONDS = 1.0
BEAT_SECONDS = 5.0
LONGEST_PAUSE = 30.0

log = structlog.get_logger(__name__)


def run_background(house: House, owner: str) -> None:
    """Keep index, log and folders up to date until SIGTERM or SIGINT; stand by while another process does so.

    `owner` is the owner of this process (`scheduler-…`). The leases of an earlier life of it are taken over at once.
    """
    stop = Stop()
    lease = index_lease(house, owner)
    ticks = Ticks(house, owner)
    ticks.start()
    log.info("scheduler_started", owner=owner)
    try:
        outbox.let_go(house.database, owner)
        _follow(house, owner, lease, stop)
    finally:
        ticks.stop()
        lease.give_back()
        pulse.silent(house.database, owner)


def _follow(house: House, owner: str, lease: KeptLease, stop: Stop) -> None:
    relay = relay_of(house, owner)
    beaten, turned, pause, ready = 0.0, 0.0, 1.0, False
    while not stop.asked:
        try:
            if time.monotonic() - beaten > BEAT_SECONDS:
                pulse.beat(house.database, owner, f"pid {os.getpid()}")
                beaten = time.monotonic()
            if not lease.take():
                ready = False
                stop.wait(STAND_BY_SECONDS)
                continue
            if not ready:
                house.indexing.ensure()
                ready = True
            mark = house.database.mark()
            if not pulse.effects_wait(house.database):
                wait_for_work(house.database, stop, mark, POLL_SECONDS)
            elif time.monotonic() - turned < TOGETHER_SECONDS and pulse.items_in_hand(house.database):
                stop.wait(SOON_SECONDS)
            else:
                relay.turn()
                turned = time.monotonic()
            pause = 1.0
        except DmsError as fault:  # a part outside is away, or the index cannot be written now
            log.warning("scheduler_waits", code=fault.code, pause=pause)
            stop.wait(pause)
            pause, ready = min(2 * pause, LONGEST_PAUSE), False
