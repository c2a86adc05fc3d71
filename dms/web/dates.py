"""Reads dates as people in the Netherlands write them, and writes them back the same way.

The day comes first. Nothing is guessed from the browser's language; a date that could mean two things is read as
day-month-year, and one that cannot be is refused.
"""

import re
from datetime import date

MONTHS = {
    "jan": 1, "feb": 2, "maa": 3, "mrt": 3, "mar": 3, "apr": 4, "mei": 5, "may": 5, "jun": 6,
    "jul": 7, "aug": 8, "sep": 9, "okt": 10, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
"""The first three letters of a month, Dutch and English."""
WEEKDAY = re.compile(r"^(?:ma|di|wo|do|vr|za|zo|mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+", re.IGNORECASE)
AHEAD = 20
"""A year of two digits is at most so many years ahead, else of the century before."""
CENTURY = 100
OLDEST, NEWEST = 1900, 2199


def read_day(text: str, today: date) -> date:
    """The date that `text` says: 3-9-2026, 03/09/26, 3.9.2026, 3 sep 2026, do 3 september 2026, 03092026, 2026-09-03.

    Years of two digits lie between 80 years ago and 20 years ahead of `today`. Raises ValueError for what is no date.
    """
    given = WEEKDAY.sub("", " ".join(text.split()))
    year, month, day = _parts(given)
    if len(year) <= len("26"):
        year = str(_century(int(year), today))
    number = int(year)
    if not OLDEST <= number <= NEWEST:
        raise ValueError("the year is out of bounds")
    return date(number, _month(month), int(day))


def typed_day(value: date | str | None) -> str:
    """A date as one types it: 03-09-2026. An ISO text is rewritten; anything else stays as it was typed."""
    if isinstance(value, date):
        return f"{value:%d-%m-%Y}"
    text = value or ""
    try:
        return f"{date.fromisoformat(text):%d-%m-%Y}" if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else text
    except ValueError:
        return text


def _parts(text: str) -> tuple[str, str, str]:
    """(year, month, day) as they stand in `text`."""
    if found := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", text, re.ASCII):
        return found[1], found[2], found[3]
    if found := re.fullmatch(r"(\d\d)(\d\d)(\d{4}|\d\d)", text, re.ASCII):
        return found[3], found[2], found[1]
    between = r"(?:\s*[-/.,]\s*|\s+)"
    if found := re.fullmatch(rf"(\d{{1,2}}){between}(\d{{1,2}}){between}'?(\d{{4}}|\d\d)", text, re.ASCII):
        return found[3], found[2], found[1]
    if found := re.fullmatch(r"(\d{1,2})(?:e|de|ste|\.)?[\s./-]*([A-Za-z]+)[\s./,'-]*(\d{4}|\d\d)", text, re.ASCII):
        return found[3], found[2], found[1]
    raise ValueError("this is no date")


def _month(text: str) -> int:
    if text.isdigit():
        return int(text)
    letters = text.lower()
    number = MONTHS.get(letters[:3])
    if number is None or not any(x.startswith(letters) for x in MONTH_NAMES):
        raise ValueError("this is no month")
    return number


def _century(short: int, today: date) -> int:
    year = today.year - today.year % CENTURY + short
    if year > today.year + AHEAD:
        year -= CENTURY
    return year


MONTH_NAMES = (
    "januari", "februari", "maart", "mrt", "april", "mei", "juni", "juli", "augustus", "september", "sept",
    "oktober", "november", "december", "january", "february", "march", "may", "june", "july", "august", "october",
)  # fmt: skip
