"""When was it and what is it called, once it is known whose it may be.

A pupil's birth date is never the document's date, and a pupil's name is no part of its title: both need the match.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ingest.rules.dates import DateSuggestion, document_date
from ingest.rules.match import Ambiguous, Matched, NoMatch
from ingest.rules.roster import Candidate, EvidenceKind, PupilFacts
from ingest.rules.text import PageText
from ingest.rules.title import title


@dataclass(frozen=True, slots=True)
class Description:
    """The document's date, where one can be trusted, and its title."""

    date: DateSuggestion | None
    title: str


def describe(
    pages: Sequence[PageText],
    found: Matched | Ambiguous | NoMatch | None,
    candidates: Sequence[Candidate],
    category_name: str,
    today: date,
) -> Description:
    """Date and title, knowing who was found. `candidates` are those that `found` was chosen from. Never raises."""
    matched = [one.pupil for one in candidates if isinstance(found, Matched) and one.pupil.pupil_id == found.pupil_id]
    births = {
        one.pupil.birth_date
        for one in candidates
        if one.pupil.birth_date is not None
        and (one.pupil in matched or any(fact.kind is not EvidenceKind.BIRTH_DATE for fact in one.evidence))
        and any(fact.kind is EvidenceKind.BIRTH_DATE for fact in one.evidence)
    } | {one.birth_date for one in matched if one.birth_date is not None}
    written = [
        page.text[fact.span.start : fact.span.end]
        for one in candidates
        if one.pupil in matched
        for fact in one.evidence
        if fact.kind is EvidenceKind.FULL_NAME and fact.span is not None
        for page in pages
        if page.number == fact.span.page
    ]
    names = sorted({*written, *(name for one in matched for name in _names(one))}, key=lambda name: (-len(name), name))
    return Description(document_date(pages, today, births), title(pages, category_name, known_names=names))


def _names(pupil: PupilFacts) -> list[str]:
    """Ways in which the pupil's name stands in a title."""
    family = f"{pupil.prefix} {pupil.surname}".strip()
    initials = f"{pupil.initials} ({pupil.given_name})" if pupil.initials else ""
    firsts = (pupil.first_names, pupil.given_name, pupil.initials, initials)
    return [f"{first} {family}".strip() for first in firsts if first] + [pupil.given_name]
