"""`/intake`: hand in files, and ask what became of them."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import Blueprint, Response, request
from werkzeug.http import parse_options_header

from dms.api.answers import answer
from dms.api.describe import Answer, Parameter, describes
from dms.api.guard import Scope, by, needs, user
from dms.api.house import house
from dms.api.multipart import Form
from dms.api.shapes import ItemLine, document_lines
from dms.kernel.digest import token_digest
from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from dms.model.documents import Source
from dms.services.shapes import Hints
from rights.rules.actions import Action

LONGEST_KEY = 200
SOURCES = frozenset({Source.API, Source.SCANNER, Source.MAIL, Source.UPLOAD})
"""What a program may say of where its files come from."""

routes = Blueprint("intake", __name__)


@dataclass(frozen=True, slots=True)
class IntakeForm:
    """A form with files. `pupil` is a leerlingnummer, `category` a code, `document_date` an ISO date."""

    file: list[bytes]
    school: str
    pupil: str | None = None
    category: str | None = None
    document_date: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class IntakeAccepted:
    """The files are kept; reading them follows."""

    intake_id: str


@dataclass(frozen=True, slots=True)
class IntakeAnswer:
    """The items of an intake, in order."""

    items: list[ItemLine]


@routes.post("/intake")
@needs(Scope.INTAKE, Action.ADD)
@describes(
    N_("Bied bestanden aan. Zelfde Idempotency-Key: zelfde intake_id, niets wordt dubbel bewaard."),
    Answer(202, IntakeAccepted),
    form=IntakeForm,
    parameters=(Parameter("Idempotency-Key", "header"),),
    fails=(400, 403, 404, 413),
)
def hand_in() -> Response:
    """Take files in as one intake."""
    kind, options = parse_options_header(request.headers.get("Content-Type"))
    if kind != "multipart/form-data" or "boundary" not in options:
        raise BadInput(N_("Dit is geen formulier met bestanden."), N_("Stuur multipart/form-data."), code="no_form")
    form = Form(request.stream, options["boundary"].encode("latin-1", "replace"))
    school = _required(form.fields, "school")
    hints = Hints(
        pupil_number=_optional(form.fields, "pupil"),
        category=_optional(form.fields, "category"),
        document_date=_date(form.fields),
    )
    key = _key()
    intake_id = house().receive.receive(by(), school, _source(form.fields), form.files(), hints, idempotency_key=key)
    return answer(IntakeAccepted(str(intake_id)), 202)


@routes.get("/intake/<uuid:intake_id>")
@needs(Scope.INTAKE, Action.ADD)
@describes(N_("Wat er van de bestanden geworden is."), Answer(200, IntakeAnswer), fails=(404,))
def follow(intake_id: UUID) -> Response:
    """The items of an intake that the holder sent, or may work on."""
    return answer(IntakeAnswer(document_lines(house().status.intake(by(), intake_id))))


def _required(fields: dict[str, str], name: str) -> str:
    value = _optional(fields, name)
    if value is None:
        raise BadInput(
            N_("Het veld %(name)s ontbreekt."), N_("Zie /api/v1/openapi.json."), code="no_field", params={"name": name}
        )
    return value


def _optional(fields: dict[str, str], name: str) -> str | None:
    return fields.get(name, "").strip() or None


def _date(fields: dict[str, str]) -> date | None:
    text = _optional(fields, "document_date")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as fault:
        raise BadInput(
            N_("De documentdatum is geen datum."), N_("Geef een datum als 2026-03-31."), code="no_date"
        ) from fault


def _source(fields: dict[str, str]) -> Source:
    text = _optional(fields, "source")
    if text is None:
        return Source.API
    if text not in SOURCES:
        raise BadInput(
            N_("Deze bron bestaat niet."),
            N_("Kies uit: %(sources)s."),
            code="no_source",
            params={"sources": ", ".join(sorted(SOURCES))},
        )
    return Source(text)


def _key() -> str | None:
    """The sender's key, made the holder's own: another's intake is never given by guessing a key."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > LONGEST_KEY:
        raise BadInput(N_("De Idempotency-Key is te lang."), N_("Gebruik hoogstens 200 tekens."), code="long_key")
    return token_digest(f"{user().id}:{key}") if key else None
