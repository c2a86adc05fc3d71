"""A reason that goes with every verdict: a stable code, a Dutch source text and its fill-ins."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was decided. `code` is stable for programs, `text` is for people (translated at the entry)."""

    code: str
    text: str
    params: Mapping[str, str | int | float] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text % self.params if self.params else self.text
