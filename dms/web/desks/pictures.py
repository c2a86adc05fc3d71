"""Bytes of documents and items: page images, thumbnails and the original. Every one passes the services' gate."""

from uuid import UUID

from flask import Blueprint, Response

from dms.model.documents import Rendition
from dms.services.downloads import attachment
from dms.services.shapes import Content
from dms.web.guard import acts, by
from dms.web.house import house
from rights.rules.actions import Action

desk = Blueprint("pictures", __name__)
SHOWN = frozenset({"image/jpeg", "image/png", "image/webp"})


@desk.get("/documenten/<uuid:document_id>/bladzijde/<int:number>")
@acts(Action.READ)
def page(document_id: UUID, number: int) -> Response:
    """The image of a page."""
    return _picture(house().documents.content(by(), document_id, Rendition.PAGE, page=number))


@desk.get("/documenten/<uuid:document_id>/miniatuur/<int:number>")
@acts(Action.READ)
def thumbnail(document_id: UUID, number: int) -> Response:
    """The small image of a page."""
    return _picture(house().documents.content(by(), document_id, Rendition.THUMBNAIL, page=number))


@desk.get("/documenten/<uuid:document_id>/origineel")
@acts(Action.READ)
def original(document_id: UUID) -> Response:
    """The file as it came in, always to be saved and never shown; logged as a download."""
    content = house().documents.content(by(), document_id, Rendition.ORIGINAL, download=True)
    response = Response(content.chunks, mimetype="application/octet-stream")
    response.content_length = content.size
    response.headers["Content-Disposition"] = attachment(content.file_name)
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
