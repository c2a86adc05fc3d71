"""One item at a desk: the preview beside the suggestion, and one decision after another."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput, Conflict, NotFound, Refused
from dms.kernel.ids import new_id
from dms.kernel.text import N_
from dms.model.documents import Desk
from dms.services.shapes import DeskItem, PupilLine
from dms.web import notices
from dms.web.asked import day, flag, identity, line, row_version
from dms.web.error_pages import Problem, problem_of
from dms.web.frame import desk_counts
from dms.web.guard import acts, by
from dms.web.house import house
from dms.web.notices import Notice, tell
from dms.web.presenters import desks as present
from dms.web.presenters import lookalikes as present_alike
from dms.web.presenters import pupils as present_pupils
from dms.web.presenters.items import ENDPOINTS
from dms.web.presenters.lookalikes import OtherLine
from dms.web.texts import say, say_many
from ingest.rules.duplicates import SAME_BYTES, SAME_LOOK, SAME_TEXT
from ingest.service.desk_queue import LIKELY
from rights.rules.actions import Action

desk = Blueprint("intake_desk", __name__)
ALIKE = frozenset(x.code for x in (SAME_BYTES, SAME_LOOK, SAME_TEXT))
AHEAD = 3
"""How many of the next items a page names: a colleague may take the first."""
REASONS: dict[str, str] = {
    "returned": N_("Terug naar wie het stuurde"),
    "elsewhere": N_("Hoort in een ander systeem"),
    "worthless": N_("Reclame of leeg blad"),
    "other": N_("Iets anders"),
}
UNDO = ("intake_desk_list.undo", "batch_id")
notices.register(
    {
        "desk_filed": Notice(
            N_("Opgeborgen."),
            N_("%(num)d stukken opgeborgen."),
            link=("document.page", "document_id"),
            link_text=N_("Bekijk het document"),
            undo=UNDO,
        ),
        "desk_discarded": Notice(
            N_("Het stuk gaat niet naar een dossier."), N_("%(num)d stukken gaan niet naar een dossier."), undo=UNDO
        ),
        "desk_readmitted": Notice(N_("Dit bestand mag weer in een dossier. De reden staat in het logboek.")),
    }
)


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form: the suggestion, or what the person typed."""

    pupil: str
    category: str
    date: str
    title: str
    asked_pupil: str


@desk.get("/postbak/<uuid:item_id>")
@acts(Action.ADD)
def item(item_id: UUID) -> ResponseReturnValue:
    """One item: its pages beside the form. With `vooraf` it is fetched for later, and the person is not at it yet."""
    view = house().desk.item(by(), item_id, ahead=flag("vooraf"))
    return _page(view, _suggested(view))


@desk.post("/postbak/<uuid:item_id>")
@acts(Action.ADD)
def decide(item_id: UUID) -> ResponseReturnValue:
    """File it and go on, or only search for a pupil. What cannot be filed comes back with what was typed.

    Somebody may have been first: then the item is gone, and the list says so. A script gets its answer as data.
    """
    intake = house().desk
    try:
        view = intake.item(by(), item_id)
    except NotFound:
        if _scripted():
            raise
        tell("gone")
        return redirect(url_for("home.page"), 303)
    if line("doe") == "zoek":
        found = house().pupils.find(by(), view.school.brin, line("leerling_zoek"), adding=True)
        return _page(view, _typed(), choices=found)
    batch = new_id()
    try:
        document_id = intake.file(by(), item_id, row_version(), batch=batch, **_decided())
    except (BadInput, Conflict, Refused) as error:
        if _scripted():
            raise
        problem = problem_of(error)
        return _page(view, _typed(), problem=problem), problem.status
    if line("blijf"):
        house().desk_room.sticky.stay(by(), view.school.brin, _pupil())
    tell("desk_filed", document_id, undo=batch)
    return _answer(view)


@desk.post("/postbak/<uuid:item_id>/weg")
@acts(Action.ADD)
def discard(item_id: UUID) -> ResponseReturnValue:
    """Not for a dossier. The reason is one of a few: free text would be one more place for personal data."""
    view, batch = house().desk.item(by(), item_id), new_id()
    house().desk.discard(by(), item_id, row_version(), reason_given(), batch)
    tell("desk_discarded", undo=batch)
    return _answer(view)


@desk.post("/postbak/<uuid:item_id>/opnieuw-lezen")
@acts(Action.ADD)
def read_again(item_id: UUID) -> ResponseReturnValue:
    """Read it once more from what came in; it comes back here, or files itself."""
    view = house().desk.item(by(), item_id)
    house().desk.read_again(by(), item_id, row_version())
    tell("retried")
    return _answer(view)


@desk.post("/postbak/<uuid:item_id>/toch-toelaten")
@acts(Action.ADD)
def readmit(item_id: UUID) -> ResponseReturnValue:
    """Let in again what was destroyed before, with a reason; after that it can be filed like any other."""
    view = house().desk.item(by(), item_id)
    reason = line("waarom")
    try:
        house().destruction.tombstones.lift(by(), item_id, reason)
    except (BadInput, Conflict) as error:
        problem = problem_of(error)
        return _page(view, _suggested(view), problem=problem, why=reason), problem.status
    tell("desk_readmitted")
    return redirect(url_for("intake_desk.item", item_id=item_id), 303)


@desk.post("/postbak/<uuid:item_id>/bezig")
@acts(Action.ADD)
def busy(item_id: UUID) -> ResponseReturnValue:
    """A sign of life of the page, or (`neem_over`) taking the item over from a colleague."""
    state = house().desk_room.claims.keep(by(), item_id, take_over=flag("neem_over"))
    if _scripted():
        return jsonify(mine=state.mine)
    return redirect(url_for("intake_desk.item", item_id=item_id), 303)


def reason_given() -> str:
    """The reason that was chosen. Raises BadInput."""
    reason = line("reden")
    if reason not in REASONS:
        raise BadInput(N_("Er is geen reden gekozen."), N_("Ga terug en kies waarom dit niet in een dossier hoort."))
    return REASONS[reason]


def _decided() -> dict[str, Any]:
    pupil = _pupil()
    if not line("categorie"):
        raise BadInput(N_("Er is nog geen categorie gekozen."), N_("Kies een categorie."), code="no_category")
    return {
        "pupil_id": pupil,
        "category": line("categorie"),
        "document_date": day("datum"),
        "title": line("titel"),
    }


def _pupil() -> UUID:
    pupil = identity("leerling")
    if pupil is None:
        raise BadInput(
            N_("Er is nog geen leerling gekozen."), N_("Kies een leerling, of zoek er een."), code="no_pupil"
        )
    return pupil


def _page(
    view: DeskItem,
    typed: Typed,
    *,
    choices: tuple[PupilLine, ...] = (),
    problem: Problem | None = None,
    why: str = "",
) -> str:
    at = view.item.desk or Desk.ORDINARY
    room = house().desk_room
    g.desk_here = ENDPOINTS[at]
    stays = room.sticky.of(by(), view.school.brin)
    shown = present.present(view, stays)
    known = {x.key for x in shown.pupils}
    following = room.queue.following(by(), view.school.brin, at, view.item.item_id, most=AHEAD)
    return render_template(
        "intake_desk/item.html",
        item=shown,
        typed=typed if stays is None or typed.pupil else _with_pupil(typed, stays.pupil_id),
        choices=tuple(x for x in present_pupils.rows(choices) if x.key not in known),
        categories=house().documents.categories(by(), view.school.brin, Action.ADD),
        reasons=tuple((k, say(v)) for k, v in REASONS.items()),
        waiting=desk_counts().get(at, 0),
        problem=problem,
        busy=room.claims.state(by(), view.item.item_id),
        alike=_alike(view),
        destroyed=house().duplicates.warning(by(), view.item.item_id) is not None,
        why=why,
        colleagues=room.queue.colleagues(by(), view.school.brin, at),
        stays=stays,
        following=tuple(url_for("intake_desk.item", item_id=x) for x in following),
    )


def _alike(view: DeskItem) -> tuple[OtherLine, ...]:
    """The papers that it looks like, where that is why a person must look."""
    if view.item.reason.code not in ALIKE:
        return ()
    return tuple(present_alike.line(view.item.item_id, x) for x in house().duplicates.of(by(), view.item.item_id))


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


def _with_pupil(typed: Typed, pupil_id: UUID) -> Typed:
    return Typed(str(pupil_id), typed.category, typed.date, typed.title, typed.asked_pupil)


def _typed() -> Typed:
    return Typed(
        pupil=line("leerling"),
        category=line("categorie"),
        date=request.form.get("datum", ""),
        title=line("titel"),
        asked_pupil=line("leerling_zoek"),
    )


def _answer(view: DeskItem) -> ResponseReturnValue:
    """On to the next item; a script gets what there is to tell, and how many wait."""
    at = view.item.desk or Desk.ORDINARY
    if _scripted():
        left = house().desk.counts(by(), view.school.brin).get(at, 0)
        words = say_many(N_("%(num)d stuk wacht"), N_("%(num)d stukken wachten"), left)
        return jsonify(told=render_template("intake_desk/_told.html"), waiting=left, words=words)
    following = house().desk_room.queue.following(by(), view.school.brin, at, view.item.item_id)
    if not following:
        return redirect(url_for(ENDPOINTS[at]), 303)
    return redirect(url_for("intake_desk.item", item_id=following[0]), 303)


def _scripted() -> bool:
    return request.headers.get("X-Requested-With") == "fetch"
