"""How much work a file may ask for more than it gives: what tells a file made to harm from one that is merely long.

A reader begins with some seconds of patience. All that it and its programs compute is taken off; each page gives back
what an honest page of so many words and so large a picture may cost, and never more than there was in the beginning.
So a hundred pages of letters are read however long that takes, and heavy pages that give nothing end the file soon.
It counts CPU time, not the clock: a busy machine makes no file hostile.
"""

import math
import resource

from ingest.readers.errors import ReadFailed
from ingest.readers.fence import allow_cpu

MIB = 1024 * 1024
OF_A_WORD = {"text": 0.002, "ocr": 0.03}
"""Seconds that a word gives back. A letter of 300 words: text layer 0.1 s of work, recognised 2 s; upside down 5 s."""
OF_A_MEGABYTE = 5.0
"""Seconds that a megabyte of stored pictures gives back: handwriting and photographs have few words."""
KEPT_BACK = 0.25
"""This part is not for recognising: pages without words can still be shown when that has eaten the rest."""


class Patience:
    """What is left of it in this process, in seconds of CPU time; all that it ever computed has been taken off.

    `seconds`: in the beginning, and at most. `step`: at most between two pages. `stored`: bytes of the file; its
    pictures together cannot be larger. Only inside the fence.
    """

    def __init__(self, seconds: float, step: int, stored: int) -> None:
        self._most = seconds
        self._step = step
        self._all = self._stored = stored
        self._given = seconds

    @property
    def left(self) -> float:
        """Seconds that are left."""
        return self._given - _spent()

    def for_recognising(self, seconds: int) -> int:
        """How many of `seconds` may be spent on recognising a page; 0 when there is no patience for it."""
        return max(0, min(seconds, math.floor(self.left - KEPT_BACK * self._most)))

    def page(self, number: int, pages: int, *, source: str, words: int, picture: int) -> None:
        """Page `number` of `pages` was done and gave `words`; `picture`: bytes of its stored pictures.

        Raises `ReadFailed` when there is nothing left. Else the kernel ends this process when the next page takes more.
        """
        picture = max(0, min(picture, self._stored))
        self._stored -= picture
        self._given += OF_A_WORD[source] * words + OF_A_MEGABYTE * picture / MIB
        self._given = min(self._given, _spent() + self._most)
        self.hold()
        if self.left <= 0:
            raise ReadFailed("read_heavy", {"page": number, "pages": pages})

    def again(self) -> None:
        """The same pages come by once more, for another task."""
        self._stored = self._all
        self.hold()

    def hold(self) -> None:
        """Let the kernel end this process when it computes on without anything done."""
        allow_cpu(max(1, min(self._step, math.ceil(self.left))))


def _spent() -> float:
    """CPU seconds of this process since it was forked, and of the programs that it ran."""
    own, programs = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + programs.ru_utime + programs.ru_stime
