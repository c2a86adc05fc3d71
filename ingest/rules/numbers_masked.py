"""Texts that leave the house without a BSN or onderwijsnummer: titles, names of files, fields, remarks.

What is covered is what `numbers_found` finds, plus two ways of writing that a page does not have: nine digits glued to
letters or a line (`Sanne111222333`), and a number that is known, however it is cut up. Covered twice it stays the same.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from pathlib import PurePath

from ingest.rules.numbers_found import Box, NumberKind, find_in_text, is_bsn, is_education_number
from ingest.rules.plain_words import words_in

MASK = "•"
_WORD = re.compile(r"\S+")
_NINE = re.compile(r"(?<![0-9])[0-9]{9}(?![0-9])")
_BETWEEN = r"[^0-9A-Za-z]{0,3}"
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}")


def without_numbers(text: str, known: Collection[str] = (), mask: str = MASK) -> str:
    """`text` with every find covered by `mask`, as long as it was. `known`: numbers (9 digits) that must not leave."""
    covered = list(text)
    for start, end in (*_found(text, known), *_glued(text), *_known(text, known)):
        covered[start:end] = mask * (end - start)
    return "".join(covered)


def name_without_numbers(name: str, known: Collection[str] = ()) -> str:
    """The name of a file without such numbers; its ending stays, so that the receiver can open it."""
    ending = PurePath(name).suffix
    if not _ENDING.fullmatch(ending):
        return without_numbers(name, known)
    return without_numbers(name[: -len(ending)], known) + ending


def holds_number(text: str, known: Collection[str] = ()) -> bool:
    """Whether something in `text` would have to be covered."""
    return without_numbers(text, known) != text


def _found(text: str, known: Collection[str]) -> Iterator[tuple[int, int]]:
    plain = text.replace("\f", "\n")
    spans = (x.span() for x in _WORD.finditer(plain))
    places = {(x.left, x.top): span for x, span in zip(words_in(text), spans, strict=True)}
    for hit in find_in_text(text, known):
        if hit.kind is NumberKind.LOOKS_LIKE and not hit.beside:
            continue
        for box in hit.boxes:
            yield _digits_of(text, *_span(places, box))


def _span(places: dict[tuple[float, float], tuple[int, int]], box: Box) -> tuple[int, int]:
    return places[box.left, box.top]


def _digits_of(text: str, start: int, end: int) -> tuple[int, int]:
    """The part of a word from its first digit to its last; the whole of it where it has none (`l l l`)."""
    digits = [x for x in range(start, end) if unicodedata.digit(text[x], None) is not None]
    return (digits[0], digits[-1] + 1) if digits else (start, end)


def _glued(text: str) -> Iterator[tuple[int, int]]:
    for match in _NINE.finditer(text):
        if is_bsn(match[0]) or is_education_number(match[0]):
            yield match.span()


def _known(text: str, known: Collection[str]) -> Iterator[tuple[int, int]]:
    for number in known:
        if number:
            yield from (x.span() for x in re.finditer(_BETWEEN.join(number), text))
