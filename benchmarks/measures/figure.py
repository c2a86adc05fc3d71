"""One figure with its unit and, where there is one, its bar."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """`least` or `most` is the bar; `detail` are the numbers behind the figure."""

    name: str
    value: float
    unit: str
    least: float | None = None
    most: float | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)

    @property
    def bar(self) -> str:
        """The bar in words; empty when there is none."""
        if self.least is not None:
            return f"≥ {self.least:g}"
        return f"≤ {self.most:g}" if self.most is not None else ""

    @property
    def met(self) -> bool | None:
        """Whether the bar is met; None when there is none."""
        if self.least is not None:
            return self.value >= self.least
        return self.value <= self.most if self.most is not None else None

    def as_data(self) -> dict[str, Any]:
        """For a file."""
        return {
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "bar": self.bar,
            "met": self.met,
            **({"detail": dict(self.detail)} if self.detail else {}),
        }
