"""Ending in time: SIGTERM and SIGINT ask."""

import os
import select
import signal
from types import FrameType

PART_OF_A_SECOND = 0.001


class Interrupted(BaseException):
    """Work was broken off because its time to finish after the request to stop is over."""


class Stop:
    """Knows whether this process was asked to stop. Make one, in the main thread, once.

    With `grace`, work in the main thread that still goes on so many seconds after the request is broken off by
    `Interrupted`; without it, work is never broken off.
    """

    def __init__(self, grace: float | None = None) -> None:
        self.asked = False
        self._grace = grace
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._writer, False)
        signal.signal(signal.SIGTERM, self._ask)
        signal.signal(signal.SIGINT, self._ask)
        if grace is not None:
            signal.signal(signal.SIGALRM, self._break_off)

    def wait(self, seconds: float) -> bool:
        """Sleep, at most `seconds`; True as soon as somebody asked to stop."""
        if not self.asked:
            select.select([self._reader], [], [], max(seconds, PART_OF_A_SECOND))
        return self.asked

    def _ask(self, number: int, frame: FrameType | None) -> None:
        if self.asked:
            return
        self.asked = True
        os.write(self._writer, b"!")
        if self._grace is not None:
            signal.setitimer(signal.ITIMER_REAL, max(self._grace, PART_OF_A_SECOND))

    def finished(self) -> None:
        """The work is done: nothing is broken off any more."""
        if self._grace is not None:
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _break_off(self, number: int, frame: FrameType | None) -> None:
        raise Interrupted
