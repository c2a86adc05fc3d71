"""The query as a tree. Engines read it; people write the language of `indexing.query`.

Words stand here as typed: every engine passes them through `indexing.analysis`, so that a query and an entry
always meet in the same form. A node never means "everything" by being empty: `And(())` and `Or(())` match nothing.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class FieldName(StrEnum):
    """What a person can ask by name; the value is the word on the screen."""

    PUPIL = "leerling"
    TITLE = "titel"
    CATEGORY = "categorie"
    SOURCE = "bron"


@dataclass(frozen=True, slots=True)
class Term:
    """One word as typed. It may fall apart in several (`e-mail`): those then stand side by side, as in a phrase."""

    word: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that follow one another in one field; stop words keep their place."""

    text: str


@dataclass(frozen=True, slots=True)
class Prefix:
    """Words that begin with `stem` (as typed, without the star)."""

    stem: str


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Words that look like `word`: one letter different, two from eight letters on."""

    word: str


@dataclass(frozen=True, slots=True)
class Range:
    """Document date in [low, high], both included; None is open. Documents without a date lie outside."""

    low: date | None
    high: date | None


@dataclass(frozen=True, slots=True)
class Field:
    """`node` (a Term, Phrase, Prefix or Fuzzy) within one field."""

    name: FieldName
    node: "Term | Phrase | Prefix | Fuzzy"


@dataclass(frozen=True, slots=True)
class And:
    """All of them, in one placement."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of them."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """What is visible and does not match `node`."""

    node: "Node"


@dataclass(frozen=True, slots=True)
class Everything:
    """All that is visible: said on purpose, never by leaving something out."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """No document at all: an empty question."""


Leaf = Term | Phrase | Prefix | Fuzzy
Node = Term | Phrase | Prefix | Fuzzy | Range | Field | And | Or | Not | Everything | Nothing
