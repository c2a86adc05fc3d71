"""Finds the names of known pupils in a stream of words: Dutch spellings, either order, one wrong letter."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import OSA

from ingest.rules.clues import Word
from ingest.rules.roles import NameField, Role
from ingest.rules.text import Span, fold_name

PREFIX_WORDS = frozenset(
    {"van", "der", "de", "den", "het", "ten", "ter", "te", "v", "d", "vd", "vdr", "t", "el", "al", "la", "le", "les",
     "di", "da", "dos", "del", "della", "do", "von", "zu", "zum", "ben", "bin", "ait", "op", "in", "aan", "vande",
     "vander", "vanden", "uit", "bij", "onder"}
)  # fmt: skip
_ABBREVIATED = {"v": "van", "d": "de", "vd": "vande", "vdr": "vander", "t": "het"}
_FUZZY_LENGTH = 5
_LOOSE_LENGTH = 4
_GIVEN_WORDS = 4
_FIELD_LINES = 6
_LOOKALIKES = str.maketrans({"0": "o", "1": "i", "l": "i", "5": "s", "8": "b", "6": "b"})


class NameKind(StrEnum):
    """How much of a name stands in a place."""

    FULL = "full"
    INITIALS = "initials"
    SURNAME = "surname"


@dataclass(frozen=True, slots=True)
class NameHit:
    """A pupil's name in the text. `firm`: letter for letter, prefix and all; `line` counts from 0."""

    pupil: int
    kind: NameKind
    role: Role
    firm: bool
    line: int
    span: Span


@dataclass(frozen=True, slots=True)
class PupilNames:
    """A pupil's names as keys (letters only). `alone`: the pupil has one name only, kept as a surname."""

    given: str
    first: str
    others: frozenset[str]
    initial: str
    prefix: str
    surnames: tuple[str, ...]
    alone: bool


def prepare_names(given: str, first_names: str, initials: str, prefix: str, surnames: Sequence[str]) -> PupilNames:
    """The keys of a pupil's names. A prefix inside the surname is taken out of it."""
    given_parts = fold_name(given).split()
    first_parts = fold_name(first_names).split()
    keys: list[str] = []
    prefix_key = "".join(fold_name(prefix).split())
    for surname in surnames:
        parts = fold_name(surname).split()
        while len(parts) > 1 and parts[0] in PREFIX_WORDS:
            prefix_key = prefix_key if prefix else prefix_key + parts[0]
            parts = parts[1:]
        if "".join(parts):
            keys.append("".join(parts))
            # "Bakker-Smit" is often written with one half.
            keys.extend(part for part in parts if len(parts) == 2 and len(part) >= 4)
    alone = not keys and bool(given_parts)
    if alone:
        keys, given_parts = ["".join(given_parts)], []
    letters = fold_name(initials).replace(" ", "")
    first = first_parts[0] if first_parts else ""
    lead = letters[:1] or first[:1] or "".join(given_parts)[:1]
    return PupilNames(
        "".join(given_parts), first, frozenset(first_parts), lead, prefix_key, tuple(dict.fromkeys(keys)), alone
    )


class SurnameIndex:
    """Surname keys to pupils, also with one wrong letter for keys of at least five letters."""

    def __init__(self, names: Sequence[PupilNames]) -> None:
        self._exact: dict[str, list[int]] = defaultdict(list)
        self._near: dict[str, list[str]] = defaultdict(list)
        for place, one in enumerate(names):
            for key in one.surnames:
                self._exact[key].append(place)
        for key in self._exact:
            if len(key) >= _FUZZY_LENGTH:
                for variant in _deletions(key):
                    self._near[variant].append(key)

    def find(self, word: str, *, near: bool = True) -> Iterator[tuple[str, bool, Sequence[int]]]:
        """Keys that `word` is or nearly is: key, whether exactly, pupils."""
        exact = self._exact.get(word)
        if exact is not None:
            yield word, True, exact
        if near and len(word) >= _FUZZY_LENGTH - 1:
            for key in self._near_keys(word):
                if key != word:
                    yield key, False, self._exact[key]

    def _near_keys(self, word: str) -> list[str]:
        seen = {key for variant in _deletions(word) for key in self._near.get(variant, ())}
        return sorted(key for key in seen if OSA.distance(key, word, score_cutoff=1) <= 1)


def spot_names(words: Sequence[Word], index: SurnameIndex, names: Sequence[PupilNames]) -> list[NameHit]:
    """Every place where a known pupil's name, or surname, stands."""
    fields = [word for word in words if word.field is NameField.GIVEN]
    hits: dict[tuple[int, Span], NameHit] = {}
    for start, word in enumerate(words):
        if not (word.capital or word.field is not None or word.role is Role.PUPIL) or len(word.text) < 2:
            continue
        key = ""
        for width in (1, 2, 3):
            if start + width > len(words) or (width > 1 and not _follows(words, start + width - 1)):
                break
            key += words[start + width - 1].text
            for surname, exact, pupils in index.find(key, near=width < 3):
                around = _Around(words, start, start + width, fields, surname, exact)
                for pupil in pupils:
                    hit = around.hit(pupil, names[pupil])
                    place = (pupil, hit.span)
                    if place not in hits or _weight(hit) > _weight(hits[place]):
                        hits[place] = hit
    return list(hits.values())


def given_in(words: Sequence[Word], names: PupilNames) -> list[tuple[Word, bool]]:
    """The places of a pupil's given name alone, and whether surely: from four letters one may be wrong."""
    if len(names.given) < 2:
        return []
    return [
        (word, _same_given(word.text, names.given))
        for word in words
        if word.capital
        and not word.label
        and (
            _same_given(word.text, names.given)
            or (len(names.given) >= _LOOSE_LENGTH and OSA.distance(word.text, names.given, score_cutoff=1) <= 1)
        )
    ]


class _Around:
    """What stands around a surname: prefix, given names before or behind, fields of a form."""

    def __init__(
        self, words: Sequence[Word], start: int, end: int, fields: Sequence[Word], surname: str, exact: bool
    ) -> None:
        self._words, self._start, self._end = words, start, end
        self._surname, self._exact = surname, exact
        # A half of a hyphenated name that the text writes whole is not the name.
        self._whole = not words[start].joined and not (end < len(words) and words[end].joined)
        self._prefix, self._left = self._skip_left()
        self._before = self._collect_left(self._left)
        self._fields = fields
        self._after = [] if self._before else self._collect_right(fields)

    def hit(self, pupil: int, names: PupilNames) -> NameHit:
        """What this place says about one pupil."""
        kind, firm, used = NameKind.SURNAME, False, list[Word]()
        before, prefix = self._without_prefix(names.prefix)
        after = self._after if before or not self._before else self._collect_right(self._fields)
        for given in (before, after):
            found = _given_match(given, names)
            # Two parts that are both only nearly right are another name.
            if found is not None and not self._exact and found[0] is NameKind.FULL and not _spelled(found[2], names):
                found = None
            if found is not None and (kind is NameKind.SURNAME or found[0] is NameKind.FULL):
                kind, firm, used = found
        own = self._words[self._start : self._end]
        firm = (
            firm
            and self._exact
            and self._whole
            and self._surname == names.surnames[0]
            and _same_prefix(prefix, names.prefix)
        )
        roles = {word.role for word in (*own, *used)}
        role = Role.OTHER if Role.OTHER in roles else Role.PUPIL if Role.PUPIL in roles else Role.UNKNOWN
        if kind is NameKind.SURNAME:
            firm = self._exact and self._whole
        return NameHit(pupil, kind, role, firm, own[0].line, _cover([*own, *used]))

    def _without_prefix(self, known: str) -> tuple[list[Word], str]:
        """The given names before the surname, where a pupil's prefix is a word like "Oude" that was taken for one."""
        if known and not self._prefix and self._before and self._before[0].text == known:
            return self._before[1:], known
        return self._before, self._prefix

    def _skip_left(self) -> tuple[str, int]:
        place, prefix = self._start - 1, ""
        while place >= 0 and place >= self._start - 3 and _is_prefix(self._words[place]):
            if not _follows(self._words, place + 1):
                break
            prefix = self._words[place].text + prefix
            place -= 1
        return prefix, place

    def _collect_left(self, place: int) -> list[Word]:
        given: list[Word] = []
        while place >= 0 and len(given) < _GIVEN_WORDS and _follows(self._words, place + 1):
            word = self._words[place]
            if word.text == "en" and given:
                place -= 1
                continue
            if self._words[self._start].line - word.line > 1:
                break
            if word.label or not (word.capital or word.field is NameField.GIVEN or word.role is Role.PUPIL):
                break
            given.append(word)
            place -= 1
        return given

    def _collect_right(self, fields: Sequence[Word]) -> list[Word]:
        place, comma, prefix = self._end, False, ""
        words = self._words
        while place < len(words) and _is_prefix(words[place]) and words[place].line == words[self._start].line:
            comma = comma or words[place].comma
            prefix += words[place].text
            place += 1
        given: list[Word] = []
        if place < len(words) and words[place].page == words[self._start].page:
            comma = comma or words[place].comma
            same_line = words[place].line == words[self._start].line
            last = place + 1 >= len(words) or words[place + 1].line != words[place].line
            if same_line and (comma or (last and self._opens_line())):
                while place < len(words) and len(given) < _GIVEN_WORDS and words[place].line == words[self._start].line:
                    if not words[place].capital or words[place].label or (given and words[place].comma):
                        break
                    given.append(words[place])
                    place += 1
                self._prefix = self._prefix or prefix
        if not given and words[self._start].field in (NameField.SURNAME, NameField.WHOLE, None):
            given = [
                word for word in fields
                if word.page == words[self._start].page and abs(word.line - words[self._start].line) <= _FIELD_LINES
                and words[self._start].field is NameField.SURNAME
            ]  # fmt: skip
        return given

    def _opens_line(self) -> bool:
        if self._left < 0:
            return True
        before = self._words[self._left]
        return before.label or before.line != self._words[self._start].line


def _given_match(given: Sequence[Word], names: PupilNames) -> tuple[NameKind, bool, list[Word]] | None:
    """Whether the given names (the closest to the surname first) are this pupil's."""
    if not given or names.alone:
        return None
    best: tuple[NameKind, bool, list[Word]] | None = None
    for place, word in enumerate(given):
        joined = given[place + 1].text + word.text if place + 1 < len(given) else ""
        for key in filter(None, (names.given, names.first)):
            between = all(other.text in names.others or len(other.text) == 1 for other in given[:place])
            for text, used in ((word.text, [word]), (joined, [word, *given[place + 1 : place + 2]])):
                if text and _same_given(text, key):
                    firm = text == key and between
                    if best is None or (firm and not best[1]) or best[0] is NameKind.INITIALS:
                        best = (NameKind.FULL, firm, [*given[:place], *used])
        if best is None and len(word.text) == 1 and names.initial:
            letters = [other.text for other in given[place:] if len(other.text) == 1]
            if (letters and letters[-1] == names.initial) or word.text == names.given[:1]:
                best = (NameKind.INITIALS, True, list(given[: place + 1]))
    return best


def _spelled(used: Sequence[Word], names: PupilNames) -> bool:
    """Whether a given name stands among `used` letter for letter."""
    joined = "".join(word.text for word in reversed(used))
    return any(key and (key in (word.text for word in used) or key == joined) for key in (names.given, names.first))


def _same_given(text: str, key: str) -> bool:
    if text == key:
        return True
    if len(key) >= 3 and text.replace("rn", "m").translate(_LOOKALIKES) == key.replace("rn", "m").translate(
        _LOOKALIKES
    ):
        return True
    return len(key) >= _FUZZY_LENGTH and OSA.distance(text, key, score_cutoff=1) <= 1


def _same_prefix(written: str, known: str) -> bool:
    if not written or written == known:
        return True
    if not known:
        return False
    return _spell_out(written) == _spell_out(known) or (written in ("vd", "v", "vdr") and known.startswith("van"))


def _spell_out(prefix: str) -> str:
    return _ABBREVIATED.get(prefix, prefix)


def _is_prefix(word: Word) -> bool:
    """ "v", "d" and "t" in small letters; in capitals they are initials."""
    return word.text in PREFIX_WORDS and not (word.capital and len(word.text) == 1)


def _follows(words: Sequence[Word], place: int) -> bool:
    """Whether `place` carries on from the word before: same page, no comma, at most the next line."""
    before, word = words[place - 1], words[place]
    return before.page == word.page and word.line - before.line <= 1 and not word.comma


def _cover(words: Sequence[Word]) -> Span:
    return Span(words[0].page, min(word.span.start for word in words), max(word.span.end for word in words))


def _weight(hit: NameHit) -> tuple[int, bool]:
    return (list(NameKind)[::-1].index(hit.kind), hit.firm)


def _deletions(word: str) -> set[str]:
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}
