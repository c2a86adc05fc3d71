"""Brings about the effects that committed transactions asked for: at least once, as a batch where that is cheaper."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

import structlog

from dms.db import outbox
from dms.db.engine import Database
from dms.db.outbox import Effect
from dms.db.unit_of_work import INDEX, UNINDEX
from dms.jobs.house import House
from dms.kernel.errors import Conflict, DmsError, OutsideDown, SetupWrong
from dms.log import place_of
from dms.services.indexing import COMPACT
from ingest.service.erase import ERASE

REBUILD = "reindex"
"""The outbox kind that builds the whole index anew."""

BATCH = 100

Handler = Callable[[Sequence[UUID]], None]
"""Brings about one kind of effect for these objects; harmless when repeated."""

log = structlog.get_logger(__name__)


class Relay:
    """Takes effects from the outbox to the handler of their kind. Only the holder of the indexer's lease runs one."""

    def __init__(self, database: Database, owner: str, handlers: Mapping[str, Handler]) -> None:
        self._database = database
        self._owner = owner
        self._handlers = handlers

    def turn(self) -> int:
        """Take what waits, at most a batch; returns how many effects were taken, also those that failed."""
        effects = outbox.claim(self._database, self._owner, BATCH)
        kinds: dict[str, list[Effect]] = {}
        for effect in effects:
            kinds.setdefault(effect.kind, []).append(effect)
        for kind, same in kinds.items():
            self._bring_about(kind, same)
        return len(effects)

    def _bring_about(self, kind: str, effects: list[Effect]) -> None:
        handler = self._handlers.get(kind)
        if handler is None:
            self._failed(effects, "unknown_kind")
            return
        try:
            handler(list(dict.fromkeys(x.object_id for x in effects)))
        except (OutsideDown, SetupWrong, Conflict) as fault:
            self._failed(effects, fault.code)  # not about one object: all wait
        except Exception as fault:
            if len({x.object_id for x in effects}) > 1:
                for object_id in dict.fromkeys(x.object_id for x in effects):
                    self._bring_about(kind, [x for x in effects if x.object_id == object_id])
                return
            self._failed(effects, fault.code if isinstance(fault, DmsError) else type(fault).__name__, fault)
        else:
            outbox.done(self._database, self._owner, [x.id for x in effects])

    def _failed(self, effects: list[Effect], code: str, fault: Exception | None = None) -> None:
        log.warning(
            "effects_failed", kind=effects[0].kind, count=len(effects), code=code, at=place_of(fault) if fault else []
        )
        for effect in effects:
            outbox.failed(self._database, self._owner, effect.id, code)


def relay_of(house: House, owner: str) -> Relay:
    """The relay with the handlers of this installation."""

    def follow(documents: Sequence[UUID]) -> None:
        house.indexing.ensure()
        house.indexing.follow(documents)

    def drop(placements: Sequence[UUID]) -> None:
        house.indexing.ensure()
        house.indexing.drop(placements)

    def erase(documents: Sequence[UUID]) -> None:
        for document_id in documents:
            house.erase.erase(document_id)

    def rebuild(_: Sequence[UUID]) -> None:
        house.indexing.rebuild()

    def compact(_: Sequence[UUID]) -> None:
        house.indexing.ensure()
        house.indexing.compact()

    handlers = {INDEX: follow, UNINDEX: drop, ERASE: erase, REBUILD: rebuild, COMPACT: compact}
    return Relay(house.database, owner, handlers)
