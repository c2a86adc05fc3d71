"""`/exports`: hand in an export of an LVS, and ask what became of it. It is previewed; a person or the school's own
choice applies it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, request
from werkzeug.http import parse_options_header

from dms.api.answers import answer
from dms.api.describe import Answer, describes
from dms.api.guard import Scope, by, needs
from dms.api.house import house
from dms.api.multipart import Form
from dms.kernel.errors import BadInput, NotFound
from dms.kernel.text import N_
from ingest.service.watched import DOSSIERS
from rights.rules.actions import Action

routes = Blueprint("exports", __name__)


@dataclass(frozen=True, slots=True)
class ExportForm:
    """A form with one export: EDEXML, UWLR, CSV or XLSX with pupils, or a ZIP with documents. `school` is a BRIN."""

    file: bytes
    school: str


@dataclass(frozen=True, slots=True)
class ExportAnswer:
    """An export that is kept. `kind` is pupils or dossiers; `counts` are rows or files per outcome, once it is read."""

    export_id: str
    kind: str
    state: str
    counts: dict[str, int]


@routes.post("/exports")
@needs(Scope.INTAKE, Action.ADD)
@describes(
    N_("Bied een export van een LVS aan. Zij wordt bekeken; doorvoeren doet een mens, of de school koos dat."),
    Answer(202, ExportAnswer),
    form=ExportForm,
    fails=(400, 403, 404),
)
def hand_in() -> Response:
    """Keep one export."""
    kind, options = parse_options_header(request.headers.get("Content-Type"))
    if kind != "multipart/form-data" or "boundary" not in options:
        raise BadInput(N_("Dit is geen formulier met bestanden."), N_("Stuur multipart/form-data."), code="no_form")
    form = Form(request.stream, options["boundary"].encode("latin-1", "replace"))
    school = form.fields.get("school", "").strip()
    if not school:
        raise BadInput(
            N_("Het veld %(name)s ontbreekt."),
            N_("Zie /api/v1/openapi.json."),
            code="no_field",
            params={"name": "school"},
        )
    file: tuple[str, Iterator[bytes]] | None = next(iter(form.files()), None)
    if file is None:
        raise BadInput(N_("Er is geen bestand ontvangen."), N_("Kies een of meer bestanden."), code="no_file")
    taken = house().watched.receive(by(), school, file[0], file[1])
    return answer(_shown(taken.kind, taken.import_id), 202)


@routes.get("/exports/<uuid:export_id>")
@needs(Scope.INTAKE, Action.ADD)
@describes(N_("Hoe het met een export staat."), Answer(200, ExportAnswer), fails=(404,))
def follow(export_id: UUID) -> Response:
    """Where an export is."""
    try:
        return answer(_shown("pupils", export_id))
    except NotFound:
        return answer(_shown(DOSSIERS, export_id))


def _shown(kind: str, export_id: UUID) -> ExportAnswer:
    if kind == DOSSIERS:
        archive = house().dossiers.view(by(), export_id)
        return ExportAnswer(str(export_id), kind, archive.state.value, dict(archive.counts))
    view = house().pupil_imports.view(by(), export_id)
    return ExportAnswer(str(export_id), kind, view.state.value, {x.value: n for x, n in view.counts.items()})
