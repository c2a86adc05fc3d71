"""The lines of a page: which words stand side by side, from top to bottom, each line with the place that it takes."""

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.rules.numbers_found import Box
from ingest.rules.numbers_labels import HasBox

SAME = 0.5
"""Words are of one line when their middles lie closer than this part of the higher of the two."""
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Line:
    """What stands on one line (at most LONGEST characters) and where, 0-1 of the page."""

    text: str
    box: Box


def lines_of(words: Sequence[HasBox], most: int) -> tuple[Line, ...]:
    """At most `most` lines, in the order in which people read them."""
    rows: list[list[HasBox]] = []
    for word in sorted((x for x in words if x.text.strip()), key=_middle):
        if rows and _together(rows[-1][-1], word):
            rows[-1].append(word)
        else:
            rows.append([word])
    return tuple(_line(x) for x in rows[:most])


def _middle(word: HasBox) -> float:
    return (word.top + word.bottom) / 2


def _together(one: HasBox, other: HasBox) -> bool:
    height = max(one.bottom - one.top, other.bottom - other.top)
    return abs(_middle(one) - _middle(other)) < SAME * height


def _line(words: Sequence[HasBox]) -> Line:
    ordered = sorted(words, key=lambda x: x.left)
    box = Box(
        min(x.left for x in words), min(x.top for x in words), max(x.right for x in words), max(x.bottom for x in words)
    )
    return Line(" ".join(x.text for x in ordered)[:LONGEST], box)
