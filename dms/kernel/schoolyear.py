"""The Dutch school year: 1 August to 31 July (formats of the education exchange standards)."""

import re
from dataclasses import dataclass
from datetime import date

FIRST_MONTH = 8


@dataclass(frozen=True, order=True, slots=True)
class SchoolYear:
    """The school year that begins on 1 August of `start`."""

    start: int

    @property
    def first_day(self) -> date:
        """1 August."""
        return date(self.start, FIRST_MONTH, 1)

    @property
    def last_day(self) -> date:
        """31 July of the next year."""
        return date(self.start + 1, FIRST_MONTH - 1, 31)

    def __str__(self) -> str:
        return f"{self.start}-{self.start + 1}"


def school_year_of(day: date) -> SchoolYear:
    """The school year in which `day` falls."""
    return SchoolYear(day.year if day.month >= FIRST_MONTH else day.year - 1)


def parse_school_year(text: str) -> SchoolYear | None:
    """Read `2020-2021`, `2020 / 2021`, `2020/21` or `2324`; None where it is no school year."""
    cleaned = text.strip()
    if short := re.fullmatch(r"(\d\d)(\d\d)", cleaned):
        first, second = int(short[1]), int(short[2])
        return SchoolYear(2000 + first) if second == (first + 1) % 100 else None
    if long := re.fullmatch(r"(\d{4})\s*[-/]\s*(\d{4}|\d\d)", cleaned):
        start = int(long[1])
        end = int(long[2]) if len(long[2]) == 4 else start // 100 * 100 + int(long[2])
        if len(long[2]) == 2 and end < start:
            end += 100
        return SchoolYear(start) if end == start + 1 else None
    return None
