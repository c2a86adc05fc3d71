"""What other rules would do, before anybody adopts them: those of the draft, or those of a file."""

import csv
import re

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput, Conflict
from dms.kernel.text import N_
from dms.web.around import school
from dms.web.desks.retention.room import DISPOSING, tabs
from dms.web.error_pages import Problem, problem_of
from dms.web.guard import acts, by
from dms.web.house import house
from dms.web.notices import tell
from dms.web.presenters.retention_schedule import EffectsPage, effects
from dms.web.security import csrf
from dms.web.streaming import sent_form
from retention.rules.schedule import Rule
from retention.rules.table import COLUMNS, rules_from_text

desk = Blueprint("retention_what_if", __name__)
EXAMPLES = 3
MOST_BYTES = 500_000
GUARD = re.compile(r"(^|;)\"?'(?=[=+\-@])", re.MULTILINE)
"""The apostrophe that our own files put before what a spreadsheet could carry out."""


@desk.get("/bewaren/schema/wat-als")
@acts(*DISPOSING)
def page() -> ResponseReturnValue:
    """What the draft would do, and the place to try a file out."""
    schedules = house().retention.schedules
    found = None
    if schedules.draft(by(), school().brin) is not None:
        found = effects(schedules.effects(by(), school().brin, EXAMPLES), _names())
    return _page(found, "concept" if found else "")


@desk.post("/bewaren/schema/wat-als")
@csrf.exempt  # type: ignore[untyped-decorator] # the token is in the form's body, which is read as a stream: it is checked below
@acts(*DISPOSING)
def file() -> ResponseReturnValue:
    """Look what the rules in a file would do; or put them in the draft as well."""
    try:
        fields, name, rules = _sent()
        whole = fields.get("heel") == "1"
        if fields.get("doe") == "concept":
            house().retention.schedules.edit(by(), school().brin, rules, _version(fields), whole=whole)
            tell("schedule_drafted")
            return redirect(url_for("retention_draft.page", _anchor="verschillen"), 303)
        found = house().retention.what_if.ask(by(), rules, school().brin, whole=whole, examples=EXAMPLES)
    except (BadInput, Conflict) as fault:
        problem = problem_of(fault)
        return _page(None, "", problem), problem.status
    return _page(effects(found, _names()), name)


def _names() -> dict[str, str]:
    return house().retention.schedules.current(by(), school().brin).names


def _page(found: EffectsPage | None, source: str, problem: Problem | None = None) -> str:
    schedules = house().retention.schedules
    draft = schedules.draft(by(), school().brin)
    return render_template(
        "retention/what_if.html",
        effects=found,
        source=source,
        draft=draft,
        may_edit=schedules.current(by(), school().brin).may_edit,
        row_version=draft.row_version if draft else 0,
        columns=", ".join(COLUMNS),
        problem=problem,
        tabs=tabs("retention_schedule.page"),
    )


def _version(fields: dict[str, str]) -> int | None:
    text = fields.get("versie", "")
    return int(text) if text.isascii() and text.isdigit() else None


def _sent() -> tuple[dict[str, str], str, tuple[Rule, ...]]:
    """The fields, the name of the file and its rules. Raises BadInput."""
    form = sent_form()
    name, body = form.file()
    kept = b""
    for piece in body:
        kept += piece
        if len(kept) > MOST_BYTES:
            raise BadInput(N_("Dit bestand is te groot voor een schema."), N_("Kies een CSV-bestand met regels."))
    try:
        return form.fields, name, rules_from_text(GUARD.sub(r"\1", _text(kept)))
    except csv.Error:
        raise BadInput(
            N_("Dit is geen CSV-bestand."), N_("Bewaar de tabel als CSV met puntkomma's."), code="no_csv"
        ) from None


def _text(data: bytes) -> str:
    """The file as text: UTF-8, else as older spreadsheets write it."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
