"""When was it: the date of the document itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dms.kernel.outcome import Reason
from ingest.rules.text import PageText, Span


@dataclass(frozen=True, slots=True)
class DateSuggestion:
    """The document's date: confidence 0-1, where it stands, and why it was chosen."""

    date: date
    confidence: float
    evidence: Span
    reason: Reason


def document_date(pages: Sequence[PageText], today: date) -> DateSuggestion | None:
    """The document's own date, or None where there is none to be trusted. Never a birth date, never in the future."""
    raise NotImplementedError
