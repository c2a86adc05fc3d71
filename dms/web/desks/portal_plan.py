"""The plan of the portal: what opens to families on which day, with what announcement, and how it will look."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput, NotFound
from dms.kernel.text import N_
from dms.model.duties import Duty
from dms.services.portal.shapes import Phase
from dms.web import notices
from dms.web.around import school
from dms.web.asked import day, line, row_version
from dms.web.error_pages import problem_of
from dms.web.guard import by, manages, may_manage
from dms.web.house import house
from dms.web.notices import Notice, tell
from dms.web.texts import say

desk = Blueprint("portal_plan", __name__)
notices.register(
    {
        "phase_saved": Notice(N_("De fase is bewaard.")),
        "phase_gone": Notice(N_("De fase is weg. Wat erin zat, is nu dicht.")),
    }
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A phase as its form shows it; `key` is empty for a new one."""

    key: str
    name: str
    opens_on: date | None
    announcement: str
    modules: tuple[str, ...]
    announced: bool
    open: bool
    row_version: int


@desk.get("/ouders")
@manages(Duty.RIGHTS_SEEN)
def page() -> ResponseReturnValue:
    """The modules with their days, and the phases."""
    return _page()


@desk.post("/ouders/fasen")
@manages(Duty.RIGHTS)
def add() -> ResponseReturnValue:
    """A phase more."""
    return _save(None)


@desk.post("/ouders/fasen/<uuid:phase_id>")
@manages(Duty.RIGHTS)
def change(phase_id: UUID) -> ResponseReturnValue:
    """Another day, text or parts."""
    return _save(phase_id)


@desk.post("/ouders/fasen/<uuid:phase_id>/weg")
@manages(Duty.RIGHTS)
def drop(phase_id: UUID) -> ResponseReturnValue:
    """Leave it out: what is in it closes."""
    house().portal.plan.drop(by(), school().brin, phase_id)
    tell("phase_gone")
    return redirect(url_for("portal_plan.page"), 303)


@desk.get("/ouders/voorbeeld")
@manages(Duty.RIGHTS_SEEN)
def preview() -> ResponseReturnValue:
    """The page of a child as a parent, or the pupil, sees it on a day."""
    number, problem, found = line("nummer"), None, None
    on, as_pupil = house().clock.today(), line("als") == "leerling"
    try:
        on = day("dag") or on
        if number:
            found = house().portal.plan.preview(by(), school().brin, number, on, as_pupil=as_pupil)
    except (BadInput, NotFound) as wrong:
        problem = problem_of(wrong)
    page = render_template(
        "portal_plan/preview.html",
        number=number,
        on=on,
        as_pupil=as_pupil,
        found=found,
        parts=[(x, say(x.name)) for x in found.parts] if found else [],
        problem=problem,
    )
    return page, 400 if problem else 200


def _save(phase_id: UUID | None) -> ResponseReturnValue:
    try:
        house().portal.plan.save(
            by(),
            school().brin,
            phase_id,
            line("naam"),
            day("dag"),
            request.form.get("tekst", ""),
            request.form.getlist("onderdeel"),
            row_version() if phase_id is not None else 0,
        )
    except BadInput as wrong:
        return _page(wrong), 400
    tell("phase_saved")
    return redirect(url_for("portal_plan.page"), 303)


def _page(wrong: BadInput | None = None) -> str:
    plan = house().portal.plan.show(by(), school().brin)
    today = house().clock.today()
    return render_template(
        "portal_plan/page.html",
        modules=[(x, say(x.name)) for x in plan.modules],
        phases=[_shown(x, today) for x in plan.phases],
        fresh=Shown("", line("naam") if wrong else "", None, request.form.get("tekst", "") if wrong else "",
                    tuple(request.form.getlist("onderdeel")), False, False, 0),
        may_edit=may_manage(Duty.RIGHTS, school()),
        problem=problem_of(wrong) if wrong else None,
    )  # fmt: skip


def _shown(x: Phase, today: date) -> Shown:
    opened = x.opens_on <= today
    return Shown(str(x.id), x.name, x.opens_on, x.announcement, x.modules, x.announced, opened, x.row_version)
