"""Categories: what a document can be, how confidential that is and which fields it has."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from uuid import UUID


class Level(IntEnum):
    """Confidentiality: administration, teachers, care team, named people."""

    L1 = 1
    L2 = 2
    L3 = 3
    L4 = 4

    def __str__(self) -> str:
        return f"L{int(self)}"


def parse_level(text: str) -> Level:
    """Read `L1` … `L4`. Raises ValueError for anything else."""
    if len(text) == 2 and text[0] in "lL" and text[1] in "1234":
        return Level(int(text[1]))
    raise ValueError(text)


class FieldKind(StrEnum):
    """The types a metadata field can have."""

    TEXT = "text"
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yes_no"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One metadata field of a category. `choices` only for CHOICE; `help` explains it to who fills it in."""

    name: str
    label: str
    kind: FieldKind
    required: bool = False
    choices: tuple[str, ...] = ()
    help: str = ""


@dataclass(frozen=True, slots=True)
class Category:
    """One version of a board's category, as every desk sees it. Nothing new is filed under one that is not active.

    `search_words` are other words by which documents of the category are found.
    """

    version_id: UUID
    code: str
    name: str
    group: str
    level: Level
    fields: tuple[FieldSpec, ...] = ()
    active: bool = True
    search_words: tuple[str, ...] = ()
