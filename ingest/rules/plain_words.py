"""The words of a text without a page, each with its line and column as its place."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlainWord:
    """A word; its place is 0-1 of the longest line and of all lines."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def words_in(text: str) -> list[PlainWord]:
    """All words of a text in their order."""
    lines = text.replace("\f", "\n").split("\n")
    step, width = 1 / max(1, len(lines)), max(1, *(len(x) for x in lines), 1)
    return [
        PlainWord(x[0], x.start() / width, number * step, x.end() / width, (number + 0.9) * step)
        for number, line in enumerate(lines)
        for x in re.finditer(r"\S+", line)
    ]
