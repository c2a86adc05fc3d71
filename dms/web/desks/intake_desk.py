"""The two desks: what waits for a person, the preview beside the suggestion, and one decision after another."""

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput, Conflict, NotFound, Refused
from dms.kernel.text import N_
from dms.model.documents import Desk
from dms.services.shapes import DeskItem, PupilLine
from dms.web.asked import day, identity, line, row_version
from dms.web.error_pages import Problem, problem_of
from dms.web.frame import desk_counts, school
from dms.web.guard import acts, by
from dms.web.house import house
from dms.web.presenters import desks as present
from dms.web.presenters import pupils as present_pupils
from dms.web.presenters.items import DESK_NAMES, ENDPOINTS, cards
from dms.web.texts import say
from rights.rules.actions import Action

desk = Blueprint("intake_desk", __name__)
LIKELY = 0.75
REASONS: dict[str, str] = {
    "returned": N_("Terug naar wie het stuurde"),
    "elsewhere": N_("Hoort in een ander systeem"),
    "worthless": N_("Reclame of leeg blad"),
    "other": N_("Iets anders"),
}


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form: the suggestion, or what the person typed."""

    pupil: str
    category: str
    date: str
    title: str
    asked_pupil: str


@desk.get("/postbak")
@acts(Action.ADD)
def ordinary() -> ResponseReturnValue:
    """What waits at the ordinary desk."""
    return _list(Desk.ORDINARY)


@desk.get("/zorgpostbak")
@acts(Action.ADD)
def care() -> ResponseReturnValue:
    """What waits at the desk of the care team."""
    return _list(Desk.CARE)


@desk.get("/postbak/<uuid:item_id>")
@acts(Action.ADD)
def item(item_id: UUID) -> ResponseReturnValue:
    """One item: its pages beside the form."""
    view = house().desk.item(by(), item_id)
    return _page(view, _suggested(view))


@desk.post("/postbak/<uuid:item_id>")
@acts(Action.ADD)
def decide(item_id: UUID) -> ResponseReturnValue:
    """File it and go on, or only search for a pupil. What cannot be filed comes back with what was typed.

    Somebody may have been first: then the item is gone, and the list says so.
    """
    intake = house().desk
    try:
        view = intake.item(by(), item_id)
    except NotFound:
        flash("gone")
        return redirect(url_for("home.page"), 303)
    if line("doe") == "zoek":
        found = house().pupils.find(by(), view.school.brin, line("leerling_zoek"), adding=True)
        return _page(view, _typed(), choices=found)
    try:
        pupil = identity("leerling")
        if pupil is None:
            raise BadInput(
                N_("Er is nog geen leerling gekozen."), N_("Kies een leerling, of zoek er een."), code="no_pupil"
            )
        if not line("categorie"):
            raise BadInput(N_("Er is nog geen categorie gekozen."), N_("Kies een categorie."), code="no_category")
        document_id = intake.file(
            by(),
            item_id,
            row_version(),
            pupil_id=pupil,
            category=line("categorie"),
            document_date=day("datum"),
            title=line("titel"),
        )
    except (BadInput, Conflict, Refused) as error:
        problem = problem_of(error)
        return _page(view, _typed(), problem=problem), problem.status
    flash(str(document_id), "filed")
    return _onward(view)


@desk.post("/postbak/<uuid:item_id>/weg")
@acts(Action.ADD)
def discard(item_id: UUID) -> ResponseReturnValue:
    """Not for a dossier. The reason is one of a few: free text would be one more place for personal data."""
    view = house().desk.item(by(), item_id)
    reason = line("reden")
    if reason not in REASONS:
        raise BadInput(N_("Er is geen reden gekozen."), N_("Ga terug en kies waarom dit niet in een dossier hoort."))
    house().desk.discard(by(), item_id, row_version(), REASONS[reason])
    flash("discarded")
    return _onward(view)


@desk.post("/postbak/<uuid:item_id>/opnieuw-lezen")
@acts(Action.ADD)
def read_again(item_id: UUID) -> ResponseReturnValue:
    """Read it once more from what came in; it comes back here, or files itself."""
    view = house().desk.item(by(), item_id)
    house().desk.read_again(by(), item_id, row_version())
    flash("retried")
    return _onward(view)


def _list(at: Desk) -> str:
    g.desk_here = ENDPOINTS[at]
    waiting = house().desk.waiting(by(), school().brin, at)
    return render_template(
        "intake_desk/list.html", heading=say(DESK_NAMES[at]), care=at is Desk.CARE, items=cards(waiting, desk_counts())
    )


def _page(view: DeskItem, typed: Typed, *, choices: tuple[PupilLine, ...] = (), problem: Problem | None = None) -> str:
    at = view.item.desk or Desk.ORDINARY
    g.desk_here = ENDPOINTS[at]
    shown = present.present(view)
    known = {x.key for x in shown.pupils}
    return render_template(
        "intake_desk/item.html",
        item=shown,
        typed=typed,
        choices=tuple(x for x in present_pupils.rows(choices) if x.key not in known),
        categories=house().documents.categories(by(), view.school.brin, Action.ADD),
        reasons=tuple((k, say(v)) for k, v in REASONS.items()),
        desk_label=say(DESK_NAMES[at]),
        desk_address=url_for(ENDPOINTS[at]),
        waiting=desk_counts().get(at, 0),
        problem=problem,
    )


def _suggested(view: DeskItem) -> Typed:
    """A pupil is chosen beforehand only when one alone is suggested and likely: else a person must look."""
    likely = len(view.pupils) == 1 and view.pupils[0].confidence >= LIKELY
    return Typed(
        pupil=str(view.pupils[0].pupil_id) if likely else "",
        category=view.categories[0].code if view.categories else "",
        date=view.item.document_date.isoformat() if view.item.document_date else "",
        title=view.item.title,
        asked_pupil="",
    )


def _typed() -> Typed:
    return Typed(
        pupil=line("leerling"),
        category=line("categorie"),
        date=request.form.get("datum", ""),
        title=line("titel"),
        asked_pupil=line("leerling_zoek"),
    )


def _onward(view: DeskItem) -> ResponseReturnValue:
    at = view.item.desk or Desk.ORDINARY
    following = house().desk.next_item(by(), view.school.brin, at, view.item.item_id)
    if following is None:
        return redirect(url_for(ENDPOINTS[at]), 303)
    return redirect(url_for("intake_desk.item", item_id=following), 303)
