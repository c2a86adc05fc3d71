"""The rights room's data as its pages show it: the table, lines in words, counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import request, url_for

from dms.kernel.text import N_
from dms.model.catalogue import Level
from dms.services.rights.shapes import CategoryCount, MatrixView, RoleName
from dms.web.presenters.pupils import level_text
from dms.web.texts import day, number, say
from rights.rules.actions import Action, Condition, Reach
from rights.rules.changes import LineChange
from rights.rules.matrix import MatrixLine
from rights.rules.table import ACTION_NAMES, CONDITION_NAMES, LETTERS, REACH_NAMES, cell

MARKS: Mapping[Reach, str] = {
    Reach.BOARD: N_("bestuur"),
    Reach.SCHOOL: "",
    Reach.OWN_GROUPS: N_("groep"),
    Reach.OWN_PUPILS: N_("leerling"),
    Reach.OWN_CHILD: N_("kind"),
    Reach.SELF: N_("zelf"),
    Reach.LINK: N_("link"),
}
CONDITION_MARKS: Mapping[Condition, str] = {
    Condition.NONE: "",
    Condition.REASON: N_("na reden"),
    Condition.EMERGENCY: N_("nood"),
}
CATEGORY_GROUPS: Mapping[str, str] = {
    "administratief": N_("Administratief"),
    "onderwijskundig": N_("Onderwijskundig"),
    "gesprek": N_("Gesprekken"),
    "zorg": N_("Zorg"),
    "veiligheid": N_("Veiligheid"),
    "verantwoording": N_("Verantwoording"),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One line's part of a cell: letters, a short word, all of it in words, and whether it counts now."""

    letters: str
    word: str
    told: str
    counts: bool


@dataclass(frozen=True, slots=True)
class CellBox:
    """A cell. `address` is where it is changed, empty in a table that is only read."""

    marks: tuple[Mark, ...]
    address: str
    label: str


@dataclass(frozen=True, slots=True)
class TableRow:
    """A category with its cells, in the order of the roles."""

    code: str
    name: str
    level: str
    cells: tuple[CellBox, ...]


@dataclass(frozen=True, slots=True)
class TableGroup:
    """Categories under one heading."""

    heading: str
    rows: tuple[TableRow, ...]


def role_names(roles: Iterable[RoleName]) -> dict[str, str]:
    """Names by code: the shipped ones in the reader's language, the board's own as they were typed."""
    return {x.code: x.name if x.own else say(x.name) for x in roles}


def chosen_roles(view: MatrixView) -> tuple[RoleName, ...]:
    """The roles of the table: one that was asked for, else all that have some line, and all of the board's own."""
    asked = request.args.get("rol", "")
    found = tuple(x for x in view.roles if x.code == asked)
    used = {x.role for x in view.lines if x.actions}
    return found or tuple(x for x in view.roles if x.code in used or x.own)


def table(view: MatrixView, *, editable: bool) -> tuple[TableGroup, ...]:
    """The table of a matrix."""
    names, roles = role_names(view.roles), chosen_roles(view)
    groups: dict[str, list[TableRow]] = {}
    for one in view.categories:
        cells = []
        for role in roles:
            marks = tuple(
                Mark(
                    x.letters,
                    " ".join(say(y) for y in (MARKS[x.line.reach], CONDITION_MARKS[x.line.condition]) if y),
                    line_words(x.line),
                    x.reaches,
                )
                for x in cell(view.lines, role.code, one.code, Level(one.level), view.today)
            )
            address = url_for("rights_draft.cell", rol=role.code, categorie=one.code) if editable else ""
            cells.append(CellBox(marks, address, f"{names[role.code]}, {one.name}"))
        groups.setdefault(one.group, []).append(TableRow(one.code, one.name, level_text(one.level), tuple(cells)))
    return tuple(TableGroup(say(CATEGORY_GROUPS.get(k, k)), tuple(v)) for k, v in groups.items())


def unread(view: MatrixView) -> str:
    """The categories that no role may read without more, in words; empty when there are none."""
    read = [x for x in view.lines if Action.READ in x.actions and not x.condition and x.in_force(view.today)]
    return ", ".join(
        f"{one.code} ({one.name})"
        for one in view.categories
        if not any(x.level >= one.level and any(p.matches(one.code) for p in x.categories) for x in read)
    )


def line_words(line: MatrixLine) -> str:
    """A line in a sentence: what, how far, which level, when, on what condition."""
    actions = ", ".join(say(ACTION_NAMES[x]) for x in LETTERS if x in line.actions) or say(N_("niets"))
    parts = [actions, say(REACH_NAMES[line.reach]), say(N_("tot en met niveau %(level)s"), {"level": str(line.level)})]
    if line.condition is not Condition.NONE:
        parts.append(say(CONDITION_NAMES[line.condition]))
    if line.valid_from:
        parts.append(say(N_("vanaf %(day)s"), {"day": day(line.valid_from)}))
    if line.valid_until:
        parts.append(say(N_("tot %(day)s"), {"day": day(line.valid_until)}))
    return " · ".join(parts)


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A line that came or went, in words."""

    role: str
    categories: str
    words: str
    added: bool


def change_lines(changes: Iterable[LineChange], roles: Iterable[RoleName]) -> tuple[ChangeLine, ...]:
    """The differences in words."""
    names = role_names(roles)
    return tuple(
        ChangeLine(
            names.get(x.line.role, x.line.role),
            " ".join(p.text for p in x.line.categories),
            line_words(x.line),
            x.added,
        )
        for x in changes
    )


def legend() -> tuple[tuple[str, str], ...]:
    """Letters and what they mean."""
    return tuple((letter, say(ACTION_NAMES[action])) for action, letter in LETTERS.items())


def action_choices() -> tuple[tuple[str, str], ...]:
    """Actions for a form."""
    return tuple((x.value, f"{LETTERS[x]} · {say(ACTION_NAMES[x])}") for x in LETTERS)


def reach_choices() -> tuple[tuple[str, str], ...]:
    """Reaches for a form."""
    return tuple((x.value, say(name)) for x, name in REACH_NAMES.items())


def level_choices() -> tuple[tuple[str, str], ...]:
    """Levels for a form."""
    return tuple((str(int(x)), level_text(int(x))) for x in Level)


def condition_choices() -> tuple[tuple[str, str], ...]:
    """Conditions for a form."""
    return tuple((x.value, say(name)) for x, name in CONDITION_NAMES.items())


def amounts(found: Mapping[str, int]) -> str:
    """Numbers of documents by action, in words."""
    return ", ".join(f"{say(ACTION_NAMES[a])}: {number(found[a.value])}" for a in LETTERS if a.value in found)


@dataclass(frozen=True, slots=True)
class CountRow:
    """A category with numbers for a few actions: now, and under a draft where that differs."""

    code: str
    name: str
    figures: tuple[tuple[str, str], ...]


COUNTED = (Action.SEE, Action.READ, Action.ADD, Action.EDIT, Action.SHARE, Action.EXPORT, Action.REMOVE)


def count_rows(counts: Iterable[CategoryCount], *, draft: bool) -> tuple[CountRow, ...]:
    """Only categories in which the person has something, now or then."""
    return tuple(
        CountRow(
            x.code,
            x.name,
            tuple(
                (
                    number(x.now.get(a.value, 0)),
                    number(x.then.get(a.value, 0)) if draft and x.then.get(a.value, 0) != x.now.get(a.value, 0) else "",
                )
                for a in COUNTED
            ),
        )
        for x in counts
        if x.now or x.then
    )


def counted_heads() -> tuple[str, ...]:
    """The heads of the numbers."""
    return tuple(say(ACTION_NAMES[x]) for x in COUNTED)
