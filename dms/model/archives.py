"""Archives of dossiers out of an LVS, and files from the watched place: their states."""

from enum import StrEnum


class Fate(StrEnum):
    """What becomes of a file of an archive; before it is applied: what would."""

    FILED = "filed"
    DESK = "desk"
    DUPLICATE = "duplicate"
    REFUSED = "refused"
    SKIPPED = "skipped"


class ArchiveState(StrEnum):
    """Where an archive is. `RECEIVED` and `APPLYING` are worked on; the last three are outcomes."""

    RECEIVED = "received"
    READY = "ready"
    APPLYING = "applying"
    DONE = "done"
    REFUSED = "refused"
    DISCARDED = "discarded"


BUSY = frozenset({ArchiveState.RECEIVED, ArchiveState.APPLYING})


class WatchedState(StrEnum):
    """Where a file from the watched place is."""

    TAKING = "taking"
    TAKEN = "taken"
    REFUSED = "refused"
