"""Words of destruction that rows, rules and services share."""

from enum import StrEnum


class RunKind(StrEnum):
    """What asked for a destruction: an approved list, the bin when its days are over, or pupils of whom nothing is
    left but their own data.
    """

    LIST = "list"
    BIN = "bin"
    PUPILS = "pupils"


class RunState(StrEnum):
    """Where a destruction is. It is over in the last two."""

    EXECUTING = "executing"
    VERIFYING = "verifying"
    COMPLETED = "completed"
    PARTLY_FAILED = "partly_failed"


class Thing(StrEnum):
    """What one item or line is about: a place of a document in a dossier, or a pupil's own data."""

    PLACEMENT = "placement"
    PUPIL = "pupil"
