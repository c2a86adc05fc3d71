"""What people type to find a pupil: parts of names in any order, a number, a group, a birth date. Pure.

`fold` and `sort_key` make the column that is searched, so that both sides are spelled alike.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

MOST_WORDS = 6
MONTHS = {
    "januari": 1, "jan": 1, "februari": 2, "feb": 2, "febr": 2, "maart": 3, "mrt": 3, "april": 4, "apr": 4,
    "mei": 5, "juni": 6, "jun": 6, "juli": 7, "jul": 7, "augustus": 8, "aug": 8, "september": 9, "sep": 9, "sept": 9,
    "oktober": 10, "okt": 10, "november": 11, "nov": 11, "december": 12, "dec": 12,
}  # fmt: skip
PREFIXES = {"vd": ("van", "d"), "vdr": ("van", "der"), "vdn": ("van", "den")}
"""Short spellings of prefixes; `d` is the beginning of de, den and der."""

_NAMES = "|".join(sorted(MONTHS, key=len, reverse=True))
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_FIGURES = re.compile(r"(?<!\d)(\d{1,2})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{4}|\d{2})(?!\d)")
_SHORT = re.compile(r"(?<![\w-])(\d{1,2})[-/](\d{1,2})(?![\w/-])")
_WORDS = re.compile(rf"(?<!\w)(\d{{1,2}})[\s-]*({_NAMES})\.?(?:[\s-]+(\d{{4}}|\d{{2}}))?(?!\w)")
_MONTH = re.compile(rf"(?<!\w)({_NAMES})\.?[\s-]+(\d{{4}})(?!\w)")
_EIGHT = re.compile(r"(\d{2})(\d{2})(\d{4})")
_GROUP = re.compile(r"(?<!\w)(?:groep|groepen|gr|klas)\.?\s+(\w[\w-]*)")


@dataclass(frozen=True, slots=True)
class Birth:
    """A birth date, or a part of one: None where the person did not say."""

    day: int | None
    month: int
    year: int | None

    @property
    def whole(self) -> date | None:
        """The date, if it was said in full."""
        return date(self.year, self.month, self.day) if self.day is not None and self.year is not None else None


@dataclass(frozen=True, slots=True)
class Word:
    """A typed word. `birth`: it may be a birth date as well (eight figures in a row)."""

    text: str
    birth: Birth | None = None

    @property
    def number(self) -> str | None:
        """As the beginning of a pupil's number, leading zeros left out; None where it is no number."""
        return (self.text.lstrip("0") or "0") if self.text[:1].isdigit() else None


@dataclass(frozen=True, slots=True)
class Asked:
    """All of it must hold; of each of `either` the date or all its words (`7 jan`: a day, or a group and a name)."""

    words: tuple[Word, ...] = ()
    groups: tuple[str, ...] = ()
    births: tuple[Birth, ...] = ()
    either: tuple[tuple[Birth, tuple[Word, ...]], ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing was asked."""
        return not (self.words or self.groups or self.births or self.either)


def read(text: str, today: date) -> Asked:
    """What `text` asks for. Two figures of a year are of a pupil who is born already."""
    rest = fold(text)
    births: list[Birth] = []
    either: list[tuple[Birth, tuple[Word, ...]]] = []
    groups: list[str] = []

    def sure(day: str | None, month: int, year: str) -> str:
        found = _birth(day, month, year, today)
        if found is None:
            return f"{day or ''} {month} {year}"
        births.append(found)
        return " "

    def unsure(match: re.Match[str], month: int) -> str:
        found = _birth(match[1], month, None, today)
        if found is None:
            return match[0]
        either.append((found, _words(match[0])))
        return " "

    rest = _ISO.sub(lambda m: sure(m[3], int(m[2]), m[1]), rest)
    rest = _FIGURES.sub(lambda m: sure(m[1], int(m[2]), m[3]), rest)
    rest = _WORDS.sub(lambda m: sure(m[1], MONTHS[m[2]], m[3]) if m[3] else unsure(m, MONTHS[m[2]]), rest)
    rest = _MONTH.sub(lambda m: sure(None, MONTHS[m[1]], m[2]), rest)
    rest = _SHORT.sub(lambda m: unsure(m, int(m[2])), rest)

    def group(match: re.Match[str]) -> str:
        groups.append(match[1])
        return " "

    rest = _GROUP.sub(group, rest)
    words = []
    for word in _words(rest):
        eight = _EIGHT.fullmatch(word.text)
        words.append(Word(word.text, _birth(eight[1], int(eight[2]), eight[3], today)) if eight else word)
    return Asked(tuple(words[:MOST_WORDS]), tuple(groups[:2]), tuple(births[:2]), tuple(either[:2]))


def fold(text: str) -> str:
    """Lower case without accents, for finding names as people type them (the column `sort_name` is made with it)."""
    plain = unicodedata.normalize("NFKD", text.replace("ı", "i").replace("ł", "l").replace("Ł", "L"))
    stripped = "".join(x for x in plain if not unicodedata.combining(x)).casefold().replace("ø", "o").replace("ß", "ss")
    return stripped.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").replace("\N{LEFT SINGLE QUOTATION MARK}", "'")


def sort_key(given_name: str, prefix: str, surname: str) -> str:
    """The folded name under which a pupil is sorted and found: surname, given name, prefix."""
    return fold(" ".join(x for x in (surname, given_name, prefix) if x))


def in_group(asked: str, group: str) -> bool:
    """Whether a group's name is meant: `7`, `7a` and `groep 7` all mean `groep 7a`."""
    name = fold(group)
    return name == asked or any(x.startswith(asked) for x in name.split())


def _words(text: str) -> tuple[Word, ...]:
    found: list[Word] = []
    for part in re.split(r"[\s,;.()/]+", text):
        word = part.strip("-'\"")
        found.extend(Word(x) for x in PREFIXES.get(word, (word,)) if x)
    return tuple(found)


def _birth(day: str | None, month: int, year: str | None, today: date) -> Birth | None:
    full = None if year is None else int(year)
    if full is not None and full < 100:
        full += 2000 if 2000 + full <= today.year else 1900
    try:
        date(full or 2000, month, int(day or 1))  # 2000 has a 29 February
    except ValueError:
        return None
    return Birth(int(day) if day else None, month, full)
