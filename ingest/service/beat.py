"""Keeps a lease while its job goes on, and tells how far it is, without writing at every page or second."""

import time
from collections.abc import Callable
from dataclasses import dataclass

EXTEND_SECONDS = 10.0
PROGRESS_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is: the last step that was done, and pages read of all; None where nothing is known."""

    step: str
    pages_done: int | None = None
    pages: int | None = None


class Beat:
    """`extend` keeps the lease, and raises when it is lost; it is told how far the job is."""

    def __init__(self, extend: Callable[[Progress], None], step: str = "") -> None:
        self.step = step
        self._extend = extend
        self._last = time.monotonic()
        self._pages: tuple[int | None, int | None] = (None, None)

    def alive(self) -> None:
        """The job goes on."""
        if time.monotonic() - self._last >= EXTEND_SECONDS:
            self._write()

    def progress(self, done: int, total: int) -> None:
        """So many pages are read."""
        self._pages = (done, total)
        if time.monotonic() - self._last >= PROGRESS_SECONDS:
            self._write()

    def _write(self) -> None:
        self._extend(Progress(self.step, *self._pages))
        self._last = time.monotonic()
