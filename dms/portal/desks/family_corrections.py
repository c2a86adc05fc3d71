"""Reporting data that are wrong or changed, and what became of it. The school decides; nothing changes by itself."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput, DmsError
from dms.kernel.text import N_
from dms.model.corrections import FIELDS, CorrectionState
from dms.portal.child_sections import ChildSection, register
from dms.portal.family_words import told
from dms.portal.guard import portal_session
from dms.portal.house import house
from dms.portal.people import Place, add_place, by
from dms.portal.texts import say

desk = Blueprint("family_corrections", __name__)
add_place(Place("family_corrections.page", N_("Wijziging doorgeven"), ("family_corrections",), 30))

STATES = {
    CorrectionState.WAITING: (N_("De school kijkt er nog naar."), ""),
    CorrectionState.ACCEPTED: (N_("De school neemt dit over."), "good"),
    CorrectionState.REJECTED: (N_("De school neemt dit niet over."), "attention"),
    CorrectionState.WITHDRAWN: (N_("U hebt dit teruggenomen."), ""),
}
INPUTS = {"email": "email", "phone": "tel", "date": "text", "text": "text"}


@desk.get("/portaal/wijzigingen")
@portal_session
def page() -> ResponseReturnValue:
    """What the person reported, and about whom something can be reported."""
    reporting = house().corrections.reporting
    return render_template(
        "portal/corrections/page.html",
        pupils=reporting.pupils(by()),
        reports=[
            (x, say(x.field.label), *(say(y) for y in STATES[x.state]), x.state is CorrectionState.WAITING)
            for x in reporting.mine(by())
        ],
        sent=request.args.get("verstuurd") == "ja",
    )


@desk.get("/portaal/wijzigingen/<uuid:pupil_id>")
@portal_session
def form(pupil_id: UUID) -> ResponseReturnValue:
    """The form about one pupil."""
    return _show(pupil_id)


@desk.post("/portaal/wijzigingen/<uuid:pupil_id>")
@portal_session
def report(pupil_id: UUID) -> ResponseReturnValue:
    """Send what was filled in to the school's queue."""
    given = {x: request.form.get(x, "") for x in FIELDS if request.form.get(x, "").strip()}
    try:
        house().corrections.reporting.report(by(), pupil_id, given, request.form.get("opmerking", ""))
    except BadInput as error:
        return _show(pupil_id, error), 400
    return redirect(url_for("family_corrections.page", verstuurd="ja"), 303)


@desk.post("/portaal/wijzigingen/<uuid:correction_id>/terug")
@portal_session
def withdraw(correction_id: UUID) -> ResponseReturnValue:
    """Take a report back that nobody decided on."""
    house().corrections.reporting.withdraw(by(), correction_id)
    return redirect(url_for("family_corrections.page"), 303)


def section(pupil_id: UUID) -> ChildSection | None:
    """The way to the form, on a child's page."""
    if all(x != pupil_id for x, _ in house().corrections.reporting.pupils(by())):
        return None
    return ChildSection(
        say(N_("Klopt er iets niet?")),
        say(N_("Nieuw adres, ander telefoonnummer, een naam verkeerd geschreven: geef het hier door.")),
        url_for("family_corrections.form", pupil_id=pupil_id),
        say(N_("Geef een wijziging door")),
    )


register(section)


def _show(pupil_id: UUID, error: DmsError | None = None) -> str:
    found = house().corrections.reporting.form(by(), pupil_id)
    return render_template(
        "portal/corrections/form.html",
        found=found,
        fields=[
            (x, say(x.field.label), say(x.field.hint), INPUTS[x.field.sort], request.form.get(x.field.code, ""))
            for x in found.fields
        ],
        remark=request.form.get("opmerking", ""),
        problem=_told(error),
    )


def _told(error: DmsError | None) -> tuple[str, str]:
    """As `told`, with the name of the field in the reader's language."""
    if error is not None and "field" in error.params:
        error.params["field"] = say(str(error.params["field"]))
    return told(error)
