"""What the person at the screen sees: numbered steps with the seconds they took."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO


class Failed(Exception):
    """Set-up cannot go on. The text says what is wrong and what to type, in Dutch."""


class Progress:
    """Prints `[2/4] Python-pakketten … 11,3 s`. Quiet, it keeps to what somebody must act on."""

    def __init__(self, steps: int, *, quiet: bool = False, out: TextIO | None = None) -> None:
        self.steps = steps
        self.quiet = quiet
        self.out = out if out is not None else sys.stdout
        self.started = time.monotonic()
        self.number = 0
        self._line = ""
        self._open = False

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """One numbered step; its line closes with the seconds, or with `mislukt`."""
        self.number += 1
        began = time.monotonic()
        self._line = f"[{self.number}/{self.steps}] {title} …"
        self._begin_line()
        try:
            yield
        except BaseException:
            self._end_line("mislukt")
            raise
        self._end_line(seconds(time.monotonic() - began))

    def note(self, text: str) -> None:
        """How far the step is; shown in place on a screen, left out of files."""
        if self.out.isatty() and not self.quiet:
            self.out.write(f"\r\033[K{self._line} {text}")
            self.out.flush()

    def say(self, text: str) -> None:
        """A line on its own that somebody may have to act on; never left out."""
        if self._open:
            self._end_line("")
        print(text, file=self.out, flush=True)

    def finish(self, text: str) -> None:
        """The closing line, with the seconds of the whole."""
        if not self.quiet:
            print(f"{text} ({seconds(time.monotonic() - self.started)})", file=self.out, flush=True)

    def _begin_line(self) -> None:
        if not self.quiet:
            self.out.write(self._line)
            self.out.flush()
            self._open = True

    def _end_line(self, text: str) -> None:
        if self.quiet:
            return
        if not self._open:  # something was said in between: the step closes on a line of its own
            self.out.write(self._line)
        elif self.out.isatty():
            self.out.write(f"\r\033[K{self._line}")
        self.out.write(f" {text}\n" if text else "\n")
        self.out.flush()
        self._open = False


def seconds(span: float) -> str:
    """`span` seconds the Dutch way: `0,2 s`."""
    return f"{span:.1f} s".replace(".", ",")
