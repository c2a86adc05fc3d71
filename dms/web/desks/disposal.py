"""Disposal lists: all of them, composing one, one with its consequences and items, approving and starting it."""

from uuid import UUID

from flask import Blueprint, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from dms.kernel.errors import NotFound
from dms.kernel.text import N_
from dms.model.disposal import Answer, DisposalStep, ListKind, ListState
from dms.services.downloads import attachment
from dms.services.shapes import SchoolView
from dms.web.around import school
from dms.web.asked import flag, line
from dms.web.asked import page as asked_page
from dms.web.error_pages import Problem
from dms.web.guard import acts, by, may, user
from dms.web.house import house
from dms.web.presenters import disposal as shown
from dms.web.presenters.disposal_effects import effects as effects_of
from dms.web.presenters.paging import pager
from dms.web.texts import day, moment, number, say
from retention.rules.disposal import STATES, Move
from retention.service.certificate import CertificateView
from retention.service.lists_shapes import ListView
from retention.service.lists_view import RUNNING
from rights.rules.actions import Action

desk = Blueprint("disposal", __name__)
DISPOSING = (Action.PROPOSE_DISPOSAL, Action.APPROVE_DISPOSAL)
PAGE_SIZE = 50
OVERVIEW = 6
"""Lines of each consequence on the list's own page; all that are named stand on a page of their own."""


@desk.get("/vernietiging")
@acts(*DISPOSING)
def page() -> ResponseReturnValue:
    """The lists of the school: those that run, or those that have ended."""
    ended, at = flag("klaar"), asked_page()
    found = house().disposal.reading.page(by(), school().brin, ended=ended, page=at, size=PAGE_SIZE)
    tabs = [
        {"label": say(N_("Lopend")), "address": url_for("disposal.page"), "here": not ended},
        {"label": say(N_("Afgelopen")), "address": url_for("disposal.page", klaar="ja"), "here": ended},
        {"label": say(N_("Leerlingen zonder stukken")), "address": url_for("own_data.page"), "here": False},
        {"label": say(N_("Verklaringen")), "address": url_for("certificates.page"), "here": False},
    ]
    return render_template(
        "disposal/lists.html",
        rows=[shown.list_row(x) for x in found.lines],
        tabs=tabs,
        ended=ended,
        pager=pager("disposal.page", found.total, at, PAGE_SIZE),
        proposes=may(Action.PROPOSE_DISPOSAL, school()),
    )


@desk.get("/vernietiging/nieuw")
@acts(Action.PROPOSE_DISPOSAL)
def compose() -> ResponseReturnValue:
    """What is due and on no list yet, to be put on one: of the school in the address, else of the present one."""
    place, category, at = asked_school(), line("categorie"), asked_page()
    found = house().disposal.candidates.page(by(), place.brin, category=category or None, page=at, size=PAGE_SIZE)
    today = house().clock.today()
    return render_template(
        "disposal/compose.html",
        place=place,
        rows=[shown.candidate(x, found.names, x.due_by is not None and x.due_by < today) for x in found.lines],
        found=found,
        category=category,
        categories=[(k, f"{found.names.get(k, k)} ({number(v)})") for k, v in found.categories.items()],
        name=say(N_("Vernietiging %(day)s"), {"day": day(today)}),
        pager=pager("disposal.compose", found.total, at, PAGE_SIZE),
    )


@desk.get("/vernietiging/<uuid:list_id>")
@acts(*DISPOSING)
def one(list_id: UUID) -> ResponseReturnValue:
    """One list: what it does first, then its items, then what happened to it."""
    view = house().disposal.reading.one(by(), list_id)
    at, category = asked_page(), line("categorie")
    left_out = flag("blijft")
    found = house().disposal.reading.items(
        by(), list_id, category=category or None, left_out=left_out, page=at, size=PAGE_SIZE
    )
    busy = view.line.state in RUNNING
    ahead = view.line.state not in (*RUNNING, ListState.COMPLETED, ListState.PARTLY_FAILED, ListState.ABORTED)
    effects = house().disposal.consequences.of_list(by(), list_id, OVERVIEW) if ahead else None
    return render_template(
        "disposal/one.html",
        **_about(view),
        busy=busy,
        progress=house().disposal.reading.progress(by(), list_id) if not ahead else None,
        progress_text=shown.progress,
        effects=effects_of(effects) if effects else (),
        groups=shown.groups(found.lines, view.category_names),
        total=found.total,
        left_out=left_out,
        left_count=sum(v for k, v in view.steps.items() if k.value in {"excluded", "kept"}),
        category=category,
        categories=[(k, f"{view.category_names.get(k, k)} ({number(v)})") for k, v in view.categories.items()],
        answers=_answers(view),
        all_categories=sorted(view.category_names.items(), key=lambda x: x[1]),
        moments=shown.moments(view.happened),
        certificates=house().destruction.certificates.all_of_list(by(), list_id) if not ahead else (),
        pager=pager("disposal.one", found.total, at, PAGE_SIZE, {"list_id": list_id}),
    )


@desk.get("/vernietiging/<uuid:list_id>/gevolgen")
@acts(*DISPOSING)
def consequences(list_id: UUID) -> ResponseReturnValue:
    """What carrying out the list does, with all that is named of each consequence."""
    view = house().disposal.reading.one(by(), list_id)
    found = house().disposal.consequences.of_list(by(), list_id)
    return render_template("disposal/consequences.html", **_about(view), effects=effects_of(found))


@desk.get("/vernietiging/<uuid:list_id>/akkoord")
@acts(Action.APPROVE_DISPOSAL)
def approving(list_id: UUID) -> ResponseReturnValue:
    """The consequences once more, and the question to approve; the list itself where that is no question any more."""
    view = house().disposal.reading.one(by(), list_id)
    if view.line.state is not ListState.IN_REVIEW:
        return redirect(url_for("disposal.one", list_id=list_id), 303)
    found = house().disposal.consequences.of_list(by(), list_id)
    return render_template(
        "disposal/approve.html", **_about(view), effects=effects_of(found), going=found.items, asked=_asked(view)
    )


@desk.get("/vernietiging/<uuid:list_id>/starten")
@acts(*DISPOSING)
def starting(list_id: UUID) -> ResponseReturnValue:
    """The last question: typing the name of the list."""
    return start_page(list_id)


def start_page(list_id: UUID, problem: Problem | None = None, typed: str = "") -> str | Response:
    """The page where the name is typed; the list itself where it cannot be started, or not any more."""
    view = house().disposal.reading.one(by(), list_id)
    retry = Move.RETRY in view.moves
    if Move.START not in view.moves and not retry:
        return redirect(url_for("disposal.one", list_id=list_id), 303)
    going = (DisposalStep.FAILED,) if retry else (DisposalStep.READY,)
    return render_template(
        "disposal/start.html",
        **_about(view),
        problem=problem,
        typed=typed,
        retry=retry,
        going=sum(view.steps.get(x, 0) for x in going),
    )


@desk.get("/vernietiging/<uuid:list_id>/verklaring/<int:number>")
@acts(*DISPOSING)
def certificate(list_id: UUID, number: int) -> ResponseReturnValue:
    """A certificate of the list, as PDF or as signed JSON. Raises NotFound."""
    return certificate_file(house().destruction.certificates.of_list(by(), list_id, number), line("soort"))


def certificate_file(found: CertificateView, kind: str) -> Response:
    """The certificate to save: for people with the kind `pdf`, else the signed text."""
    for_people = kind == "pdf"
    answer = make_response(found.pdf() if for_people else found.text)
    answer.headers["Content-Type"] = "application/pdf" if for_people else "application/json; charset=utf-8"
    answer.headers["Content-Disposition"] = attachment(f"verklaring {found.number}.{'pdf' if for_people else 'json'}")
    return answer


def asked_school() -> SchoolView:
    """The school that a form or an address names, one of the person's own. Raises NotFound for another."""
    brin = line("school").upper()
    found = next((x for x in user().schools if x.brin == brin), None) if brin else school()
    if found is None:
        raise NotFound
    return found


def _about(view: ListView) -> dict[str, object]:
    """What every page of one list shows."""
    return {
        "view": view,
        "line": view.line,
        "state": say(STATES[view.line.state]),
        "tone": shown.TONES[view.line.state],
        "facts_of_list": shown.facts(view),
        "moves": {x.value for x in view.moves},
        "transfer": view.line.kind is ListKind.TRANSFER,
        "waits": view.line.waits_until is None or view.line.waits_until > house().clock.now(),
        "until": moment(view.line.waits_until) if view.line.waits_until else "",
    }


def _answers(view: ListView) -> list[tuple[str, str]]:
    """What can be said of an item: on a list of transfers nothing is destroyed at once."""
    return [
        (x.value, say(shown.ANSWERS[x]))
        for x in Answer
        if not (x is Answer.DESTROY and view.line.kind is ListKind.TRANSFER)
    ]


def _asked(view: ListView) -> list[tuple[str, str]]:
    """How the items were judged, as label and number."""
    told = {"": say(N_("Zoals voorgesteld")), **{x.value: say(shown.ANSWERS[x]) for x in Answer}}
    return [(told[k], number(v)) for k, v in view.answers.items()]
