"""The one analyser: what a text and a question have in common. Versioned, because an index is only as good as the
analyser that wrote it.

Lower case, accents folded, Dutch stems with a list of families that no stemmer gets right, positions that count stop
words, dates in one form, parts of compounds. Pure and safe to use from several threads.
"""

import re
import threading
import unicodedata
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import NamedTuple

import snowballstemmer

from indexing.words import COMPOUND_PARTS, FAMILY, STOP_WORDS

ANALYSER_VERSION = 1

MAX_WORD = 64
"""Characters of a folded word that count; the rest of a monster word is cut off."""

_MARKS = "\u0300-\u036f"
_LETTER = rf"[^\W_][{_MARKS}]*"
# A word may be broken at the end of a line (`verkla-` / `ring`) or hold soft hyphens; an apostrophe-s is its ending.
_WORD = re.compile(
    rf"(?:{_LETTER})+(?:(?:\u00ad|[-\u00ad][ \t]*\r?\n[ \t]*)(?=[^\W\d_])(?:{_LETTER})+)*(?:['’`´][sS](?!\w))?"
)
_BREAK = re.compile(r"[\u00ad-]\s*")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari jan",
            "februari feb febr",
            "maart mrt",
            "april apr",
            "mei",
            "juni jun",
            "juli jul",
            "augustus aug",
            "september sep sept",
            "oktober okt",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATE = re.compile(
    r"(?<![\w-])(?:(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"
    r"|(?P<d2>\d{1,2})(?P<sep>[-/.])(?P<m2>\d{1,2})(?P=sep)(?P<y2>\d{4})"
    rf"|(?P<d3>\d{{1,2}})\s{{1,3}}(?P<m3>{_MONTH})\.?\s{{1,3}}(?P<y3>\d{{4}}))"
    r"(?![\w]|-\d)",
    re.IGNORECASE,
)
# What Unicode does not take apart by itself.
_BY_HAND = str.maketrans(
    {
        "ı": "i",
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ß": "ss",
        "ħ": "h",
        "ŋ": "n",
    }
)
_VOWELS = frozenset("aeiouy")
_stemmer = snowballstemmer.stemmer("dutch_porter")
_stemmer_lock = threading.Lock()


class Token(NamedTuple):
    """A word of a text: as it stands (folded), as it is searched, its place among the words, its place in the text.

    `width` is the number of words it spans (3 for a date, which stands beside its own parts). `start` and `end` count
    characters. A `stop` word keeps its position but is searched in names only.
    """

    surface: str
    stem: str
    position: int
    start: int
    end: int
    stop: bool = False
    is_date: bool = False
    width: int = 1


def tokens(text: str) -> Iterator[Token]:
    """The words of `text` in order; a date comes before the words that it is made of."""
    dates = {x.start(): x for x in _DATE.finditer(text)}
    for position, found in enumerate(_WORD.finditer(text)):
        start, end = found.span()
        whole = dates.get(start)
        if whole is not None and (day := _date_of(whole)) is not None:
            form = date_form(day)
            yield Token(form, form, position, start, whole.end(), is_date=True, width=3)
        surface = fold_word(found.group())
        if surface:
            yield Token(surface, stem(surface), position, start, end, stop=surface in STOP_WORDS)


def question(text: str) -> tuple[Token, ...]:
    """The words of something typed: a date stands for its parts, positions start at 0."""
    result: list[Token] = []
    busy_until = 0
    for token in tokens(text):
        if token.position >= busy_until:
            result.append(token)
            busy_until = token.position + token.width
    first = result[0].position if result else 0
    if first == 0:
        return tuple(result)
    return tuple(x._replace(position=x.position - first) for x in result)


def date_form(day: date) -> str:
    """The word under which a date is kept. No text can hold it by itself: words have no underscore."""
    return f"_{day:%Y%m%d}"


@lru_cache(maxsize=1 << 17)
def fold_word(word: str) -> str:
    """A word in lower case without accents, hyphens at a line's end or an apostrophe-s; at most `MAX_WORD` long."""
    flat = _BREAK.sub("", word)
    if len(flat) > 2 and flat[-1] in "sS" and flat[-2] in "'’`´":
        flat = flat[:-2]
    # Taken apart before and after the change of case: a styled capital is no capital, and an İ becomes two signs.
    small = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", flat).casefold())
    apart = small.translate(_BY_HAND)
    return "".join(x for x in apart if x.isalnum())[:MAX_WORD]


def fold(text: str) -> str:
    """The words of `text`, folded, with one space between."""
    return " ".join(x for x in (fold_word(found.group()) for found in _WORD.finditer(text)) if x)


@lru_cache(maxsize=1 << 17)
def stem(surface: str) -> str:
    """The searched form of a folded word. Words with digits, and of two letters or less, stay as they are."""
    known = FAMILY.get(surface)
    if known is not None:
        return known
    if len(surface) < 3 or not surface.isalpha():
        return surface
    if surface.endswith("ties"):
        surface = surface[:-1]
    with _stemmer_lock:
        found: str = _stemmer.stemWord(surface)
    # `brieven` leaves `briev` and `plannen` leaves `plann`: one spelling for both numbers.
    if len(found) > 3 and found[-1] == found[-2] and found[-1] not in _VOWELS:
        found = found[:-1]
    if found[-1] in "vz" and len(found) > 2:
        found = found[:-1] + ("f" if found[-1] == "v" else "s")
    return FAMILY.get(found, found) if len(found) > 3 else found


@lru_cache(maxsize=1 << 17)
def parts(surface: str) -> tuple[str, ...]:
    """The stems of the parts of a compound, or nothing where it is none.

    Either all of it consists of known parts, with `s`, `n`, `en` or `e` between, or it ends in a known part of five
    letters or more behind a rest of four or more: `neurologieverslag`.
    """
    if not 8 <= len(surface) <= MAX_WORD or not surface.isalpha() or surface in COMPOUND_PARTS:
        return ()
    whole = _split(surface, 4)
    if whole is not None and len(whole) > 1:
        return tuple(dict.fromkeys(stem(x) for x in whole))
    for cut in range(4, len(surface) - 4):
        rest, tail = surface[:cut], surface[cut:]
        if (tail in COMPOUND_PARTS or FAMILY.get(tail) in COMPOUND_PARTS) and _VOWELS.intersection(rest):
            return tuple(dict.fromkeys((stem(rest), stem(tail))))
    return ()


def fuzzy_distance(word: str) -> int:
    """How many letters a look-alike of `word` may differ: none below four letters, two from eight on."""
    return 0 if len(word) < 4 else 1 if len(word) < 8 else 2


def _split(word: str, depth: int) -> tuple[str, ...] | None:
    if word in COMPOUND_PARTS or FAMILY.get(word) in COMPOUND_PARTS:
        return (word,)
    if depth == 0:
        return None
    for cut in range(len(word) - 3, 2, -1):
        head = word[:cut]
        if head not in COMPOUND_PARTS:
            continue
        for link in ("", "s", "en", "n", "e"):
            if word[cut:].startswith(link):
                rest = _split(word[cut + len(link) :], depth - 1)
                if rest is not None:
                    return (head, *rest)
    return None


def _date_of(found: re.Match[str]) -> date | None:
    year = found["y"] or found["y2"] or found["y3"]
    month = found["m"] or found["m2"] or str(_MONTHS[found["m3"].lower()])
    day = found["d"] or found["d2"] or found["d3"]
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
