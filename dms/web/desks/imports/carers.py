"""Carers of a pupil: who they are, their authority with its days and proof, and who may know what."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput, NotFound, Refused
from dms.kernel.text import N_
from dms.services.carers import CarerContact, CarerForm, CarerLine, CarerPage
from dms.web.asked import day, flag, identity, line
from dms.web.guard import acts, by
from dms.web.house import house
from dms.web.notices import Notice, register, tell
from dms.web.presenters import carers as present
from dms.web.texts import say
from rights.rules.actions import Action

desk = Blueprint("carers", __name__)

register(
    {
        "carer_saved": Notice(N_("De verzorger is opgeslagen.")),
        "carer_ended": Notice(N_("De verzorger is beëindigd.")),
        "consent_given": Notice(N_("De toestemming van de leerling is vastgelegd en telt vanaf nu.")),
        "consent_taken": Notice(N_("De toestemming van de leerling is ingetrokken.")),
    }
)


@desk.get("/leerlingen/<uuid:pupil_id>/verzorgers")
@acts(Action.READ)
def page(pupil_id: UUID) -> ResponseReturnValue:
    """All carers, and what each may know today."""
    view = house().carers.of(by(), pupil_id)
    return render_template(
        "carers/page.html",
        pupil_id=pupil_id,
        carers=present.cards(view),
        own=present.entitled(view.own),
        coming=present.coming(view),
        born=view.born,
        may_edit=view.may_edit,
        consents=house().rights_desk.families.consents(by(), pupil_id) if view.may_edit else None,
    )


@desk.get("/leerlingen/<uuid:pupil_id>/verzorgers/nieuw")
@acts(Action.EDIT)
def new(pupil_id: UUID) -> ResponseReturnValue:
    """An empty form."""
    _editable(pupil_id)
    return _form(pupil_id, None, {})


@desk.get("/leerlingen/<uuid:pupil_id>/verzorgers/<uuid:carer_id>")
@acts(Action.EDIT)
def edit(pupil_id: UUID, carer_id: UUID) -> ResponseReturnValue:
    """One carer, to change. The address is asked for apart: that it was looked at is recorded."""
    one = _one(pupil_id, carer_id)
    values = {
        "naam": one.name,
        "relatie": one.relation,
        "email": one.email,
        "gezag": "1" if one.authority else "",
        "gezag_vanaf": one.authority_since or "",
        "gezag_tot": one.authority_until or "",
        "verzorger_vanaf": one.since or "",
        "bewijs": str(one.proof_document_id or ""),
        "geheim": "1" if one.address_secret else "",
        "overleden": "1" if one.deceased else "",
    }
    if flag("adres"):
        contact = house().carers.contact(by(), pupil_id, carer_id)
        values |= {
            "telefoon": contact.phone,
            "straat": contact.street,
            "postcode": contact.postcode,
            "plaats": contact.town,
        }
    return _form(pupil_id, one, values, with_contact=flag("adres") or not one.has_contact)


@desk.post("/leerlingen/<uuid:pupil_id>/verzorgers/nieuw")
@acts(Action.EDIT)
def add(pupil_id: UUID) -> ResponseReturnValue:
    """Add a carer."""
    return _save(pupil_id, None)


@desk.post("/leerlingen/<uuid:pupil_id>/verzorgers/<uuid:carer_id>")
@acts(Action.EDIT)
def save(pupil_id: UUID, carer_id: UUID) -> ResponseReturnValue:
    """Change a carer."""
    return _save(pupil_id, carer_id)


@desk.post("/leerlingen/<uuid:pupil_id>/verzorgers/<uuid:carer_id>/einde")
@acts(Action.EDIT)
def end(pupil_id: UUID, carer_id: UUID) -> ResponseReturnValue:
    """From a day on the carer is none of this pupil any more."""
    _one(pupil_id, carer_id)
    on = day("per")
    if on is None:
        raise BadInput(N_("Vul een datum in."), N_("Vanaf welke dag is dit geen verzorger meer?"), code="no_date")
    house().carers.end(by(), pupil_id, carer_id, on)
    tell("carer_ended")
    return redirect(url_for("carers.page", pupil_id=pupil_id), 303)


@desk.post("/leerlingen/<uuid:pupil_id>/verzorgers/<uuid:carer_id>/toestemming")
@acts(Action.EDIT)
def consent(pupil_id: UUID, carer_id: UUID) -> ResponseReturnValue:
    """Record what a pupil of 18 or over said: this carer may keep following the progress, or no longer."""
    _one(pupil_id, carer_id)
    said = line("toestemming")
    if said not in ("ja", "nee"):
        raise BadInput(N_("Kies ja of nee."), N_("Vraag de leerling wat die wil."), code="no_answer")
    house().rights_desk.families.consent(by(), pupil_id, carer_id, given=said == "ja")
    tell("consent_given" if said == "ja" else "consent_taken")
    return redirect(url_for("carers.page", pupil_id=pupil_id), 303)


def _save(pupil_id: UUID, carer_id: UUID | None) -> ResponseReturnValue:
    one = _one(pupil_id, carer_id) if carer_id is not None else None
    _editable(pupil_id)
    try:
        house().carers.save(by(), pupil_id, carer_id, _asked())
    except BadInput as fault:
        problem = {"message": say(fault.message, fault.params), "advice": say(fault.advice, fault.params)}
        return _form(
            pupil_id, one, request.form, with_contact=one is None or "telefoon" in request.form, problem=problem
        ), 400
    tell("carer_saved")
    return redirect(url_for("carers.page", pupil_id=pupil_id), 303)


def _asked() -> CarerForm:
    return CarerForm(
        name=line("naam"),
        relation=line("relatie"),
        email=line("email"),
        authority=flag("gezag"),
        authority_since=day("gezag_vanaf"),
        authority_until=day("gezag_tot"),
        since=day("verzorger_vanaf"),
        proof_document_id=identity("bewijs"),
        address_secret=flag("geheim"),
        deceased=flag("overleden"),
        contact=CarerContact(line("telefoon"), line("straat"), line("postcode"), line("plaats"))
        if "telefoon" in request.form
        else None,
    )


def _form(
    pupil_id: UUID,
    one: CarerLine | None,
    values: object,
    *,
    with_contact: bool = True,
    problem: dict[str, str] | None = None,
) -> str:
    proofs = [
        (str(x.document_id), f"{x.title} ({x.category_name})")
        for section in house().pupils.dossier(by(), pupil_id).sections
        for x in section.documents
    ]
    return render_template(
        "carers/form.html",
        pupil_id=pupil_id,
        one=one,
        values=values,
        relations=present.relations(one.relation if one else ""),
        proofs=proofs,
        with_contact=with_contact,
        problem=problem,
    )


def _editable(pupil_id: UUID) -> CarerPage:
    """The carers of a pupil, for who keeps them. Raises NotFound, Refused."""
    view = house().carers.of(by(), pupil_id)
    if not view.may_edit:
        raise Refused
    return view


def _one(pupil_id: UUID, carer_id: UUID) -> CarerLine:
    found = next((x for x in _editable(pupil_id).carers if x.id == carer_id), None)
    if found is None:
        raise NotFound
    return found
