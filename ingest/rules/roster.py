"""The pupils of a school in memory, and which of them a text may be about."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from ingest.rules.clues import Clues, Role
from ingest.rules.text import Span


@dataclass(frozen=True, slots=True)
class PupilFacts:
    """What recognition needs of a pupil. `bsn_match`: a number in this text is this pupil's BSN."""

    pupil_id: UUID
    number: str
    given_name: str
    first_names: str = ""
    initials: str = ""
    prefix: str = ""
    surname: str = ""
    former_surnames: tuple[str, ...] = ()
    birth_date: date | None = None
    groups: tuple[str, ...] = ()
    current: bool = True
    carers: tuple[str, ...] = ()
    bsn_match: bool = False


class EvidenceKind(StrEnum):
    """What kind of fact points at a pupil."""

    NUMBER = "number"
    BSN = "bsn"
    FULL_NAME = "full_name"
    INITIALS_NAME = "initials_name"
    SURNAME = "surname"
    GIVEN_NAME = "given_name"
    BIRTH_DATE = "birth_date"
    GROUP = "group"
    CARER = "carer"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact that points at a pupil: what, in which role, letter for letter or nearly, and where."""

    kind: EvidenceKind
    role: Role
    exact: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pupil with all that speaks for it."""

    pupil: PupilFacts
    evidence: tuple[Evidence, ...]


class Roster:
    """An index over the pupils of one school; built once, asked per document."""

    def __init__(self, pupils: Iterable[PupilFacts]) -> None:
        raise NotImplementedError

    def candidates(self, clues: Clues, bsn_pupils: Collection[UUID] = ()) -> list[Candidate]:
        """The pupils that the clues point at, in a fixed order. `bsn_pupils`: whose BSN stands in the text."""
        raise NotImplementedError
