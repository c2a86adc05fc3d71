"""Plans that are put before parents and pupils: who answered what, asking, recording paper, reminding, ending."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput, Conflict, DmsError
from dms.kernel.ids import parse_id
from dms.kernel.text import N_
from dms.model.signing import Answer
from dms.web.asked import day, flag, line
from dms.web.error_pages import problem_of
from dms.web.frame import school
from dms.web.guard import acts, by, may
from dms.web.house import house
from dms.web.notices import Notice, register, tell
from dms.web.presenters import signing as present
from dms.web.texts import say_many
from rights.rules.actions import Action

desk = Blueprint("signing", __name__)
register(
    {
        "signing_asked": Notice(N_("Het plan ligt voor.")),
        "signing_paper": Notice(N_("Het antwoord op papier is vastgelegd.")),
        "signing_reminded": Notice(N_("%(num)d herinnering gaat weg."), N_("%(num)d herinneringen gaan weg.")),
        "signing_ended": Notice(N_("Afgesloten. De verklaring komt in het dossier.")),
        "signing_withdrawn": Notice(N_("Ingetrokken.")),
        "signing_put_off": Notice(N_("De einddatum is gewijzigd.")),
    }
)


@desk.app_context_processor
def _offered() -> dict[str, object]:
    """Lets the page of a document offer the way here."""
    return {"signing_of": _of_document}


def _of_document(document_id: str) -> present.OfDocument | None:
    wanted = parse_id(document_id)
    if wanted is None:
        return None
    lines = house().signing.overview.of_document(by(), wanted)
    offered = may(Action.SHARE) and house().signing.asking.signable(by(), wanted)
    return present.of_document(wanted, lines, offered=offered)


@desk.get("/ondertekenen")
@acts(Action.SHARE)
def page() -> ResponseReturnValue:
    """The requests of the school: those that wait, or those that ended."""
    closed = flag("oud")
    found = house().signing.overview.requests(by(), school().brin, closed=closed)
    return render_template(
        "signing/page.html",
        rows=[present.row(x) for x in found],
        closed=closed,
        total=say_many(N_("%(num)d plan"), N_("%(num)d plannen"), len(found)),
    )


@desk.get("/ondertekenen/<uuid:request_id>")
@acts(Action.SHARE)
def one(request_id: UUID) -> ResponseReturnValue:
    """One request with everybody's answer."""
    return _show(request_id)


@desk.get("/documenten/<uuid:document_id>/voorleggen")
@acts(Action.SHARE)
def form(document_id: UUID) -> ResponseReturnValue:
    """Who will be asked, and until when."""
    return _form(document_id)


@desk.post("/documenten/<uuid:document_id>/voorleggen")
@acts(Action.SHARE)
def ask(document_id: UUID) -> ResponseReturnValue:
    """Put the plan before people."""
    try:
        ends = day("tot")
        if ends is None:
            raise BadInput(N_("Er is geen einddatum."), N_("Kies tot wanneer mensen kunnen antwoorden."))
        request_id = house().signing.asking.ask(by(), document_id, ends)
    except (BadInput, Conflict) as error:
        return _form(document_id, error), 400
    tell("signing_asked")
    return redirect(url_for("signing.one", request_id=request_id), 303)


@desk.post("/ondertekenen/<uuid:request_id>/papier")
@acts(Action.SHARE)
def paper(request_id: UUID) -> ResponseReturnValue:
    """Record what somebody signed on paper."""
    try:
        answer_id, on, said = parse_id(line("wie")), day("dag"), line("antwoord")
        if answer_id is None or on is None or said not in {x.value for x in Answer}:
            raise BadInput(N_("Er ontbreekt iets."), N_("Vul in wie, welk antwoord en op welke dag."))
        house().signing.asking.on_paper(
            by(), answer_id, Answer(said), on, parse_id(line("bewijs")), request.form.get("opmerking", "")
        )
    except (BadInput, Conflict) as error:
        return _show(request_id, error), 400
    tell("signing_paper")
    return redirect(url_for("signing.one", request_id=request_id), 303)


@desk.post("/ondertekenen/<uuid:request_id>/doen")
@acts(Action.SHARE)
def act(request_id: UUID) -> ResponseReturnValue:
    """Remind, choose another last day, end with a statement, or withdraw."""
    asking, wanted = house().signing.asking, line("doe")
    try:
        if wanted == "herinner":
            tell("signing_reminded", count=asking.remind(by(), request_id))
        elif wanted == "tot":
            ends = day("tot")
            if ends is None:
                raise BadInput(N_("Er is geen einddatum."), N_("Kies tot wanneer mensen kunnen antwoorden."))
            asking.put_off(by(), request_id, ends)
            tell("signing_put_off")
        elif wanted in {"sluit", "trekin"}:
            asking.end(by(), request_id, withdraw=wanted == "trekin")
            tell("signing_withdrawn" if wanted == "trekin" else "signing_ended")
        else:
            house().signing.overview.one(by(), request_id)
            raise BadInput(N_("Er is niets gekozen."), N_("Gebruik een van de knoppen."))
    except (BadInput, Conflict) as error:
        return _show(request_id, error), 400
    return redirect(url_for("signing.one", request_id=request_id), 303)


def _form(document_id: UUID, error: DmsError | None = None) -> str:
    found = house().signing.asking.page(by(), document_id)
    return render_template(
        "signing/form.html",
        asked=found,
        people=present.people(found.people),
        until=line("tot") if error else found.proposed,
        problem=problem_of(error) if error else None,
    )


def _show(request_id: UUID, error: DmsError | None = None) -> str:
    view = house().signing.overview.one(by(), request_id)
    return render_template(
        "signing/one.html",
        view=view,
        shown=present.view(view),
        papers=present.papers(house().signing.asking.papers(by(), request_id)) if view.may_act else (),
        answers=present.answers(),
        problem=problem_of(error) if error else None,
    )
