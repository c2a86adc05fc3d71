"""What is it: the categories that a text may belong to, best first."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from dms.kernel.outcome import Reason
from ingest.rules.text import PageText, Span


@dataclass(frozen=True, slots=True)
class CategorySuggestion:
    """A category by its code: confidence 0-1 (how clearly it beats the others), the words that say so, and why."""

    code: str
    confidence: float
    evidence: tuple[Span, ...]
    reason: Reason


def classify(pages: Sequence[PageText], codes: Collection[str]) -> tuple[CategorySuggestion, ...]:
    """The categories among `codes` for which the text speaks, best first; empty where nothing speaks."""
    raise NotImplementedError
