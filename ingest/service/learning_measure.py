"""How well a version does on papers that no version learned from: what the pipeline says of them, against people."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass

from ingest.rules.classify import classify
from ingest.rules.learned.combine import combined
from ingest.rules.learned.model import LinearModel
from ingest.rules.senders import OwnSchool
from ingest.service.learning_papers import Paper
from ingest.service.shipped import Shipped

LEAST_HELD = 5
"""On fewer papers nothing can be measured."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Counts over the papers held apart: of how many the kind was right, how many were sure enough to file themselves
    as to kind, and how many of those were wrong.
    """

    papers: int = 0
    right: int = 0
    sure: int = 0
    sure_wrong: int = 0

    def no_better_than(self, other: "Measured") -> bool:
        """Whether this is worse than `other` in anything that counts; the same is good enough."""
        return self.right < other.right or self.sure_wrong > other.sure_wrong

    def as_figures(self) -> dict[str, int]:
        """For the row of a version."""
        return asdict(self)


def measured(
    models: Sequence[LinearModel],
    held: Sequence[Paper],
    codes: Collection[str],
    own: OwnSchool | None,
    shipped: Shipped,
    alive: Callable[[], None],
) -> tuple[Measured, ...]:
    """The figures of each model over the same papers."""
    counts = [[0, 0, 0] for _ in models]
    for paper in held:
        alive()
        suggested = classify(paper.pages, codes, own)
        for nth, model in enumerate(models):
            said = combined(suggested, model.likelihoods(paper.text, tuple(codes)), codes, shipped.weighing)
            if not said:
                continue
            right = said[0].code == paper.confirmed.category
            sure = said[0].confidence >= shipped.thresholds.category_of(said[0].code)
            counts[nth][0] += right
            counts[nth][1] += sure
            counts[nth][2] += sure and not right
    return tuple(Measured(len(held), *x) for x in counts)
