"""The way of one item, on one screen. Received items are claimed; each step saves state, attempts and reason, so that
another worker goes on where a killed one stopped.
"""

from collections.abc import Callable
from dataclasses import dataclass

from ingest.service import steps
from ingest.service.state import ItemFacts, Outcome, PipelineTools, Work


@dataclass(frozen=True, slots=True)
class Step:
    """A step by name."""

    name: str
    run: Callable[[ItemFacts, Work, PipelineTools], Outcome]


PIPELINE = (
    Step("identify", steps.identify),
    Step("read", steps.read),
    Step("classify", steps.classify),
    Step("match", steps.match),
    Step("route", steps.route),
)
"""receive (in `receive`) → identify → read → classify → match → route, which files (`file`) → index (the relay)."""


def remaining(last: str) -> tuple[Step, ...]:
    """The steps after the one named `last`; all of them where that is none."""
    names = [x.name for x in PIPELINE]
    return PIPELINE[names.index(last) + 1 :] if last in names else PIPELINE
