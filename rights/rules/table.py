"""The matrix as the school's own table: rows are categories, columns roles, a cell holds short letters."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from dms.kernel.text import N_
from dms.model.catalogue import Level
from rights.rules.actions import Action, Condition, Reach
from rights.rules.matrix import MatrixLine

LETTERS: Mapping[Action, str] = {
    Action.SEE: "Z", Action.READ: "L", Action.ADD: "T", Action.EDIT: "W", Action.CLASSIFY: "I", Action.SHARE: "D",
    Action.EXPORT: "E", Action.REMOVE: "V", Action.HOLD: "B", Action.PROPOSE_DISPOSAL: "N",
    Action.APPROVE_DISPOSAL: "G",
}  # fmt: skip

ACTION_NAMES: Mapping[Action, str] = {
    Action.SEE: N_("zien dat het er is"),
    Action.READ: N_("lezen"),
    Action.ADD: N_("toevoegen"),
    Action.EDIT: N_("wijzigen"),
    Action.CLASSIFY: N_("indelen"),
    Action.SHARE: N_("delen"),
    Action.EXPORT: N_("exporteren"),
    Action.REMOVE: N_("verwijderen"),
    Action.HOLD: N_("bevriezen en afschermen"),
    Action.PROPOSE_DISPOSAL: N_("vernietiging voorstellen"),
    Action.APPROVE_DISPOSAL: N_("vernietiging goedkeuren"),
}
REACH_NAMES: Mapping[Reach, str] = {
    Reach.BOARD: N_("hele bestuur"),
    Reach.SCHOOL: N_("hele school"),
    Reach.OWN_GROUPS: N_("eigen groepen"),
    Reach.OWN_PUPILS: N_("eigen leerlingen"),
    Reach.OWN_CHILD: N_("eigen kind"),
    Reach.SELF: N_("zichzelf"),
    Reach.LINK: N_("deellink"),
}
CONDITION_NAMES: Mapping[Condition, str] = {
    Condition.NONE: N_("zonder voorwaarde"),
    Condition.REASON: N_("eerst een reden"),
    Condition.EMERGENCY: N_("alleen met noodtoegang"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """What one line says in one cell. `reaches`: its level is high enough for the category's usual level, and it is in
    force; otherwise it stands there without effect.
    """

    line: MatrixLine
    letters: str
    reaches: bool


def cell(lines: Iterable[MatrixLine], role: str, category: str, level: Level, today: date) -> tuple[Entry, ...]:
    """The entries of one cell, in the order of the lines."""
    return tuple(
        Entry(x, letters(x.actions), x.level >= level and x.in_force(today))
        for x in lines
        if x.role == role and x.actions and any(p.matches(category) for p in x.categories)
    )


def letters(actions: Iterable[Action]) -> str:
    """The letters of actions, in the order of the legend."""
    chosen = frozenset(actions)
    return "".join(letter for action, letter in LETTERS.items() if action in chosen)
