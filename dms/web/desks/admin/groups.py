"""Groups of the school of this moment, and who teaches them."""

from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput, Conflict, Refused
from dms.kernel.ids import parse_id
from dms.kernel.schoolyear import school_year_of
from dms.kernel.text import N_
from dms.model.duties import Duty
from dms.services.administration.outcome import Outcome
from dms.services.administration.shapes import GroupDetail
from dms.web.around import school
from dms.web.asked import day, flag, line, row_version
from dms.web.desks.admin import flow
from dms.web.desks.admin.forms import Form, Line, simple
from dms.web.desks.admin.room import Crumbs, crumbs, desk
from dms.web.error_pages import Problem, problem_of
from dms.web.guard import by, manages
from dms.web.house import house
from dms.web.notices import tell
from dms.web.presenters.admin import period
from dms.web.texts import day as day_text
from dms.web.texts import say
from dms.wire.status import status_of


@desk.get("/groepen")
@manages(Duty.GROUPS)
def groups() -> ResponseReturnValue:
    """The groups of the school, those in use or those that were closed."""
    closed = flag("gesloten")
    return render_template(
        "admin/groups.html",
        rows=house().administration.groups.list(by(), school().id, closed=closed),
        closed=closed,
        place=school().name,
        crumbs=crumbs((say(N_("Groepen")), "")),
    )


@desk.get("/groepen/<uuid:group_id>")
@manages(Duty.GROUPS)
def group(group_id: UUID) -> ResponseReturnValue:
    """One group with everybody who taught it."""
    return _page(group_id)


@desk.route("/groepen/nieuw", methods=["GET", "POST"])
@manages(Duty.GROUPS)
def new_group() -> ResponseReturnValue:
    """A new group."""

    def form() -> Form:
        year = str(school_year_of(house().clock.today()))
        return simple(
            say(N_("Groep toevoegen")),
            crumbs((say(N_("Groepen")), url_for("admin.groups")), (say(N_("Groep toevoegen")), "")),
            _lines("", year, ""),
            lead=say(N_("Bij %(school)s."), {"school": school().name}),
            back=url_for("admin.groups"),
        )

    return flow.change(
        form,
        lambda given, _, apply: house().administration.groups.add(by(), school().id, given, apply=apply),
        lambda outcome: url_for("admin.group", group_id=outcome.object_id),
    )


@desk.route("/groepen/<uuid:group_id>/wijzigen", methods=["GET", "POST"])
@manages(Duty.GROUPS)
def change_group(group_id: UUID) -> ResponseReturnValue:
    """Name, school year and year level."""

    def form() -> Form:
        detail = _detail(group_id)
        one = detail.group
        return simple(
            say(N_("Groep wijzigen")),
            (*_way(detail), (say(N_("Wijzigen")), "")),
            _lines(one.name, one.school_year, one.year_level),
            one.row_version,
            back=url_for("admin.group", group_id=group_id),
        )

    return flow.change(
        form,
        lambda given, version, apply: house().administration.groups.change(by(), group_id, version, given, apply=apply),
        lambda _: url_for("admin.group", group_id=group_id),
    )


@desk.route("/groepen/<uuid:group_id>/samenvoegen", methods=["GET", "POST"])
@manages(Duty.GROUPS)
def merge_group(group_id: UUID) -> ResponseReturnValue:
    """Put a group together with another."""

    def form() -> Form:
        detail = _detail(group_id)
        others = house().administration.groups.list(by(), detail.school_id)
        choices = (("", say(N_("Kies een groep"))), *((str(x.id), x.name) for x in others if x.id != group_id))
        return simple(
            say(N_("%(group)s samenvoegen"), {"group": detail.group.name}),
            (*_way(detail), (say(N_("Samenvoegen")), "")),
            [Line("into", say(N_("Samen met")), kind="select", required=True, choices=choices)],
            detail.group.row_version,
            lead=say(N_("Leerlingen en mentoren gaan vandaag over. Daarna is deze groep gesloten.")),
            back=url_for("admin.group", group_id=group_id),
        )

    def act(given: flow.Typed, version: int, apply: bool) -> Outcome:
        into = parse_id(given.get("into", ""))
        if into is None:
            raise BadInput(N_("Kies een groep."), N_("Kies uit de lijst."))
        return house().administration.groups.merge(by(), group_id, version, into, apply=apply)

    return flow.change(form, act, lambda outcome: url_for("admin.group", group_id=outcome.object_id))


@desk.route("/groepen/<uuid:group_id>/sluiten", methods=["GET", "POST"])
@manages(Duty.GROUPS)
def close_group(group_id: UUID) -> ResponseReturnValue:
    """Close a group."""
    return flow.confirm(
        lambda: _asked(group_id, N_("Groep sluiten"), N_("Sluit de groep")),
        lambda _, version, apply: house().administration.groups.close(by(), group_id, version, apply=apply),
        lambda _: url_for("admin.group", group_id=group_id),
    )


@desk.route("/groepen/<uuid:group_id>/openen", methods=["GET", "POST"])
@manages(Duty.GROUPS)
def reopen_group(group_id: UUID) -> ResponseReturnValue:
    """Open a closed group again."""
    return flow.confirm(
        lambda: _asked(group_id, N_("Groep weer openen"), N_("Open de groep")),
        lambda _, version, apply: house().administration.groups.reopen(by(), group_id, version, apply=apply),
        lambda _: url_for("admin.group", group_id=group_id),
    )


@desk.post("/groepen/<uuid:group_id>/mentor")
@manages(Duty.GROUPS)
def add_mentor(group_id: UUID) -> ResponseReturnValue:
    """Let a colleague teach the group."""
    room = house().administration.groups
    try:
        room.add_mentor(by(), group_id, row_version(), line("email"), day("since"), day("until"))
    except (BadInput, Conflict, Refused) as problem:
        return _page(group_id, problem_of(problem)), status_of(problem)
    tell("admin_saved")
    return redirect(url_for("admin.group", group_id=group_id), 303)


@desk.post("/groepen/<uuid:group_id>/mentor/<uuid:stay_id>/stop")
@manages(Duty.GROUPS)
def end_mentor(group_id: UUID, stay_id: UUID) -> ResponseReturnValue:
    """Let a colleague stop teaching the group."""
    try:
        house().administration.groups.end_mentor(by(), group_id, row_version(), stay_id, day("until"))
    except (BadInput, Conflict, Refused) as problem:
        return _page(group_id, problem_of(problem)), status_of(problem)
    tell("admin_saved")
    return redirect(url_for("admin.group", group_id=group_id), 303)


def _detail(group_id: UUID) -> GroupDetail:
    return house().administration.groups.view(by(), group_id)


def _way(detail: GroupDetail) -> Crumbs:
    here = (detail.group.name, url_for("admin.group", group_id=detail.group.id))
    return crumbs((say(N_("Groepen")), url_for("admin.groups")), here)


def _lines(name: str, year: str, level: str) -> list[Line]:
    return [
        Line("name", say(N_("Naam van de groep")), name, required=True, maxlength=64),
        Line(
            "school_year", say(N_("Schooljaar")), year, hint=say(N_("Zoals 2026-2027. Mag leeg blijven.")), maxlength=9
        ),
        Line("year_level", say(N_("Leerjaar")), level, hint=say(N_("Zoals 7, 7/8 of vwo 3.")), maxlength=10),
    ]


def _asked(group_id: UUID, title: str, button: str) -> Form:
    detail = _detail(group_id)
    back = url_for("admin.group", group_id=group_id)
    trail = (*_way(detail), (say(title), ""))
    return Form(say(title), trail, (), detail.group.row_version, back=back, button=say(button))


def _page(group_id: UUID, problem: Problem | None = None) -> str:
    detail = _detail(group_id)
    return render_template(
        "admin/group.html",
        detail=detail,
        mentors=[(x, period(x.since, x.until)) for x in detail.mentors],
        closed=day_text(detail.group.closed_on),
        problem=problem,
        typed={x: line(x) for x in ("email", "since", "until")} if problem else {"email": "", "since": "", "until": ""},
        crumbs=(*_way(detail)[:-1], (detail.group.name, "")),
    )
