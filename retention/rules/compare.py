"""What another rule would do to a placement: earlier, later, a conflict, newly blocked. Pure, like the rule itself."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from retention.rules.due import Due, Verdict
from retention.rules.schedule import Rule, Schedule


class Effect(StrEnum):
    """What changes for one placement. The first that fits, in this order, apart from UNCHANGED."""

    BLOCKED = "blocked"
    """It had a term and its rule becomes blocked, or it lay under a rule and the new one is blocked."""
    CONFLICT = "conflict"
    """By the new rule it should be gone already, while until now it had to stay; or it is being disposed of, and by
    the new rule it is not due."""
    DATED = "dated"
    """It had no term and gets one."""
    UNDATED = "undated"
    """It had a term and has none any more."""
    EARLIER = "earlier"
    LATER = "later"
    UNCHANGED = "unchanged"


def effect(before: Due, after: Due, today: date, *, disposing: bool = False) -> Effect:
    """What the new verdict means for a placement with the old one. `disposing`: it stands on a disposal list."""
    if after.verdict is Verdict.BLOCKED:
        return Effect.UNCHANGED if before.verdict is Verdict.BLOCKED else Effect.BLOCKED
    if after.due_from is None:
        return Effect.UNCHANGED if before.due_from is None else Effect.UNDATED
    if disposing and after.due_from > today:
        return Effect.CONFLICT
    if _overdue(after, today) and not _may_go(before, today):
        return Effect.CONFLICT
    if before.due_from is None:
        return Effect.DATED
    was, becomes = _span(before), _span(after)
    if was == becomes:
        return Effect.UNCHANGED
    return Effect.EARLIER if becomes < was else Effect.LATER


def changed_rules(before: Schedule, after: Mapping[str, Rule]) -> frozenset[str]:
    """The categories whose rule is another in `after`, or is not there."""
    codes = before.rules.keys() | after.keys()
    return frozenset(x for x in codes if before.rules.get(x) != after.get(x))


def _overdue(found: Due, today: date) -> bool:
    return found.due_by is not None and found.due_by < today


def _may_go(found: Due, today: date) -> bool:
    return found.due_from is not None and found.due_from <= today


def _span(found: Due) -> tuple[date, date]:
    """For comparing: the first day, then the last; a span without an end is the longest."""
    return found.due_from or date.max, found.due_by or date.max
