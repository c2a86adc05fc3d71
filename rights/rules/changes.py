"""What a change of the matrix comes to: which lines differ, what is newly given, and when one person is not enough."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.catalogue import Level
from rights.rules.actions import Action, Condition, Reach
from rights.rules.matrix import CategoryPattern, MatrixLine

DISPOSAL = frozenset({Action.PROPOSE_DISPOSAL, Action.APPROVE_DISPOSAL})
WIDER = {
    Reach.OWN_GROUPS: frozenset({Reach.OWN_GROUPS, Reach.SCHOOL, Reach.BOARD}),
    Reach.OWN_PUPILS: frozenset({Reach.OWN_PUPILS, Reach.SCHOOL, Reach.BOARD}),
    Reach.SCHOOL: frozenset({Reach.SCHOOL, Reach.BOARD}),
}
"""The reaches that hold at least as much; a reach that is not named holds only itself."""


@dataclass(frozen=True, slots=True)
class LineChange:
    """A line that came or went. What was changed shows as one that went and one that came."""

    line: MatrixLine
    added: bool


def compare(before: Iterable[MatrixLine], after: Iterable[MatrixLine]) -> tuple[LineChange, ...]:
    """The lines that differ, by role; their numbers and their order do not count."""
    old, new = Counter(map(_plain, before)), Counter(map(_plain, after))
    gone = [LineChange(x, False) for x in (old - new).elements()]
    come = [LineChange(x, True) for x in (new - old).elements()]
    return tuple(sorted((*gone, *come), key=lambda x: (x.line.role, x.added, _words(x.line))))


def needs_second(
    before: Iterable[MatrixLine], after: Iterable[MatrixLine], own_roles: frozenset[str]
) -> tuple[Reason, ...]:
    """Why one person cannot adopt `after` alone; empty when she can. `own_roles` are the roles she holds herself.

    A second person is needed for whatever newly gives level 4, or proposing or approving disposal, and for whatever
    gives more to the one who changes it (product contract: one person alone can never destroy).
    """
    old = tuple(before)
    found: dict[str, Reason] = {}
    for line in after:
        for action in line.actions:
            if _given(old, line, action):
                continue
            if line.level >= Level.L4:
                found["level"] = Reason("level", N_("Er komt een recht bij op niveau 4 (alleen genoemde personen)."))
            if action in DISPOSAL:
                found["disposal"] = Reason(
                    "disposal", N_("Er komt een recht bij om vernietiging voor te stellen of goed te keuren.")
                )
            if line.role in own_roles:
                found["own"] = Reason("own", N_("Een rol die u zelf hebt, krijgt er een recht bij."))
    return tuple(found.values())


def roles_and_actions(changes: Iterable[LineChange]) -> tuple[frozenset[str], frozenset[Action]]:
    """The roles whose lines differ, and the actions that those lines speak of."""
    lines = [x.line for x in changes]
    return frozenset(x.role for x in lines), frozenset(a for x in lines for a in x.actions)


def _given(old: Iterable[MatrixLine], line: MatrixLine, action: Action) -> bool:
    """Whether the old lines gave `action` to all that `line` gives it to. Each pattern must lie in one old line."""
    before = [x for x in old if x.role == line.role and action in x.actions and _as_wide(x, line)]
    return all(any(_within(p, x) for x in before) for p in line.categories)


def _as_wide(old: MatrixLine, line: MatrixLine) -> bool:
    return (
        old.level >= line.level
        and old.reach in WIDER.get(line.reach, frozenset({line.reach}))
        and old.condition in (Condition.NONE, line.condition)
        and _early(old.valid_from, line.valid_from)
        and _late(old.valid_until, line.valid_until)
    )


def _early(old: date | None, new: date | None) -> bool:
    return old is None or (new is not None and old <= new)


def _late(old: date | None, new: date | None) -> bool:
    return old is None or (new is not None and new <= old)


def _within(pattern: CategoryPattern, line: MatrixLine) -> bool:
    return any(pattern.within(x) == pattern for x in line.categories)


def _plain(line: MatrixLine) -> MatrixLine:
    patterns = tuple(sorted(set(line.categories), key=lambda x: x.text))
    return replace(line, number=0, categories=patterns)


def _words(line: MatrixLine) -> str:
    return f"{line.reach} {int(line.level)} {' '.join(x.text for x in line.categories)}"
