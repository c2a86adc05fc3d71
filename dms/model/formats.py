"""Words for what files hold and what lies beside them: verdicts on look-alikes, and archive renditions to be made."""

from enum import StrEnum


class LookalikeVerdict(StrEnum):
    """What a person decided of two documents that look the same."""

    BOTH = "both"
    VERSION = "version"
    DISCARD = "discard"


class ArchiveState(StrEnum):
    """Where the making of an archive rendition is. What was skipped keeps its original alone, with the reason."""

    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"
