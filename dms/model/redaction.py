"""Words of redaction (zwartlakken): where a job is, and for whom a copy is made."""

from enum import StrEnum


class RedactionState(StrEnum):
    """Where a redacted copy is. To the outside CONFIRMED is waiting as well: a person is done, the worker is not."""

    WAITING = "waiting"
    FOUND_NOTHING = "found_nothing"
    TO_REVIEW = "to_review"
    CONFIRMED = "confirmed"
    DONE = "done"
    FAILED = "failed"


class RedactionGround(StrEnum):
    """For whom the copy is made, and so what may not be on it."""

    SWV = "swv"
    OUTSIDER = "outsider"
    REQUEST = "request"
    BY_HAND = "by_hand"


WORK = (RedactionState.WAITING, RedactionState.CONFIRMED)
"""States in which a worker has something to do."""
