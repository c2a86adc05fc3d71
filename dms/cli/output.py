"""What a command says: text for people, JSON for programs on stdout; faults as one line on stderr."""

import json
import sys
from collections.abc import Callable, Mapping
from typing import Any, TextIO

from dms.kernel.errors import BadInput, Broken, Conflict, DmsError, NotFound, OutsideDown, Refused, SetupWrong

EXIT_FINE = 0
EXIT_BROKEN = 1
EXIT_INPUT = 2
EXIT_OUTSIDE = 3
EXIT_FOUND = 4

EXITS: dict[type[DmsError], int] = {
    BadInput: EXIT_INPUT,
    NotFound: EXIT_INPUT,
    Refused: EXIT_INPUT,
    Conflict: EXIT_INPUT,
    SetupWrong: EXIT_INPUT,
    OutsideDown: EXIT_OUTSIDE,
    Broken: EXIT_BROKEN,
}
"""The exit code of each kind of error; the nearest base class counts."""


class Output:
    """Where a command writes. With `as_json` stdout carries JSON only."""

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json

    def data(self, value: Mapping[str, Any]) -> None:
        """One JSON object on a line of its own; nothing without --json."""
        if self.as_json:
            _write(sys.stdout, json.dumps(value, ensure_ascii=False))

    def say(self, text: str) -> None:
        """A line for people; nothing with --json."""
        if not self.as_json:
            _write(sys.stdout, text)

    def table(self, head: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
        """Rows for people, in columns; nothing with --json."""
        widths = [max(len(x[n]) for x in [head, *rows]) for n in range(len(head))]
        for row in [head, *rows]:
            self.say("  ".join(x.ljust(w) for x, w in zip(row, widths, strict=True)).rstrip())


def progress(text: str) -> None:
    """A line for people who wait, on stderr."""
    _write(sys.stderr, text)


def exit_code(fault: DmsError) -> int:
    """What a command that failed with `fault` exits with."""
    return next((EXITS[x] for x in type(fault).__mro__ if x in EXITS), EXIT_BROKEN)


def spoken(run: Callable[[], None]) -> int:
    """The exit code of `run`; what went wrong is said in one line."""
    try:
        run()
    except DmsError as fault:
        report(fault, as_json=False)
        return exit_code(fault)
    return EXIT_FINE


def report(fault: DmsError, as_json: bool) -> None:
    """Tell what went wrong: one line on stderr, JSON with --json."""
    message, advice = one_line(fault.text()), one_line(fault.advice_text())
    if as_json:
        body = {"code": fault.code, "message": message, "advice": advice}
        _write(sys.stderr, json.dumps({"error": body}, ensure_ascii=False))
    else:
        _write(sys.stderr, f"Fout: {message} {advice}".rstrip())


def one_line(text: str) -> str:
    """Text without line ends."""
    return " ".join(text.split())


def _write(stream: TextIO, text: str) -> None:
    stream.write(text + "\n")
    stream.flush()
