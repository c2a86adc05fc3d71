"""The process that keeps up: the only index writer, the relay of effects, and the tasks by the clock."""

import os
import time

import structlog

from dms.db import pulse
from dms.db.leases import new_owner
from dms.jobs.house import House
from dms.jobs.indexer import index_lease
from dms.jobs.lease import KeptLease
from dms.jobs.relay import Relay, relay_of
from dms.jobs.stop import Stop
from dms.jobs.ticks import Ticks
from dms.kernel.errors import DmsError

POLL_SECONDS = 0.2
STAND_BY_SECONDS = 1.0
BEAT_SECONDS = 5.0
LONGEST_PAUSE = 30.0

log = structlog.get_logger(__name__)


def run_background(house: House, owner: str | None = None) -> None:
    """Keep index, log and folders up to date until SIGTERM or SIGINT; stand by while another process does so.

    `owner` is the name of an earlier life of this process, if it had one: its leases are taken over at once.
    """
    stop = Stop()
    name = owner or new_owner("scheduler")
    lease = index_lease(house, name)
    ticks = Ticks(house, name)
    ticks.start()
    log.info("scheduler_started", owner=name)
    try:
        _follow(house, name, lease, stop)
    finally:
        ticks.stop()
        lease.give_back()
        pulse.silent(house.database, name)


def _follow(house: House, name: str, lease: KeptLease, stop: Stop) -> None:
    relay = relay_of(house, name)
    beaten, pause, ready = 0.0, 1.0, False
    while not stop.asked:
        try:
            if time.monotonic() - beaten > BEAT_SECONDS:
                pulse.beat(house.database, name, f"pid {os.getpid()}")
                beaten = time.monotonic()
            if not lease.take():
                ready = False
                stop.wait(STAND_BY_SECONDS)
                continue
            if not ready:
                house.indexing.ensure()
                ready = True
            if not _busy(house, relay):
                stop.wait(POLL_SECONDS)
            pause = 1.0
        except DmsError as fault:  # a part outside is away, or the index cannot be written now
            log.warning("scheduler_waits", code=fault.code, pause=pause)
            stop.wait(pause)
            pause, ready = min(2 * pause, LONGEST_PAUSE), False


def _busy(house: House, relay: Relay) -> bool:
    return pulse.effects_wait(house.database) and relay.turn() > 0
