"""Cover and separator sheets to print: for one pupil, for a group, or for any that a list shows."""

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput, NotFound, Refused
from dms.kernel.ids import parse_id
from dms.kernel.text import N_
from dms.services.downloads import attachment
from dms.services.pupils import When
from dms.web.asked import flag, line
from dms.web.error_pages import Problem, problem_of
from dms.web.frame import school
from dms.web.guard import acts, by
from dms.web.house import house
from dms.web.presenters import pupils as present
from ingest.service.sheets import MOST_COVERS, MOST_SEPARATORS, PrintedSheets
from rights.rules.actions import Action

desk = Blueprint("sheets", __name__)
SUGGESTED_SEPARATORS = 10


@desk.get("/voorbladen")
@acts(Action.ADD)
def page() -> ResponseReturnValue:
    """The pupils to print a cover sheet for: one, or those of a list's filter; and separators."""
    return _page()


@desk.post("/voorbladen")
@acts(Action.ADD)
def covers() -> ResponseReturnValue:
    """A PDF with a cover sheet for each chosen pupil."""
    try:
        chosen = [x for x in (parse_id(y) for y in request.form.getlist("leerling")) if x is not None]
        made = house().batches.sheets.covers(by(), school().brin, chosen, line("categorie") or None)
    except (BadInput, NotFound, Refused) as error:
        problem = problem_of(error)
        return _page(problem), problem.status
    return _pdf(made, "voorbladen.pdf")


@desk.post("/scheidingsbladen")
@acts(Action.ADD)
def separators() -> ResponseReturnValue:
    """A PDF with separator sheets."""
    count = line("aantal")
    try:
        if not count.isascii() or not count.isdigit() or len(count) > 4:
            raise BadInput(N_("Dit is geen aantal."), N_("Schrijf een getal."), code="bad_count")
        made = house().batches.sheets.separators(by(), school().brin, int(count), reusable=flag("vaker"))
    except (BadInput, NotFound) as error:
        problem = problem_of(error)
        return _page(problem), problem.status
    return _pdf(made, "scheidingsbladen.pdf")


def _pdf(made: PrintedSheets, name: str) -> Response:
    response = Response(made.pdf, mimetype="application/pdf")
    response.headers["Content-Disposition"] = attachment(name)
    return response


def _page(problem: Problem | None = None) -> str:
    text, group = request.values.get("q", ""), request.values.get("groep", "")
    one = parse_id(request.args.get("leerling", ""))
    known = house().pupils.list(
        by(), school().brin, text=text[:100], group=group or None, when=When.NOW, size=MOST_COVERS
    )
    rows = known.rows if one is None else ()
    if one is not None:
        rows = (house().batches.sheets.pupil(by(), school().brin, one),)
    chosen = frozenset(request.form.getlist("leerling")) if request.method == "POST" else None
    return render_template(
        "sheets/page.html",
        rows=present.rows(rows),
        chosen=chosen,
        ticked=one is not None or bool(group) or bool(text),
        groups=known.groups,
        group=group,
        text=text,
        total=known.total if one is None else 1,
        most=MOST_COVERS,
        most_separators=MOST_SEPARATORS,
        count=line("aantal") or str(SUGGESTED_SEPARATORS),
        categories=house().documents.categories(by(), school().brin, Action.ADD),
        category=line("categorie"),
        problem=problem,
        back=url_for("pupils.dossier", pupil_id=one) if one is not None else url_for("pupils.page"),
        one=one is not None,
    )
