"""What a text says about whom it concerns: numbers, names, birth dates, groups, and in which role."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ingest.rules.text import PageText, Span


class Role(StrEnum):
    """As whom somebody is named."""

    PUPIL = "pupil"
    UNKNOWN = "unknown"
    OTHER = "other"  # carer, teacher, doctor, sender, sibling: never decides


class PersonalNumberKind(StrEnum):
    """Which check a nine-digit number passed."""

    BSN = "bsn"
    ONDERWIJSNUMMER = "onderwijsnummer"


@dataclass(frozen=True, slots=True)
class NumberClue:
    """A labelled pupil number, without leading zeros."""

    value: str
    span: Span
    role: Role = Role.PUPIL


@dataclass(frozen=True, slots=True)
class PersonalNumberClue:
    """Nine digits that pass a check; `labelled` says that the text calls them so."""

    value: str
    kind: PersonalNumberKind
    labelled: bool
    role: Role
    span: Span


@dataclass(frozen=True, slots=True)
class BirthClue:
    """A birth date and whose it is said to be."""

    value: date
    role: Role
    span: Span


@dataclass(frozen=True, slots=True)
class Word:
    """A name-like word: folded, where it stands (page, line, place in the line) and in which role its line is."""

    text: str
    capital: bool
    page: int
    line: int
    index: int
    role: Role
    span: Span


@dataclass(frozen=True, slots=True)
class GroupClue:
    """A group as folded text, such as `7`, `7b`, `1b`."""

    value: str
    span: Span


@dataclass(frozen=True, slots=True)
class Clues:
    """All that a text says about whom it concerns."""

    numbers: tuple[NumberClue, ...] = ()
    personal_numbers: tuple[PersonalNumberClue, ...] = ()
    births: tuple[BirthClue, ...] = ()
    words: tuple[Word, ...] = ()
    groups: tuple[GroupClue, ...] = ()


def extract(pages: Sequence[PageText]) -> Clues:
    """Gather the clues of all pages. Never raises."""
    raise NotImplementedError
