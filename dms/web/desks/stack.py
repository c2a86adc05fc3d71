"""The pages of a stack: one form, in which pages are ticked and something is done with them.

Every step is a post that is kept as a draft, so that it can be taken back; without a script all of it works too.
"""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput, Conflict
from dms.kernel.text import N_
from dms.model.documents import Desk
from dms.services.shapes import Content
from dms.web import notices
from dms.web.asked import line, row_version
from dms.web.desks.stack_shown import present
from dms.web.error_pages import Problem, problem_of
from dms.web.guard import acts, by
from dms.web.house import house
from dms.web.notices import Notice, tell
from dms.web.presenters.items import ENDPOINTS
from ingest.rules.splitting import Arrangement
from ingest.service.pages_desk import Change, StackView
from rights.rules.actions import Action

desk = Blueprint("stack", __name__)
NEW = "nieuw"
TURNS = {"links": 270, "rechts": 90}
MOST_PAGES = 1000
notices.register(
    {
        "stack_made": Notice(
            N_("%(num)d stuk wordt gemaakt. Het komt zo in de postbak."),
            N_("%(num)d stukken worden gemaakt. Ze komen zo in de postbak."),
        ),
        "stack_forgotten": Notice(N_("De verdeling is weer zoals eerst.")),
    }
)


@desk.get("/postbak/stapel/<uuid:item_id>")
@acts(Action.ADD)
def page(item_id: UUID) -> ResponseReturnValue:
    """The parts of a stack with their pages."""
    return _page(house().batches.stacks.view(by(), item_id))


@desk.post("/postbak/stapel/<uuid:item_id>")
@acts(Action.ADD)
def change(item_id: UUID) -> ResponseReturnValue:
    """One step: what the pressed button says, with the pages that are ticked."""
    stacks = house().batches.stacks
    act, _, about = line("doe").partition(":")
    try:
        if act == "klaar":
            made = stacks.carry_out(by(), item_id, row_version())
            tell("stack_made", count=made)
        elif act == "terug":
            stacks.undo(by(), item_id, row_version())
        elif act == "vergeet":
            stacks.forget(by(), item_id, row_version())
            tell("stack_forgotten")
        else:
            stacks.change(by(), item_id, row_version(), _step(act, about))
    except (BadInput, Conflict) as error:
        problem = problem_of(error)
        return _page(stacks.view(by(), item_id), problem, frozenset(_pages())), problem.status
    at = about if act in ("splits", "terugzetten") else next((str(x) for x in _pages()), "")
    return redirect(url_for("stack.page", item_id=item_id, bij=at or None, _anchor=f"blad-{at}" if at else None), 303)


@desk.get("/postbak/stapel/<uuid:item_id>/bladzijde/<int:number>")
@acts(Action.ADD)
def picture(item_id: UUID, number: int) -> Response:
    """A page of the stack as it was read: small, or large when `groot` asks."""
    large = request.args.get("groot") == "1"
    content: Content = house().batches.stacks.page(by(), item_id, number, thumbnail=not large)
    return Response(b"".join(content.chunks), mimetype="image/jpeg")


def _step(act: str, about: str) -> Change:
    """What a button means for the arrangement. Raises BadInput for what no button says."""
    pages, number = _pages(), _number(about)
    turn = TURNS.get(act)
    steps: dict[str, Callable[[Arrangement, frozenset[int]], Arrangement]] = {
        "splits": lambda a, closed: a.split(number, closed),
        "samen": lambda a, closed: a.merge(number, closed),
        "nieuw": lambda a, closed: a.move(pages, None, closed=closed),
        "verplaats": lambda a, closed: a.move(pages, _target(), _before(), closed),
        "weg": lambda a, closed: a.remove(pages, closed),
        "terugzetten": lambda a, closed: a.restore(number, closed),
    }
    if turn is not None:
        return lambda a, closed: a.turn(pages, turn, closed)
    if act not in steps:
        raise BadInput(N_("Er is niets gekozen."), N_("Kies een van de knoppen."), code="no_act")
    return steps[act]


def _pages() -> list[int]:
    """The ticked pages, in the order of the page."""
    return [int(x) for x in request.form.getlist("blz")[:MOST_PAGES] if x.isascii() and x.isdigit() and len(x) < 6]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _target() -> int | None:
    """The part to move to; None for a new one."""
    text = line("naar")
    if text == NEW:
        return None
    if not _number(text):
        raise BadInput(N_("Er is geen stuk gekozen."), N_("Kies waar de bladzijden heen gaan."), code="no_part")
    return _number(text)


def _before() -> int | None:
    """The page before which the others come; None for the end."""
    return _number(line("voor")) or None


def _page(view: StackView, problem: Problem | None = None, ticked: frozenset[int] = frozenset()) -> str:
    return render_template(
        "stack/page.html",
        stack=present(view),
        desk_address=url_for(ENDPOINTS[Desk.ORDINARY]),
        problem=problem,
        ticked=ticked,
        at=_number(request.args.get("bij", "")),
    )
