"""Leerlingnummers for pupils out of files that have none."""

import re
from collections.abc import Iterable

from ingest.rules.pupils.identifiers import number_key

_LONGEST = 20
_FORM = re.compile(r"[0-9A-Za-z][0-9A-Za-z._/-]*")


class Numbers:
    """Hands out numbers that nobody has, the same ones for the same file and school."""

    def __init__(self, taken: Iterable[str]) -> None:
        """`taken`: numbers in use, as they are compared."""
        self._taken = set(taken)
        self._next = 1

    def reserve(self, numbers: Iterable[str]) -> None:
        """Numbers that the file itself gives."""
        self._taken.update(number_key(x) for x in numbers)

    def take(self, proposed: str | None) -> str:
        """`proposed` where it is short, readable and free; else the next of `N1`, `N2`, … that is free."""
        if (
            proposed
            and len(proposed) <= _LONGEST
            and _FORM.fullmatch(proposed)
            and number_key(proposed) not in self._taken
        ):
            self._taken.add(number_key(proposed))
            return proposed
        while number_key(f"N{self._next}") in self._taken:
            self._next += 1
        number = f"N{self._next}"
        self._taken.add(number_key(number))
        return number
