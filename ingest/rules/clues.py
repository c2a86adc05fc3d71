"""What a text says about whom it concerns: numbers, names, birth dates, groups, and in which role.

It knows no pupils: whose these clues are is for `roster` and `match`. Clues hold personal data and must not be logged.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from stdnum.nl import bsn, onderwijsnummer

from ingest.rules.datelabels import DateRole, RoledDate, roled_dates
from ingest.rules.roles import NameField, PageRoles, Role
from ingest.rules.text import PageText, PageView, Span, read_digits, views

__all__ = [
    "BirthClue", "Clues", "GroupClue", "NameField", "NumberClue", "PersonalNumberClue", "PersonalNumberKind", "Role",
    "Word", "extract", "group_key", "number_key",
]  # fmt: skip


class PersonalNumberKind(StrEnum):
    """Which check a nine-digit number passed."""

    BSN = "bsn"
    ONDERWIJSNUMMER = "onderwijsnummer"


@dataclass(frozen=True, slots=True)
class NumberClue:
    """A number that may be a pupil's, without leading zeros.

    `labelled`: the text calls it a pupil number. `exact`: no look-alike was read as a digit. `line` counts from 0.
    """

    value: str
    span: Span
    line: int
    role: Role = Role.UNKNOWN
    labelled: bool = True
    exact: bool = True


@dataclass(frozen=True, slots=True)
class PersonalNumberClue:
    """Nine digits that pass a check; `labelled` says that the text calls them so."""

    value: str
    kind: PersonalNumberKind
    labelled: bool
    role: Role
    span: Span


@dataclass(frozen=True, slots=True)
class BirthClue:
    """A date that may be a birth date. `labelled`: the text calls it so; `exact`: read without mending."""

    value: date
    role: Role
    span: Span
    line: int
    labelled: bool = True
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Word:
    """A word that may be part of a name: folded, its page and line, the role there.

    `joined`: hangs on the word before by a hyphen. `comma`: a comma stands before it. `field`: the field of a form.
    `label`: is itself a word of role or the name of a field, so no name.
    """

    text: str
    capital: bool
    joined: bool
    comma: bool
    line: int
    role: Role
    field: NameField | None
    label: bool
    span: Span

    @property
    def page(self) -> int:
        """The number of its page."""
        return self.span.page


@dataclass(frozen=True, slots=True)
class GroupClue:
    """A group as a key such as `7`, `7b`, `1b` (see `group_key`), and whether it is the value of a field."""

    value: str
    span: Span
    line: int
    labelled: bool = False


@dataclass(frozen=True, slots=True)
class Clues:
    """All that a text says about whom it concerns.

    `plural`: it says itself that it is about several children. `both`: it speaks of two children, as a paper about
    one who had a quarrel does too. `readable`: there was text at all.
    """

    numbers: tuple[NumberClue, ...] = ()
    personal_numbers: tuple[PersonalNumberClue, ...] = ()
    births: tuple[BirthClue, ...] = ()
    words: tuple[Word, ...] = ()
    groups: tuple[GroupClue, ...] = ()
    plural: bool = False
    both: bool = False
    readable: bool = True


_NUMBER_LABEL = re.compile(
    r"(?:(?:leerling|leerl|stam|lln|ll|deelnemers?|student(?:en)?|pupil|kandidaat)[ .-]{0,2}"
    r"(?:nummer|numrner|nurnmer|num|nr|no)\b\.?|\bleerlingid\b|\bleerling-?code\b)"
)
_NUMBER = re.compile(r"(?<![\w/.,-])(?=[^\s]{0,11}\d)[0-9oliszb]{3,10}(?![\w/]|[-.,]\d)")
_PLAIN_NUMBER = re.compile(r"(?<![\w/.,-])\d{4,10}(?![\w/]|[-.,]\d)")
_NINE = re.compile(
    r"(?<![\w.,/-])(?:[0-9oliszb]{8,9}|"
    r"\d{4}[. ]\d{2}[. ]\d{3}|\d{3}[-. ]\d{3}[-. ]\d{3})(?![\w/]|[-.,]\d)"
)
_NINE_LABEL = re.compile(
    r"\bb\.?s\.?n\b|bsn|burgerservice|sofi|\bpgn\b|persoonsgebonden|onderwijsnummer|ond\.? ?nr|ow-?nummer|"
    r"service ?nummer"
)
_GROUP = re.compile(
    r"\b(?:stam|jaar)?(?P<word>groep|klas|gr\.|leerjaar|kl\.)(?P<gap>\s*[:|]?\s{0,8})"
    r"(?P<value>[1-6][a-z]{1,4}\d?(?!\w)|(?:[1-8]|l(?=[ ,.;)\n]|$))"
    r"\s?[-/]?\s?(?:[1-8](?!\d)|[a-h](?!\w))?(?!\w))"
)
_RANGE_AFTER = re.compile(r"\s?(?:t/m|tot|tm\b|-\s?[1-8]|en hoger)")
_WORD = re.compile(r"[a-z][a-z0-9]*|[0-9](?=[a-z]{2})[a-z0-9]*", re.IGNORECASE)
_PLURAL = re.compile(
    r"(?<!overige )(?<!andere )(?<!aantal )\b(?:leerlingen|kinderen|zonen|dochters)\s?:|\btweeling(?!broer|zus)|"
    r"\b(?:uw|onze|mijn) (?:beide )?(?:kinderen|leerlingen|zonen|dochters)\b"
)
_BOTH = re.compile(r"\bbeide (?:kinderen|leerlingen|zonen|dochters|jongens|meisjes)\b|\ballebei\b")
_YEARS = range(1940, 2041)


def extract(pages: Sequence[PageText]) -> Clues:
    """Gather the clues of all pages, in the order of the text. Never raises."""
    prepared = views(pages)
    numbers: list[NumberClue] = []
    personal: list[PersonalNumberClue] = []
    births: list[BirthClue] = []
    words: list[Word] = []
    groups: list[GroupClue] = []
    for page, dates in roled_dates(prepared):
        roles = PageRoles(page)
        taken = [(one.found.start, one.found.end) for one in dates]
        personal.extend(_personal_numbers(page, roles, taken))
        numbers.extend(_numbers(page, roles, taken))
        births.extend(_births(page, roles, dates))
        words.extend(_words(page, roles))
        groups.extend(_groups(page))
    return Clues(
        tuple(numbers), tuple(personal), tuple(births), tuple(words), tuple(groups),
        plural=any(_PLURAL.search(page.low) for page in prepared),
        both=any(_BOTH.search(page.low) for page in prepared),
        readable=any(page.low.strip() for page in prepared),
    )  # fmt: skip


def number_key(number: str) -> str:
    """A pupil number for comparison: only letters and digits, lower case, no leading zeros."""
    return re.sub(r"[^0-9a-z]", "", number.lower()).lstrip("0")


def group_key(name: str) -> str:
    """A group's name for comparison: `Groep 7 b` → `7b`, `klas 1B` → `1b`."""
    low = re.sub(r"\b(?:stam|jaar)?(?:groep|klas|leerjaar)\b|\bgr\b|\bkl\b", "", name.lower())
    return re.sub(r"[^0-9a-z]", "", low)


def _clear(start: int, end: int, taken: Sequence[tuple[int, int]]) -> bool:
    return all(end <= other[0] or start >= other[1] for other in taken)


def _personal_numbers(
    page: PageView, roles: PageRoles, taken: Sequence[tuple[int, int]]
) -> Iterator[PersonalNumberClue]:
    for hit in _NINE.finditer(page.low):
        if not _clear(hit.start(), hit.end(), taken):
            continue
        index = page.line_index(hit.start())
        line = page.lines[index]
        before = page.low[line.start : hit.start()]
        labelled = bool(_NINE_LABEL.search(before[-60:]))
        if not labelled and not any(char.isalpha() for char in before):
            labelled = bool(_NINE_LABEL.search(page.line_text(index - 1)))
        raw = re.sub(r"[^0-9a-z]", "", hit.group())
        if not (labelled or raw.isdigit()):
            continue
        digits = read_digits(raw)
        if labelled and len(digits) == 8:
            digits = "0" + digits
        kind = _checked(digits)
        if kind is not None:
            yield PersonalNumberClue(
                digits, kind, labelled, roles.line_role(index, hit.start()), page.span(hit.start(), hit.end())
            )


def _checked(digits: str) -> PersonalNumberKind | None:
    if len(digits) != 9 or not digits.isdigit():
        return None
    if onderwijsnummer.is_valid(digits):
        return PersonalNumberKind.ONDERWIJSNUMMER
    return PersonalNumberKind.BSN if bsn.is_valid(digits) else None


def _numbers(page: PageView, roles: PageRoles, taken: Sequence[tuple[int, int]]) -> Iterator[NumberClue]:
    used: set[int] = set()
    for label in _NUMBER_LABEL.finditer(page.low):
        index = page.line_index(label.start())
        role = roles.line_role(index, label.start())
        hit = _value_after(page, index, label.end(), taken)
        if hit is not None and hit.start() not in used:
            used.add(hit.start())
            yield _number(page, hit, role, labelled=True)
    for hit in _PLAIN_NUMBER.finditer(page.low):
        if hit.start() in used or int(hit.group()) in _YEARS or not _clear(hit.start(), hit.end(), taken):
            continue
        role = roles.line_role(page.line_index(hit.start()), hit.start())
        yield _number(page, hit, role, labelled=False)


def _value_after(page: PageView, index: int, position: int, taken: Sequence[tuple[int, int]]) -> re.Match[str] | None:
    """The number that a label names: behind it in its line, else the only one in the line below."""
    line = page.lines[index]
    hit = _NUMBER.search(page.low, position, line.end)
    if hit is not None and _clear(hit.start(), hit.end(), taken):
        between = page.low[position : hit.start()]
        return hit if len(re.findall(r"[a-z]{2,}", between)) <= 1 else None
    for lower in range(index + 1, min(index + 3, len(page.lines))):
        below = page.lines[lower]
        if page.low[below.start : below.end].strip():
            found = [one for one in _NUMBER.finditer(page.low, below.start, below.end)
                     if _clear(one.start(), one.end(), taken)]  # fmt: skip
            return found[0] if len(found) == 1 else None
    return None


def _number(page: PageView, hit: re.Match[str], role: Role, *, labelled: bool) -> NumberClue:
    raw = hit.group()
    return NumberClue(
        number_key(read_digits(raw)), page.span(hit.start(), hit.end()), page.line_index(hit.start()),
        role, labelled, raw.isdigit(),
    )  # fmt: skip


def _births(page: PageView, roles: PageRoles, dates: Sequence[RoledDate]) -> Iterator[BirthClue]:
    for one in dates:
        if one.found.whole and not (one.role is DateRole.DOCUMENT and one.labelled):
            index = page.line_index(one.found.start)
            yield BirthClue(
                one.found.value,
                roles.line_role(index, one.found.start),
                page.span(one.found.start, one.found.end),
                index,
                one.role is DateRole.BIRTH,
                one.found.exact,
            )


def _words(page: PageView, roles: PageRoles) -> Iterator[Word]:
    end_before = 0
    for hit in _WORD.finditer(page.plain):
        index = page.line_index(hit.start())
        gap = page.plain[end_before : hit.start()]
        end_before = hit.end()
        role, field = roles.at(index, hit.start())
        yield Word(
            hit.group().lower(),
            hit.group()[0].isupper() or hit.group()[0].isdigit(),
            gap == "-",
            "," in gap,
            index,
            role,
            field,
            any(mark.start < hit.end() and hit.start() < mark.end for mark in roles.marks(index)),
            page.span(hit.start(), hit.end()),
        )


def _groups(page: PageView) -> Iterator[GroupClue]:
    for hit in _GROUP.finditer(page.low):
        if _RANGE_AFTER.match(page.low, hit.end()):
            continue
        value = group_key(hit["value"].replace("l", "1", 1) if hit["value"].startswith("l") else hit["value"])
        span = page.span(hit.start("value"), hit.end("value"))
        yield GroupClue(value, span, page.line_index(hit.start()), ":" in hit["gap"] or len(hit["gap"]) > 2)
