"""What went wrong, as a page with a message and advice. Never a traceback, and never the address that was asked.

What may not be had and what is not there show alike: an outsider learns nothing from the difference.
"""

import secrets
from dataclasses import dataclass
from http import HTTPStatus

import structlog
from flask import Flask, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from dms.kernel.errors import Broken, DmsError, NotFound, Refused
from dms.kernel.text import N_
from dms.log import place_of
from dms.portal.texts import say
from dms.services.links.doorway_counters import TooOften
from dms.services.links.doorway_visits import LinkOver, VisitOver
from dms.wire.status import status_of

log = structlog.get_logger(__name__)

TITLES: dict[HTTPStatus, str] = {
    HTTPStatus.BAD_REQUEST: N_("Dit lukt zo niet"),
    HTTPStatus.UNAUTHORIZED: N_("Uw bezoek is afgelopen"),
    HTTPStatus.NOT_FOUND: N_("Niet gevonden"),
    HTTPStatus.GONE: N_("Deze link geldt niet meer"),
    HTTPStatus.CONFLICT: N_("Iemand was u voor"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: N_("Te groot"),
    HTTPStatus.TOO_MANY_REQUESTS: N_("Even wachten"),
    HTTPStatus.SERVICE_UNAVAILABLE: N_("Even niet bereikbaar"),
    HTTPStatus.INTERNAL_SERVER_ERROR: N_("Er ging iets mis bij ons"),
}
TEXTS: dict[HTTPStatus, tuple[str, str]] = {
    HTTPStatus.NOT_FOUND: (
        N_("Deze pagina is er niet, of is niet voor u."),
        N_("Ga terug, of open de link uit uw bericht opnieuw."),
    ),
    HTTPStatus.UNAUTHORIZED: (
        N_("U hebt een tijd niets gedaan, of u hebt nog geen code gegeven."),
        N_("Open de link uit uw bericht opnieuw. U krijgt dan weer een code."),
    ),
    HTTPStatus.GONE: (
        N_("De school deelt deze documenten niet meer met u."),
        N_("Hebt u ze nog nodig? Vraag het aan de school."),
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
        N_("Wat u stuurde, is groter dan deze dienst aanneemt."),
        N_("Stuur een kleiner bestand."),
    ),
    HTTPStatus.TOO_MANY_REQUESTS: (
        N_("Er is te vaak geprobeerd."),
        N_("Wacht een paar minuten en probeer het opnieuw."),
    ),
}
SPECIAL: dict[type[DmsError], HTTPStatus] = {
    VisitOver: HTTPStatus.UNAUTHORIZED,
    LinkOver: HTTPStatus.GONE,
    TooOften: HTTPStatus.TOO_MANY_REQUESTS,
}
RETRY_SECONDS = 60
PLAIN = (N_("De dienst begrijpt dit verzoek niet."), N_("Ga terug en probeer het opnieuw."))


@dataclass(frozen=True, slots=True)
class Problem:
    """What the person reads. `reference`: what the log calls this one occurrence; only for faults of ours."""

    status: HTTPStatus
    title: str
    message: str
    advice: str
    reference: str = ""


def prepare(app: Flask) -> None:
    """Let `app` answer every error with a page of its own."""
    app.register_error_handler(DmsError, _known)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unknown)


def _known(error: DmsError) -> ResponseReturnValue:
    special = next((x for kind, x in SPECIAL.items() if isinstance(error, kind)), None)
    if special is HTTPStatus.TOO_MANY_REQUESTS:
        response = make_response(_page(_of_status(special)))
        response.headers["Retry-After"] = str(RETRY_SECONDS)
        return response
    if special is not None:
        return _page(_of_status(special))
    if isinstance(error, NotFound | Refused):
        return _page(_of_status(HTTPStatus.NOT_FOUND))
    status = status_of(error)
    title = say(TITLES.get(status, TITLES[HTTPStatus.INTERNAL_SERVER_ERROR]))
    if status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return _page(Problem(status, title, say(error.message, error.params), say(error.advice, error.params)))
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        message, advice = N_("De dienst is even niet bereikbaar."), N_("Probeer het over een paar minuten opnieuw.")
        return _fault(Problem(status, title, say(message), say(advice)), error, error.code)
    return _unknown(error)


def _forged(error: CSRFError) -> ResponseReturnValue:
    log.info("form refused", endpoint=request.endpoint, why=error.description)
    return _page(
        Problem(
            HTTPStatus.BAD_REQUEST,
            say(N_("Dit formulier geldt niet meer")),
            say(N_("Wat u stuurde, is niet verwerkt: het formulier hoort niet bij dit bezoek.")),
            say(N_("Open de pagina opnieuw en probeer het nog een keer.")),
        )
    )


def _http(error: HTTPException) -> ResponseReturnValue:
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    if status < HTTPStatus.BAD_REQUEST:
        return error.get_response()
    if status in {HTTPStatus.FORBIDDEN, HTTPStatus.METHOD_NOT_ALLOWED}:
        status = HTTPStatus.NOT_FOUND
    return _page(_of_status(status))


def _unknown(error: Exception) -> ResponseReturnValue:
    problem = Problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        say(TITLES[HTTPStatus.INTERNAL_SERVER_ERROR]),
        say(N_("De dienst heeft een fout gemaakt. Uw gegevens zijn veilig.")),
        say(N_("Probeer het later opnieuw. Blijft het misgaan, vertel het dan aan de school.")),
    )
    return _fault(problem, error, Broken.code)


def _of_status(status: HTTPStatus) -> Problem:
    message, advice = TEXTS.get(status, PLAIN)
    return Problem(status, say(TITLES.get(status, TITLES[HTTPStatus.BAD_REQUEST])), say(message), say(advice))


def _fault(problem: Problem, error: Exception, code: str) -> ResponseReturnValue:
    """A fault of ours: the page and the log have the same reference. Class and place suffice for the log."""
    reference = secrets.token_hex(4)
    log.error(
        "page failed",
        reference=reference,
        code=code,
        endpoint=request.endpoint,
        at=place_of(error),
        error=type(error).__name__,
    )
    shown = Problem(problem.status, problem.title, problem.message, problem.advice, reference)
    return render_template("portal/error.html", problem=shown), shown.status


def _page(problem: Problem) -> ResponseReturnValue:
    """What is refused has no reference: the pages of two refusals are the same."""
    log.info("page refused", endpoint=request.endpoint, status=int(problem.status))
    return render_template("portal/error.html", problem=problem), problem.status
