"""Shields: over a dossier, a part of it or a document; and the privacy officer's list."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput
from dms.kernel.ids import parse_id
from dms.kernel.text import N_
from dms.model.duties import Duty
from dms.web import notices
from dms.web.around import school
from dms.web.asked import day, flag, line
from dms.web.guard import acts, by, manages, may, may_manage
from dms.web.house import house
from dms.web.notices import Notice, tell
from rights.rules.actions import Action

desk = Blueprint("shields", __name__)
notices.register(
    {
        "shield_placed": Notice(N_("De afscherming geldt vanaf nu.")),
        "shield_changed": Notice(N_("De afscherming is gewijzigd.")),
        "shield_lifted": Notice(N_("De afscherming is opgeheven.")),
    }
)


@desk.app_context_processor
def _offered() -> dict[str, object]:
    """Lets pages of others ask whether to offer the way here."""
    return {"may_shield": lambda: may(Action.HOLD, school()), "may_guard": lambda: may_manage(Duty.PRIVACY, school())}


@desk.get("/leerlingen/<uuid:pupil_id>/afscherming")
@acts(Action.HOLD)
def pupil(pupil_id: UUID) -> ResponseReturnValue:
    """The shields over a dossier, and a new one over all or a part of it."""
    shields = house().rights_desk.shields
    name, categories = shields.subject(by(), pupil_id)
    return render_template(
        "rights/shield_pupil.html",
        pupil_id=pupil_id,
        name=name,
        categories=categories,
        shields=shields.of_pupil(by(), pupil_id),
        people=[(x.user_id, x.name) for x in shields.people(by(), pupil_id)],
    )


@desk.post("/leerlingen/<uuid:pupil_id>/afscherming")
@acts(Action.HOLD)
def shield_pupil(pupil_id: UUID) -> ResponseReturnValue:
    """Shield the dossier, or a category of it."""
    shields = house().rights_desk.shields
    shields.subject(by(), pupil_id)  # who may not know of her hears nothing of what is wrong in the form
    until = day("tot")
    if until is None:
        raise BadInput(N_("Er is nog geen einddatum."), N_("Kies tot wanneer de afscherming geldt."), code="no_until")
    shields.over_dossier(by(), pupil_id, _people(), line("reden"), until, category=line("categorie") or None)
    tell("shield_placed")
    return redirect(url_for("shields.pupil", pupil_id=pupil_id), 303)


@desk.get("/documenten/<uuid:document_id>/afscherming")
@acts(Action.HOLD)
def document(document_id: UUID) -> ResponseReturnValue:
    """Shield one document."""
    title, people = house().rights_desk.shields.for_document(by(), document_id)
    return render_template(
        "rights/shield_document.html",
        document_id=document_id,
        title=title,
        people=[(x.user_id, x.name) for x in people],
    )


@desk.post("/documenten/<uuid:document_id>/afscherming")
@acts(Action.HOLD)
def shield_document(document_id: UUID) -> ResponseReturnValue:
    """Do so; one may not see it any more oneself afterwards."""
    shields = house().rights_desk.shields
    shields.for_document(by(), document_id)
    until = day("tot")
    if until is None:
        raise BadInput(N_("Er is nog geen einddatum."), N_("Kies tot wanneer de afscherming geldt."), code="no_until")
    shield = shields.over_document(by(), document_id, _people(), line("reden"), until)
    tell("shield_placed")
    return redirect(url_for("shields.one", shield_id=shield), 303)


@desk.get("/afschermingen/<uuid:shield_id>")
@acts(Action.HOLD)
def one(shield_id: UUID) -> ResponseReturnValue:
    """One shield, to be changed or lifted."""
    shields = house().rights_desk.shields
    found = shields.one(by(), shield_id)
    return render_template("rights/shield.html", shield=found, people=shields.all_people(by(), shield_id))


@desk.post("/afschermingen/<uuid:shield_id>")
@acts(Action.HOLD)
def change(shield_id: UUID) -> ResponseReturnValue:
    """Change or lift it."""
    shields = house().rights_desk.shields
    shields.one(by(), shield_id)
    if line("doe") == "opheffen":
        shields.lift(by(), shield_id, line("reden"))
        tell("shield_lifted")
    else:
        until = day("tot")
        if until is None:
            raise BadInput(
                N_("Er is nog geen einddatum."), N_("Kies tot wanneer de afscherming geldt."), code="no_until"
            )
        shields.change(by(), shield_id, _people(), line("reden"), until)
        tell("shield_changed")
    return redirect(url_for("shields.one", shield_id=shield_id), 303)


@desk.get("/afschermingen")
@manages(Duty.PRIVACY)
def page() -> ResponseReturnValue:
    """All shields of the board."""
    ended = flag("oud")
    return render_template(
        "rights/shields.html", shields=house().rights_desk.shields.all(by(), school().brin, ended=ended), ended=ended
    )


def _people() -> list[UUID]:
    return [x for y in request.form.getlist("personen") if (x := parse_id(y)) is not None]
