"""Words of disposal lists that rows, rules and services share."""

from enum import StrEnum


class ListKind(StrEnum):
    """What a disposal list asks for: destruction, or destruction once another school has confirmed what it got."""

    DESTROY = "destroy"
    TRANSFER = "transfer"


class ListState(StrEnum):
    """Where a disposal list is. `retention.rules.disposal` says how it gets from one to another."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    ADJUSTING = "adjusting"
    APPROVED = "approved"
    WAITING = "waiting"
    EXECUTING = "executing"
    VERIFYING = "verifying"
    SENT = "sent"
    RECEIVED = "received"
    COMPLETED = "completed"
    PARTLY_FAILED = "partly_failed"
    ABORTED = "aborted"


class Answer(StrEnum):
    """What a reviewer says of one item. None given: as proposed."""

    DESTROY = "destroy"
    KEEP = "keep"
    TRANSFER = "transfer"
    RECLASSIFY = "reclassify"


class OwnDataState(StrEnum):
    """Where a decision on a pupil's own data is. ENDED: somebody stopped it, with a reason."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    ENDED = "ended"


class DisposalStep(StrEnum):
    """Where one item of a list is. From READY on the execution moves it; the last four are outcomes."""

    OPEN = "open"
    READY = "ready"
    TAKEN = "taken"
    HIDDEN = "hidden"
    UNINDEXED = "unindexed"
    KEY_DESTROYED = "key_destroyed"
    IN_LEDGER = "in_ledger"
    BYTES_GONE = "bytes_gone"
    SHRUNK = "shrunk"
    EXCLUDED = "excluded"
    """Left out before the list was approved, or with the list that was aborted."""
    CERTIFIED = "certified"
    KEPT = "kept"
    """Decided again at the execution, and no longer to be destroyed."""
    FAILED = "failed"


CLOSED_STEPS = (DisposalStep.EXCLUDED, DisposalStep.CERTIFIED, DisposalStep.KEPT)
"""Steps in which an item no longer claims its placement: that may be on another list."""
