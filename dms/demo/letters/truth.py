"""What a careful reader would say about a demo paper."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Expected(StrEnum):
    """Whether a careful reader could file the paper without asking anybody."""

    FILEABLE = "fileable"
    DESK = "desk"


@dataclass(frozen=True, slots=True)
class Truth:
    """The right answer. `pupil_number` is None where the paper does not say for certain about whom it is.

    `title_words` are words that a good title has, in lower case. `reason` says in a few words why a paper is for
    the desk; empty for the rest.
    """

    pupil_number: str | None
    category: str
    document_date: date
    title_words: tuple[str, ...]
    must_be: Expected
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A born-digital paper: a PDF and the truth. `kind` and `look` say how it was made (for reports only)."""

    data: bytes
    truth: Truth
    kind: str
    look: str
    pages: int
