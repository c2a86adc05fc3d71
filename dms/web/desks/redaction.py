"""Redacted copies (weglakken): what waits, one page with its finds, boxes by pointer or by numbers, the copy."""

from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput, Conflict, DmsError
from dms.kernel.text import N_
from dms.model.redaction import RedactionGround
from dms.services.downloads import attachment
from dms.web import notices
from dms.web.around import school
from dms.web.asked import line
from dms.web.error_pages import problem_of
from dms.web.guard import acts, by
from dms.web.house import house
from dms.web.notices import Notice, tell
from dms.web.presenters.redaction import (
    boxes_of,
    can_retry,
    fault_text,
    form_of,
    ground_name,
    kind_name,
    place_name,
    state_name,
)
from dms.web.texts import say
from ingest.service.redaction import ReviewView
from ingest.service.redaction.shapes import Corners
from rights.rules.actions import Action

desk = Blueprint("redaction", __name__)
AROUND = 0.15
"""How far a box over a line reaches beyond its letters, in heights of the line."""
GROUNDS = (RedactionGround.SWV, RedactionGround.OUTSIDER, RedactionGround.BY_HAND)
notices.register(
    {
        "redaction_asked": Notice(N_("Het document wordt bekeken. Dat duurt even; laad de pagina daarna opnieuw.")),
        "redaction_chosen": Notice(N_("Uw keuzes zijn bewaard.")),
        "redaction_confirmed": Notice(N_("De kopie wordt gemaakt en nagelezen. Dat duurt even.")),
    }
)


@desk.get("/weglakken")
@acts(Action.SEE)
def page() -> ResponseReturnValue:
    """What waits for a person, and what was made."""
    lines = [
        (x, state_name(x.redaction), ground_name(x.redaction.ground))
        for x in house().redaction.list(by(), school().brin)
    ]
    return render_template("redaction/list.html", lines=lines)


@desk.post("/documenten/<uuid:document_id>/weglakken")
@acts(Action.SEE)
def ask(document_id: UUID) -> ResponseReturnValue:
    """Have a copy made of a document."""
    text = line("voor")
    ground = RedactionGround(text) if text in {x.value for x in GROUNDS} else RedactionGround.BY_HAND
    found = house().redaction.ask(by(), document_id, None, ground)
    tell("redaction_asked")
    return redirect(url_for("redaction.one", redaction_id=found.id), 303)


@desk.get("/weglakken/<uuid:redaction_id>")
@acts(Action.SEE)
def one(redaction_id: UUID) -> ResponseReturnValue:
    """One copy: where it is, and while it waits for a person one of its pages with what was found on it."""
    return _one(redaction_id)


@desk.post("/weglakken/<uuid:redaction_id>")
@acts(Action.SEE)
def choose(redaction_id: UUID) -> ResponseReturnValue:
    """Keep the choices of a page, look again, or have the copy made."""
    redactions = house().redaction
    at, version = _number("bladzijde", 1), _number("versie", 0)
    try:
        if line("doe") == "opnieuw":
            redactions.look_again(by(), redaction_id, version)
            tell("redaction_asked")
            return redirect(url_for("redaction.one", redaction_id=redaction_id), 303)
        if line("doe") == "bevestig":
            redactions.confirm(by(), redaction_id, version)
            tell("redaction_confirmed")
            return redirect(url_for("redaction.one", redaction_id=redaction_id), 303)
        view = redactions.open(by(), redaction_id)
        here = {int(x) for x in request.form.getlist("vak") if x.isdigit()}
        kept = {x.id for p in view.pages if p.number != at for x in p.marks if x.covered}
        redactions.choose(by(), redaction_id, version, here | kept)
        tell("redaction_chosen")
    except (BadInput, Conflict) as fault:
        return _one(redaction_id, fault), problem_of(fault).status
    return redirect(url_for("redaction.one", redaction_id=redaction_id, bladzijde=at), 303)


@desk.post("/weglakken/<uuid:redaction_id>/vak")
@acts(Action.SEE)
def box(redaction_id: UUID) -> ResponseReturnValue:
    """Add a box, drawn or over a whole line, or take one back that a person added."""
    redactions = house().redaction
    at, version = _number("bladzijde", 1), _number("versie", 0)
    try:
        if line("weg"):
            redactions.drop_box(by(), redaction_id, version, _number("weg", 0))
        elif line("regel"):
            redactions.add_box(by(), redaction_id, version, at, _of_line(redaction_id, at, _number("regel", 0)))
        else:
            redactions.add_box(by(), redaction_id, version, at, _corners())
    except (BadInput, Conflict) as fault:
        return _one(redaction_id, fault), problem_of(fault).status
    return redirect(url_for("redaction.one", redaction_id=redaction_id, bladzijde=at), 303)


@desk.get("/weglakken/<uuid:redaction_id>/bladzijde/<int:number>")
@acts(Action.SEE)
def picture(redaction_id: UUID, number: int) -> Response:
    """The picture of a page: of the copy once it is done."""
    content = house().redaction.picture(by(), redaction_id, number)
    return Response(b"".join(content.chunks), mimetype="image/jpeg")


@desk.get("/weglakken/<uuid:redaction_id>/kopie")
@acts(Action.SEE)
def copy(redaction_id: UUID) -> Response:
    """The finished copy; always saved and never shown; logged."""
    content = house().redaction.content(by(), redaction_id)
    response = Response(content.chunks, mimetype="application/octet-stream")
    response.content_length = content.size
    response.headers["Content-Disposition"] = attachment(content.file_name)
    return response


def _one(redaction_id: UUID, fault: DmsError | None = None) -> str:
    view = house().redaction.open(by(), redaction_id)
    state = view.redaction.state.value
    wanted = _number("bladzijde", 1)
    shown = next((x for x in view.pages if x.number == wanted), view.pages[0] if view.pages else None)
    return render_template(
        "redaction/one.html",
        view=view,
        key=redaction_id,
        state=state,
        state_name=state_name(view.redaction),
        ground=ground_name(view.redaction.ground),
        fault=fault_text(view.redaction.fault),
        retry=can_retry(view.redaction),
        page=shown,
        boxes=boxes_of(shown) if shown else (),
        marks=[(x, kind_name(x)) for x in shown.marks] if shown else [],
        lines=[(str(nth), text) for nth, (text, _) in enumerate(shown.lines, start=1)] if shown else [],
        pages=[(x.number, sum(y.covered for y in x.marks)) for x in view.pages],
        covered=_covered(view),
        loose=[(place_name(place), count) for place, count in view.loose],
        form=form_of(request.form),
        problem=problem_of(fault) if fault else None,
        say=say,
    )


def _covered(view: ReviewView) -> int:
    return sum(y.covered for x in view.pages for y in x.marks)


def _of_line(redaction_id: UUID, page_number: int, nth: int) -> Corners:
    """The place of a line of the page (from 1), a little wider than its letters. Raises BadInput."""
    view = house().redaction.open(by(), redaction_id)
    lines = next((x.lines for x in view.pages if x.number == page_number), ())
    if not 1 <= nth <= len(lines):
        raise BadInput(N_("Deze regel staat niet op de bladzijde."), N_("Kies een regel uit de lijst."), code="bad_box")
    left, top, right, bottom = lines[nth - 1][1]
    more = (bottom - top) * AROUND
    return left - more, top - more, right + more, bottom + more


def _corners() -> Corners:
    """The four numbers of the form, in percents. Raises BadInput."""
    values = []
    for name in ("links", "boven", "rechts", "onder"):
        try:
            values.append(float(line(name).replace(",", ".")) / 100)
        except ValueError:
            raise BadInput(
                N_("Een van de vier getallen klopt niet."), N_("Vul percentages in, zoals 12,5."), code="bad_box"
            ) from None
    left, top, right, bottom = values
    return min(left, right), min(top, bottom), max(left, right), max(top, bottom)


def _number(name: str, otherwise: int) -> int:
    text = request.values.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else otherwise
