"""Changing a matrix as people do, a cell or a line at a time, without touching what the other cells say.

Pure: lines in, lines out. A draft keeps its lines as plain data (`to_data`, `from_data`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from dms.model.catalogue import Level
from rights.rules.actions import Action, Condition, Reach
from rights.rules.matrix import CategoryPattern, MatrixLine


def to_data(line: MatrixLine) -> dict[str, Any]:
    """A line as plain data, for keeping in a draft."""
    return {
        "role": line.role,
        "reach": line.reach.value,
        "level": int(line.level),
        "categories": [x.text for x in line.categories],
        "actions": sorted(x.value for x in line.actions),
        "valid_from": line.valid_from.isoformat() if line.valid_from else None,
        "valid_until": line.valid_until.isoformat() if line.valid_until else None,
        "note": line.note,
        "condition": line.condition.value,
    }


def from_data(number: int, data: Mapping[str, Any]) -> MatrixLine:
    """The line back. Raises KeyError or ValueError for data that is no line."""
    return MatrixLine(
        number=number,
        role=str(data["role"]),
        reach=Reach(data["reach"]),
        level=Level(data["level"]),
        categories=tuple(CategoryPattern(x) for x in data["categories"]),
        actions=frozenset(Action(x) for x in data["actions"]),
        valid_from=date.fromisoformat(data["valid_from"]) if data["valid_from"] else None,
        valid_until=date.fromisoformat(data["valid_until"]) if data["valid_until"] else None,
        note=str(data["note"]),
        condition=Condition(data["condition"]),
    )


def numbered(lines: Iterable[MatrixLine]) -> tuple[MatrixLine, ...]:
    """The lines with numbers from 1, in their order."""
    return tuple(replace(x, number=n) for n, x in enumerate(lines, start=1))


def with_cell(
    lines: Iterable[MatrixLine], role: str, category: str, wanted: Iterable[MatrixLine], known: Iterable[str]
) -> tuple[MatrixLine, ...]:
    """The lines after the cell of `role` and `category` is set to `wanted` (each of that role; its categories are
    ignored). All other cells of the codes in `known` stay what they were.

    A star over the category becomes the codes it stood for without this one: a category that the board adds later
    then needs a line of its own.
    """
    codes = sorted(known)
    kept: list[MatrixLine] = []
    for line in lines:
        if line.role != role or not any(x.matches(category) for x in line.categories):
            kept.append(line)
            continue
        rest = _without(line.categories, category, codes)
        if rest:
            kept.append(replace(line, categories=rest))
    cell = (CategoryPattern(category),)
    for line in wanted:
        if not line.actions:
            continue
        place = next((n for n, x in enumerate(kept) if _same_but_categories(x, line)), None)
        if place is None:
            kept.append(replace(line, role=role, categories=cell))
        else:
            kept[place] = replace(kept[place], categories=(*kept[place].categories, *cell))
    return numbered(kept)


def with_line(lines: Iterable[MatrixLine], number: int | None, line: MatrixLine | None) -> tuple[MatrixLine, ...]:
    """The lines with number `number` replaced by `line` (None: taken out), or with `line` added where it is None."""
    found: list[MatrixLine] = []
    for one in lines:
        if one.number != number:
            found.append(one)
        elif line is not None:
            found.append(line)
    if number is None and line is not None:
        found.append(line)
    return numbered(found)


def copied(lines: Iterable[MatrixLine], base: str, role: str) -> tuple[MatrixLine, ...]:
    """The lines, and those of `base` once more for `role`."""
    known = tuple(lines)
    return numbered((*known, *(replace(x, role=role) for x in known if x.role == base)))


def _without(patterns: Iterable[CategoryPattern], category: str, known: Iterable[str]) -> tuple[CategoryPattern, ...]:
    codes = tuple(known)
    found: list[CategoryPattern] = []
    for pattern in patterns:
        if not pattern.matches(category):
            found.append(pattern)
        else:  # of a star what is left; of the code itself nothing
            found.extend(CategoryPattern(x) for x in codes if pattern.matches(x) and x != category)
    return tuple(dict.fromkeys(found))


def _same_but_categories(one: MatrixLine, other: MatrixLine) -> bool:
    def key(x: MatrixLine) -> tuple[object, ...]:
        return (x.role, x.reach, x.level, x.actions, x.valid_from, x.valid_until, x.condition, x.note)

    return key(one) == key(other)
