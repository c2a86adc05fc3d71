"""Terms as ISO 8601 durations of whole years, months, weeks or days, added by the calendar."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from dms.kernel.schoolyear import school_year_of

_TERM = re.compile(r"P(?=\d)(?:(\d{1,3})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?")


@dataclass(frozen=True, slots=True)
class Term:
    """How long something is kept. `months` counts years too."""

    months: int = 0
    days: int = 0

    def after(self, start: date) -> date:
        """The day on which the term that starts on `start` is over. A day that its month lacks becomes the last
        day of that month: 29 February and 2 years is 28 February. Raises OverflowError past the year 9999.
        """
        month = start.month - 1 + self.months
        year = start.year + month // 12
        if year > date.max.year:
            raise OverflowError(year)
        month = month % 12 + 1
        last = calendar.monthrange(year, month)[1]
        return date(year, month, min(start.day, last)) + timedelta(days=self.days)


def parse_term(text: str) -> Term | None:
    """Read `P5Y`, `P6M`, `P28D`, `P1Y6M`; None for an empty text. Raises ValueError for anything else."""
    cleaned = text.strip().upper()
    if not cleaned:
        return None
    match = _TERM.fullmatch(cleaned)
    if match is None:
        raise ValueError(text)
    years, months, weeks, days = (int(part or 0) for part in match.groups())
    return Term(months=12 * years + months, days=7 * weeks + days)


class Rounding(StrEnum):
    """To which end a day on which a term is over is moved. Never earlier."""

    NONE = "none"
    CALENDAR_YEAR = "calendar_year"
    SCHOOL_YEAR = "school_year"


def round_up(day: date, rounding: Rounding) -> date:
    """The first day after the year in which the day before `day` falls; `day` itself where it is such a day.

    A term that ends within a year then runs on until that year is over.
    """
    if rounding is Rounding.NONE:
        return day
    if rounding is Rounding.CALENDAR_YEAR:
        return day if (day.month, day.day) == (1, 1) else date(day.year + 1, 1, 1)
    start = school_year_of(day).first_day
    return day if day == start else date(start.year + 1, start.month, start.day)


def term_text(term: Term | None) -> str:
    """The term as `parse_term` reads it; empty for none."""
    if term is None:
        return ""
    years, months = divmod(term.months, 12)
    parts = [f"{n}{unit}" for n, unit in ((years, "Y"), (months, "M"), (term.days, "D")) if n]
    return f"P{''.join(parts)}" if parts else "P0D"
