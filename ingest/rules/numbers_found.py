"""BSN and onderwijsnummer among the words of a page: by check digit, by the words beside it, and by what is known.

A number may be written with spaces, dots or dashes, spread over words or boxes of a form, and misread (O for 0, l for
1, S for 5, B for 8). Too many finds cost a person a look; one too few puts a number where the law forbids it. So a
number that only looks like one is found as well, and so is a label with nothing readable behind it.

Sources: BSN, 9 digits, weights 9 to 2 and -1, sum divisible by 11 (Wabb; Logisch Ontwerp BSN); onderwijsnummer, begins
with 10, the same sum leaves 5 (DUO, PvE onderwijsnummer).
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ingest.rules.numbers_labels import HasBox, labelled, labels_in
from ingest.rules.plain_words import words_in

LENGTH = 9
_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
_EDUCATION_REST = 5
_CONFUSED = {
    "O": "0", "o": "0", "Q": "0", "D": "0", "U": "0", "l": "1", "I": "1", "i": "1", "|": "1", "!": "1", "t": "1",
    "Z": "2", "z": "2", "E": "3", "A": "4", "S": "5", "s": "5", "$": "5", "§": "5", "G": "6", "b": "6", "T": "7",
    "?": "7", "B": "8", "&": "8", "g": "9", "q": "9",
}  # fmt: skip
_SPLIT = re.compile(r"[\s.,\-\u2010-\u2015\u2212_/\\:;·•'’`\"()\[\]{}<>=*~^+#]+")
_LABEL_BEFORE = re.compile(r"^(?:bsn|pgn|own|nr|nummer|no)(?=[0-9OolIS|]{7,})", re.IGNORECASE)
_USUAL = frozenset(
    {
        (9,), (3, 3, 3), (4, 2, 3), (2, 3, 4), (4, 5), (5, 4), (3, 6), (6, 3), (2, 2, 2, 3), (3, 2, 4), (4, 3, 2),
        (1,) * 9, (3, 2, 2, 2), (2, 2, 5), (1, 2, 3, 3), (8, 1), (1, 8), (7, 2), (2, 7), (2, 3, 2, 2), (2, 2, 3, 2),
    }
)  # fmt: skip
"""Ways in which people cut up a number of nine digits. Next to a label any way counts."""
_LEAST_REAL = 5
_FAR = 10
_MISREAD = 2


class NumberKind(StrEnum):
    """What was found: a number that passes its check, one that only looks like one, or a label without one."""

    BSN = "bsn"
    EDUCATION = "education"
    LOOKS_LIKE = "looks_like"
    LABEL = "label"


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a page, 0-1."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class NumberHit:
    """One find. `digits`: as understood, empty for a label; `written`: as it stands there. `beside`: a label says what
    it is; `own`: it is a number that is known to be in these dossiers.
    """

    kind: NumberKind
    digits: str
    written: str
    boxes: tuple[Box, ...]
    beside: bool = False
    own: bool = False

    @property
    def sure(self) -> bool:
        """Whether there is no reasonable doubt that it is such a number."""
        return self.own or (self.beside and self.kind in (NumberKind.BSN, NumberKind.EDUCATION))


@dataclass(frozen=True, slots=True)
class _Piece:
    word: int
    digits: str
    swaps: int
    written: str


def is_bsn(digits: str) -> bool:
    """Whether nine digits pass the check of a BSN."""
    return _is_nine(digits) and _sum(digits) % 11 == 0


def is_education_number(digits: str) -> bool:
    """Whether nine digits pass the check of an onderwijsnummer."""
    return _is_nine(digits) and digits.startswith("10") and _sum(digits) % 11 == _EDUCATION_REST


def find_in_words(words: Sequence[HasBox], known: Collection[str] = ()) -> tuple[NumberHit, ...]:
    """All finds on one page, in reading order. `known`: numbers (9 digits) of the pupils in whose dossiers it lies."""
    labels = labels_in(words)
    pieces = list(_pieces(words))
    best: list[tuple[int, int, int, NumberHit]] = []
    for first in range(len(pieces)):
        for last in range(first, min(len(pieces), first + LENGTH + 2)):
            if last > first and not _together(words, pieces[last - 1], pieces[last]):
                break
            run = pieces[first : last + 1]
            if sum(len(x.digits) for x in run) > LENGTH + 1:
                if len(run) > 1:
                    break
                best += _inside(words, run[0], first, known)
                break
            hit = _judge(words, pieces, first, last, labels, known)
            if hit is not None:
                best.append((_rank(hit), first, last, hit))
    chosen: list[tuple[int, NumberHit]] = []
    taken: set[int] = set()
    for _, first, last, hit in sorted(best, key=lambda x: (x[0], x[2] - x[1], x[1])):
        if not taken & set(range(first, last + 1)):
            taken |= set(range(first, last + 1))
            chosen.append((first, hit))
    hits = [x for _, x in sorted(chosen, key=lambda x: x[0])]
    return (*hits, *_bare_labels(words, labels, hits))


def find_in_text(text: str, known: Collection[str] = ()) -> tuple[NumberHit, ...]:
    """All finds in a text without places: metadata, a title, a field. Labels without a number are no finds here."""
    return tuple(x for x in find_in_words(words_in(text), known) if x.kind is not NumberKind.LABEL)


def digits_left(text: str, numbers: Iterable[str]) -> tuple[str, ...]:
    """Which of `numbers` still stand in `text`, however they are cut up or misread."""
    wanted = {x for x in numbers if x}
    plain = "".join(_swapped(x) for x in _SPLIT.split(unicodedata.normalize("NFKC", text)))
    exact = re.sub(r"\D+", "", unicodedata.normalize("NFKC", text))
    return tuple(sorted(x for x in wanted if x in plain or x in exact))


def _is_nine(digits: str) -> bool:
    return len(digits) == LENGTH and digits.isascii() and digits.isdigit() and len(set(digits)) > 1


def _sum(digits: str) -> int:
    return sum(w * int(d) for w, d in zip(_WEIGHTS, digits, strict=True))


def _swapped(text: str) -> str:
    """Letters that are often misread digits as those digits, other letters gone."""
    return "".join(x if x.isdigit() else _CONFUSED.get(x, "") for x in text)


def _pieces(words: Sequence[HasBox]) -> Iterator[_Piece]:
    """Runs that may be digits, in reading order. A run that is none parts those around it by an empty piece."""
    for index, word in enumerate(words):
        text = "".join(_digit(x) for x in unicodedata.normalize("NFKC", word.text))
        for part in _SPLIT.split(text):
            bare = _LABEL_BEFORE.sub("", part)
            if not bare:
                continue
            trimmed = bare.strip("|!") if len(bare) > LENGTH else bare
            real = sum(x.isdigit() for x in trimmed)
            digits = "".join(x if x.isdigit() else _CONFUSED.get(x, "x") for x in trimmed)
            if trimmed and "x" not in digits and (real or len(trimmed) == 1):
                yield _Piece(index, digits, len(trimmed) - real, trimmed)
            else:
                yield _Piece(index, "", 0, part)


def _digit(char: str) -> str:
    """Digits of other scripts as ours."""
    return str(unicodedata.digit(char)) if char.isdigit() else char


def _together(words: Sequence[HasBox], one: _Piece, other: _Piece) -> bool:
    """Whether two pieces that follow one another may belong to one number: the same word, or words near by."""
    if not one.digits or not other.digits:
        return False
    if one.word == other.word:
        return True
    a, b = words[one.word], words[other.word]
    height = max(a.bottom - a.top, b.bottom - b.top, 0.001)
    if abs((a.top + a.bottom) - (b.top + b.bottom)) / 2 < 0.8 * height:
        return -0.5 * height < b.left - a.right < _FAR * height
    return 0 < b.top - a.top < 3 * height  # cut off at the end of a line


def _judge(
    words: Sequence[HasBox],
    pieces: Sequence[_Piece],
    first: int,
    last: int,
    labels: frozenset[int],
    known: Collection[str],
) -> NumberHit | None:
    run = pieces[first : last + 1]
    if any(not x.digits for x in run):
        return None
    digits = "".join(x.digits for x in run)
    real = len(digits) - sum(x.swaps for x in run)
    if not LENGTH - 2 <= len(digits) <= LENGTH + 1 or real < _LEAST_REAL:
        return None
    beside = labelled(words, labels, run[0].word)
    one_line = _one_line(words, run)
    padded = digits.zfill(LENGTH) if beside and len(digits) == LENGTH - 1 else digits
    own = next((x for x in known if nearly(padded, x)), None)
    if own is not None and (one_line or padded == own):
        kind = NumberKind.EDUCATION if is_education_number(own) else NumberKind.BSN
        return _hit(words, run, kind, own, beside=beside, own=True)
    if not one_line and not beside:
        return None
    kind_found = _kind(padded)
    if kind_found is not None:
        usual = tuple(len(x.digits) for x in run) in _USUAL and not _flanked(pieces, first, last)
        few = len(digits) - real <= _MISREAD
        if beside or (usual and few):
            return _hit(words, run, kind_found, padded, beside=beside)
    if _flanked(pieces, first, last) or _is_telephone(digits):
        return None
    if len(run) == 1 and (single := _read_double(digits)):
        return _hit(words, run, NumberKind.BSN, single, beside=beside)
    if beside:
        return _hit(words, run, NumberKind.LOOKS_LIKE, digits, beside=True)
    return None


def _inside(
    words: Sequence[HasBox], piece: _Piece, at: int, known: Collection[str]
) -> list[tuple[int, int, int, NumberHit]]:
    """A known number inside a longer run of digits."""
    for number in known:
        if number in piece.digits:
            kind = NumberKind.EDUCATION if is_education_number(number) else NumberKind.BSN
            return [(0, at, at, _hit(words, [piece], kind, number, own=True))]
    return []


def _kind(digits: str) -> NumberKind | None:
    if is_bsn(digits):
        return NumberKind.BSN
    return NumberKind.EDUCATION if is_education_number(digits) else None


def _read_double(digits: str) -> str:
    """The number of which one digit was read twice, as happens beside the line of a table; empty where it is none."""
    if len(digits) != LENGTH + 1:
        return ""
    singles = (digits[:x] + digits[x + 1 :] for x in range(LENGTH) if digits[x] == digits[x + 1])
    return next((x for x in singles if is_bsn(x)), "")


def _is_telephone(digits: str) -> bool:
    return len(digits) == LENGTH + 1 and digits.startswith("0")


def _rank(hit: NumberHit) -> int:
    if hit.own:
        return 0
    if hit.kind is NumberKind.LOOKS_LIKE:
        return 3
    return 1 if hit.beside else 2


def _one_line(words: Sequence[HasBox], run: Sequence[_Piece]) -> bool:
    first, last = words[run[0].word], words[run[-1].word]
    height = max(first.bottom - first.top, last.bottom - last.top, 0.001)
    return abs((first.top + first.bottom) - (last.top + last.bottom)) / 2 < 0.8 * height


def _flanked(pieces: Sequence[_Piece], first: int, last: int) -> bool:
    """Whether digits in the same word go on before or after: then it is a part of something longer."""
    before = first > 0 and pieces[first - 1].digits and pieces[first - 1].word == pieces[first].word
    after = last + 1 < len(pieces) and pieces[last + 1].digits and pieces[last + 1].word == pieces[last].word
    return bool(before or after)


def nearly(digits: str, number: str) -> bool:
    """Whether `digits` are `number`, with at most two digits misread or one lost or added."""
    if len(digits) == len(number):
        return sum(a != b for a, b in zip(digits, number, strict=True)) <= _MISREAD
    short, long = sorted((digits, number), key=len)
    if len(long) - len(short) != 1:
        return False
    return any(long[:x] + long[x + 1 :] == short for x in range(len(long)))


def _hit(
    words: Sequence[HasBox],
    run: Sequence[_Piece],
    kind: NumberKind,
    digits: str,
    *,
    beside: bool = False,
    own: bool = False,
) -> NumberHit:
    indexes = list(dict.fromkeys(x.word for x in run))
    boxes = tuple(_box(words[x]) for x in indexes)
    return NumberHit(kind, digits, " ".join(words[x].text for x in indexes), boxes, beside, own)


def _box(word: HasBox) -> Box:
    return Box(word.left, word.top, word.right, word.bottom)


def _bare_labels(words: Sequence[HasBox], labels: frozenset[int], hits: Sequence[NumberHit]) -> Iterator[NumberHit]:
    """Labels of a form with nothing readable behind them: what stands there may be handwriting."""
    for index in sorted(labels):
        word = words[_end_of_label(words, index)]
        if not word.text.rstrip().endswith(":") and not _ends_line(words, index):
            continue
        height = max(word.bottom - word.top, 0.008)
        place = Box(word.right, max(0.0, word.top - height / 2), min(1.0, word.right + 0.35), word.bottom + height / 2)
        below = Box(max(0.0, word.left - 0.02), word.bottom, min(1.0, word.left + 0.35), word.bottom + 3.5 * height)
        if any(_touch(place, x) or _touch(below, x) for hit in hits for x in hit.boxes):
            continue
        if word is words[index] and _says_something(words, index):
            continue
        if place.right > place.left:
            yield NumberHit(NumberKind.LABEL, "", word.text, (place,), beside=True)


def _end_of_label(words: Sequence[HasBox], index: int) -> int:
    """The last word of what a form asks: `BSN verzorger 1:`; the label itself where no colon follows."""
    for at in range(index, min(index + 4, len(words))):
        if words[at].text.rstrip().endswith(":"):
            return at
        if _ends_line(words, at):
            break
    return index


def _ends_line(words: Sequence[HasBox], index: int) -> bool:
    if index + 1 >= len(words):
        return True
    one, other = words[index], words[index + 1]
    height = max(one.bottom - one.top, 0.001)
    return abs((one.top + one.bottom) - (other.top + other.bottom)) / 2 > 0.8 * height


def _says_something(words: Sequence[HasBox], index: int) -> bool:
    """Whether a plain word follows on the line: then it is a sentence about such numbers."""
    if _ends_line(words, index):
        return False
    following = words[index + 1].text.strip(".,;:()")
    return len(following) > 2 and following.isalpha() and words[index + 1].left - words[index].right < 0.1


def _touch(one: Box, other: Box) -> bool:
    return one.left < other.right and other.left < one.right and one.top < other.bottom and other.top < one.bottom
