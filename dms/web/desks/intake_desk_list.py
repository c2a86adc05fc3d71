"""The two desks as lists: what waits, by source and age, several at once, and the way back from what was just done."""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput, NotFound
from dms.kernel.ids import parse_id
from dms.kernel.text import N_
from dms.model.documents import Desk, Source
from dms.web import notices
from dms.web.asked import identity, line, page
from dms.web.desks.intake_desk import REASONS, reason_given
from dms.web.error_pages import Problem, problem_of
from dms.web.frame import desk_counts, school
from dms.web.guard import acts, by
from dms.web.house import house
from dms.web.notices import Notice, tell
from dms.web.presenters import desks as present
from dms.web.presenters.addresses import with_fields
from dms.web.presenters.items import DESK_NAMES, ENDPOINTS
from dms.web.presenters.paging import pager
from dms.web.texts import say
from ingest.service.desk_queue import PAGE, Age, Asked, Together
from rights.rules.actions import Action

desk = Blueprint("intake_desk_list", __name__)
T = TypeVar("T", Source, Age)
notices.register(
    {
        "desk_undone": Notice(
            N_("Het stuk ligt weer in de postbak."), N_("%(num)d stukken liggen weer in de postbak.")
        ),
        "desk_assigned": Notice(N_("Doorgegeven."), N_("%(num)d stukken doorgegeven.")),
        "desk_unassigned": Notice(N_("Het stuk is weer van iedereen."), N_("%(num)d stukken zijn weer van iedereen.")),
        "desk_stays": Notice(N_("Deze leerling blijft gekozen, tot u stopt of vier uur lang.")),
        "desk_stopped": Notice(N_("U kiest weer bij elk stuk de leerling.")),
    }
)


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


@desk.post("/postbak/samen")
@acts(Action.ADD)
def together() -> ResponseReturnValue:
    """Several items at once: file as suggested, not for a dossier, or give them to a colleague.

    What cannot be done comes back with the items still ticked.
    """
    at = _at()
    try:
        return _do_together(at, _ticked())
    except BadInput as error:
        problem = problem_of(error)
        try:
            return _list(at, problem=problem), problem.status
        except NotFound:  # no desk of hers: there is no list to come back to
            raise error from None


def _do_together(at: Desk, items: Sequence[UUID]) -> ResponseReturnValue:
    queue = house().desk_room.queue
    match line("doe"):
        case "opbergen":
            done = queue.file_suggested(by(), items)
            if done.done:
                tell("desk_filed", undo=done.batch, count=done.done)
            return _left(at, done)
        case "weg":
            done = queue.discard(by(), items, reason_given())
            if done.done:
                tell("desk_discarded", undo=done.batch, count=done.done)
            return _left(at, done)
        case "geef":
            to = identity("collega")
            count = queue.assign(by(), items, to)
            tell("desk_assigned" if to is not None else "desk_unassigned", count=count)
            return redirect(_same_list(at), 303)
        case _:
            raise BadInput(N_("Het formulier is niet heel aangekomen."), N_("Open de pagina opnieuw."))


@desk.post("/postbak/terug/<uuid:batch_id>")
@acts(Action.ADD)
def undo(batch_id: UUID) -> ResponseReturnValue:
    """Take back one's own act of the last minutes; one item opens again, several lie in the list."""
    items = house().desk_room.acts.undo(by(), batch_id)
    tell("desk_undone", count=len(items) if len(items) > 1 else None)
    if len(items) == 1:
        return redirect(url_for("intake_desk.item", item_id=items[0]), 303)
    return redirect(url_for(ENDPOINTS[house().desk_room.queue.desk_of(by(), items[0])]), 303)


@desk.post("/postbak/<uuid:item_id>/terug")
@acts(Action.ADD)
def undo_item(item_id: UUID) -> ResponseReturnValue:
    """Take back one's last act on one item."""
    house().desk_room.acts.undo_item(by(), item_id)
    tell("desk_undone")
    return redirect(url_for("intake_desk.item", item_id=item_id), 303)


@desk.post("/postbak/blijf")
@acts(Action.ADD)
def stop() -> ResponseReturnValue:
    """Choose the pupil anew for every item from here on."""
    house().desk_room.sticky.stop(by())
    tell("desk_stopped")
    back = identity("stuk")
    if back is not None:
        return redirect(url_for("intake_desk.item", item_id=back), 303)
    return redirect(url_for(ENDPOINTS[_at()]), 303)


def _list(at: Desk, *, left: Sequence[tuple[str, str]] = (), problem: Problem | None = None) -> str:
    g.desk_here = ENDPOINTS[at]
    asked = Asked(_one_of(Source, "bron"), _one_of(Age, "wacht"), request.args.get("mij") == "1")
    room, brin = house().desk_room, school().brin
    found = room.queue.page(by(), brin, at, asked, page())
    return render_template(
        "intake_desk/list.html",
        heading=say(DESK_NAMES[at]),
        at=at.value,
        here=url_for(ENDPOINTS[at]),
        together=with_fields("intake_desk_list.together", _narrowed() | {"bladzijde": str(page())}),
        rows=present.rows(found.lines, desk_counts()),
        table=present.table(found, at, asked),
        page=found,
        chosen=present.chosen(at, asked),
        pager=pager(ENDPOINTS[at], found.total, found.page, PAGE),
        mine=url_for(ENDPOINTS[at], mij=1) if found.mine else "",
        acts=present.acts(room.acts.recent(by(), brin)),
        colleagues=room.queue.colleagues(by(), brin, at),
        reasons=tuple((k, say(v)) for k, v in REASONS.items()),
        left=tuple((name, say(why)) for name, why in left),
        stays=room.sticky.of(by(), brin),
        problem=problem,
        ticked=frozenset(str(x) for x in _ticked()) if problem is not None else frozenset(),
        typed={"collega": line("collega"), "reden": line("reden")},
    )


def _left(at: Desk, done: Together) -> ResponseReturnValue:
    """Back to the list; where some stayed, the page says which and why."""
    if done.left:
        return _list(at, left=done.left)
    return redirect(_same_list(at), 303)


def _same_list(at: Desk) -> str:
    """The list as it was narrowed, from its first page."""
    return with_fields(ENDPOINTS[at], _narrowed())


def _narrowed() -> dict[str, str]:
    return {x: request.args[x] for x in ("bron", "wacht", "mij") if request.args.get(x)}


def _at() -> Desk:
    """The desk that the form was sent from."""
    return Desk.CARE if line("postbak") == Desk.CARE.value else Desk.ORDINARY


def _ticked() -> tuple[UUID, ...]:
    found = (parse_id(x) for x in request.form.getlist("stuk"))
    return tuple(x for x in found if x is not None)


def _one_of(kind: type[T], name: str) -> T | None:
    try:
        return kind(request.args.get(name, ""))
    except ValueError:
        return None
