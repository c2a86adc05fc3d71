"""A calculator of terms that shares nothing with the product's: it looks for days instead of computing them."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

DAY = timedelta(days=1)


def _days_from(start: date) -> Iterator[date]:
    day = start
    while True:
        yield day
        if day == date.max:
            return
        day += DAY


def end_of_term(start: date, term: str) -> date:
    """The last real day that is not past the nominal one, then the loose days one by one."""
    years, months, weeks, days = (
        int(found[1]) if (found := re.search(rf"(\d+){unit}", term)) else 0 for unit in "YMWD"
    )
    year, month = start.year, start.month
    for _ in range(12 * years + months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    nominal = (year, month, start.day)
    first = date(year, month, 1)
    day = max(day for day in (first + n * DAY for n in range(31)) if (day.year, day.month, day.day) <= nominal)
    for _ in range(7 * weeks + days):
        day += DAY
    return day


def next_first(day: date, month: int) -> date:
    """The first 1 January (month 1) or 1 August (month 8) that is not before `day`, found by walking."""
    return next(each for each in _days_from(day) if each.day == 1 and each.month == month)


def school_year_over(day: date) -> date:
    """The first 1 August after `day`."""
    return next_first(day + DAY, 8)


def second_verdict(
    line: "dict[str, str]", told: "dict[str, object]", today: date
) -> "tuple[str, date | None, date | None]":
    """(verdict, first day, last day) from the line of the table as text and plain facts, by another way: what starts
    the term is read from the words of the trigger, and every day is found by looking for it.
    """
    if line["geblokkeerd"] == "ja":
        return "blocked", None, None
    if line["actie"] == "bewaren":
        return "kept", None, None
    start = _start(line["aanleiding"], told)
    if start is None:
        return "unknown_trigger", None, None
    terms = [x for x in (line["minimum"], line["maximum"]) if x]
    if not terms:
        return "kept", None, None
    ends = [_rounded(end_of_term(start, x), line["afronding"]) for x in terms]
    first = ends[0]
    last = None if not line["maximum"] else ends[-1] if ends[-1] > first else first
    if told["holds"]:
        return "held", first, last
    if not (today < first):
        return "due", first, last
    return ("ahead" if today < start else "running"), first, last


def _rounded(day: date, how: str) -> date:
    return day if how == "geen" else next_first(day, {"kalenderjaar": 1, "schooljaar": 8}[how])


def _start(trigger: str, told: "dict[str, object]") -> date | None:
    """Reads `x_of_y` as two ways, and takes the earliest, except for a settlement, which goes before."""
    ways = [_way(x, told) for x in trigger.split("_of_")]
    known = sorted(x for x in ways if x is not None)
    if trigger.startswith("afhandeling_of_"):
        return ways[0] or ways[1]
    return known[0] if known else None


def _way(way: str, told: "dict[str, object]") -> date | None:
    fields: dict[str, str] = told["fields"]  # type: ignore[assignment]
    if way == "einde_inschrijving":
        ends: list[date | None] = told["ends"]  # type: ignore[assignment]
        return None if not ends or None in ends else sorted(x for x in ends if x)[-1]
    if way == "documentdatum":
        return told["day"]  # type: ignore[return-value]
    if way == "einde_schooljaar":
        if "schooljaar" in fields:
            return date(int(fields["schooljaar"].split("-")[1]), 8, 1)
        day: date | None = told["day"]  # type: ignore[assignment]
        return None if day is None else school_year_over(day)
    if way in ("einde_bekostigingsjaar", "einde_boekjaar"):
        year = fields.get(way.removeprefix("einde_"))
        return None if year is None else date(int(year), 12, 31) + DAY
    name = {
        "afhandeling": "afgehandeld_op",
        "intrekking": "ingetrokken_op",
        "einde_noodzaak": "nodig_tot",
    }.get(way, way)
    found = fields.get(name)
    return None if found is None else date(*(int(x) for x in found.split("-")))
