"""What a visitor by link sees and may do: the list, the reader, files, and sending something back."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from dms.kernel.errors import BadInput, NotFound
from dms.kernel.text import N_
from dms.model.documents import Source
from dms.model.events import SYSTEM
from dms.portal import sessions
from dms.portal.guard import link_session, open_door
from dms.portal.house import house
from dms.portal.security import csrf
from dms.portal.texts import say
from dms.services.downloads import attachment
from dms.services.shapes import Hints
from dms.wire.forms import FormStream

desk = Blueprint("shared", __name__)
csrf.exempt(desk)  # forms of a visit carry the visit's own token: see `dms.portal.sessions`

AT_ONCE = 10
"""Pages of a document on one page of ours."""
MOST_FILES = 20


@desk.get("/portaal/gedeeld")
@link_session
def shelf() -> Response:
    """All that is shared now."""
    return _shelf()


@desk.get("/portaal/gedeeld/<uuid:document_id>")
@link_session
def read(document_id: UUID) -> Response:
    """A document, page by page."""
    shelf = house().served.shelf(sessions.token())
    reading = house().served.read(sessions.token(), document_id)
    last = max(1, -(-len(reading.pages) // AT_ONCE))
    part = min(max(request.args.get("deel", 1, type=int), 1), last)
    pages = reading.pages[(part - 1) * AT_ONCE : part * AT_ONCE]
    return _shown("read.html", shelf.school, shelf=shelf, document=reading.document, pages=pages, part=part, last=last)


@desk.get("/portaal/gedeeld/<uuid:document_id>/bladzijde/<int:number>")
@link_session
def picture(document_id: UUID, number: int) -> Response:
    """The image of a page. Always whole: no ranges."""
    image, media_type = house().served.page(sessions.token(), document_id, number)
    response = Response(image, mimetype=media_type)
    response.headers["Accept-Ranges"] = "none"
    return response


@desk.get("/portaal/gedeeld/<uuid:document_id>/bestand")
@link_session
def file(document_id: UUID) -> Response:
    """The file as it was shared, or its archive copy (`soort=archief`); always saved, never shown."""
    archive = request.args.get("soort") == "archief"
    content = house().served.download(sessions.token(), document_id, archive=archive)
    stem, dot, _ = content.file_name.rpartition(".")
    name = f"{stem if dot else content.file_name} (archief).pdf" if archive else content.file_name
    return _saved(content.chunks, content.size, name)


@desk.get("/portaal/gedeeld/pakket")
@link_session
def package() -> Response:
    """The package that the link is for."""
    found = house().served.package(sessions.token())
    return _saved(found.open(), found.size, found.file_name)


@desk.post("/portaal/gedeeld/pakket/ontvangst")
@link_session
def receipt() -> Response:
    """The receiver says that the package came, or that she does not take it and why."""
    taken = request.form.get("doe", "") != "geweigerd"
    text = request.form.get("kenmerk" if taken else "reden", "")
    try:
        package_id = house().served.fetched_package(sessions.token())
        house().transfers.sending.heard(package_id, taken=taken, text=text)
    except BadInput as fault:
        return _shelf(f"{say(fault.message, fault.params)} {say(fault.advice, fault.params)}", 400)
    return make_response(redirect(url_for("shared.shelf", gezegd="ja" if taken else "nee"), 303))


@desk.get("/portaal/gedeeld/terugsturen")
@link_session
def sending() -> Response:
    """The form to send something back."""
    return _sending("", 0)


@desk.post("/portaal/gedeeld/terugsturen")
@link_session
def send() -> Response:
    """Take files in; they wait at a desk of the school, where a person looks. They never file themselves."""
    try:
        landing = house().served.landing(sessions.token())
    except BadInput as fault:
        return _problem(fault)
    boundary = request.mimetype_params.get("boundary", "").encode("latin-1", "replace")
    if request.mimetype != "multipart/form-data" or not boundary:
        sessions.check_form(request.form.get("csrf_token", ""))
        return _sending(say(N_("Kies eerst een bestand.")), 0, 400)
    form = FormStream(request.stream, boundary)
    sessions.check_form(form.fields().get("csrf_token", ""))
    names: list[str] = []
    hints = Hints(trusted=False, suggested=(landing.pupil_id,), level=landing.level)
    try:
        house().receive.receive(SYSTEM, landing.brin, Source.OUTSIDER, _counted(form.files(), names), hints)
    except BadInput as fault:
        return _problem(fault)
    house().served.sent_back(sessions.token(), len(names))
    return make_response(redirect(url_for("shared.sending", gestuurd=len(names)), 303))


setattr(send, sessions.STREAMED, True)


@desk.post("/portaal/gedeeld/afsluiten")
@link_session
def leave() -> Response:
    """End the visit."""
    house().doorway.leave(sessions.token())
    response = make_response(redirect(url_for("shared.left"), 303))
    sessions.end(response)
    return response


@desk.get("/portaal/afgesloten")
@open_door
def left() -> Response:
    """The visit was ended."""
    return make_response(render_template("portal/links/left.html"))


def _shelf(problem: str = "", status: int = 200) -> Response:
    found = house().served.shelf(sessions.token())
    said = request.args.get("gezegd", "")
    confirmed = found.package_id is not None and house().transfers.sending.is_confirmed(found.package_id)
    response = _shown("shelf.html", found.school, shelf=found, confirmed=confirmed, said=said, problem=problem)
    response.status_code = status
    return response


def _problem(fault: BadInput) -> Response:
    return _sending(f"{say(fault.message, fault.params)} {say(fault.advice, fault.params)}", 0, 400)


def _sending(problem: str, sent: int, status: int = 200) -> Response:
    shelf = house().served.shelf(sessions.token())
    if not shelf.may_upload:
        raise NotFound
    sent = sent or max(0, min(request.args.get("gestuurd", 0, type=int), MOST_FILES))
    most = house().settings.limits.file_bytes
    response = _shown("send.html", shelf.school, shelf=shelf, problem=problem, sent=sent, most=most)
    response.status_code = status
    return response


def _counted(files: Iterable[tuple[str, Iterator[bytes]]], names: list[str]) -> Iterator[tuple[str, Iterator[bytes]]]:
    for name, chunks in files:
        names.append(name)
        if len(names) > MOST_FILES:
            raise BadInput(
                N_("Te veel bestanden in een keer."),
                N_("Stuur er hoogstens %(most)d tegelijk."),
                params={"most": MOST_FILES},
            )
        yield name, chunks


def _shown(template: str, school: str, **values: object) -> Response:
    token = sessions.form_token()
    return make_response(
        render_template(
            f"portal/links/{template}",
            school_name=school,
            leave=url_for("shared.leave"),
            leave_token=token,
            form_token=token,
            **values,
        )
    )


def _saved(chunks: Iterator[bytes], size: int, name: str) -> Response:
    response = Response(chunks, mimetype="application/octet-stream")
    response.content_length = size
    response.headers["Content-Disposition"] = attachment(name)
    response.headers["Accept-Ranges"] = "none"
    return response
