"""An archive of dossiers: what would become of each file, taking it in, and the report."""

from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.text import N_
from dms.web.asked import line
from dms.web.asked import page as asked_page
from dms.web.csv_answer import csv_answer
from dms.web.guard import acts, by
from dms.web.house import house
from dms.web.notices import Notice, register, tell
from dms.web.presenters import archives as present
from dms.web.presenters.imports import paged
from dms.web.texts import say
from ingest.service.dossier_shapes import STATUSES
from rights.rules.actions import Action

desk = Blueprint("archives", __name__)
PAGE_SIZE = 50

register({"archive_discarded": Notice(N_("Het archief is weggedaan. Er is niets ingelezen."))})


@desk.get("/inlezen/archieven/<uuid:archive_id>")
@acts(Action.ADD)
def page(archive_id: UUID) -> ResponseReturnValue:
    """One archive, with its files by outcome; renews itself while there is work."""
    view = house().dossiers.view(by(), archive_id)
    status = line("uitkomst")
    status = status if status in STATUSES else ""
    at = asked_page()
    found = house().dossiers.lines(by(), archive_id, status, at, PAGE_SIZE)
    return render_template(
        "import/archive.html",
        archive=present.archive_row(view),
        with_manifest=view.with_manifest,
        tabs=present.tabs(view, status),
        lines=present.lines(found.lines, view.state),
        pager=paged(url_for("archives.page", archive_id=archive_id), found.total, at, PAGE_SIZE),
    )


@desk.post("/inlezen/archieven/<uuid:archive_id>/doorvoeren")
@acts(Action.ADD)
def apply(archive_id: UUID) -> ResponseReturnValue:
    """Take the files in."""
    house().dossiers.apply(by(), archive_id)
    return redirect(url_for("archives.page", archive_id=archive_id), 303)


@desk.post("/inlezen/archieven/<uuid:archive_id>/weg")
@acts(Action.ADD)
def discard(archive_id: UUID) -> ResponseReturnValue:
    """Take nothing in."""
    house().dossiers.discard(by(), archive_id)
    tell("archive_discarded")
    return redirect(url_for("imports.page"), 303)


@desk.get("/inlezen/archieven/<uuid:archive_id>/verslag.csv")
@acts(Action.ADD)
def report(archive_id: UUID) -> Response:
    """What went where, to keep."""
    view = house().dossiers.view(by(), archive_id)
    rows = list(present.report(house().dossiers.every_line(by(), archive_id), view.state))
    return csv_answer("verslag.csv", [say(x) for x in present.REPORT_HEAD], rows)
