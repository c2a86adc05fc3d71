"""A row of tabs above a list."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab; `count` is how much lies behind it, None where that is not counted."""

    label: str
    address: str
    here: bool
    count: int | None = None
