"""Whose is it: one pupil for sure, or a question for a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from dms.kernel.outcome import Reason
from ingest.rules.clues import Clues
from ingest.rules.roster import Candidate, Evidence


@dataclass(frozen=True, slots=True)
class MatchThresholds:
    """From which confidence (0-1) a pupil counts as found."""

    sure: float = 0.95


@dataclass(frozen=True, slots=True)
class Ranked:
    """A pupil that it may be: confidence 0-1 and what speaks for it."""

    pupil_id: UUID
    confidence: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Matched:
    """It is this pupil."""

    pupil_id: UUID
    confidence: float
    evidence: tuple[Evidence, ...]
    reason: Reason


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """A person must say who it is; the likeliest first (at most five)."""

    candidates: tuple[Ranked, ...]
    reason: Reason


@dataclass(frozen=True, slots=True)
class NoMatch:
    """Nobody of this school is recognised."""

    reason: Reason


def match(clues: Clues, candidates: Sequence[Candidate], thresholds: MatchThresholds) -> Matched | Ambiguous | NoMatch:
    """Decide whose the document is. Two independent facts at least, and nothing that contradicts them."""
    raise NotImplementedError
