"""Names of other people among the words of a page: other pupils and carers whose data an answer may not give away.

Found is a whole name (given name or initials, and surname); a given name alone says too little. Source of the duty:
AVG 15(4), UAVG 41(1)(i): the rights and freedoms of others.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from ingest.rules.numbers_found import Box
from ingest.rules.numbers_labels import HasBox

_MOST_WORDS = 7
_PREFIXES = frozenset({"van", "de", "der", "den", "het", "t", "ter", "ten", "te", "la", "le", "el", "al", "von", "op"})


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may be named. `relation`: `pupil`, `carer` of another pupil, or `own_carer`."""

    id: UUID
    name: str
    relation: str


@dataclass(frozen=True, slots=True)
class PersonHit:
    """Somebody is named here. `written`: as it stands there."""

    person: Person
    written: str
    boxes: tuple[Box, ...]


class People:
    """Names prepared for looking up: once a school, asked a page."""

    def __init__(self, people: Iterable[Person]) -> None:
        self._by_surname: dict[str, list[tuple[tuple[str, ...], Person]]] = defaultdict(list)
        for person in people:
            parts = tuple(x for x in _words(person.name) if x)
            real = [x for x in parts if x not in _PREFIXES]
            if len(real) >= 2:
                self._by_surname[real[-1]].append((parts, person))

    def find(self, words: Sequence[HasBox]) -> tuple[PersonHit, ...]:
        """Who is named on a page, in reading order."""
        folded = ["".join(_words(x.text)) for x in words]
        found: list[tuple[int, int, Person]] = []
        for index, text in enumerate(folded):
            for parts, person in self._by_surname.get(text, ()):
                span = _span(folded, [x.text for x in words], index, parts)
                if span is not None:
                    found.append((*span, person))
        taken: set[int] = set()
        hits = []
        for first, last, person in sorted(found, key=lambda x: (x[0], x[0] - x[1])):
            if taken & set(range(first, last + 1)):
                continue
            taken |= set(range(first, last + 1))
            run = words[first : last + 1]
            hits.append(PersonHit(person, " ".join(x.text for x in run), tuple(_box(x) for x in run)))
        return tuple(hits)


def _span(folded: Sequence[str], raw: Sequence[str], at: int, parts: tuple[str, ...]) -> tuple[int, int] | None:
    """From where to where a name stands of which the surname is at `at`: `Jan van Dijk`, `J. van Dijk`, `Dijk, Jan`."""
    given = parts[0]
    first = at
    while first > 0 and folded[first - 1] in _PREFIXES and at - first < _MOST_WORDS:
        first -= 1
    before = folded[first - 1] if first > 0 else ""
    initial = bool(before) and len(before) <= 3 and "." in raw[first - 1] and before[0] == given[0]
    if before == given or initial:
        return first - 1, at
    if at + 1 < len(folded) and raw[at].rstrip().endswith(","):
        after = at + 1
        while after < len(folded) - 1 and folded[after] in _PREFIXES:
            after += 1
        if folded[after] == given:
            return at, after
    return None


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"[a-z]+", "".join(x for x in plain if not unicodedata.combining(x)))


def _box(word: HasBox) -> Box:
    return Box(word.left, word.top, word.right, word.bottom)
