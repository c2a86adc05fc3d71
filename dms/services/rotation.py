"""Replaces the root key of the installation: one rotation at a time, with a line in the log."""

from collections.abc import Callable
from pathlib import Path

from dms.db.leases import new_owner, release, take
from dms.kernel.errors import Conflict
from dms.kernel.text import N_
from dms.model.events import By, Event, EventKind
from dms.services.tools import Tools
from storage.keys.ring import RootSource
from storage.keys.rotation import Rotated, rotate_all

LEASE = "keys-rotation"
LEASE_SECONDS = 300.0


class Rotation:
    """`roots` gives the root keys at hand; `file` is where they lie, None where they come from outside."""

    def __init__(self, tools: Tools, roots: RootSource, file: Path | None) -> None:
        self._tools = tools
        self._roots = roots
        self._file = file

    def run(self, by: By, progress: Callable[[int], None]) -> Rotated:
        """Put all document keys under a new root, or finish a rotation that was broken off; the service may run on.

        `progress` hears how many keys are done. Raises Conflict while another rotation runs, SetupWrong where a
        person must give the new root first, and what the key store raises.
        """
        owner = new_owner("rotation")

        def went_on(done: int) -> None:
            self._hold(owner)
            progress(done)

        self._hold(owner)
        try:
            done = rotate_all(self._tools.vault.keys, self._roots, self._file, went_on)
            with self._tools.database.begin() as uow:
                details: dict[str, str | int] = {"rewrapped": done.rewrapped, "root": done.fingerprint}
                uow.record(Event(EventKind.KEYS_ROTATED, by, None, object_kind="keys", details=details))
            return done
        finally:
            release(self._tools.database, LEASE, owner)

    def _hold(self, owner: str) -> None:
        if not take(self._tools.database, LEASE, owner, LEASE_SECONDS):
            raise Conflict(
                N_("De hoofdsleutel wordt al vervangen."),
                N_("Wacht tot dat klaar is. Is het afgebroken, probeer het dan over vijf minuten opnieuw."),
                code="rotation_running",
            )
