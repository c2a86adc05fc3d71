"""Carries out what was decided to be destroyed: by a worker of the service, or by a command where none lives."""

import time
from collections.abc import Callable
from uuid import UUID

import structlog

from dms.db import outbox, pulse
from dms.db.leases import new_owner
from dms.db.outbox import Effect
from dms.jobs.house import House
from dms.jobs.indexer import POLL_SECONDS, drain, indexer_lives
from dms.kernel.errors import DmsError, OutsideDown
from dms.kernel.text import N_
from dms.log import place_of
from retention.service.execute import Progress

PAUSE_SECONDS = 1.0
"""How long a run rests that waits for the index, or for another worker."""

log = structlog.get_logger(__name__)


class LeaseLost(Exception):
    """Another worker has the effect by now."""


class DisposalWork:
    """The part of a worker that destroys. One run at a time; several workers may share one."""

    def __init__(self, house: House, owner: str) -> None:
        self._house = house
        self._owner = owner

    def once(self) -> bool:
        """Carry out one run as far as it comes. False when none waits."""
        database = self._house.database
        if not pulse.disposal_waits(database):
            return False
        effects = outbox.claim(database, self._owner, 1, kinds=outbox.DISPOSAL)
        for effect in effects:
            self._carry_out(effect)
        return bool(effects)

    def _carry_out(self, effect: Effect) -> None:
        database, execution = self._house.database, self._house.destruction.execution

        def alive() -> None:
            if not outbox.extend(database, self._owner, effect.id):
                raise LeaseLost

        try:
            run_id = execution.run_of(effect.object_id)
            done = None if run_id is None else execution.carry_out(run_id, self._owner, alive)
        except LeaseLost:
            log.info("disposal_lease_lost", object_id=str(effect.object_id))
        except DmsError as fault:
            log.warning("disposal_waits", object_id=str(effect.object_id), code=fault.code)
            outbox.failed(database, self._owner, effect.id, fault.code)
        except Exception as fault:
            kind = type(fault).__name__
            log.error("disposal_broke", object_id=str(effect.object_id), error=kind, at=place_of(fault))
            outbox.failed(database, self._owner, effect.id, kind)
        else:
            if done is None or done.over:
                outbox.done(database, self._owner, [effect.id])
            else:
                outbox.later(database, self._owner, effect.id, PAUSE_SECONDS)


def carry_out(house: House, object_id: UUID, patience: float, told: Callable[[Progress], None]) -> Progress:
    """Carry out a list that was started, or a run, in this process; together with the service where one lives.

    `told` hears how far it is. Raises OutsideDown when it is not over after `patience` seconds: then it goes on later,
    by the service or by doing this again.
    """
    execution, owner = house.destruction.execution, new_owner("command")
    end = time.monotonic() + patience
    run_id = execution.run_of(object_id)
    if run_id is None:
        raise LookupError(object_id)
    while True:
        progress = execution.carry_out(run_id, owner)
        told(progress)
        if progress.over:
            return progress
        if time.monotonic() > end:
            raise OutsideDown(
                N_("De vernietiging is nog niet klaar."),
                N_("De dienst gaat er zelf mee door; of geef deze opdracht nog eens."),
                code="disposal_waits",
            )
        if indexer_lives(house) or not drain(house):
            time.sleep(POLL_SECONDS)
        elif progress.waiting:
            time.sleep(POLL_SECONDS / 4)
