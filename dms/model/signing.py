"""Words of signing: a plan that is put before people, and what they answer."""

from enum import StrEnum

SIGNABLE = ("ZRG-03", "OND-05")
"""Categories of plans that are put before people: the OPP with its action part (WPO 40a), and plans for one pupil."""


class SigningState(StrEnum):
    """How far a request is. All but the first are ends."""

    OPEN = "open"
    COMPLETE = "complete"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    """A new version of the plan came, and was put before people in its place."""


class Answer(StrEnum):
    """What somebody says of a plan. Seen is not agreed."""

    SEEN = "seen"
    AGREED = "agreed"
    NOT_AGREED = "not_agreed"


class Method(StrEnum):
    """How it is known who answered."""

    PASSWORD = "password"  # noqa: S105 - a name, no secret
    CODE = "code"
    PAPER = "paper"
