"""Bytes of documents and items: page images, thumbnails and the original. Every one passes the services' gate."""

from collections.abc import Callable
from html import escape
from uuid import UUID

import structlog
from flask import Blueprint, Response, request

from dms.kernel.errors import Broken
from dms.kernel.text import N_
from dms.model.documents import Rendition
from dms.services.downloads import attachment
from dms.services.shapes import Content
from dms.web.error_pages import problem_of
from dms.web.guard import acts, by
from dms.web.house import house
from dms.web.texts import say
from rights.rules.actions import Action

desk = Blueprint("pictures", __name__)
KINDS = {"archief": Rendition.ARCHIVE, "tekst": Rendition.TEXT}
ENDINGS = {Rendition.ARCHIVE: " (archief).pdf", Rendition.TEXT: ".txt"}
LONGEST_NUMBER = 8
DAMAGED = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 420 594" width="1240" height="1754">
<rect width="420" height="594" fill="#f3f3f3"/>
<rect x="8" y="8" width="404" height="578" fill="none" stroke="#8a1f11" stroke-width="3" stroke-dasharray="12 8"/>
<g font-family="sans-serif" font-size="20" text-anchor="middle" fill="#1b1b1b">
<text x="210" y="285">{what}</text><text x="210" y="315">{advice}</text></g></svg>"""
SHOWN = frozenset({"image/jpeg", "image/png", "image/webp"})

log = structlog.get_logger(__name__)


@desk.get("/documenten/<uuid:document_id>/bladzijde/<int:number>")
@acts(Action.READ)
def page(document_id: UUID, number: int) -> Response:
    """The image of a page, of an older version when `versie` asks."""
    return picture(
        lambda: house().documents.content(by(), document_id, Rendition.PAGE, page=number, version=_version())
    )


@desk.get("/documenten/<uuid:document_id>/miniatuur/<int:number>")
@acts(Action.READ)
def thumbnail(document_id: UUID, number: int) -> Response:
    """The small image of a page."""
    return picture(
        lambda: house().documents.content(by(), document_id, Rendition.THUMBNAIL, page=number, version=_version())
    )


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
    return picture(lambda: house().desk.page(by(), item_id, number))


@desk.get("/postbak/<uuid:item_id>/miniatuur/<int:number>")
@acts(Action.ADD)
def item_thumbnail(item_id: UUID, number: int) -> Response:
    """The small image of a page of what waits at a desk."""
    return picture(lambda: house().desk.page(by(), item_id, number, thumbnail=True))


def picture(asked: Callable[[], Content]) -> Response:
    """Only pictures that we made ourselves are shown in the page; anything else is saved.

    Read whole before a byte is sent: where it is damaged, whatever the place, another picture says so.
    """
    try:
        content = asked()
        whole = b"".join(content.chunks)
    except Broken as fault:
        log.error("picture_damaged", code=fault.code)
        response = Response(_in_its_place(), problem_of(fault).status, mimetype="image/svg+xml")
        response.headers["Cache-Control"] = "no-store"
        return response
    response = Response(whole, mimetype=content.media_type)
    if content.media_type not in SHOWN:
        response.mimetype = "application/octet-stream"
        response.headers["Content-Disposition"] = "attachment"
    return response


def _in_its_place() -> str:
    """A picture for a page that cannot be shown."""
    return DAMAGED.format(
        what=escape(say(N_("Deze bladzijde is beschadigd."))),
        advice=escape(say(N_("Meld het de applicatiebeheerder."))),
    )


def _version() -> int | None:
    """The number of the version in the address, None for the current one."""
    text = request.args.get("versie", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < LONGEST_NUMBER else None
