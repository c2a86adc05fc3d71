"""Freezing (bevriezen): the list, placing, looking again, releasing; and what every page tells of it."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput, Conflict, NotFound, Refused
from dms.kernel.ids import parse_id
from dms.kernel.text import N_
from dms.model.retention import HoldOn
from dms.web import notices
from dms.web.around import school
from dms.web.asked import day, flag, line
from dms.web.asked import page as asked_page
from dms.web.desks.retention.room import tabs
from dms.web.error_pages import Problem, problem_of
from dms.web.guard import acts, by, user
from dms.web.house import house
from dms.web.notices import Notice, tell
from dms.web.presenters import pupils as present_pupils
from dms.web.presenters.paging import pager
from dms.web.presenters.retention import KeptCard, document_card, dossier_card
from dms.web.presenters.retention_lists import HEADINGS, hold_line
from dms.web.texts import say, say_many
from retention.service.holds import LOOK_AGAIN
from retention.service.holds_place import HoldTarget
from rights.rules.actions import Action

desk = Blueprint("holds", __name__)
PAGE_SIZE = 50
WIDE = "bestuur"
notices.register(
    {
        "hold_placed": Notice(N_("Bevroren. Dit gaat niet weg zolang de bevriezing duurt.")),
        "hold_changed": Notice(N_("De bevriezing is gewijzigd.")),
        "hold_released": Notice(N_("De bevriezing is opgeheven. De termijn telt weer.")),
    }
)


@desk.app_context_processor
def _told() -> dict[str, object]:
    """Lets the pages of documents and dossiers say why something is kept and what freezes it."""
    return {"kept_document": _kept_document, "kept_dossier": _kept_dossier}


def _kept_document(document_id: str) -> KeptCard:
    found = UUID(document_id)
    return document_card(house().retention.kept.document(by(), found), found)


def _kept_dossier(pupil_id: str) -> KeptCard:
    found = UUID(pupil_id)
    return dossier_card(house().retention.kept.dossier(by(), found), found)


@desk.get("/bewaren/bevriezingen")
@acts(Action.HOLD)
def page() -> ResponseReturnValue:
    """The holds that the person may place and release, the first to look at again on top."""
    ended, kind, at = flag("oud"), line("soort"), asked_page()
    found = house().retention.holds.list(by(), school().brin, released=ended)
    kinds = [x for x in HoldOn if any(y.lies_on is x for y in found)]
    fitting = [x for x in found if (not kind or x.lies_on.value == kind) and (not flag("nu") or x.review_due)]
    first = (at - 1) * PAGE_SIZE
    return render_template(
        "retention/holds.html",
        rows=tuple(hold_line(x) for x in fitting[first : first + PAGE_SIZE]),
        total=say_many(N_("%(num)d bevriezing"), N_("%(num)d bevriezingen"), len(fitting)),
        to_review=sum(x.review_due for x in found),
        only_review=flag("nu"),
        ended=ended,
        kind=kind,
        kinds=[(x.value, say(HEADINGS[x])) for x in kinds],
        pager=pager("holds.page", len(fitting), at, PAGE_SIZE),
        tabs=tabs("holds.page"),
    )


@desk.get("/bewaren/bevriezingen/nieuw")
@acts(Action.HOLD)
def new() -> ResponseReturnValue:
    """What to freeze, then why. `op` and `wat` say what it is, where another page knows."""
    return _form()


@desk.post("/bewaren/bevriezingen/nieuw")
@acts(Action.HOLD)
def place() -> ResponseReturnValue:
    """Freeze it."""
    lies_on = _lies_on(line("op"))
    if lies_on is None:
        raise BadInput(N_("Er is niets gekozen."), N_("Kies wat u wilt bevriezen."), code="nothing_chosen")
    _subject(lies_on)  # what is not hers to freeze is not there, whatever the form says
    try:
        hold = house().retention.holds.add(
            by(), _target(lies_on), line("reden"), owner=line("eigenaar") or None, review_on=day("kijken")
        )
    except (BadInput, Refused) as fault:
        problem = problem_of(fault)
        return _form(problem), problem.status
    tell("hold_placed")
    return redirect(url_for("holds.one", hold_id=hold.id), 303)


@desk.get("/bewaren/bevriezingen/<uuid:hold_id>")
@acts(Action.HOLD)
def one(hold_id: UUID) -> ResponseReturnValue:
    """One hold, to be changed or released."""
    return _one(hold_id)


@desk.post("/bewaren/bevriezingen/<uuid:hold_id>")
@acts(Action.HOLD)
def change(hold_id: UUID) -> ResponseReturnValue:
    """Another owner or day, or let go."""
    holds = house().retention.holds
    holds.one(by(), hold_id)
    try:
        if line("doe") == "opheffen":
            holds.release(by(), hold_id, line("reden"))
            tell("hold_released")
        else:
            holds.change(by(), hold_id, owner=line("eigenaar") or None, review_on=day("kijken"))
            tell("hold_changed")
    except (BadInput, Conflict) as fault:
        problem = problem_of(fault)
        return _one(hold_id, problem), problem.status
    return redirect(url_for("holds.one", hold_id=hold_id), 303)


def _one(hold_id: UUID, problem: Problem | None = None) -> str:
    found = house().retention.holds.one(by(), hold_id)
    return render_template(
        "retention/hold.html",
        hold=hold_line(found),
        owners=_owners(),
        owner=request.form.get("eigenaar", found.owner_email),
        review=request.form.get("kijken", found.review_on or ""),
        reason=request.form.get("reden", ""),
        problem=problem,
        tabs=tabs("holds.page"),
    )


def _form(problem: Problem | None = None) -> str:
    lies_on = _lies_on(line("op"))
    text = line("q")
    found = house().pupils.find(by(), school().brin, text) if text and lies_on is None else ()
    subject, address = _subject(lies_on) if lies_on else ("", "")
    names = house().retention.schedules.current(by(), school().brin).names
    return render_template(
        "retention/hold_new.html",
        lies_on=lies_on.value if lies_on else "",
        heading=say(HEADINGS[lies_on]) if lies_on else "",
        subject=subject,
        subject_address=address,
        what=line("wat"),
        text=text,
        found=present_pupils.rows(found),
        categories=[(code, f"{code} {name}") for code, name in names.items()],
        where=line("waar"),
        wheres=[
            (school().brin, school().name),
            (WIDE, say(N_("Alle scholen van %(board)s"), {"board": school().board})),
        ],
        owners=_owners(),
        owner=line("eigenaar") or user().email,
        reason=line("reden"),
        review=line("kijken") or (house().clock.today() + LOOK_AGAIN),
        problem=problem,
        tabs=tabs("holds.page"),
    )


def _owners() -> list[tuple[str, str]]:
    return [(x.email, x.name) for x in house().retention.holds.owners(by(), school().brin)]


def _lies_on(text: str) -> HoldOn | None:
    return HoldOn(text) if text in set(HoldOn) else None


def _subject(lies_on: HoldOn) -> tuple[str, str]:
    """The name and address of the document or pupil that is meant. Raises NotFound, Refused; empty for wider things."""
    if lies_on in (HoldOn.CATEGORY, HoldOn.BOARD):
        return "", ""
    some_id = parse_id(line("wat"))
    if some_id is None:
        raise NotFound
    if lies_on is HoldOn.DOCUMENT:
        return house().retention.kept.title(by(), some_id), url_for("document.page", document_id=some_id)
    name, _ = house().rights_desk.shields.subject(by(), some_id)
    return name, url_for("pupils.dossier", pupil_id=some_id)


def _target(lies_on: HoldOn) -> HoldTarget:
    """What the form says that must be frozen; wide things at this school, or at the whole board where chosen."""
    if lies_on not in (HoldOn.CATEGORY, HoldOn.BOARD):
        return HoldTarget(lies_on, line("wat"))
    what = line("wat") if lies_on is HoldOn.CATEGORY else ""
    wide = line("waar") == WIDE
    return HoldTarget(lies_on, what, board_id=school().board_id, school_id=None if wide else school().id)
