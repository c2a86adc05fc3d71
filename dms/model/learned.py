"""What recognition learned at a school: the states of its versions."""

from enum import StrEnum


class LearnedState(StrEnum):
    """In use; kept, so that one can go back to it; measured as no better, and not kept; forgotten, because a document
    that it learned from was destroyed.
    """

    ACTIVE = "active"
    KEPT = "kept"
    REJECTED = "rejected"
    FORGOTTEN = "forgotten"
