"""Words for stacks of scans and the sheets between them."""

from enum import StrEnum


class SheetKind(StrEnum):
    """A separator parts the papers; a cover sheet says whose the next ones are as well."""

    SEPARATOR = "separator"
    COVER = "cover"


class PartState(StrEnum):
    """What a part of a stack is to the person who looks at its pages."""

    NEW = "new"
    OPEN = "open"
    COLLEAGUE = "colleague"
    BUSY = "busy"
    FILED = "filed"
    STOPPED = "stopped"
    GONE = "gone"
