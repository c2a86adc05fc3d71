"""The rights matrix as data: lines of role × categories → actions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from dms.model.catalogue import Level, parse_level
from rights.rules.actions import Action, Condition, Reach


@dataclass(frozen=True, slots=True)
class CategoryPattern:
    """`ADM-*`, `ZRG-01` or `*`. A star stands only at the end."""

    text: str

    def matches(self, code: str) -> bool:
        """Whether the category `code` falls under this pattern."""
        if self.text.endswith("*"):
            return code.startswith(self.text[:-1])
        return code == self.text

    def within(self, other: "CategoryPattern") -> "CategoryPattern | None":
        """The pattern of the codes that fall under both; None where no code does."""
        if self.text.endswith("*") and other.text.endswith("*"):
            longer, shorter = (self, other) if len(self.text) >= len(other.text) else (other, self)
            return longer if longer.text.startswith(shorter.text[:-1]) else None
        if self.text.endswith("*"):
            return other if self.matches(other.text) else None
        return self if other.matches(self.text) else None


def common(one: "tuple[CategoryPattern, ...]", other: "tuple[CategoryPattern, ...]") -> "tuple[CategoryPattern, ...]":
    """Patterns of the codes that fall under some pattern of both, without repeats."""
    found = (x for a in one for b in other if (x := a.within(b)) is not None)
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class MatrixLine:
    """One line. Valid on days in [valid_from, valid_until); None is open."""

    number: int
    role: str
    reach: Reach
    level: Level
    categories: tuple[CategoryPattern, ...]
    actions: frozenset[Action]
    valid_from: date | None = None
    valid_until: date | None = None
    note: str = ""
    condition: Condition = Condition.NONE

    def in_force(self, today: date) -> bool:
        """Whether the line counts on `today`."""
        return covers(self.valid_from, self.valid_until, today)


@dataclass(frozen=True, slots=True)
class Matrix:
    """One adopted version of a board's matrix. Lines add up."""

    version: int
    lines: tuple[MatrixLine, ...]

    def granting(self, role: str, action: Action, today: date) -> Iterable[MatrixLine]:
        """The lines in force that give `action` to `role`."""
        return (x for x in self.lines if x.role == role and action in x.actions and x.in_force(today))


def covers(start: date | None, until: date | None, today: date) -> bool:
    """Whether `today` lies in [start, until); None is open on that side."""
    return (start is None or start <= today) and (until is None or today < until)


def line_from_row(number: int, row: Mapping[str, str]) -> MatrixLine:
    """Build a line from a row with the columns rol, bereik, niveau, categorieen, acties, toelichting, voorwaarde.

    Raises ValueError for an unknown reach, level, action, condition or a star in the middle of a pattern.
    """
    patterns = tuple(CategoryPattern(x) for x in row["categorieen"].split())
    for pattern in patterns:
        if "*" in pattern.text[:-1] or "?" in pattern.text:
            raise ValueError(pattern.text)
    return MatrixLine(
        number=number,
        role=row["rol"],
        reach=Reach(row["bereik"]),
        level=parse_level(row["niveau"]),
        categories=patterns,
        actions=frozenset(Action(x) for x in row["acties"].split()),
        note=row.get("toelichting", "") or "",
        condition=Condition(row.get("voorwaarde", "") or ""),
    )
