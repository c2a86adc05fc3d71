"""Where does it go: into a dossier, to a desk, or back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from dms.kernel.outcome import Reason
from ingest.rules.classify import CategorySuggestion
from ingest.rules.dates import DateSuggestion
from ingest.rules.match import Ambiguous, Matched, NoMatch


class SourceTrust(StrEnum):
    """How far the source of a document is known."""

    TRUSTED = "trusted"  # the school's own scanner, or a person who is logged in
    UNVERIFIED = "unverified"  # mail of an unknown sender, an outsider's upload
    BLOCKED = "blocked"  # a sender whose documents the school refuses


class Desk(StrEnum):
    """Which desk asks a person."""

    POSTBAK = "postbak"
    ZORGPOSTBAK = "zorgpostbak"


@dataclass(frozen=True, slots=True)
class Hints:
    """What the uploader said. `authorised`: this person may add documents of this category to this dossier."""

    pupil_id: UUID | None = None
    category: str | None = None
    document_date: date | None = None
    authorised: bool = False


@dataclass(frozen=True, slots=True)
class RouteFacts:
    """What the decision rests on. `text_quality`: mean confidence 0-100; `levels`: level 1-4 per category code."""

    trust: SourceTrust
    categories: tuple[CategorySuggestion, ...]
    match: Matched | Ambiguous | NoMatch
    date: DateSuggestion | None
    text_quality: float
    levels: Mapping[str, int]
    hints: Hints = field(default_factory=Hints)


@dataclass(frozen=True, slots=True)
class RouteThresholds:
    """From which confidence (0-1) a part counts as sure; `text_quality` 0-100."""

    category: float = 0.8
    pupil: float = 0.95
    date: float = 0.6
    text_quality: float = 60.0


@dataclass(frozen=True, slots=True)
class FileNow:
    """File it: whose, what, when, and how sure (the weakest of the three)."""

    pupil_id: UUID
    category: str
    document_date: date
    confidence: float
    reason: Reason


@dataclass(frozen=True, slots=True)
class AskHuman:
    """A person decides, at this desk; what is suggested stands in the facts."""

    reason: Reason
    desk: Desk


@dataclass(frozen=True, slots=True)
class Refuse:
    """It does not come in."""

    reason: Reason


def route(facts: RouteFacts, thresholds: RouteThresholds) -> FileNow | AskHuman | Refuse:
    """Decide where the document goes. Unsure is never guessed into a dossier."""
    raise NotImplementedError
