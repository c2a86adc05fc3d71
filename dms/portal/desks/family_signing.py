"""Plans that the school puts before a parent or pupil: read it, say what you think of it, confirm that it is you."""

from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput, Conflict, DmsError
from dms.kernel.text import N_
from dms.model.signing import Answer, SigningState
from dms.portal.child_sections import ChildSection, register
from dms.portal.desks.family_document import SHOWN
from dms.portal.family_words import told
from dms.portal.guard import portal_session
from dms.portal.house import house
from dms.portal.people import Place, add_place, by
from dms.portal.texts import day, say, say_many
from dms.services.signing.shapes import ToSign

desk = Blueprint("family_signing", __name__)
add_place(
    Place(
        "family_signing.page",
        N_("Ondertekenen"),
        ("family_signing",),
        20,
        lambda: house().signing.answering.waiting(by()),
    )
)

ANSWERS = {
    Answer.SEEN: (N_("Ik heb het plan gezien"), N_("U zegt alleen dat u het hebt gelezen.")),
    Answer.AGREED: (N_("Ik heb het gezien en ben het ermee eens"), ""),
    Answer.NOT_AGREED: (N_("Ik heb het gezien en ben het er niet mee eens"), N_("Schrijf hieronder waarom.")),
}
SAID = {
    Answer.SEEN: N_("U hebt het plan gezien."),
    Answer.AGREED: N_("U bent het eens met het plan."),
    Answer.NOT_AGREED: N_("U bent het niet eens met het plan."),
}
LONGEST_PROOF = 200


@desk.get("/portaal/ondertekenen")
@portal_session
def page() -> ResponseReturnValue:
    """The plans that wait, and those that were answered or ended."""
    found = house().signing.answering.mine(by())
    return render_template("portal/signing/page.html", plans=[(x, state(x)) for x in found])


@desk.get("/portaal/ondertekenen/<uuid:request_id>")
@portal_session
def one(request_id: UUID) -> ResponseReturnValue:
    """One plan with its pages and the form."""
    return _show(request_id)


@desk.post("/portaal/ondertekenen/<uuid:request_id>")
@portal_session
def answer(request_id: UUID) -> ResponseReturnValue:
    """Answer, confirmed with the password or a code."""
    given = request.form.get("antwoord", "")
    try:
        if given not in {x.value for x in Answer}:
            raise BadInput(N_("U hebt nog niet gekozen."), N_("Kies een van de drie antwoorden."), code="no_answer")
        house().signing.answering.answer(
            by(),
            request_id,
            Answer(given),
            request.form.get("opmerking", ""),
            request.form.get("bevestiging", "")[:LONGEST_PROOF],
        )
    except (BadInput, Conflict) as error:
        return _show(request_id, error), 400
    return redirect(url_for("family_signing.one", request_id=request_id), 303)


@desk.get("/portaal/ondertekenen/<uuid:request_id>/bladzijde/<int:number>")
@portal_session
def picture(request_id: UUID, number: int) -> ResponseReturnValue:
    """The picture of a page of the version that is asked about."""
    content = house().signing.answering.picture(by(), request_id, number)
    response = Response(b"".join(content.chunks), mimetype=content.media_type)
    if content.media_type not in SHOWN:
        response.mimetype = "application/octet-stream"
        response.headers["Content-Disposition"] = "attachment"
    return response


def state(plan: ToSign) -> str:
    """What became of it, in a sentence; empty while it waits."""
    if plan.answer is not None:
        return say(SAID[plan.answer])
    if plan.state is not SigningState.OPEN:
        return say(N_("Antwoorden kan niet meer."))
    return ""


def section(pupil_id: UUID) -> ChildSection | None:
    """What waits of one child, on her page."""
    mine = [x for x in house().signing.answering.mine(by()) if x.pupil_id == pupil_id]
    waits = sum(x.waits for x in mine)
    if not mine:
        return None
    title = say(N_("Plannen om te ondertekenen"))
    if waits == 1:
        (plan,) = (x for x in mine if x.waits)
        until = say(N_("%(title)s. Antwoord tot en met %(day)s."), {"title": plan.title, "day": day(plan.ends_on)})
        address = url_for("family_signing.one", request_id=plan.id)
        return ChildSection(title, until, address, say(N_("Lees het plan en antwoord")), waits)
    text = say_many(
        N_("Er wacht %(num)d plan op uw antwoord."), N_("Er wachten %(num)d plannen op uw antwoord."), waits
    )
    return ChildSection(
        title,
        text if waits else say(N_("Er wacht nu niets op uw antwoord.")),
        url_for("family_signing.page"),
        say(N_("Bekijk de plannen")),
        waits,
    )


register(section)


def _show(request_id: UUID, error: DmsError | None = None) -> str:
    plan = house().signing.answering.one(by(), request_id)
    return render_template(
        "portal/signing/one.html",
        plan=plan,
        said=state(plan),
        answers=[(k.value, say(label), say(hint)) for k, (label, hint) in ANSWERS.items()],
        chosen=request.form.get("antwoord", ""),
        typed=request.form.get("opmerking", ""),
        problem=told(error),
    )
