"""Who may write the index: one process of the whole installation. Commands write only where no service does."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from dms.db import leases, outbox, pulse
from dms.db.leases import new_owner
from dms.jobs.house import House
from dms.jobs.lease import KeptLease
from dms.jobs.relay import REBUILD, relay_of
from dms.kernel.errors import OutsideDown
from dms.kernel.text import N_
from dms.model.events import By, Event, EventKind

LEASE = "indexer"
POLL_SECONDS = 0.2
WHOLE_INDEX = UUID(int=0)
"""The object of effects that are about no document."""


def index_lease(house: House, owner: str) -> KeptLease:
    """The lease of the one index writer."""
    return KeptLease(house.database, LEASE, owner)


def indexer_lives(house: House) -> bool:
    """Whether some process keeps the index up to date."""
    return leases.held_by(house.database, LEASE) is not None


@contextmanager
def _writing(house: House) -> Iterator[bool]:
    lease = index_lease(house, new_owner("command"))
    try:
        yield lease.take()
    finally:
        lease.give_back()


def drain(house: House) -> bool:
    """Bring about all effects that wait, in this process. False, and nothing done, where a service does so."""
    with _writing(house) as allowed:
        if not allowed:
            return False
        house.indexing.ensure()
        relay = relay_of(house, new_owner("command"))
        while pulse.effects_wait(house.database):
            relay.turn()
        return True


def settle(house: House, done: Callable[[], bool], patience: float) -> bool:
    """Wait until the index shows what was asked: by the service, else by this process. False when it takes longer
    than `patience` seconds.
    """
    end = time.monotonic() + patience
    while not done():
        if not indexer_lives(house):
            drain(house)
        if done():
            return True
        if time.monotonic() > end:
            return False
        time.sleep(POLL_SECONDS)
    return True


def rebuild(house: House, by: By, patience: float) -> None:
    """Build the index anew: asked for with a line in the log, done by the service or else here.

    Raises OutsideDown when it is not done after `patience` seconds; it is done later then.
    """
    with house.database.begin() as uow:
        uow.record(Event(EventKind.REINDEXED, by, None, object_kind="index"))
        uow.after_commit(REBUILD, WHOLE_INDEX)
    if not settle(house, lambda: outbox.open_count(house.database, REBUILD) == 0, patience):
        raise OutsideDown(
            N_("De zoekmachine is nog niet opnieuw opgebouwd."),
            N_("De dienst gaat er zelf mee door; kijk in het logboek van de dienst als het lang duurt."),
            code="reindex_waits",
        )
