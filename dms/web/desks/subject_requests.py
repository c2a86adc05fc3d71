"""Requests of data subjects (verzoeken): the list with deadlines, registering, and one request step by step."""

from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput, Conflict, DmsError, Refused
from dms.kernel.text import N_
from dms.model.redaction import RedactionGround
from dms.model.requests import WITH_PACK, Asker, Decision, IdentityCheck, ItemAnswer, RequestKind
from dms.services.downloads import attachment
from dms.services.requests.shapes import CheckForm, ItemView, RequestForm
from dms.services.shapes import Content
from dms.web import notices
from dms.web.around import school
from dms.web.asked import day, flag, identity, line
from dms.web.error_pages import problem_of
from dms.web.guard import acts, by
from dms.web.house import house
from dms.web.notices import Notice, tell
from dms.web.presenters import pupils as present_pupils
from dms.web.presenters import subject_requests as words
from dms.web.texts import reason as say_reason
from dms.web.texts import say
from rights.rules.actions import Action

desk = Blueprint("subject_requests", __name__)
Choice = TypeVar("Choice", bound=StrEnum)
notices.register(
    {
        "request_registered": Notice(N_("Het verzoek is geregistreerd. De termijn van een maand loopt.")),
        "request_saved": Notice(N_("Vastgelegd.")),
        "request_gathered": Notice(N_("Alles over deze leerling staat hieronder.")),
        "request_prepared": Notice(N_("Klaargezet. De functionaris gegevensbescherming geeft het vrij.")),
        "request_released": Notice(N_("Vrijgegeven. U kunt het pakket nu downloaden.")),
    }
)


@desk.get("/verzoeken")
@acts(Action.SEE)
def page() -> ResponseReturnValue:
    """The requests of the school, what must be answered first on top."""
    registry = house().requests.registry
    if registry.waiting(by(), school().brin) is None:
        raise Refused
    closed = flag("oud")
    lines = [
        (x, say(words.KINDS[x.kind]), say(words.STATES[x.state]), words.deadline(x), words.tone(x))
        for x in registry.list(by(), school().brin, closed=closed)
    ]
    return render_template("subject_requests/list.html", lines=lines, closed=closed)


@desk.get("/verzoeken/nieuw")
@acts(Action.SEE)
def new() -> ResponseReturnValue:
    """Whose data, then who asks what."""
    return _form()


@desk.post("/verzoeken/nieuw")
@acts(Action.SEE)
def register() -> ResponseReturnValue:
    """Register a request."""
    pupil_id = identity("leerling")
    if pupil_id is None:
        raise BadInput(N_("Er is geen leerling gekozen."), N_("Zoek eerst de leerling."), code="nothing_chosen")
    who = line("wie")
    try:
        received = day("ontvangen")
        if received is None:
            raise BadInput(N_("Wanneer kwam het verzoek binnen?"), N_("Vul de dag van ontvangst in."))
        carer = None if who in {x.value for x in Asker} else identity("wie")
        asker = Asker.CARER if carer is not None else _one_of(Asker, who)
        form = RequestForm(
            pupil_id, _one_of(RequestKind, line("soort")), asker, received, carer, line("naam"), line("gevraagd")
        )
        request_id = house().requests.registry.register(by(), form)
    except BadInput as fault:
        return _form(fault), problem_of(fault).status
    tell("request_registered")
    return redirect(url_for("subject_requests.one", request_id=request_id), 303)


@desk.get("/verzoeken/<uuid:request_id>")
@acts(Action.SEE)
def one(request_id: UUID) -> ResponseReturnValue:
    """One request: what was done, what lacks, and its documents."""
    return _one(request_id)


@desk.post("/verzoeken/<uuid:request_id>")
@acts(Action.SEE)
def act(request_id: UUID) -> ResponseReturnValue:
    """Do the next thing."""
    house().requests.showing.one(by(), request_id)  # what is not hers is not there, whatever the form says
    try:
        tell(_do(request_id, line("doe"), _version()))
    except (BadInput, Conflict) as fault:
        return _one(request_id, fault), problem_of(fault).status
    return redirect(url_for("subject_requests.one", request_id=request_id), 303)


@desk.get("/verzoeken/<uuid:request_id>/documenten/<uuid:item_id>")
@acts(Action.SEE)
def item(request_id: UUID, item_id: UUID) -> ResponseReturnValue:
    """One document of a request, to be looked at and answered."""
    return _item(request_id, item_id)


@desk.post("/verzoeken/<uuid:request_id>/documenten/<uuid:item_id>")
@acts(Action.SEE)
def answer(request_id: UUID, item_id: UUID) -> ResponseReturnValue:
    """Say what happens with it. For a redacted copy that is asked for, and looked at next."""
    requests = house().requests
    found = _item_of(request_id, item_id)
    try:
        chosen = _one_of(ItemAnswer, line("antwoord"))
        copy = None
        if chosen is ItemAnswer.REDACT and found.document_id is not None:
            copy = house().redaction.ask(by(), found.document_id, None, RedactionGround.REQUEST, request_id=request_id)
        requests.answers.answer(
            by(), request_id, _version(), item_id, chosen, ground=line("grond"), reason=line("uitleg")
        )
    except (BadInput, Conflict) as fault:
        return _item(request_id, item_id, fault), problem_of(fault).status
    tell("request_saved")
    if copy is not None:
        return redirect(url_for("redaction.one", redaction_id=copy.id), 303)
    return redirect(url_for("subject_requests.one", request_id=request_id) + "#documenten", 303)


@desk.get("/verzoeken/<uuid:request_id>/documenten/<uuid:item_id>/bladzijde/<int:number>")
@acts(Action.SEE)
def picture(request_id: UUID, item_id: UUID, number: int) -> Response:
    """The picture of a page."""
    content = house().requests.answers.picture(by(), request_id, item_id, number)
    return Response(b"".join(content.chunks), mimetype="image/jpeg")


@desk.get("/verzoeken/<uuid:request_id>/pakket")
@acts(Action.SEE)
def pack(request_id: UUID) -> Response:
    """The released pack; logged."""
    return _file(house().requests.releasing.pack(by(), request_id))


@desk.get("/verzoeken/<uuid:request_id>/besluit")
@acts(Action.SEE)
def decision(request_id: UUID) -> Response:
    """The decision as a letter; logged."""
    return _file(house().requests.releasing.letter(by(), request_id))


def _file(content: Content) -> Response:
    response = Response(content.chunks, mimetype="application/octet-stream")
    response.content_length = content.size
    response.headers["Content-Disposition"] = attachment(content.file_name)
    return response


def _do(request_id: UUID, what: str, version: int) -> str:
    """Do one thing; the notice that tells of it. Raises BadInput for what cannot be done."""
    requests, reason = house().requests, line("reden")
    match what:
        case "vaststellen":
            form = CheckForm(
                _one_of(IdentityCheck, line("identiteit")),
                line("hoe"),
                line("grond"),
                line("grond") != "geen",
                line("uitleg"),
            )
            requests.registry.check(by(), request_id, version, form)
        case "verlengen":
            requests.registry.extend(by(), request_id, version, reason)
        case "verzamelen":
            requests.answers.gather(by(), request_id, version)
            return "request_gathered"
        case "rest":
            requests.answers.include_rest(by(), request_id, version)
        case "klaarzetten":
            requests.releasing.prepare(by(), request_id, version)
            return "request_prepared"
        case "terug":
            requests.releasing.send_back(by(), request_id, version, reason)
        case "vrijgeven":
            requests.releasing.release(by(), request_id, version)
            return "request_released"
        case "besluiten":
            requests.releasing.decide(by(), request_id, version, _one_of(Decision, line("besluit")), reason)
        case "sluiten":
            requests.registry.withdraw(by(), request_id, version, reason)
        case _:
            raise BadInput(N_("Er is niets gekozen."), N_("Kies een knop op de pagina."), code="nothing_chosen")
    return "request_saved"


def _form(fault: DmsError | None = None) -> str:
    if house().requests.registry.waiting(by(), school().brin) is None:
        raise Refused
    text, pupil_id = line("q"), identity("leerling")
    found = house().pupils.find(by(), school().brin, text) if text and pupil_id is None else ()
    askers = house().requests.registry.askers(by(), pupil_id) if pupil_id is not None else None
    return render_template(
        "subject_requests/new.html",
        text=text,
        found=present_pupils.rows(found),
        pupil_id=pupil_id,
        pupil=askers.pupil if askers else "",
        askers=[
            *((str(x), y) for x, y in (askers.carers if askers else ())),
            (Asker.PUPIL.value, say(words.ASKERS[Asker.PUPIL])),
            (Asker.REPRESENTATIVE.value, say(words.ASKERS[Asker.REPRESENTATIVE])),
        ],
        kinds=[(k.value, say(v)) for k, v in words.KINDS.items()],
        kind=line("soort"),
        who=line("wie"),
        name=line("naam"),
        asked=line("gevraagd"),
        received=line("ontvangen") or house().clock.today(),
        problem=problem_of(fault) if fault else None,
    )


def _one(request_id: UUID, fault: DmsError | None = None) -> str:
    view = house().requests.showing.one(by(), request_id)
    return render_template(
        "subject_requests/one.html",
        view=view,
        key=request_id,
        kind=say(words.KINDS[view.line.kind]),
        state=say(words.STATES[view.line.state]),
        deadline=words.deadline(view.line),
        tone=words.tone(view.line),
        asker=say(words.ASKERS[view.asker]),
        with_pack=view.line.kind in WITH_PACK,
        is_open=view.line.state.value in ("open", "prepared"),
        missing=[say_reason(x) for x in view.missing],
        entitled=say_reason(view.entitled) if view.entitled else "",
        checks=[(k.value, say(v)) for k, v in words.CHECKS.items()],
        authorities=[(k, say(v)) for k, v in words.AUTHORITIES.items()],
        identity=say(words.CHECKS[view.identity]) if view.identity else "",
        authority=say(words.AUTHORITIES[view.authority]) if view.authority else "",
        decision=say(words.DECISIONS[view.decision]) if view.decision else "",
        decisions=[(k.value, say(v)) for k, v in words.DECISIONS.items()],
        items=[(x, say(words.ANSWERS[x.answer]) if x.answer else "", _people(x)) for x in view.items],
        problem=problem_of(fault) if fault else None,
    )


def _item(request_id: UUID, item_id: UUID, fault: DmsError | None = None) -> str:
    found = _item_of(request_id, item_id)
    view = house().requests.showing.one(by(), request_id)
    return render_template(
        "subject_requests/item.html",
        view=view,
        key=request_id,
        item=found,
        people=_people(found),
        pages=house().requests.answers.pages(by(), request_id, item_id),
        answers=[(k.value, say(v)) for k, v in words.ANSWERS.items()],
        grounds=[(k, say(v)) for k, v in words.GROUNDS.items()],
        answer=line("antwoord") or (found.answer.value if found.answer else ""),
        ground=line("grond") or found.ground,
        reason=line("uitleg") or found.reason,
        problem=problem_of(fault) if fault else None,
    )


def _item_of(request_id: UUID, item_id: UUID) -> ItemView:
    """The document of a request. Raises NotFound, Refused."""
    house().requests.answers.document(by(), request_id, item_id)
    view = house().requests.showing.one(by(), request_id)
    return next(x for x in view.items if x.id == item_id)


def _people(item: ItemView) -> list[str]:
    told = ((x.name, say(words.RELATIONS[x.relation])) for x in item.third)
    return [f"{name} ({relation})" if name else relation for name, relation in told]


def _one_of(kind: type[Choice], text: str) -> Choice:
    """One word of a list. Raises BadInput for any other."""
    if text not in {x.value for x in kind}:
        raise BadInput(N_("Er is niets gekozen."), N_("Kies uit de lijst."), code="nothing_chosen")
    return kind(text)


def _version() -> int:
    text = request.form.get("versie", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
