"""Words of the portal for parents and pupils, and of data breaches."""

from enum import StrEnum


class Channel(StrEnum):
    """How an invitation reaches somebody."""

    LETTER = "letter"
    MAIL = "mail"


class Standing(StrEnum):
    """Why a person sees of a pupil what she sees."""

    PARENT = "parent"
    PROGRESS = "progress"
    CONSENT = "consent"
    PUPIL = "pupil"
    NO_AUTHORITY = "no_authority"
    OVERAGE = "overage"
    TOO_YOUNG = "too_young"
    NO_BIRTH_DATE = "no_birth_date"


class Door(StrEnum):
    """Through which door somebody outside came to a paper."""

    PORTAL = "portal"
    LINK = "link"


class Look(StrEnum):
    """What somebody outside did with a paper."""

    SEEN = "seen"
    DOWNLOADED = "downloaded"


class BreachCause(StrEnum):
    """What brought a breach to light."""

    MOVED = "moved"
    REMOVED = "removed"
    TOLD = "told"


class BreachState(StrEnum):
    """How far a breach is. What turned out to be none stays in the register too."""

    OPEN = "open"
    CLOSED = "closed"
    NONE = "none"


DOOR = "door"
"""The detail of an event that names the door through which it happened."""
