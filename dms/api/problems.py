"""What went wrong, as application/problem+json (RFC 9457) with a code and advice. Never a traceback."""

import json
from dataclasses import asdict, dataclass
from http import HTTPStatus

import structlog
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from dms.kernel.errors import Broken, DmsError, Refused
from dms.kernel.text import N_
from dms.log import place_of
from dms.wire.status import status_of as kind_status

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = "10"
TOO_LARGE = "too_many_bytes"
"""The code with which the intake says that a file is too large."""

log = structlog.get_logger(__name__)

TITLES: dict[HTTPStatus, str] = {
    HTTPStatus.BAD_REQUEST: N_("Dit lukt zo niet"),
    HTTPStatus.UNAUTHORIZED: N_("Geen geldig token"),
    HTTPStatus.FORBIDDEN: N_("Dit mag niet"),
    HTTPStatus.NOT_FOUND: N_("Niet gevonden"),
    HTTPStatus.METHOD_NOT_ALLOWED: N_("Dit kan hier niet"),
    HTTPStatus.CONFLICT: N_("Iemand was u voor"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: N_("Te groot"),
    HTTPStatus.SERVICE_UNAVAILABLE: N_("Even niet bereikbaar"),
    HTTPStatus.INTERNAL_SERVER_ERROR: N_("Er ging iets mis bij ons"),
}


class NoToken(DmsError):
    """No bearer token, or one that is unknown, revoked or over: all look alike."""

    code = "no_token"

    def __init__(self) -> None:
        super().__init__(
            N_("Er is geen geldig token meegestuurd."),
            N_("Stuur de kop `Authorization: Bearer …` met een token van `dms user token`."),
        )


class WrongScope(Refused):
    """The token is good, but not for this."""

    def __init__(self, scope: str) -> None:
        super().__init__(
            N_("Dit token is hier niet voor."), N_("Vraag een token met het juiste bereik."), code=f"scope_{scope}"
        )


@dataclass(frozen=True, slots=True)
class Problem:
    """The body of every answer that is no success."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    advice: str


def prepare(app: Flask) -> None:
    """Let `app` answer every error with a problem."""
    app.register_error_handler(DmsError, _known)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unknown)


def status_of(fault: DmsError) -> HTTPStatus:
    """The status of an answer that failed with `fault`."""
    if isinstance(fault, NoToken):
        return HTTPStatus.UNAUTHORIZED
    if fault.code == TOO_LARGE:
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    return kind_status(fault)


def _known(fault: DmsError) -> Response:
    status = status_of(fault)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("api_failed", code=fault.code, endpoint=request.endpoint, at=place_of(fault))
    response = _answer(status, fault.code, fault.text(), fault.advice_text())
    if status is HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = 'Bearer realm="Dossierkluis"'
    if fault.retryable:
        response.headers["Retry-After"] = RETRY_SECONDS
    return response


def _http(fault: HTTPException) -> Response:
    status = HTTPStatus(fault.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    detail = {
        HTTPStatus.NOT_FOUND: N_("Dit adres is er niet."),
        HTTPStatus.METHOD_NOT_ALLOWED: N_("Dit adres kent deze methode niet."),
    }.get(status, N_("De dienst begrijpt dit verzoek niet."))
    response = _answer(status, status.name.lower(), detail, N_("Zie /api/v1/openapi.json."))
    for name, value in fault.get_headers():
        if name.lower() == "allow":
            response.headers[name] = value
    return response


def _unknown(fault: Exception) -> Response:
    log.error("api_broke", endpoint=request.endpoint, error=type(fault).__name__, at=place_of(fault))
    return _answer(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        Broken.code,
        N_("De dienst heeft een fout gemaakt. Uw gegevens zijn veilig."),
        N_("Probeer het opnieuw. Blijft het misgaan, meld het dan aan de applicatiebeheerder."),
    )


def _answer(status: HTTPStatus, code: str, detail: str, advice: str) -> Response:
    title = TITLES.get(status, TITLES[HTTPStatus.BAD_REQUEST])
    body = Problem(f"urn:dossierkluis:problem:{code}", title, status.value, detail, code, advice)
    return Response(json.dumps(asdict(body), ensure_ascii=False), status, mimetype=MEDIA_TYPE)
