"""What the source of a file says of it, kept with its intake: for the rules, and as suggestions at the desk."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dms.model.documents import Source
from dms.services.shapes import Hints
from ingest.service.state import Evidence

COVER, CHOSEN, SENDER, LINK, ARCHIVE = "cover", "chosen", "sender", "link", "source"
"""The kinds of evidence that a pupil has from what brought the paper, not from its text."""
FROM_SOURCE = frozenset({COVER, CHOSEN, SENDER, LINK, ARCHIVE})
SOURCE_CONFIDENCE = 0.5
"""Half sure: what the source only suggests is never chosen beforehand."""
AUTHORISED_CONFIDENCE = 0.9
"""A good cover sheet, or a colleague who sent it in with pupil and category: had its date been known, and nothing
stood against it, the paper would have filed itself there. So the pupil is chosen beforehand when no other is suggested.
"""
_BY_SOURCE = {Source.MAIL: SENDER, Source.OUTSIDER: LINK, Source.ARCHIVE: ARCHIVE}


def source_hints(hints: Hints) -> dict[str, Any]:
    """The part of `hints` that an intake keeps beside pupil, category and date."""
    found: dict[str, Any] = {}
    if hints.title:
        found["title"] = hints.title
    if hints.ask:
        found["ask"] = hints.ask
    if hints.suggested:
        found["suggested"] = [str(x) for x in hints.suggested]
    if hints.likely:
        found["likely"] = hints.likely
    if hints.level is not None:
        found["level"] = hints.level
    if hints.origin:
        found["origin"] = dict(hints.origin)
    return found


def said_by(source: Source, *, of_sheet: bool) -> str:
    """Who says whose it is, as a kind of evidence: what brought the paper, or (`of_sheet`) the cover sheet on it."""
    return COVER if of_sheet else _BY_SOURCE.get(source, CHOSEN)


def with_source(evidence: Evidence, hints: Mapping[str, Any], kind: str) -> Evidence:
    """`evidence` with what the source says (as `kind`) behind what the text says; what both say stands once."""
    pupils = {x["pupil_id"]: x for x in evidence.pupils}
    sure = AUTHORISED_CONFIDENCE if hints.get("authorised") else SOURCE_CONFIDENCE
    told = [(hints["pupil_id"], sure)] if hints.get("pupil_id") else []
    told += [(x, SOURCE_CONFIDENCE) for x in hints.get("suggested", ())]
    for pupil_id, confidence in told:
        known = pupils.get(pupil_id, {"pupil_id": pupil_id, "confidence": 0.0, "evidence": []})
        of_text = [x for x in known["evidence"] if x["kind"] != kind]
        if not of_text or confidence == AUTHORISED_CONFIDENCE:
            known = {**known, "confidence": max(known["confidence"], confidence)}
        pupils[pupil_id] = {**known, "evidence": [*of_text, {"kind": kind, "firm": False}]}
    categories = [*evidence.categories]
    for code in (hints.get("category"), hints.get("likely")):
        if code and all(x["code"] != code for x in categories):
            categories.append({"code": code, "confidence": SOURCE_CONFIDENCE, "evidence": []})
    return replace(evidence, pupils=tuple(pupils.values()), categories=tuple(categories))
