"""Finds every date in a text, in Dutch spellings and with what OCR does to them. What a date means is `datelabels`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from rapidfuzz.distance import OSA

from ingest.rules.text import PageView, read_digits

_MONTHS = {
    "januari": 1, "jan": 1, "jan.": 1, "january": 1, "februari": 2, "feb": 2, "febr": 2, "maart": 3, "mrt": 3,
    "mar": 3, "maa": 3, "april": 4, "apr": 4, "mei": 5, "juni": 6, "jun": 6, "juli": 7, "jul": 7, "augustus": 8,
    "aug": 8, "september": 9, "sept": 9, "sep": 9, "oktober": 10, "okt": 10, "october": 10, "oct": 10,
    "november": 11, "nov": 11, "december": 12, "dec": 12,
}  # fmt: skip
_LONG_MONTHS = tuple(month for month in _MONTHS if len(month) >= 4)
_LOOKALIKE = "0-9oliszbq|!"
_DIGIT = rf"[{_LOOKALIKE}]"
# A century in front makes a year out of look-alikes; anything else would read words as numbers.
_DAY = rf"(?:\d{_DIGIT}?|{_DIGIT}\d|[li|!][lio|!]?(?=[. ]))"
_YEAR4 = rf"[12lizi|!][9o0q]{_DIGIT}{{2}}"

_NUMERIC = re.compile(
    rf"(?<![\w/.,-])(?P<day>{_DIGIT}{{1,2}})(?P<sep>\s?[-/.]\s?|\s)(?P<month>{_DIGIT}{{1,2}})(?P=sep)"
    rf"(?P<year>{_YEAR4}|'?\d{{2}})(?![\w/-]|[.,:]\d)"
)
_ISO = re.compile(
    rf"(?<![\w/.-])(?P<year>{_YEAR4})(?P<sep>[-/.])(?P<month>{_DIGIT}{{1,2}})(?P=sep)(?P<day>{_DIGIT}{{1,2}})(?![\w/-])"
)
_WORDED = re.compile(
    rf"(?<![\w/-])(?P<day>{_DAY})(?:e|ste|de)?[. ]{{0,2}}[- ]?(?P<month>[a-z][a-z0-9]{{2,10}})[. ]?[- ,]{{0,2}}"
    rf"(?P<year>{_YEAR4}|'?\d{{2}}(?![.:]\d))(?![\w/-]|\.\d)"
)
# A long line may end inside a date.
_BROKEN = re.compile(
    rf"(?<![\w/-])(?P<day>\d\d?)\s{{1,3}}(?P<month>{'|'.join(month for month in _MONTHS if month.isalpha())})\s{{1,3}}"
    r"(?P<year>[12][90]\d\d)(?!\w)"
)
_MONTH_YEAR = re.compile(rf"(?<![\w/-])(?P<month>[a-z]{{3,10}})\.?\s(?P<year>{_YEAR4})(?![\w/-])")
_WEEKDAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
_WEEKDAY = re.compile(rf"\b({'|'.join(_WEEKDAYS)}),? $")
_CENTURY_PIVOT = 60
_FULL_LINE = 30
_DIGITS_AS_LETTERS = str.maketrans("01586", "olsbb")


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in the fold of a page. `exact` is False where look-alikes were read as digits or a month was mended.

    `whole` is False for a month without a day (the first is taken). `weekday` (0 is Monday) stands before
    it, None where none does.
    """

    value: date
    start: int
    end: int
    exact: bool
    whole: bool = True
    weekday: int | None = None


def find_dates(page: PageView) -> tuple[FoundDate, ...]:
    """All dates of the page in order; overlapping readings give the longest."""
    found: list[FoundDate] = []
    for one in sorted(_readings(page.low), key=lambda item: (item.start - item.end, item.start)):
        if all(one.end <= other.start or one.start >= other.end for other in found):
            found.append(one)
    return tuple(sorted(found, key=lambda item: item.start))


def parse_month(word: str) -> tuple[int, bool] | None:
    """The month (1-12) that `word` names and whether it is spelled right; None for other words."""
    known = _MONTHS.get(word)
    if known is not None:
        return known, True
    if len(word) < 4:
        return None
    mended = word.replace("rn", "m").replace("1", "l").replace("0", "o")
    known = _MONTHS.get(mended) or _MONTHS.get(read_letters(mended))
    if known is not None and len(mended) >= 3:
        return known, False
    if len(mended) < 5:
        return None
    near = {_MONTHS[month] for month in _LONG_MONTHS if len(month) >= 5 and OSA.distance(mended, month) <= 1}
    return (near.pop(), False) if len(near) == 1 else None


def read_letters(word: str) -> str:
    """`word` with digits that OCR puts for letters read as letters (1 → l, 0 → o, 5 → s)."""
    return word.translate(_DIGITS_AS_LETTERS)


def _readings(low: str) -> Iterator[FoundDate]:
    for pattern in (_ISO, _NUMERIC):
        for hit in pattern.finditer(low):
            if not _numeric_allowed(hit):
                continue
            one = _make(hit, read_digits(hit["month"]), exact=hit["month"].isdigit())
            if one is not None:
                yield one
    for hit in _WORDED.finditer(low):
        month = parse_month(hit["month"])
        if month is not None:
            one = _make(hit, str(month[0]), exact=month[1])
            if one is not None:
                yield one
    for hit in _BROKEN.finditer(low):
        cut = low.find("\n", hit.start(), hit.end())
        if cut >= 0 and cut - low.rfind("\n", 0, hit.start()) > _FULL_LINE:
            one = _make(hit, str(_MONTHS[hit["month"]]), exact=True)
            if one is not None:
                yield one
    for hit in _MONTH_YEAR.finditer(low):
        named = _MONTHS.get(hit["month"])
        year = _year(hit["year"])
        if named is not None and year is not None:
            yield FoundDate(date(year, named, 1), hit.start(), hit.end(), hit["year"].isdigit(), whole=False)


def _numeric_allowed(hit: re.Match[str]) -> bool:
    separator = hit["sep"].strip()
    year = hit["year"]
    parts = (hit["day"], hit["month"], year)
    if sum(char.isdigit() for part in parts for char in part) < sum(len(part) for part in parts) / 2:
        return False
    if separator == "":
        # "12 03 2026" in the boxes of a form, and only so: two, two and four.
        return len(hit["day"]) == 2 and len(hit["month"]) == 2 and len(year) == 4 and "".join(parts).isdigit()
    if len(year) < 4:
        # "1.2.26" is a paragraph, "06-12-34 56" a telephone number.
        following = hit.string[hit.end() : hit.end() + 3]
        return separator != "." and not re.match(r"\s?\d\d(?![:.\d])", following)
    return True


def _make(hit: re.Match[str], month: str, *, exact: bool) -> FoundDate | None:
    year = _year(hit["year"])
    day = read_digits(hit["day"])
    if year is None or not day.isdigit() or not month.isdigit():
        return None
    if not any(char.isdigit() for char in hit["day"] + hit["year"]):
        return None
    try:
        value = date(year, int(month), int(day))
    except ValueError:
        return None
    firm = exact and hit["day"].isdigit() and _plain_year(hit["year"])
    named = _WEEKDAY.search(hit.string, max(0, hit.start() - 12), hit.start())
    weekday = None if named is None else _WEEKDAYS.index(named[1])
    return FoundDate(value, hit.start(), hit.end(), firm, weekday=weekday)


def _plain_year(text: str) -> bool:
    return text.lstrip("'").isdigit()


def _year(text: str) -> int | None:
    digits = read_digits(text.lstrip("'"))
    if not (digits.isascii() and digits.isdigit()):
        return None
    if len(digits) == 2:
        return 2000 + int(digits) if int(digits) < _CENTURY_PIVOT else 1900 + int(digits)
    year = int(digits)
    return year if 1900 <= year <= 2100 else None
