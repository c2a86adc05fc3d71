"""A document as a parent or pupil reads it: pictures of its pages, its text, and a copy to keep."""

from uuid import UUID

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from dms.portal.guard import portal_session
from dms.portal.house import house
from dms.portal.people import by
from dms.services.downloads import attachment

desk = Blueprint("family_document", __name__)
SHOWN = frozenset({"image/jpeg", "image/png", "image/webp"})


@desk.get("/portaal/documenten/<uuid:document_id>")
@portal_session
def page(document_id: UUID) -> ResponseReturnValue:
    """The document with its pages."""
    return render_template("portal/document/page.html", paper=house().portal.family.paper(by(), document_id))


@desk.get("/portaal/documenten/<uuid:document_id>/bladzijde/<int:number>")
@portal_session
def picture(document_id: UUID, number: int) -> ResponseReturnValue:
    """The picture of a page; what is no picture of ours is never shown in the browser."""
    content = house().portal.family.picture(by(), document_id, number)
    response = Response(b"".join(content.chunks), mimetype=content.media_type)
    if content.media_type not in SHOWN:
        response.mimetype = "application/octet-stream"
        response.headers["Content-Disposition"] = "attachment"
    return response


@desk.get("/portaal/documenten/<uuid:document_id>/tekst")
@portal_session
def text(document_id: UUID) -> ResponseReturnValue:
    """The text that was read on the pages, for who listens or enlarges."""
    family = house().portal.family
    pages = family.text(by(), document_id)
    return render_template("portal/document/text.html", paper=family.paper(by(), document_id), pages=pages)


@desk.get("/portaal/documenten/<uuid:document_id>/bestand")
@portal_session
def file(document_id: UUID) -> ResponseReturnValue:
    """The file, always saved and never shown."""
    content = house().portal.family.file(by(), document_id)
    response = Response(content.chunks, mimetype="application/octet-stream")
    response.content_length = content.size
    response.headers["Content-Disposition"] = attachment(content.file_name)
    return response
