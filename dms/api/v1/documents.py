"""`/documents`: what is known of a document, and its bytes."""

from uuid import UUID

from flask import Blueprint, Response, request

from dms.api.answers import answer
from dms.api.describe import BYTES, Answer, Parameter, describes
from dms.api.guard import Scope, by, needs
from dms.api.house import house
from dms.api.shapes import DocumentAnswer, document_answer
from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from dms.model.documents import Rendition
from dms.services.downloads import attachment
from rights.rules.actions import Action

RENDITIONS = (Rendition.ORIGINAL.value, Rendition.ARCHIVE.value, Rendition.TEXT.value)

routes = Blueprint("documents", __name__)


@routes.get("/documents/<uuid:document_id>")
@needs(Scope.READ, Action.SEE)
@describes(N_("Wat er van een document bekend is."), Answer(200, DocumentAnswer), fails=(404,))
def show(document_id: UUID) -> Response:
    """A document as the holder may see it."""
    return answer(document_answer(house().documents.show(by(), document_id)))


@routes.get("/documents/<uuid:document_id>/content")
@needs(Scope.READ, Action.READ)
@describes(
    N_("De inhoud van een document. text: bladzijden gescheiden door een form feed."),
    Answer(200, BYTES),
    parameters=(Parameter("rendition", "query", choices=RENDITIONS),),
    fails=(400, 403, 404),
)
def content(document_id: UUID) -> Response:
    """The bytes, as a download; never for a browser to show."""
    wanted = request.args.get("rendition", Rendition.ORIGINAL.value)
    if wanted not in RENDITIONS:
        raise BadInput(
            N_("Deze vorm van het document bestaat niet."),
            N_("Kies uit: %(known)s."),
            code="no_rendition",
            params={"known": ", ".join(RENDITIONS)},
        )
    found = house().documents.content(by(), document_id, Rendition(wanted), download=True)
    response = Response(found.chunks, mimetype=found.media_type)
    response.content_length = found.size
    response.headers["Content-Disposition"] = attachment(found.file_name)
    return response
