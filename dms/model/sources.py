"""Sources of papers: what their rows can be in."""

from enum import StrEnum


class SourceDesk(StrEnum):
    """Which desk a scanner folder's papers go to: by what they are, or always that of the care team."""

    BY_CONTENT = "content"
    CARE = "care"


class MailState(StrEnum):
    """What became of one mail. It is kept here, or it did not come in."""

    TAKEN = "taken"
    REFUSED = "refused"


class ReleaseState(StrEnum):
    """Where the wish to let a file in is."""

    ASKED = "asked"
    RELEASED = "released"
    KEPT = "kept"
