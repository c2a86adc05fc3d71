"""Looking a transfer package through, by parents and by pupils of 16 and over: all of it, then an answer."""

from uuid import UUID

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from dms.model.transfers import Viewer
from dms.portal.child_sections import ChildSection, register
from dms.portal.guard import portal_session
from dms.portal.house import house
from dms.portal.people import Place, add_place, by, person
from dms.portal.texts import say
from dms.services.downloads import attachment
from dms.services.transfers.shapes import Answer, WaitingPackage
from dms.wire.status import status_of

desk = Blueprint("family_inspection", __name__)
LONGEST_TEXT = 2000
GENDER = "Geslacht"
SHOWN = frozenset({"image/jpeg", "image/png", "image/webp"})


def _packages() -> tuple[WaitingPackage, ...]:
    """What the person may look through now; asked once a request."""
    if "family_packages" not in g:
        g.family_packages = house().transfers.inspecting.waiting(person().id)
    found: tuple[WaitingPackage, ...] = g.family_packages
    return found


def _section(pupil_id: UUID) -> ChildSection | None:
    """On the page of a child: what waits to be looked through."""
    found = house().transfers.inspecting.for_person(person().id, pupil_id)
    if not found:
        return None
    unanswered = sum(x.package_id in found and not x.answered for x in _packages())
    return ChildSection(
        say(N_("Naar de volgende school")),
        say(N_("De school wil een dossier overdragen. U mag het eerst inzien en zeggen wat u ervan vindt.")),
        url_for("family_inspection.page", package_id=found[0]),
        say(N_("Bekijk het dossier dat meegaat")),
        count=unanswered,
    )


register(_section)
add_place(
    Place(
        "family_inspection.waiting",
        N_("Overdracht"),
        ("family_inspection",),
        40,
        lambda: sum(not x.answered for x in _packages()),
        lambda: bool(_packages()),
    )
)


@desk.get("/portaal/overdracht")
@portal_session
def waiting() -> ResponseReturnValue:
    """The packages that the person may look through now."""
    found = house().transfers.inspecting.waiting(person().id)
    return render_template("portal/inspection/waiting.html", found=found)


@desk.get("/portaal/overdracht/<uuid:package_id>")
@portal_session
def page(package_id: UUID) -> ResponseReturnValue:
    """The whole package, and the question."""
    return _page(package_id)


@desk.post("/portaal/overdracht/<uuid:package_id>")
@portal_session
def answer(package_id: UUID) -> ResponseReturnValue:
    """What the person thinks of it."""
    said, consent = request.form.get("antwoord"), request.form.get("toestemming")
    try:
        if said not in {"ja", "nee"}:
            raise BadInput(N_("Kies of u het eens bent met de inhoud."), N_("Kies ja of nee."), code="no_answer")
        house().transfers.inspecting.answer(
            by(),
            package_id,
            Answer(
                Viewer.CARER,
                None,
                said == "ja",
                remark=request.form.get("opmerking", "")[:LONGEST_TEXT],
                consent={"ja": True, "nee": False}.get(consent or ""),
            ),
        )
    except BadInput as error:
        return _page(package_id, say(error.message, error.params)), status_of(error)
    return redirect(url_for("family_inspection.page", package_id=package_id, klaar="ja"), 303)


@desk.get("/portaal/overdracht/<uuid:package_id>/<int:number>")
@portal_session
def document(package_id: UUID, number: int) -> ResponseReturnValue:
    """One document of the package, page by page."""
    shown = house().transfers.inspecting.show(by(), package_id)
    found = next((x for x in shown.files if x.number == number), None)
    if found is None:
        return redirect(url_for("family_inspection.page", package_id=package_id), 303)
    return render_template("portal/inspection/document.html", shown=shown, file=found)


@desk.get("/portaal/overdracht/<uuid:package_id>/<int:number>/bladzijde/<int:nth>")
@portal_session
def picture(package_id: UUID, number: int, nth: int) -> ResponseReturnValue:
    """The picture of a page; what is no picture of ours is never shown in the browser."""
    content = house().transfers.inspecting.page(by(), package_id, number, nth)
    response = Response(b"".join(content.chunks), mimetype=content.media_type)
    if content.media_type not in SHOWN:
        response.mimetype = "application/octet-stream"
        response.headers["Content-Disposition"] = "attachment"
    return response


@desk.get("/portaal/overdracht/<uuid:package_id>/<int:number>/bestand")
@portal_session
def file(package_id: UUID, number: int) -> ResponseReturnValue:
    """The file as it goes along, always saved and never shown."""
    content = house().transfers.inspecting.file(by(), package_id, number)
    response = Response(content.chunks, mimetype="application/octet-stream")
    response.content_length = content.size
    response.headers["Content-Disposition"] = attachment(content.file_name)
    return response


def _page(package_id: UUID, problem: str = "") -> str:
    shown = house().transfers.inspecting.show(by(), package_id)
    return render_template(
        "portal/inspection/page.html",
        shown=shown,
        data=[
            (say(name), say(value) if name == GENDER and isinstance(value, str) else value)
            for name, value in shown.data
        ],
        problem=problem,
        done=request.args.get("klaar") == "ja",
        typed=request.form,
    )
