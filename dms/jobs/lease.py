"""A lease of this process that a thread of its own keeps extending, so that long work does not lose it."""

import threading
import time

import structlog

from dms.db import leases
from dms.db.engine import Database
from dms.kernel.errors import DmsError

LEASE_SECONDS = 20.0
KEEP_SECONDS = 5.0

log = structlog.get_logger(__name__)


class KeptLease:
    """The right to do what only one process of the installation may do. Safe to share between threads."""

    def __init__(self, database: Database, name: str, owner: str) -> None:
        self.name = name
        self.owner = owner
        self._database = database
        self._until = 0.0
        self._end = threading.Event()
        self._keeper: threading.Thread | None = None
        self._one = threading.Lock()

    @property
    def held(self) -> bool:
        """Whether the right is ours now."""
        return time.monotonic() < self._until

    def take(self) -> bool:
        """Hold the lease from now on, unless another process holds it. Raises OutsideDown."""
        with self._one:
            if self.held:
                return True
            if not self._extend():
                return False
            if self._keeper is None or not self._keeper.is_alive():
                self._keeper = threading.Thread(target=self._keep, name=f"lease-{self.name}", daemon=True)
                self._keeper.start()
            return True

    def give_back(self) -> None:
        """Let another process have it. Raises OutsideDown."""
        self._end.set()
        if self._keeper is not None:
            self._keeper.join()
        if self.held:
            self._until = 0.0
            leases.release(self._database, self.name, self.owner)

    def _extend(self) -> bool:
        asked = time.monotonic()
        taken = leases.take(self._database, self.name, self.owner, LEASE_SECONDS)
        self._until = asked + LEASE_SECONDS if taken else 0.0
        return taken

    def _keep(self) -> None:
        while not self._end.wait(KEEP_SECONDS):
            try:
                if not self._extend():
                    log.warning("lease_lost", task=self.name, owner=self.owner)
                    return
            except DmsError as fault:  # the lease runs out by itself if this goes on
                log.warning("lease_not_extended", task=self.name, code=fault.code)
