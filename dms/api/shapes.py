"""The JSON shapes of the contract, for API and command alike. Dates are ISO; ids are UUIDs as text."""

from collections.abc import Iterable
from dataclasses import dataclass

from dms.kernel.outcome import Reason
from dms.model.documents import UNFINISHED, ItemState
from dms.services.shapes import DocumentView, ItemView, SearchPage

WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One future document of an intake. `pupil` is the leerlingnummer, `category` a code, `confidence` 0-1."""

    path: str
    intake_id: str | None
    item_id: str | None
    part: int | None
    status: str
    document_id: str | None
    pupil: str | None
    category: str | None
    document_date: str | None
    title: str | None
    confidence: float | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Hit:
    """One document that was found. Found words stand between double asterisks in the snippet."""

    document_id: str
    title: str
    pupil: str
    category: str
    document_date: str | None
    snippet: str


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """What a person may see of what was found. `facets`: per facet the number of documents per value."""

    total: int
    hits: list[Hit]
    facets: dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class PlacementAnswer:
    """A place of a document in a dossier."""

    placement_id: str
    pupil: str
    pupil_name: str
    group: str
    category: str
    category_name: str
    level: str


@dataclass(frozen=True, slots=True)
class DocumentAnswer:
    """A document as a person may see it. `pupil` and `category` are those of the first placement."""

    document_id: str
    school: str
    title: str
    pupil: str | None
    category: str | None
    document_date: str | None
    fields: dict[str, str]
    source: str
    version: int
    file_name: str
    media_type: str
    size: int
    pages: int
    text_source: str
    confidence: float | None
    confirmed: bool
    created_at: str
    placements: list[PlacementAnswer]
    actions: list[str]


def item_line(view: ItemView, path: str) -> ItemLine:
    """An item as the contract shows it; `path` is what the sender called it."""
    return ItemLine(
        path=path,
        intake_id=str(view.intake_id),
        item_id=str(view.item_id),
        part=view.part,
        status=WAITING if view.state in UNFINISHED else view.state.value,
        document_id=str(view.document_id) if view.document_id else None,
        pupil=view.pupil_number,
        category=view.category_code,
        document_date=view.document_date.isoformat() if view.document_date else None,
        title=view.title or None,
        confidence=round(view.confidence, 4) if view.confidence is not None else None,
        reason=reason_text(view.reason, view.advice) or None,
    )


def document_lines(views: Iterable[ItemView], path: str = "") -> list[ItemLine]:
    """The items that are documents or may become one. A mail or ZIP that was taken apart is told by its parts."""
    return [item_line(x, path or x.name) for x in views if x.state is not ItemState.SPLIT]


def reason_text(reason: Reason, advice: str = "") -> str:
    """Reason and advice in the source language, places filled in."""
    if not reason.text:
        return ""
    filled = advice % reason.params if advice and reason.params else advice
    return f"{reason} {filled}".strip()


def search_answer(page: SearchPage) -> SearchAnswer:
    """A page of results."""
    return SearchAnswer(
        total=page.total,
        hits=[
            Hit(
                document_id=str(x.document_id),
                title=x.title,
                pupil=x.pupil_number,
                category=x.category_code,
                document_date=x.document_date.isoformat() if x.document_date else None,
                snippet="".join(f"**{text}**" if found else text for text, found in x.snippet),
            )
            for x in page.hits
        ],
        facets=_facets(page),
    )


def _facets(page: SearchPage) -> dict[str, dict[str, int]]:
    return {name: {x.value: x.count for x in values} for name, values in page.facets.items()}


def document_answer(view: DocumentView) -> DocumentAnswer:
    """A document with its placements."""
    first = view.placements[0] if view.placements else None
    return DocumentAnswer(
        document_id=str(view.document_id),
        school=view.school.brin,
        title=view.title,
        pupil=first.pupil_number if first else None,
        category=first.category_code if first else None,
        document_date=view.document_date.isoformat() if view.document_date else None,
        fields=dict(view.fields),
        source=view.source.value,
        version=view.version,
        file_name=view.file_name,
        media_type=view.media_type,
        size=view.size,
        pages=len(view.pages),
        text_source=view.text_source,
        confidence=round(view.confidence, 4) if view.confidence is not None else None,
        confirmed=view.confirmed,
        created_at=view.created_at.isoformat(),
        placements=[
            PlacementAnswer(
                placement_id=str(x.placement_id),
                pupil=x.pupil_number,
                pupil_name=x.pupil_name,
                group=x.group,
                category=x.category_code,
                category_name=x.category_name,
                level=f"L{x.level}",
            )
            for x in view.placements
        ],
        actions=sorted(view.actions),
    )
