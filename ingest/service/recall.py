"""What an item's row remembers of the work: suggestions in columns, evidence sealed."""

from collections.abc import Mapping
from typing import Any

from dms.db.tables import ItemRow
from dms.model.catalogue import Category
from ingest.rules.fields import found_fields
from ingest.rules.match import Ambiguous, Matched
from ingest.rules.roster import Evidence as PupilEvidence
from ingest.rules.text import PageText, Span
from ingest.service.state import EVIDENCE, Evidence, Work
from storage.vault import Vault

MOST_PUPILS = 5
MOST_CATEGORIES = 5
LONGEST_QUOTE = 80


def remember(row: ItemRow, work: Work, vault: Vault, catalogue: Mapping[str, Category]) -> None:
    """Copy what is known by now to the row; the text that speaks for it goes in sealed."""
    if work.media_type:
        row.media_type, row.kind = work.media_type, work.kind
    if work.pages:
        row.pages = row.pages_done = len(work.pages)
        row.text_source, row.text_confidence = work.text_source, work.text_confidence
    if work.title:
        row.title = work.title[:300]
    if work.date is not None:
        row.document_date = work.date.date
    if work.categories:
        row.category, row.confidence = work.categories[0].code, work.categories[0].confidence
        row.level = int(catalogue[work.categories[0].code].level)
    if isinstance(work.match, Matched):
        row.pupil_id = work.match.pupil_id
        row.confidence = min(row.confidence if row.confidence is not None else 1.0, work.match.confidence)
    if work.categories or work.match is not None:
        row.evidence = vault.seal(row.document_id, EVIDENCE, _evidence(work, catalogue).to_bytes())


def _evidence(work: Work, catalogue: Mapping[str, Category]) -> Evidence:
    match work.match:
        case Matched() as found:
            pupils = [(found.pupil_id, found.confidence, found.evidence)]
        case Ambiguous() as asked:
            pupils = [(x.pupil_id, x.confidence, x.evidence) for x in asked.candidates[:MOST_PUPILS]]
        case _:
            pupils = []
    return Evidence(
        pupils=tuple(
            {
                "pupil_id": str(pupil_id),
                "confidence": confidence,
                "evidence": [_pupil_evidence(x, work.pages) for x in evidence],
            }
            for pupil_id, confidence, evidence in pupils
        ),
        categories=tuple(
            {
                "code": x.code,
                "confidence": x.confidence,
                "why": x.reason.text,
                "evidence": [_quote(s, work.pages) for s in x.evidence],
            }
            for x in work.categories[:MOST_CATEGORIES]
        ),
        date={"confidence": work.date.confidence, "evidence": _quote(work.date.evidence, work.pages)}
        if work.date
        else {},
        fields=tuple(
            {
                "name": x.name,
                "value": x.value,
                "confidence": x.confidence,
                "evidence": _quote(x.evidence, work.pages),
            }
            for x in (
                found_fields(work.pages, catalogue[work.categories[0].code].fields, work.date)
                if work.categories
                else ()
            )
        ),
    )


def _pupil_evidence(one: PupilEvidence, pages: tuple[PageText, ...]) -> dict[str, Any]:
    quote = _quote(one.span, pages) if one.span is not None else {}
    return {"kind": one.kind.value, "firm": one.firm, **quote}


def _quote(span: Span, pages: tuple[PageText, ...]) -> dict[str, Any]:
    text = next((x.text for x in pages if x.number == span.page), "")
    return {
        "page": span.page,
        "start": span.start,
        "end": span.end,
        "text": " ".join(text[span.start : span.end].split())[:LONGEST_QUOTE],
    }
