"""A document as its page shows it."""

from dataclasses import dataclass

from flask import url_for

from dms.kernel.text import N_
from dms.model.documents import Source
from dms.services.shapes import DocumentView, PageView, PlacementView
from dms.web.presenters.pupils import level_text
from dms.web.texts import day, moment, say, size

SOURCES: dict[Source, str] = {
    Source.UPLOAD: N_("Gestuurd op het scherm"),
    Source.API: N_("Uit een ander programma"),
    Source.COMMAND: N_("Ingelezen met een opdracht"),
    Source.DEMO: N_("Van de demoschool"),
    Source.SCANNER: N_("Van de scanner"),
    Source.MAIL: N_("Per mail"),
    Source.ARCHIVE: N_("Uit een ouder archief"),
}
TEXT_SOURCES: dict[str, str] = {
    "layer": N_("De tekst stond in het bestand."),
    "ocr": N_("De tekst is van het beeld gelezen."),
    "none": N_("Er is geen tekst gevonden."),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of a document or item, as image and thumbnail."""

    number: int
    image: str
    thumbnail: str
    width: int | None
    height: int | None
    text: str = ""


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """Where the document lies."""

    pupil: str
    number: str
    group: str
    address: str
    category: str
    level: str


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """All that the page of a document shows."""

    key: str
    title: str
    date: str
    date_value: str
    school: str
    places: tuple[PlaceLine, ...]
    category_code: str
    source: str
    received: str
    filed_by: str
    file_name: str
    media_type: str
    size: str
    text_source: str
    confidence: str
    confirmed: bool
    evidence: tuple[str, ...]
    fields: tuple[tuple[str, str], ...]
    row_version: int
    sheets: tuple[Sheet, ...]
    can_edit: bool
    can_classify: bool
    can_download: bool


def present(view: DocumentView, texts: tuple[str, ...]) -> DocumentPage:
    """The document with the text of its pages."""
    return DocumentPage(
        key=str(view.document_id),
        title=view.title,
        date=day(view.document_date) or say(N_("zonder datum")),
        date_value=view.document_date.isoformat() if view.document_date else "",
        school=view.school.name,
        places=tuple(_place(x) for x in view.placements),
        category_code=view.placements[0].category_code if view.placements else "",
        source=say(SOURCES[view.source]),
        received=moment(view.created_at),
        filed_by=view.filed_by,
        file_name=view.file_name,
        media_type=view.media_type,
        size=size(view.size),
        text_source=say(TEXT_SOURCES.get(view.text_source, "")),
        confidence=percent(view.confidence),
        confirmed=view.confirmed,
        evidence=tuple(say(x) for x in view.evidence),
        fields=tuple((k, v) for k, v in view.fields.items() if v),
        row_version=view.row_version,
        sheets=tuple(_sheet(view, x, texts) for x in view.pages),
        can_edit="edit" in view.actions,
        can_classify="classify" in view.actions,
        can_download="read" in view.actions,
    )


def percent(share: float | None) -> str:
    """A confidence of 0-1 as a percentage; empty for None."""
    return f"{round(share * 100)} %" if share is not None else ""


def _sheet(view: DocumentView, page: PageView, texts: tuple[str, ...]) -> Sheet:
    return Sheet(
        number=page.number,
        image=url_for("pictures.page", document_id=view.document_id, number=page.number),
        thumbnail=url_for("pictures.thumbnail", document_id=view.document_id, number=page.number),
        width=page.width,
        height=page.height,
        text=texts[page.number - 1] if page.number <= len(texts) else "",
    )


def _place(view: PlacementView) -> PlaceLine:
    return PlaceLine(
        pupil=view.pupil_name,
        number=view.pupil_number,
        group=view.group,
        address=url_for("pupils.dossier", pupil_id=view.pupil_id),
        category=view.category_name,
        level=level_text(view.level),
    )
