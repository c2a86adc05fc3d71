"""The register of data breaches, for the privacy officer."""

from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from dms.model.duties import Duty
from dms.model.portal import Door, Look
from dms.services.portal.breaches import CAUSES, STATES
from dms.services.portal.shapes import Breach
from dms.web import notices
from dms.web.around import school
from dms.web.asked import flag, line, row_version
from dms.web.error_pages import problem_of
from dms.web.guard import by, manages
from dms.web.house import house
from dms.web.notices import Notice, tell
from dms.web.texts import say

desk = Blueprint("portal_breaches", __name__)
notices.register(
    {
        "breach_told": Notice(N_("De melding staat in het register. Vul die hier verder aan.")),
        "breach_saved": Notice(N_("Opgeslagen in het register.")),
        "breach_closed": Notice(N_("Afgesloten. Het blijft in het register staan.")),
    }
)
LOOKS = {Look.SEEN: N_("bekeken"), Look.DOWNLOADED: N_("als bestand bewaard")}
DOORS = {Door.PORTAL: N_("ouderportaal"), Door.LINK: N_("deellink")}


@desk.get("/datalekken")
@manages(Duty.PRIVACY)
def page() -> ResponseReturnValue:
    """All of them, open ones first."""
    return _page()


@desk.post("/datalekken")
@manages(Duty.PRIVACY)
def add() -> ResponseReturnValue:
    """One that the service cannot notice itself."""
    try:
        told = house().portal.breaches.tell(by(), school().brin, request.form.get("aard", ""), line("nummer"))
    except BadInput as wrong:
        return _page(wrong), 400
    tell("breach_told")
    return redirect(url_for("portal_breaches.one", breach_id=told), 303)


@desk.get("/datalekken/<uuid:breach_id>")
@manages(Duty.PRIVACY)
def one(breach_id: UUID) -> ResponseReturnValue:
    """What happened, who looked, and what is done about it."""
    return _one(breach_id)


@desk.post("/datalekken/<uuid:breach_id>")
@manages(Duty.PRIVACY)
def save(breach_id: UUID) -> ResponseReturnValue:
    """Write it down."""
    try:
        house().portal.breaches.save(
            by(),
            school().brin,
            breach_id,
            row_version(),
            nature=request.form.get("aard", ""),
            consequences=request.form.get("gevolgen", ""),
            measures=request.form.get("maatregelen", ""),
            reported=flag("gemeld"),
            told=flag("verteld"),
        )
    except BadInput as wrong:
        return _one(breach_id, wrong), 400
    tell("breach_saved")
    return redirect(url_for("portal_breaches.one", breach_id=breach_id), 303)


@desk.post("/datalekken/<uuid:breach_id>/sluiten")
@manages(Duty.PRIVACY)
def close(breach_id: UUID) -> ResponseReturnValue:
    """Close it, with the reason."""
    try:
        house().portal.breaches.close(
            by(), school().brin, breach_id, row_version(), request.form.get("besluit", ""), none=flag("geen")
        )
    except BadInput as wrong:
        return _one(breach_id, wrong), 400
    tell("breach_closed")
    return redirect(url_for("portal_breaches.page"), 303)


@desk.get("/datalekken.csv")
@manages(Duty.PRIVACY)
def export() -> ResponseReturnValue:
    """The register as a list to save."""
    answer = Response(house().portal.breaches.export(by(), school().brin, say), mimetype="text/csv; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename="datalekken.csv")
    return answer


def _page(wrong: BadInput | None = None) -> str:
    found = house().portal.breaches.list(by(), school().brin)
    return render_template(
        "portal_plan/breaches.html",
        breaches=[_worded(x) for x in found],
        typed=(request.form.get("aard", ""), line("nummer")),
        problem=problem_of(wrong) if wrong else None,
    )


def _one(breach_id: UUID, wrong: BadInput | None = None) -> str:
    found = house().portal.breaches.show(by(), school().brin, breach_id)
    looks = [(x, say(LOOKS[x.look]), say(DOORS[x.door])) for x in found.looks]
    breach, state, cause = _worded(found)
    return render_template(
        "portal_plan/breach.html",
        breach=breach,
        state=state,
        cause=cause,
        looks=looks,
        problem=problem_of(wrong) if wrong else None,
    )


def _worded(x: Breach) -> tuple[Breach, str, str]:
    return x, say(STATES[x.state]), say(CAUSES[x.cause])
