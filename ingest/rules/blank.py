"""Is there nothing on this page? Conservative: one word, or one faint pencil line, and the page stays.

What is judged are marks on a reduced copy (about 75 dots an inch) that stand out from the paper around them. Single
specks of dust and the grain of a scanner are short; what a hand or a printer leaves is long. Punch holes were left out
before. The limits are measured: see `docs/batches.md`.
"""

from dataclasses import dataclass
from enum import StrEnum

MOST_SHARE = 0.0008
"""Share of the page's area under marks. Dust of a bad scanner is up to 0.0005; a dotted line is more."""
LONGEST_SPECK = 2.0
"""Millimetres. A pencil tick is longer."""
MOST_NOISE = 4.0
"""Grey levels of grain after reducing; above this a faint line could hide in it, and nothing is called blank."""
SHEET_BACK_SHARE = 0.02
"""The back of a sheet of ours: what shines through of it is no one's words."""


@dataclass(frozen=True, slots=True)
class Ink:
    """What marks there are. `share` of the area (0-1), `longest` extent of one mark in mm, `noise` in grey levels."""

    share: float
    longest: float
    noise: float


class Blank(StrEnum):
    """Why a page is taken for blank."""

    NO = "no"
    EMPTY = "empty"
    SHEET_BACK = "sheet_back"


def judge(ink: Ink | None, words: int, *, back_of_sheet: bool = False) -> Blank:
    """Whether a page is blank. `words`: words of two letters or more that were read, however badly.

    `ink` None: the page did not come as a scan, and is never blank.
    """
    if ink is None or words:
        return Blank.NO
    if ink.noise <= MOST_NOISE and ink.share <= MOST_SHARE and ink.longest <= LONGEST_SPECK:
        return Blank.EMPTY
    if back_of_sheet and ink.share <= SHEET_BACK_SHARE:
        return Blank.SHEET_BACK
    return Blank.NO
