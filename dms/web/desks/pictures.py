"""Bytes of documents and items: page images, thumbnails and the original. Every one passes the services' gate."""

from uuid import UUID

from flask import Blueprint, Response, request

from dms.model.documents import Rendition
from dms.services.downloads import attachment
from dms.services.shapes import Content
from dms.web.guard import acts, by
from dms.web.house import house
from rights.rules.actions import Action

desk = Blueprint("pictures", __name__)
KINDS = {"archief": Rendition.ARCHIVE, "tekst": Rendition.TEXT}
ENDINGS = {Rendition.ARCHIVE: " (archief).pdf", Rendition.TEXT: ".txt"}
LONGEST_NUMBER = 8
SHOWN = frozenset({"image/jpeg", "image/png", "image/webp"})


@desk.get("/documenten/<uuid:document_id>/bladzijde/<int:number>")
@acts(Action.READ)
def page(document_id: UUID, number: int) -> Response:
    """The image of a page, of an older version when `versie` asks."""
    return _picture(house().documents.content(by(), document_id, Rendition.PAGE, page=number, version=_version()))


@desk.get("/documenten/<uuid:document_id>/miniatuur/<int:number>")
@acts(Action.READ)
def thumbnail(document_id: UUID, number: int) -> Response:
    """The small image of a page."""
    return _picture(house().documents.content(by(), document_id, Rendition.THUMBNAIL, page=number, version=_version()))


@desk.get("/documenten/<uuid:document_id>/origineel")
@acts(Action.READ)
def original(document_id: UUID) -> Response:
    """The file as it came in, its archive copy or its text (`soort`); always saved and never shown; logged."""
    kind = KINDS.get(request.args.get("soort", ""), Rendition.ORIGINAL)
    content = house().documents.content(by(), document_id, kind, download=True, version=_version())
    response = Response(content.chunks, mimetype="application/octet-stream")
    response.content_length = content.size
    stem, dot, _ = content.file_name.rpartition(".")
    name = content.file_name if kind is Rendition.ORIGINAL else f"{stem if dot else content.file_name}{ENDINGS[kind]}"
    response.headers["Content-Disposition"] = attachment(name)
    return response


@desk.get("/postbak/<uuid:item_id>/bladzijde/<int:number>")
@acts(Action.ADD)
def item_page(item_id: UUID, number: int) -> Response:
    """The image of a page of what waits at a desk."""
    return _picture(house().desk.page(by(), item_id, number))


@desk.get("/postbak/<uuid:item_id>/miniatuur/<int:number>")
@acts(Action.ADD)
def item_thumbnail(item_id: UUID, number: int) -> Response:
    """The small image of a page of what waits at a desk."""
    return _picture(house().desk.page(by(), item_id, number, thumbnail=True))


def _picture(content: Content) -> Response:
    """Only pictures that we made ourselves are shown in the page; anything else is saved."""
    response = Response(content.chunks, mimetype=content.media_type)
    response.content_length = content.size
    if content.media_type not in SHOWN:
        response.mimetype = "application/octet-stream"
        response.headers["Content-Disposition"] = "attachment"
    return response


def _version() -> int | None:
    """The number of the version in the address, None for the current one."""
    text = request.args.get("versie", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < LONGEST_NUMBER else None
