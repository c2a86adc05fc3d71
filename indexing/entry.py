"""From an entry to what an engine writes: words per field, and nothing else of the text.

BSNs never come in: every number of nine digits that passes the eleven test is blanked out before the words are taken,
in whatever field it stands. Some other numbers pass that test too (one in eleven) and cannot be searched either:
that is the price. Pure.
"""

import itertools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from indexing.analysis import Token, parts, stem, tokens
from indexing.port import IndexEntry

_DIGITS = re.compile(r"\d+")
_NEAR_BSN = re.compile(r"(?:bsn|burgerservicenummer|sofi\w*|pgn|onderwijsnummer)\D{0,20}$", re.IGNORECASE)
_SEPARATORS = re.compile(r"[ \t\u00a0\u202f.\-/]{1,3}")
_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)


@dataclass(slots=True)
class FieldWords:
    """The words of one field: for each its positions, and the number of words in all."""

    positions: dict[str, list[int]] = field(default_factory=dict)
    length: int = 0


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is written of one entry. `words` by field name (see `indexing.fields`); `plain` are words without places."""

    entry: IndexEntry
    words: Mapping[str, FieldWords]
    plain: Mapping[str, frozenset[str]]


def prepare(entry: IndexEntry) -> Prepared:
    """The words of `entry`, BSNs left out."""
    words: dict[str, FieldWords] = {}
    plain: dict[str, frozenset[str]] = {}
    text, head = without_bsn(entry.text), without_bsn(entry.title)
    content, title = list(tokens(text)), list(tokens(head))
    category = list(tokens(without_bsn(entry.category_name)))
    meta = list(tokens(without_bsn("\n".join((*entry.metadata, entry.category)))))
    for name, found in (("text", content), ("title", title), ("meta", meta), ("category", category)):
        words[name] = _stems(found)
        plain[f"{name}_words"] = frozenset(x.surface for x in found if not x.is_date)
    for name, found, source in (("text", content, text), ("title", title, head)):
        compounds = frozenset(part for surface in plain[f"{name}_words"] for part in parts(surface))
        plain[f"{name}_parts"] = compounds | _joined(found, source)
    words["pupil"] = _surfaces(tokens(without_bsn(f"{entry.pupil_name} {entry.pupil_number}")))
    return Prepared(entry, words, plain)


def without_bsn(text: str) -> str:
    """`text` with every BSN replaced by blanks, the length unchanged.

    Nine digits in one piece, in two to four groups or one by one (boxes on a form) with the same mark between; eight
    in one piece only behind a word that says so, because a leading zero is often left out.
    """
    runs = list(_DIGITS.finditer(text))
    blanks: list[tuple[int, int]] = []
    for first, run in enumerate(runs):
        digits, mark, last = run.group(), "", first
        while len(digits) < 9 and last + 1 < len(runs):
            between = text[runs[last].end() : runs[last + 1].start()]
            if not _SEPARATORS.fullmatch(between) or mark not in ("", between):
                break
            mark, last = between, last + 1
            digits += runs[last].group()
        groups = [x.end() - x.start() for x in runs[first : last + 1]]
        shaped = len(groups) == 1 or len(groups) == 9 or (len(groups) <= 4 and min(groups) >= 2)
        if len(digits) == 9 and shaped and _eleven(digits):
            blanks.append((run.start(), runs[last].end()))
        elif len(run.group()) == 8 and _eleven("0" + run.group()) and _NEAR_BSN.search(text[: run.start()][-48:]):
            blanks.append(run.span())
    for start, end in blanks:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _eleven(digits: str) -> bool:
    if not digits.isascii():
        digits = "".join(str(int(x)) for x in digits)
    return digits != "000000000" and sum(w * int(x) for w, x in zip(_WEIGHTS, digits, strict=True)) % 11 == 0


def _stems(found: Iterable[Token]) -> FieldWords:
    result = FieldWords()
    for token in found:
        if not token.stop:
            result.positions.setdefault(token.stem, []).append(token.position)
            result.length += 1
    return result


def _surfaces(found: Iterable[Token]) -> FieldWords:
    result = FieldWords()
    for token in found:
        if not token.is_date:
            result.positions.setdefault(token.surface, []).append(token.position)
            result.length += 1
    return result


def _joined(found: list[Token], source: str) -> frozenset[str]:
    """`e-mail` is also `email`, `OPP-gesprek` also `oppgesprek`."""
    words = [x for x in found if not x.is_date]
    return frozenset(
        stem(left.surface + right.surface)
        for left, right in itertools.pairwise(words)
        if right.start == left.end + 1
        and source[left.end] == "-"
        and left.surface.isalpha()
        and right.surface.isalpha()
    )
