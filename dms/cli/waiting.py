"""Waits for intakes: by a worker that lives, else by working in this process; and then until they can be found."""

import os
import signal
import sys
import time
from typing import TYPE_CHECKING
from uuid import UUID

from dms.db import pulse
from dms.db.leases import new_owner
from dms.db.outbox import pending_documents
from dms.jobs import child
from dms.jobs.indexer import settle
from dms.model.documents import UNFINISHED, ItemState
from dms.model.events import SYSTEM
from dms.services.shapes import ItemView

if TYPE_CHECKING:
    from dms.app import App
    from ingest.service.worker import Worker

POLL_SECONDS = 0.3
LOOK_SECONDS = 3.0
PATIENCE_SECONDS = 30.0
INDEX_SECONDS = 120.0
HELP_FROM = 6
"""From how many items on helpers are worth their start."""


class Waiting:
    """Follows the intakes of one command. Close it at the end."""

    def __init__(self, app: "App") -> None:
        self._app = app
        self._helpers: list[int] = []
        self._documents: set[UUID] = set()
        self._worker: Worker | None = None
        self._others_until = 0.0

    def call_help(self, items: int) -> None:
        """Start workers for the time being where there is much to read and no service that does so."""
        if items < HELP_FROM or pulse.living(self._app.database, "worker"):
            return
        command = [sys.executable, "-m", "dms", "worker", "--quiet"]
        for _ in range(self._app.settings.workers):
            # becoming another program at once, the child touches nothing of the open database
            self._helpers.append(child.start(lambda: os.execv(command[0], command)))  # noqa: S606 - our own command

    def until_settled(self, intake_id: UUID) -> tuple[ItemView, ...]:
        """The items once all have an outcome, or once those without one have waited too long for a part outside."""
        stuck_since: float | None = None
        while True:
            items = self._app.status.intake(SYSTEM, intake_id)
            open_items = [x for x in items if x.state in UNFINISHED]
            if not open_items:
                self._documents.update(x.document_id for x in items if x.document_id is not None)
                return items
            postponed = all(x.state is ItemState.WAITING and x.reason.code for x in open_items)
            if not postponed:
                stuck_since = None
            elif stuck_since is None:
                stuck_since = time.monotonic()
            elif time.monotonic() - stuck_since > PATIENCE_SECONDS:
                return items
            if self._others_work() or not self._work_here():
                time.sleep(POLL_SECONDS)

    def until_found(self) -> bool:
        """Wait until the index shows what was filed. False when that takes too long; it happens later then."""
        return settle(self._app, lambda: not self._documents & pending_documents(self._app.database), INDEX_SECONDS)

    def close(self) -> None:
        """Give back what is held here, and end the helpers."""
        for pid in self._helpers:
            os.kill(pid, signal.SIGTERM)
        for pid in self._helpers:
            os.waitpid(pid, 0)
        if self._worker is not None:
            self._worker.release()

    def _others_work(self) -> bool:
        """Whether a worker of the service lives; asked now and then."""
        if time.monotonic() > self._others_until:
            if not pulse.living(self._app.database, "worker"):
                return False
            self._others_until = time.monotonic() + LOOK_SECONDS
        return True

    def _work_here(self) -> bool:
        if self._worker is None:
            self._worker = self._app.worker(new_owner("command"))
        return self._worker.work_once()
