"""Words of backups."""

from enum import StrEnum


class BackupState(StrEnum):
    """Where a backup is in its life."""

    MAKING = "making"
    KEPT = "kept"
    FAILED = "failed"
    """It was broken off; its key is gone, so whatever is left of it is unreadable."""
    EXPIRED = "expired"
    """Its day came: the key was destroyed."""
    UNKNOWN = "unknown"
    """Stands for backups that a restored database cannot know: those made after the one it came from."""
