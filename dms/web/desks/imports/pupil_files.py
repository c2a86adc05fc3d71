"""One file with pupils: its columns, what it would change, deciding on conflicts, carrying it out, and the report."""

from collections.abc import Iterator
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput, Conflict
from dms.kernel.ids import parse_id
from dms.kernel.text import N_
from dms.model.duties import Duty
from dms.model.pupil_files import LISTS, ChoiceKind, EndDay, ImportState
from dms.services.pupil_import.shapes import ImportOptions, ImportView
from dms.web.asked import flag, line
from dms.web.asked import page as asked_page
from dms.web.csv_answer import csv_answer
from dms.web.guard import by, manages
from dms.web.house import house
from dms.web.notices import Notice, register, tell
from dms.web.presenters import pupil_files as present
from dms.web.presenters.imports import paged
from dms.web.texts import day, say
from ingest.rules.pupils.choices import Choice
from ingest.rules.pupils.columns import Column
from ingest.rules.pupils.plan import Outcome, RowPlan

desk = Blueprint("pupil_files", __name__)
PAGE_SIZE = 50
REPORT_SIZE = 500

register(
    {
        "pupils_applied": Notice(N_("Het bestand is doorgevoerd.")),
        "pupils_discarded": Notice(N_("Het bestand is weggedaan. Er is niets veranderd.")),
        "choices_kept": Notice(N_("Uw keuzes zijn verwerkt.")),
        "mapping_saved": Notice(N_("De indeling is bewaard. De volgende keer herkent de dienst die vanzelf.")),
    }
)


@desk.get("/inlezen/leerlingen/<uuid:import_id>")
@manages(Duty.PUPIL_FILES)
def page(import_id: UUID) -> ResponseReturnValue:
    """What the file would change, or where it is; renews itself while it is being read."""
    return _page(import_id)


@desk.get("/inlezen/leerlingen/<uuid:import_id>/kolommen")
@manages(Duty.PUPIL_FILES)
def columns(import_id: UUID) -> ResponseReturnValue:
    """The columns of a list: what each is taken for, with samples."""
    view = house().pupil_imports.view(by(), import_id)
    look = house().pupil_imports.look(by(), import_id, _asked_options())
    preset = line("vorm") or look.preset or ""
    return render_template(
        "import/columns.html",
        one=present.import_row(view),
        look=look,
        columns=present.columns(look),
        choices=present.column_choices(),
        presets=[(x.code, say(x.name)) for x in house().pupil_imports.presets()],
        preset=preset,
        unsure=any(x.code == preset and not x.sure for x in house().pupil_imports.presets()),
        mappings=[(str(x.id), x.name) for x in house().pupil_imports.mappings(by(), view.brin)],
        end_days=[(x.value, say(y)) for x, y in present.END_DAYS.items()],
    )


@desk.post("/inlezen/leerlingen/<uuid:import_id>/kolommen")
@manages(Duty.PUPIL_FILES)
def read(import_id: UUID) -> ResponseReturnValue:
    """Read the list as the person says, and keep that for the next time where asked."""
    options = _asked_options(columns=True)
    house().pupil_imports.read(by(), import_id, options)
    name = line("naam")
    if flag("bewaar"):
        house().pupil_imports.save_mapping(by(), import_id, name or say(N_("Onze lijst")), options)
        tell("mapping_saved")
    return redirect(url_for("pupil_files.page", import_id=import_id), 303)


@desk.post("/inlezen/leerlingen/<uuid:import_id>/opnieuw")
@manages(Duty.PUPIL_FILES)
def read_again(import_id: UUID) -> ResponseReturnValue:
    """Judge the file again, against the pupils as they are now."""
    house().pupil_imports.read(by(), import_id)
    return redirect(url_for("pupil_files.page", import_id=import_id), 303)


@desk.post("/inlezen/leerlingen/<uuid:import_id>/keuzes")
@manages(Duty.PUPIL_FILES)
def choose(import_id: UUID) -> ResponseReturnValue:
    """Decide on rows in conflict."""
    chosen = {int(name[4:]): _choice(value) for name, value in request.form.items() if _is_row(name) and value}
    if not chosen:
        raise BadInput(N_("Er is niets gekozen."), N_("Kies bij een of meer rijen wat er moet gebeuren."))
    house().pupil_imports.choose(by(), import_id, chosen)
    tell("choices_kept")
    return redirect(url_for("pupil_files.page", import_id=import_id, uitkomst=line("uitkomst") or None), 303)


@desk.post("/inlezen/leerlingen/<uuid:import_id>/doorvoeren")
@manages(Duty.PUPIL_FILES)
def apply(import_id: UUID) -> ResponseReturnValue:
    """Carry out what has no conflict and no error; an older file than the last only when the person says so."""
    try:
        house().pupil_imports.apply(by(), import_id, confirm_older=flag("ouder"))
    except Conflict as fault:
        return _page(import_id, fault), 409
    tell("pupils_applied")
    return redirect(url_for("pupil_files.page", import_id=import_id), 303)


@desk.post("/inlezen/leerlingen/<uuid:import_id>/weg")
@manages(Duty.PUPIL_FILES)
def discard(import_id: UUID) -> ResponseReturnValue:
    """Change nothing."""
    house().pupil_imports.discard(by(), import_id)
    tell("pupils_discarded")
    return redirect(url_for("imports.page"), 303)


@desk.get("/inlezen/leerlingen/<uuid:import_id>/verslag.csv")
@manages(Duty.PUPIL_FILES)
def report(import_id: UUID) -> Response:
    """Every row with its verdict, to keep."""
    house().pupil_imports.view(by(), import_id)
    rows = list(present.report(_every_row(import_id)))
    return csv_answer("verslag.csv", [say(x) for x in present.REPORT_HEAD], rows)


def _page(import_id: UUID, fault: Conflict | None = None) -> str:
    view = house().pupil_imports.view(by(), import_id)
    chosen = line("uitkomst") if request.method == "GET" else ""
    chosen = chosen if chosen in {*(x.value for x in Outcome), "absent"} else present.first_tab(view)
    at = asked_page()
    judged = view.state in (ImportState.READY, ImportState.APPLIED) and view.rows_kept
    found = None
    if judged and chosen and chosen != "absent":
        found = house().pupil_imports.rows(by(), import_id, Outcome(chosen), at, PAGE_SIZE)
    return render_template(
        "import/pupils.html",
        one=present.import_row(view),
        at_step=_step(view),
        is_list=view.format in LISTS,
        judged=judged,
        tabs=present.tabs(view, chosen),
        chosen=chosen,
        rows=present.rows(found.rows) if found else (),
        pager=paged(url_for("pupil_files.page", import_id=import_id), found.total, at, PAGE_SIZE) if found else None,
        absent=house().pupil_imports.absent(by(), import_id) if judged and chosen == "absent" else (),
        older=(day(view.made_on), day(view.newer)) if view.newer else None,
        problem={"message": say(fault.message, fault.params), "advice": say(fault.advice, fault.params)}
        if fault
        else None,
    )


def _step(view: ImportView) -> int:
    """How far the file is in its four steps."""
    return {ImportState.COLUMNS: 2, ImportState.READY: 3, ImportState.APPLIED: 5}.get(view.state, 1)


def _every_row(import_id: UUID) -> Iterator[RowPlan]:
    at = 1
    while True:
        found = house().pupil_imports.rows(by(), import_id, None, at, REPORT_SIZE)
        yield from found.rows
        if at * REPORT_SIZE >= found.total:
            return
        at += 1


def _asked_options(*, columns: bool = False) -> ImportOptions:
    """How the person says that the list is to be read. Raises BadInput for what no form of ours sends."""
    header = line("kopregel")
    chosen: dict[int, Column | None] = {}
    if columns:
        for name, value in request.form.items():
            if name.startswith("kolom-") and name[6:].isascii() and name[6:].isdigit():
                try:
                    chosen[int(name[6:])] = Column(value) if value else None
                except ValueError:
                    raise BadInput(N_("Deze kolom bestaat niet."), N_("Kies een kolom uit de lijst.")) from None
    end_day = line("einddatum")
    return ImportOptions(
        preset=line("vorm") or None,
        mapping_id=parse_id(line("indeling")),
        columns=chosen,
        header_row=int(header) if header.isascii() and header.isdigit() else None,
        sheet=line("werkblad") or None,
        end_day=EndDay(end_day) if end_day in set(EndDay) else None,
    )


def _is_row(name: str) -> bool:
    return name.startswith("rij-") and name[4:].isascii() and name[4:].isdigit()


def _choice(value: str) -> Choice:
    kind, _, key = value.partition(":")
    if kind not in set(ChoiceKind):
        raise BadInput(N_("Deze keuze bestaat niet."), N_("Kies uit wat bij de rij staat."))
    return Choice(ChoiceKind(kind), parse_id(key))
