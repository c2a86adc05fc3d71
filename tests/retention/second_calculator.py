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
