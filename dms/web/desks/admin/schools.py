"""Boards and schools."""

from uuid import UUID

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.text import N_
from dms.model.duties import Duty
from dms.services.administration.shapes import SchoolDetail
from dms.web.desks.admin import flow
from dms.web.desks.admin.forms import Form, Line, simple
from dms.web.desks.admin.room import Crumbs, crumbs, desk
from dms.web.guard import by, manages
from dms.web.house import house
from dms.web.texts import day, say


@desk.get("/scholen")
@manages(Duty.SCHOOLS)
def schools() -> ResponseReturnValue:
    """All boards and schools within reach."""
    return render_template(
        "admin/schools.html",
        boards=house().administration.schools.list(by()),
        crumbs=crumbs((say(N_("Scholen")), "")),
    )


@desk.get("/scholen/<uuid:school_id>")
@manages(Duty.SCHOOLS)
def school(school_id: UUID) -> ResponseReturnValue:
    """One school with its sites."""
    detail = house().administration.schools.view(by(), school_id)
    return render_template(
        "admin/school.html",
        detail=detail,
        closed=day(detail.school.closed_on),
        crumbs=(*way(detail)[:-1], (detail.school.name, "")),
    )


@desk.route("/besturen/<uuid:board_id>", methods=["GET", "POST"])
@manages(Duty.SCHOOLS)
def board(board_id: UUID) -> ResponseReturnValue:
    """The name of a board."""
    room = house().administration.schools

    def form() -> Form:
        card = room.board(by(), board_id)
        return simple(
            say(N_("Bestuur wijzigen")),
            crumbs((say(N_("Scholen")), url_for("admin.schools")), (card.name, "")),
            [Line("name", say(N_("Naam van het bestuur")), card.name, required=True)],
            card.row_version,
            back=url_for("admin.schools"),
        )

    return flow.change(
        form,
        lambda given, version, apply: room.change_board(by(), board_id, version, given, apply=apply),
        lambda _: url_for("admin.schools"),
    )


@desk.route("/besturen/<uuid:board_id>/scholen/nieuw", methods=["GET", "POST"])
@manages(Duty.SCHOOLS)
def new_school(board_id: UUID) -> ResponseReturnValue:
    """A new school of a board."""
    room = house().administration.schools

    def form() -> Form:
        card = room.board(by(), board_id)
        hint = N_("Twee cijfers en twee letters, zoals 99XX. Dit kunt u later niet meer wijzigen.")
        return simple(
            say(N_("School toevoegen")),
            crumbs((say(N_("Scholen")), url_for("admin.schools")), (say(N_("School toevoegen")), "")),
            [
                Line("brin", say(N_("BRIN")), "", hint=say(hint), required=True, maxlength=4),
                Line("name", say(N_("Naam van de school")), "", required=True),
            ],
            card.row_version,
            lead=say(N_("Bij het bestuur %(board)s."), {"board": card.name}),
            back=url_for("admin.schools"),
        )

    return flow.change(
        form,
        lambda given, _, apply: room.add(by(), board_id, given, apply=apply),
        lambda outcome: url_for("admin.school", school_id=outcome.object_id),
    )


@desk.route("/scholen/<uuid:school_id>/wijzigen", methods=["GET", "POST"])
@manages(Duty.SCHOOLS)
def change_school(school_id: UUID) -> ResponseReturnValue:
    """The name of a school."""
    room = house().administration.schools

    def form() -> Form:
        detail = room.view(by(), school_id)
        return simple(
            say(N_("School wijzigen")),
            (*way(detail), (say(N_("Wijzigen")), "")),
            [Line("name", say(N_("Naam van de school")), detail.school.name, required=True)],
            detail.school.row_version,
            lead=say(N_("Het BRIN %(brin)s blijft altijd hetzelfde."), {"brin": detail.school.brin}),
            back=url_for("admin.school", school_id=school_id),
        )

    return flow.change(
        form,
        lambda given, version, apply: room.change(by(), school_id, version, given, apply=apply),
        lambda _: url_for("admin.school", school_id=school_id),
    )


@desk.route("/scholen/<uuid:school_id>/sluiten", methods=["GET", "POST"])
@manages(Duty.SCHOOLS)
def close_school(school_id: UUID) -> ResponseReturnValue:
    """Close a school, after showing what that means."""
    room = house().administration.schools
    return flow.confirm(
        lambda: _asked(school_id, N_("School sluiten"), N_("Sluit de school")),
        lambda _, version, apply: room.close(by(), school_id, version, apply=apply),
        lambda _: url_for("admin.school", school_id=school_id),
    )


@desk.route("/scholen/<uuid:school_id>/openen", methods=["GET", "POST"])
@manages(Duty.SCHOOLS)
def reopen_school(school_id: UUID) -> ResponseReturnValue:
    """Open a closed school again."""
    room = house().administration.schools
    return flow.confirm(
        lambda: _asked(school_id, N_("School weer openen"), N_("Open de school")),
        lambda _, version, apply: room.reopen(by(), school_id, version, apply=apply),
        lambda _: url_for("admin.school", school_id=school_id),
    )


def way(detail: SchoolDetail) -> Crumbs:
    """The way to the page of a school."""
    return crumbs(
        (say(N_("Scholen")), url_for("admin.schools")),
        (detail.school.name, url_for("admin.school", school_id=detail.school.id)),
    )


def _asked(school_id: UUID, title: str, button: str) -> Form:
    detail = house().administration.schools.view(by(), school_id)
    return Form(
        say(title),
        (*way(detail), (say(title), "")),
        (),
        detail.school.row_version,
        back=url_for("admin.school", school_id=school_id),
        button=say(button),
    )
