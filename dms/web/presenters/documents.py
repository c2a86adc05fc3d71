"""A document as its page shows it."""

from dataclasses import dataclass
from datetime import date

from flask import url_for

from dms.kernel.text import N_
from dms.model.catalogue import Category, FieldKind
from dms.model.documents import Source, UploadState
from dms.services.marks import MarkedPage
from dms.services.shapes import DocumentView, PageView, PlacementView, WordBox
from dms.services.working_shapes import UploadView, VersionView
from dms.web.presenters.pupils import level_text
from dms.web.texts import day, moment, reason, say, say_many, size

SOURCES: dict[Source, str] = {
    Source.UPLOAD: N_("Gestuurd op het scherm"),
    Source.API: N_("Uit een ander programma"),
    Source.COMMAND: N_("Ingelezen met een opdracht"),
    Source.DEMO: N_("Van de demoschool"),
    Source.SCANNER: N_("Van de scanner"),
    Source.MAIL: N_("Per mail"),
    Source.ARCHIVE: N_("Uit een ouder archief"),
    Source.SIGNING: N_("Verklaring van een ondertekening, door de dienst gemaakt"),
    Source.TRANSFER: N_("Ontvangen van een andere school"),
    Source.OUTSIDER: N_("Teruggestuurd door wie een deellink heeft"),
}
TEXT_SOURCES: dict[str, str] = {
    "layer": N_("De tekst stond in het bestand."),
    "ocr": N_("De tekst is van het beeld gelezen."),
    "none": N_("Er is geen tekst gevonden."),
}
YES_NO = {"ja": N_("ja"), "nee": N_("nee")}


@dataclass(frozen=True, slots=True)
class Box:
    """A word to mark on the image of a page: place and size in thousandths of the image."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of a document or item: image, thumbnail, and its text in pieces (text, is it a found word?)."""

    number: int
    image: str
    thumbnail: str
    width: int | None
    height: int | None
    pieces: tuple[tuple[str, bool], ...] = ()
    boxes: tuple[Box, ...] = ()
    certainty: str = ""
    """How sure the recognition of its text is; empty for text that came with the file."""


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """Where the document lies, and what the reader may do with that place."""

    key: str
    pupil: str
    number: str
    group: str
    address: str
    category: str
    category_code: str
    level: str
    can_move: bool
    can_remove: bool


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version in the list of versions."""

    number: int
    file_name: str
    about: str
    added: str
    address: str
    original: str
    shown: bool
    current: bool


@dataclass(frozen=True, slots=True)
class UploadLine:
    """A new version that is being read or was refused."""

    file_name: str
    waits: bool
    why: str
    when: str


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """All that the page of a document shows."""

    key: str
    title: str
    date: str
    school: str
    places: tuple[PlaceLine, ...]
    origin: tuple[tuple[str, str], ...]
    intake: str
    confirmed: bool
    fields: tuple[tuple[str, str], ...]
    row_version: int
    sheets: tuple[Sheet, ...]
    versions: tuple[VersionLine, ...]
    uploads: tuple[UploadLine, ...]
    old_version: int | None
    can_edit: bool
    can_classify: bool
    can_read: bool
    has_archive: bool
    undo: str


def present(
    view: DocumentView,
    pages: tuple[MarkedPage, ...],
    category: Category | None = None,
    *,
    asked: str = "",
    follows: bool = False,
) -> DocumentPage:
    """The document with its pages. `category` names its fields; `follows`: the reader may follow the intake."""
    old = view.version if view.version != view.current_version else None
    return DocumentPage(
        key=str(view.document_id),
        title=view.title,
        date=day(view.document_date) or say(N_("zonder datum")),
        school=view.school.name,
        places=tuple(_place(x) for x in view.placements),
        origin=_origin(view),
        intake=url_for("upload.receipt", intake_id=view.origin.intake_id) if follows and view.origin else "",
        confirmed=view.confirmed,
        fields=_fields(view, category),
        row_version=view.row_version,
        sheets=sheets(view, pages, old),
        versions=tuple(_version(view, x, asked) for x in view.versions),
        uploads=tuple(_upload(x) for x in view.uploads),
        old_version=old,
        can_edit="edit" in view.actions,
        can_classify="classify" in view.actions,
        can_read="read" in view.actions,
        has_archive=view.has_archive,
        undo=url_for("undo.undo", batch_id=view.undo) if view.undo else "",
    )


def sheets(view: DocumentView, pages: tuple[MarkedPage, ...], old: int | None = None) -> tuple[Sheet, ...]:
    """The pages that can be shown, with what is known of their text."""
    known = {x.number: x for x in pages}
    return tuple(_sheet(view, x, known.get(x.number), old) for x in view.pages)


def certainty(page: PageView) -> str:
    """How sure the recognition of a page's text is, as a percentage; empty for a text layer."""
    return percent(page.confidence / 100) if page.confidence is not None else ""


def percent(share: float | None) -> str:
    """A confidence of 0-1 as a percentage; empty for None."""
    return f"{round(share * 100)} %" if share is not None else ""


def _sheet(view: DocumentView, page: PageView, marked: MarkedPage | None, old: int | None) -> Sheet:
    return Sheet(
        number=page.number,
        image=url_for("pictures.page", document_id=view.document_id, number=page.number, versie=old),
        thumbnail=url_for("pictures.thumbnail", document_id=view.document_id, number=page.number, versie=old),
        width=page.width,
        height=page.height,
        pieces=marked.pieces if marked else (),
        boxes=tuple(box(x) for x in marked.boxes) if marked else (),
        certainty=certainty(page),
    )


def box(word: WordBox) -> Box:
    """A word's place on the image, in thousandths."""
    return Box(
        round(word.left * 1000, 1),
        round(word.top * 1000, 1),
        round((word.right - word.left) * 1000, 1),
        round((word.bottom - word.top) * 1000, 1),
    )


def _fields(view: DocumentView, category: Category | None) -> tuple[tuple[str, str], ...]:
    """The fields of the category with their labels; values of an earlier category are kept but not shown."""
    if category is None:
        return tuple((k, v) for k, v in view.fields.items() if v)
    return tuple((say(x.label), _said(x.kind, view.fields[x.name])) for x in category.fields if view.fields.get(x.name))


def _said(kind: FieldKind, value: str) -> str:
    """What a field holds, as people write it: days in Dutch, yes and no in words."""
    if kind is FieldKind.DATE:
        try:
            return day(date.fromisoformat(value))
        except ValueError:  # kept from a time when the field was a text
            return value
    return say(YES_NO.get(value, value))


def _origin(view: DocumentView) -> tuple[tuple[str, str], ...]:
    lines = [(say(N_("Hoe het binnenkwam")), say(SOURCES[view.source]))]
    if view.origin is not None:
        came = view.origin
        if came.sent_by:
            lines.append((say(N_("Gestuurd door")), came.sent_by))
        lines.append((say(N_("Binnengekomen")), moment(came.received_at)))
        lines.append((say(N_("Heette toen")), came.name))
        if came.parts > 1:
            part = say(N_("deel %(part)d van %(parts)d"), {"part": came.part, "parts": came.parts})
            lines.append((say(N_("Hoorde bij een stapel")), part))
    filed = moment(view.created_at)
    lines.append((say(N_("Opgeborgen")), f"{filed} · {view.filed_by or say(N_('vanzelf'))}"))
    if view.confidence is not None and not view.filed_by:
        lines.append((say(N_("Zekerheid bij het opbergen")), percent(view.confidence)))
    if view.text_source:
        lines.append((say(N_("Tekst")), say(TEXT_SOURCES.get(view.text_source, ""))))
    lines.append((say(N_("Bestand")), f"{view.file_name} · {size(view.size)}"))
    lines.extend((say(N_("Aanwijzing")), say(x)) for x in view.evidence)
    return tuple((label, text) for label, text in lines if text)


def _version(view: DocumentView, version: VersionView, asked: str) -> VersionLine:
    current = version.number == view.current_version
    number = None if current else version.number
    pages = say_many(N_("%(num)d bladzijde"), N_("%(num)d bladzijden"), version.pages)
    who = version.added_by or (view.origin.sent_by if view.origin and version.number == 1 else "")
    return VersionLine(
        number=version.number,
        file_name=version.file_name,
        about=f"{pages} · {size(version.size)}",
        added=" · ".join(x for x in (moment(version.created_at), who) if x),
        address=url_for("document.page", document_id=view.document_id, versie=number, q=asked or None),
        original=url_for("pictures.original", document_id=view.document_id, versie=number),
        shown=version.number == view.version,
        current=current,
    )


def _upload(upload: UploadView) -> UploadLine:
    waits = upload.state is UploadState.WAITING
    return UploadLine(upload.file_name, waits, "" if waits else reason(upload.reason), moment(upload.created_at))


def _place(view: PlacementView) -> PlaceLine:
    return PlaceLine(
        key=str(view.placement_id),
        pupil=view.pupil_name,
        number=view.pupil_number,
        group=view.group,
        address=url_for("pupils.dossier", pupil_id=view.pupil_id),
        category=view.category_name,
        category_code=view.category_code,
        level=level_text(view.level),
        can_move="classify" in view.actions,
        can_remove="remove" in view.actions,
    )
