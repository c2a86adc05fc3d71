"""What a proof is: a claim with a bar, a way to measure it, and the files on which it hangs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Result:
    """What was measured, whether the bar was met, and in a few words the figures that matter."""

    passed: bool
    short: str
    figures: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proof:
    """One claim. `measure` gets an empty folder of its own; `inputs` are files and folders beside the product's."""

    name: str
    title: str
    bar: str
    measure: Callable[[Path], Result]
    inputs: tuple[str, ...] = ()

    @property
    def hangs_on(self) -> tuple[str, ...]:
        """All files and folders beside the product's that may change the result: its own module too."""
        function = self.measure.func if isinstance(self.measure, partial) else self.measure
        return (*self.inputs, f"{function.__module__.replace('.', '/')}.py", "benchmarks/suite.py")
