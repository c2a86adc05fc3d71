"""The scanner folders of a school: how each does, its profile, and a look at once."""

from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.text import N_
from dms.model.duties import Duty
from dms.services.administration.scan_folders import FIELDS
from dms.web.around import school
from dms.web.desks.admin import flow
from dms.web.desks.admin.forms import Form, simple
from dms.web.desks.admin.room import Crumbs, crumbs, desk
from dms.web.desks.admin.source_pages import lines, state_of
from dms.web.guard import by, manages
from dms.web.house import house
from dms.web.notices import Notice, register, tell
from dms.web.texts import say

register({"source_asked": Notice(N_("Er wordt nu gekeken. Ververs de pagina over een paar tellen."))})
NAME = N_("Scanmappen")


@desk.get("/scanmappen")
@manages(Duty.SOURCES)
def scan_folders() -> ResponseReturnValue:
    """All folders of the school."""
    place = school()
    found = house().administration.scan_folders.list(by(), place.id)
    root = house().settings.scan
    return render_template(
        "admin/scan_folders.html",
        rows=[state_of(x, (say(N_("Map")), x.values["folder"])) for x in found],
        root=str(root / place.brin) if root else "",
        crumbs=_way((say(NAME), "")),
    )


@desk.route("/scanmappen/nieuw", methods=["GET", "POST"])
@manages(Duty.SOURCES)
def new_scan_folder() -> ResponseReturnValue:
    """A new folder."""
    room, place = house().administration.scan_folders, school()
    title = say(N_("Scanmap toevoegen"))
    return flow.change(
        lambda: simple(title, _below(title), lines(FIELDS, {}), back=url_for("admin.scan_folders")),
        lambda given, _, apply: room.add(by(), place.id, given, apply=apply),
        lambda _: url_for("admin.scan_folders"),
    )


@desk.route("/scanmappen/<uuid:folder_id>", methods=["GET", "POST"])
@manages(Duty.SOURCES)
def scan_folder(folder_id: UUID) -> ResponseReturnValue:
    """One folder with its profile."""
    room = house().administration.scan_folders

    def form() -> Form:
        view = room.view(by(), folder_id)
        return simple(
            view.name,
            _below(view.name),
            lines(FIELDS, view.values),
            view.row_version,
            back=url_for("admin.scan_folders"),
        )

    return flow.change(
        form,
        lambda given, version, apply: room.change(by(), folder_id, version, given, apply=apply),
        lambda _: url_for("admin.scan_folders"),
    )


@desk.post("/scanmappen/<uuid:folder_id>/nu")
@manages(Duty.SOURCES)
def look_into_folder(folder_id: UUID) -> ResponseReturnValue:
    """Look at once."""
    house().administration.scan_folders.look_now(by(), folder_id)
    tell("source_asked")
    return redirect(url_for("admin.scan_folders"), 303)


@desk.route("/scanmappen/<uuid:folder_id>/weg", methods=["GET", "POST"])
@manages(Duty.SOURCES)
def remove_scan_folder(folder_id: UUID) -> ResponseReturnValue:
    """No longer look into it."""
    room = house().administration.scan_folders

    def form() -> Form:
        view, title = room.view(by(), folder_id), say(N_("Scanmap weghalen"))
        back = url_for("admin.scan_folders")
        return Form(title, _below(title), (), view.row_version, back=back, button=say(N_("Haal weg")))

    return flow.confirm(
        form,
        lambda _, version, apply: room.remove(by(), folder_id, version, apply=apply),
        lambda _: url_for("admin.scan_folders"),
    )


def _way(*parts: tuple[str, str]) -> Crumbs:
    return crumbs((say(N_("Bronnen")), url_for("admin.sources")), *parts)


def _below(title: str) -> Crumbs:
    return _way((say(NAME), url_for("admin.scan_folders")), (title, ""))
