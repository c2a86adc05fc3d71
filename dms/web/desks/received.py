"""Packages of other schools: handing one in, the list, and one under review with its papers."""

from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from dms.services.downloads import attachment
from dms.web.around import school
from dms.web.asked import line
from dms.web.desks.pictures import picture
from dms.web.error_pages import Problem, problem_of
from dms.web.guard import acts, by, may_manage
from dms.web.house import house
from dms.web.notices import Notice, register, tell
from dms.web.presenters import received as shown
from dms.web.security import csrf
from dms.web.streaming import sent_form
from rights.rules.actions import Action

desk = Blueprint("received", __name__)
register(
    {
        "package_in": Notice(N_("Het pakket is ontvangen en staat apart. Bekijk het hieronder.")),
        "package_again": Notice(N_("Dit pakket was al eerder ontvangen. Er is niets veranderd.")),
    }
)


@desk.get("/ontvangst")
@acts(Action.ADD)
def page() -> ResponseReturnValue:
    """The packages of the school, and the place to hand one in."""
    return list_page()


def list_page(problem: Problem | None = None) -> str:
    """The list, with what went wrong."""
    found = house().received.review.list(by(), school().brin)
    return render_template("received/list.html", rows=[shown.row(x) for x in found], problem=problem)


@desk.post("/ontvangst")
@csrf.exempt  # type: ignore[untyped-decorator] # the token is in the form's body, which must not be read whole: it is checked below
@acts(Action.ADD)
def send() -> ResponseReturnValue:
    """One package. A refused one says why."""
    _, body = sent_form().file()
    try:
        taken = house().received.packages.receive(by(), school().brin, body)
    except BadInput as fault:
        problem = problem_of(fault)
        return list_page(problem), problem.status
    tell("package_again" if taken.again else "package_in")
    return redirect(url_for("received.one", received_id=taken.id), 303)


@desk.get("/ontvangst/<uuid:received_id>")
@acts(Action.ADD)
def one(received_id: UUID) -> ResponseReturnValue:
    """One package under review."""
    return one_page(received_id)


def one_page(received_id: UUID, problem: Problem | None = None) -> str:
    """One package, with what went wrong."""
    view = house().received.review.view(by(), received_id)
    text = line("zoek")
    found = house().pupils.find(by(), view.school.brin, text, adding=True) if text else ()
    return render_template(
        "received/one.html",
        view=view,
        open=shown.is_open(view),
        state=shown.state(view),
        facts=shown.facts(view),
        pupil_told=shown.told(view),
        carers=shown.carers(view),
        inspections=shown.inspections(view),
        parts=[shown.part(x) for x in view.parts],
        candidates=[
            shown.candidate(x) for x in view.candidates if view.pupil is None or x.pupil_id != view.pupil.pupil_id
        ],
        pupil=shown.candidate(view.pupil) if view.pupil is not None else None,
        categories=[(code, f"{code} {name}") for code, name in view.categories],
        choices=shown.choices(),
        ready=shown.ready(view),
        found=[(str(x.id), f"{x.name} ({x.number})") for x in found],
        text=text,
        problem=problem,
        enrols=view.may_enrol and may_manage(shown.ENROLS, view.school),
    )


@desk.get("/ontvangst/<uuid:received_id>/stuk/<uuid:part_id>/bladzijde/<int:number>")
@acts(Action.ADD)
def part_page(received_id: UUID, part_id: UUID, number: int) -> Response:
    """The image of a page of a paper in quarantine."""
    return picture(lambda: house().received.review.page(by(), received_id, part_id, number))


@desk.get("/ontvangst/<uuid:received_id>/antwoord")
@acts(Action.ADD)
def answer(received_id: UUID) -> Response:
    """The answer for the sender, to save."""
    response = Response(house().received.decisions.answer(by(), received_id), mimetype="application/octet-stream")
    response.headers["Content-Disposition"] = attachment(f"ontvangstbericht-{received_id}.json")
    return response
