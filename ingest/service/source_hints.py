"""What the source of a file says of it, kept with its intake: for the rules, and as suggestions at the desk."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dms.services.shapes import Hints
from ingest.service.state import Evidence

SOURCE = "source"
"""The kind of evidence that a pupil or category has from the source, not from the text."""
SOURCE_CONFIDENCE = 0.5
"""Half sure: nothing that the source says alone is ever chosen beforehand."""


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


def with_source(evidence: Evidence, hints: Mapping[str, Any]) -> Evidence:
    """`evidence` with what the source suggests behind what the text says; what both say stands once."""
    pupils = [*evidence.pupils]
    for pupil_id in hints.get("suggested", ()):
        if all(x["pupil_id"] != pupil_id for x in pupils):
            pupils.append(
                {"pupil_id": pupil_id, "confidence": SOURCE_CONFIDENCE, "evidence": [{"kind": SOURCE, "firm": False}]}
            )
    categories = [*evidence.categories]
    for code in (hints.get("category"), hints.get("likely")):
        if code and all(x["code"] != code for x in categories):
            categories.append({"code": code, "confidence": SOURCE_CONFIDENCE, "evidence": []})
    return replace(evidence, pupils=tuple(pupils), categories=tuple(categories))
