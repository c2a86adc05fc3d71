"""Dates as pupil administrations write them, and birth dates that are known in part only."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

OLDEST_BIRTH_YEAR = 1900
_SERIAL_ZERO = date(1899, 12, 30)
_SERIALS = range(10_000, 80_000)
"""Spreadsheet day numbers from 1927 to 2119."""

_TIME = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?Z?$")
_PARTS = re.compile(r"(\d{1,4})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{1,4})")
_UNCERTAIN = re.compile(r"^(?:ca\.?|circa|±)\s*|\s*(?:\?|\(onzeker\)|onzeker)$", re.IGNORECASE)
_UNKNOWN = frozenset({"onbekend", "0", "00000000", "00-00-0000", "0000-00-00", "?", "-"})


@dataclass(frozen=True, slots=True)
class Birth:
    """A birth date: `day` when it is known in full, else `partial` (`2015`, `2015-03`, or a date with `?`)."""

    day: date | None = None
    partial: str = ""

    def differs(self, other: "Birth") -> bool | None:
        """Whether two birth dates contradict each other; None where one of them is not known in full.

        Parts never prove that dates are equal, but parts that cannot be one date do prove that they differ.
        """
        if self.day and other.day:
            return self.day != other.day
        mine, theirs = self._shown(), other._shown()
        if not mine or not theirs or "?" in mine or "?" in theirs:
            return None
        shortest = min(len(mine), len(theirs))
        return True if mine[:shortest] != theirs[:shortest] else None

    def __str__(self) -> str:
        return self._shown()

    def _shown(self) -> str:
        return self.day.isoformat() if self.day else self.partial


def parse_day(text: str, today: date) -> date:
    """Read dd-mm-jjjj, d-m-jj, ISO, jjjjmmdd, a spreadsheet's day number, each with or without a time after it.

    Dutch order: 03-04 is 3 April. Two digits of a year lie between 90 years back and 10 years ahead of `today`.
    Raises ValueError for what is no date that exists.
    """
    return _day(*_numbers(_TIME.sub("", text.strip())), today, ahead=10)


def parse_birth(text: str, today: date) -> Birth:
    """Read a birth date, in part where days or months are 00, missing, or marked as uncertain. Raises ValueError."""
    cleaned = _TIME.sub("", text.strip())
    if cleaned.casefold() in _UNKNOWN:
        return Birth()
    certain = _UNCERTAIN.sub("", cleaned).strip()
    if re.fullmatch(r"(19|20)\d\d", certain):
        return Birth(partial=certain)
    if month_only := re.fullmatch(r"(\d{1,2})[-/.]((?:19|20)\d\d)|((?:19|20)\d\d)-(\d{1,2})", certain):
        year, month = int(month_only[2] or month_only[3]), int(month_only[1] or month_only[4])
        return _checked_partial(year, month)
    year, month, day = _numbers(certain)
    if day == 0 or month == 0:
        return _checked_partial(year, month)
    whole = _day(year, month, day, today, ahead=0)
    return Birth(whole) if certain == cleaned else Birth(partial=f"{whole.isoformat()}?")


def possible_birth(birth: Birth, today: date) -> bool:
    """Whether someone can have been born then: not in the future, not before 1900."""
    text = str(birth).rstrip("?")
    return not text or (int(text[:4]) >= OLDEST_BIRTH_YEAR and text <= today.isoformat())


def _checked_partial(year: int, month: int) -> Birth:
    if year < 100 or month > 12:
        raise ValueError("no birth date")
    return Birth(partial=f"{year:04d}-{month:02d}" if month else f"{year:04d}")


def _numbers(text: str) -> tuple[int, int, int]:
    """Year, month and day as written; a year of two digits stays below 100."""
    if re.fullmatch(r"\d{8}", text):
        return int(text[:4]), int(text[4:6]), int(text[6:])
    if re.fullmatch(r"\d{5}(\.0+)?", text) and int(text[:5]) in _SERIALS:
        day = _SERIAL_ZERO + timedelta(days=int(text[:5]))
        return day.year, day.month, day.day
    parts = _PARTS.fullmatch(text)
    if parts is None:
        raise ValueError("no date")
    first, second, third = parts.groups()
    if len(first) == 4:
        year, month, day_text = first, second, third
    else:
        day_text, month, year = first, second, third
    if len(day_text) > 2 or len(year) not in (2, 4):
        raise ValueError("no date")
    if len(year) == 4 and int(year) < 1000:
        raise ValueError("no date")
    return int(year), int(month), int(day_text)


def _day(year: int, month: int, day: int, today: date, ahead: int) -> date:
    if year < 100:
        year += today.year // 100 * 100
        if year > today.year + ahead:
            year -= 100
    return date(year, month, day)
