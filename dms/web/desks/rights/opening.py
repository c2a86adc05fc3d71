"""Giving a reason first, and breaking the glass."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import NotFound
from dms.kernel.text import N_
from dms.services.rights.opening import MOST_HOURS, USUAL_HOURS
from dms.web import notices
from dms.web.around import school
from dms.web.asked import identity, line
from dms.web.guard import by, signed_in
from dms.web.house import house
from dms.web.notices import Notice, tell
from rights.rules.actions import Condition

desk = Blueprint("opening", __name__)
notices.register(
    {
        "access_opened": Notice(N_("U hebt tijdelijk toegang. De functionaris gegevensbescherming ziet dit.")),
        "access_ended": Notice(N_("De tijdelijke toegang is gesloten.")),
    }
)


@desk.get("/toegang")
@signed_in
def page() -> ResponseReturnValue:
    """What is open, and asking for a dossier or a document."""
    opening = house().rights_desk.opening
    offered = opening.conditions(by(), school().brin)
    condition = _condition(request.args.get("soort", ""), offered)
    text = line("q")
    pupil, document = identity("leerling"), identity("document")
    found = opening.candidates(by(), school().brin, condition, text) if condition else ()
    return render_template(
        "rights/opening.html",
        offered=[x.value for x in offered],
        condition=condition.value if condition else "",
        text=text,
        found=found,
        pupil=next((x for x in found if x[0] == pupil), None),
        document=document,
        mine=opening.mine(by()),
        most=MOST_HOURS,
        usual=USUAL_HOURS,
    )


@desk.post("/toegang")
@signed_in
def open_now() -> ResponseReturnValue:
    """Open it."""
    opening = house().rights_desk.opening
    condition = _condition(line("soort"), opening.conditions(by(), school().brin))
    if condition is None:
        raise NotFound
    text = line("uren")
    document = identity("document")
    opened = opening.open(
        by(),
        condition,
        line("reden"),
        int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0,
        pupil_id=None if document else identity("leerling"),
        document_id=document,
    )
    tell("access_opened")
    if opened.document_id is not None:
        return redirect(url_for("document.page", document_id=opened.document_id), 303)
    return redirect(url_for("pupils.dossier", pupil_id=opened.pupil_id), 303)


@desk.post("/toegang/<uuid:access_id>/sluiten")
@signed_in
def end(access_id: UUID) -> ResponseReturnValue:
    """Close it before its time."""
    house().rights_desk.opening.end(by(), access_id)
    tell("access_ended")
    return redirect(url_for("opening.page"), 303)


def _condition(text: str, offered: tuple[Condition, ...]) -> Condition | None:
    """The asked kind where the matrix offers it, else the first that it offers."""
    return next((x for x in offered if x.value == text), offered[0] if offered and not text else None)
