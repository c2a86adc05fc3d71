"""The way of one item, on one screen. Received items are claimed; what a step found is saved where doing it again would
cost more than saving it, so that another worker goes on where a killed one stopped; every outcome is saved at once.
"""

from collections.abc import Callable
from dataclasses import dataclass

from ingest.service import batches, duplicates_found, malware, pages_gather, parts, steps
from ingest.service.state import ItemFacts, Outcome, PipelineTools, Work

RECEIVED, INDEXED = "receive", "index"
"""The first and the last step, which other rooms take: `ingest.service.receive`, and the relay in `dms.jobs`."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step by name. `saved`: what it found is saved before the next one begins. The others take milliseconds."""

    name: str
    run: Callable[[ItemFacts, Work, PipelineTools], Outcome]
    saved: bool = False


PIPELINE = (
    Step("scan", malware.look),
    Step("identify", pages_gather.identify),
    Step("unpack", parts.unpack),
    Step("read", pages_gather.read, saved=True),
    Step("split", batches.split),
    Step("classify", steps.classify),
    Step("match", steps.match),
    Step("route", steps.route),
    Step("compare", duplicates_found.look_for_same),
    Step("store", steps.store),
)
"""receive → scan → identify → unpack → read → split → classify → match → route → compare → store → index."""


def remaining(last: str) -> tuple[Step, ...]:
    """The steps after the one named `last`; all of them where that is none."""
    names = [x.name for x in PIPELINE]
    return PIPELINE[names.index(last) + 1 :] if last in names else PIPELINE
