"""Words that announce a BSN or onderwijsnummer, also misread, and whether a number stands where such a word points."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Protocol

_SHORT = frozenset(
    {"bsn", "pgn", "sofi", "bsnnr", "bsnnummer", "pgnnr", "pgnnummer", "sofinr", "owd", "bsnpgn", "bsnr"}
)
_LONG = (
    "burgerservicenummer",
    "burgerservicenr",
    "onderwijsnummer",
    "onderwijsnr",
    "sofinummer",
    "persoonsnummer",
    "persoonsgebondennummer",
    "citizenservicenumber",
)
_BACK = str.maketrans("0158|!$", "olsblls")
_NEAR_WORDS = 8
_MISREAD = 2


class HasBox(Protocol):
    """A word with its place on the page, 0-1 from the left and the top."""

    @property
    def text(self) -> str:
        """What it says."""
        ...

    @property
    def left(self) -> float:
        """Left side."""
        ...

    @property
    def top(self) -> float:
        """Upper side."""
        ...

    @property
    def right(self) -> float:
        """Right side."""
        ...

    @property
    def bottom(self) -> float:
        """Lower side."""
        ...


def labels_in(words: Sequence[HasBox]) -> frozenset[int]:
    """The places of the words that announce such a number; of a label of several words the last."""
    bare = [_bare(x.text) for x in words]
    found = set()
    for index, text in enumerate(bare):
        if _is_label(text):
            found.add(index)
            continue
        joined = text
        for more in range(1, 4):
            if index + more >= len(bare):
                break
            joined += bare[index + more]
            if len(joined) > 3 * more and _is_label(joined) and len(text) > 0:
                found.add(index + more)
                break
    return frozenset(found)


def labelled(words: Sequence[HasBox], labels: frozenset[int], index: int) -> bool:
    """Whether the word at `index` stands behind, under, or as one with a label."""
    if index in labels:
        return True
    word = words[index]
    height = max(word.bottom - word.top, 0.001)
    for at in labels:
        label = words[at]
        same_line = abs((label.top + label.bottom) - (word.top + word.bottom)) / 2 < 0.9 * height
        if same_line and at < index and (index - at <= _NEAR_WORDS):
            return True
        if same_line and -0.01 <= word.left - label.right < 0.3:
            return True
        under = -0.3 * height <= word.top - label.bottom < 4 * height
        if under and word.left < label.right + 0.06 and word.right > label.left - 0.03:
            return True
        if 0 < index - at <= 2:
            return True
        if _is_heading(words, at) and label.bottom < word.top and _in_column(label, word):
            return True
    return False


def _is_heading(words: Sequence[HasBox], at: int) -> bool:
    """Whether a label stands by itself on top of a column: nothing close by on its line, before or after."""
    label = words[at]
    height = max(label.bottom - label.top, 0.001)
    for other in (*words[max(0, at - 1) : at], *words[at + 1 : at + 2]):
        same_line = abs((label.top + label.bottom) - (other.top + other.bottom)) / 2 < 0.8 * height
        if same_line and max(other.left - label.right, label.left - other.right) < 1.2 * height:
            return False
    return not label.text.rstrip().endswith(":")


def _in_column(label: HasBox, word: HasBox) -> bool:
    return word.left < label.right + 0.05 and word.right > label.left - 0.02 and word.top - label.bottom < 0.6


def _bare(text: str) -> str:
    """Letters only, small, without accents, digits read back as the letters that they were taken for."""
    plain = unicodedata.normalize("NFKD", text)
    if not any(x.isalpha() for x in plain):
        return ""
    plain = re.sub(r"[0-9]{4,}.*$", "", plain)
    return re.sub(r"[^a-z]", "", plain.lower().translate(_BACK))


def _is_label(text: str) -> bool:
    if text in _SHORT:
        return True
    return any(
        abs(len(text) - len(x)) <= _MISREAD and _distance_at_most(text, x, _MISREAD if len(x) > 12 else 1)
        for x in _LONG
    )


def _distance_at_most(one: str, other: str, most: int) -> bool:
    """Whether at most `most` letters must be changed, added or dropped."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
        if min(row) > most:
            return False
    return row[-1] <= most
