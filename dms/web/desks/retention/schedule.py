"""The schedule in force, with why each term is what it is; earlier versions; the whole as a file."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from dms.web.around import school
from dms.web.asked import line
from dms.web.csv_answer import csv_answer
from dms.web.desks.retention.room import may_dispose, tabs
from dms.web.guard import by, signed_in
from dms.web.house import house
from dms.web.presenters.retention_schedule import SHOWN, changes, rule_groups
from dms.web.texts import say
from retention.rules.table import COLUMNS, rows_of
from retention.service.schedule import ScheduleView

desk = Blueprint("retention_schedule", __name__)


@desk.get("/bewaren/schema")
@signed_in
def page() -> ResponseReturnValue:
    """The schedule in force: for everybody who works for the board."""
    view = house().retention.schedules.current(by(), school().brin)
    draft = house().retention.schedules.draft(by(), school().brin) if may_dispose() else None
    return _page(view, newest=True, has_draft=draft is not None)


@desk.get("/bewaren/schema/versies")
@signed_in
def versions() -> ResponseReturnValue:
    """All versions, the newest first."""
    found = house().retention.schedules.versions(by(), school().brin)
    return render_template("retention/versions.html", versions=found, tabs=tabs("retention_schedule.page"))


@desk.get("/bewaren/schema/versies/<int:number>")
@signed_in
def version(number: int) -> ResponseReturnValue:
    """One version, with what it changed."""
    schedules = house().retention.schedules
    now = schedules.current(by(), school().brin).version.number
    return _page(
        schedules.version(by(), school().brin, number), newest=False, has_draft=False, counts_now=number == now
    )


@desk.get("/bewaren/schema/bestand")
@signed_in
def file() -> ResponseReturnValue:
    """The schedule in force as a CSV file: to read, or to change and try out."""
    view = house().retention.schedules.current(by(), school().brin)
    rows = ([x[y] for y in COLUMNS] for x in rows_of(view.rules))
    return csv_answer(f"bewaarschema-{school().brin}-versie-{view.version.number}.csv", COLUMNS, rows)


def _page(view: ScheduleView, *, newest: bool, has_draft: bool, counts_now: bool = True) -> str:
    show = line("toon") if line("toon") in SHOWN else ""
    rules = view.rules
    ruled = {x.category for x in rules}
    before = None
    if not newest and view.version.number > 1:
        before = house().retention.schedules.version(by(), school().brin, view.version.number - 1)
    counts = {
        "": len(rules),
        "controleren": sum(not x.certain for x in rules),
        "geblokkeerd": sum(x.blocked for x in rules),
        "zonder": sum(x not in ruled for x in view.names),
    }
    return render_template(
        "retention/schedule.html",
        version=view.version,
        newest=newest,
        counts_now=counts_now,
        groups=rule_groups(rules, view.names, view.groups, show=show, text=line("q")),
        shows=[(k, say(v), counts[k]) for k, v in SHOWN.items() if counts[k] or k in {"", show}],
        show=show,
        text=line("q"),
        board=school().board,
        changes=changes(before.rules, rules, view.names) if before else (),
        has_draft=has_draft,
        may_edit=view.may_edit and newest,
        draft_address=url_for("retention_draft.page") if may_dispose() else "",
        tabs=tabs("retention_schedule.page"),
    )
