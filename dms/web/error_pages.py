"""What went wrong, as a page with a code, a message and advice, or as data for a script. Never a traceback."""

import secrets
from dataclasses import dataclass, replace
from http import HTTPStatus

import structlog
from flask import Flask, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import AnonymousUserMixin, current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from dms.kernel.errors import Broken, DmsError, NotFound
from dms.kernel.text import N_
from dms.web.guard import wants_data
from dms.web.texts import say
from dms.wire.status import status_of

log = structlog.get_logger(__name__)

TITLES: dict[HTTPStatus, str] = {
    HTTPStatus.BAD_REQUEST: N_("Dit lukt zo niet"),
    HTTPStatus.UNAUTHORIZED: N_("U bent niet meer ingelogd"),
    HTTPStatus.FORBIDDEN: N_("Dit mag u niet"),
    HTTPStatus.NOT_FOUND: N_("Niet gevonden"),
    HTTPStatus.METHOD_NOT_ALLOWED: N_("Dit lukt zo niet"),
    HTTPStatus.CONFLICT: N_("Iemand was u voor"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: N_("Te groot"),
    HTTPStatus.SERVICE_UNAVAILABLE: N_("Even niet bereikbaar"),
    HTTPStatus.INTERNAL_SERVER_ERROR: N_("Er ging iets mis bij ons"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What the person reads."""

    status: HTTPStatus
    code: str
    title: str
    message: str
    advice: str
    reference: str = ""
    """What the log calls this one occurrence; for whoever is asked to help."""


def prepare(app: Flask) -> None:
    """Let `app` answer every error with a page of its own."""
    app.register_error_handler(DmsError, _known)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unknown)


def problem_of(error: DmsError) -> Problem:
    """The problem that `error` is, in the chosen language."""
    status = status_of(error)
    message = N_("Wat u zoekt, is er niet.") if error.message == NotFound().message else error.message
    return Problem(status, error.code, say(TITLES[status]), say(message, error.params), say(error.advice, error.params))


def _known(error: DmsError) -> ResponseReturnValue:
    _without_person()
    problem = problem_of(error)
    return _answer(problem, at=_place(error) if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR else None)


def _forged(error: CSRFError) -> ResponseReturnValue:
    log.info("form refused", endpoint=request.endpoint, why=error.description)
    _without_person()
    return _answer(
        Problem(
            HTTPStatus.BAD_REQUEST,
            "form_expired",
            say(N_("Dit formulier geldt niet meer")),
            say(
                N_("Wat u stuurde, is niet bewaard. Het formulier stond te lang open, of u logde intussen opnieuw in.")
            ),
            say(N_("Open de pagina opnieuw en probeer het nog een keer.")),
        )
    )


def _http(error: HTTPException) -> ResponseReturnValue:
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    if status < HTTPStatus.BAD_REQUEST:
        return error.get_response()
    _without_person()
    texts = {
        HTTPStatus.NOT_FOUND: (N_("Deze pagina is er niet."), N_("Controleer het adres, of ga terug naar het begin.")),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
            N_("Wat u stuurde, is groter dan deze dienst aanneemt."),
            N_("Splits het bestand, of scan met minder beeldpunten."),
        ),
        HTTPStatus.UNAUTHORIZED: (N_("U bent niet meer ingelogd."), N_("Log opnieuw in.")),
    }
    message, advice = texts.get(
        status, (N_("De dienst begrijpt dit verzoek niet."), N_("Ga terug en probeer het opnieuw."))
    )
    title = TITLES.get(status, TITLES[HTTPStatus.BAD_REQUEST])
    return _answer(Problem(status, status.name.lower(), say(title), say(message), say(advice)))


def _unknown(error: Exception) -> ResponseReturnValue:
    _without_person()
    return _answer(
        Problem(
            HTTPStatus.INTERNAL_SERVER_ERROR,
            Broken.code,
            say(TITLES[HTTPStatus.INTERNAL_SERVER_ERROR]),
            say(N_("De dienst heeft een fout gemaakt. Uw gegevens zijn veilig.")),
            say(N_("Probeer het opnieuw. Blijft het misgaan, meld het dan aan de applicatiebeheerder.")),
        ),
        # The class and the place suffice: the text of a stranger's error may hold personal data.
        at=_place(error),
        error=type(error).__name__,
    )


def _place(error: Exception) -> list[str]:
    places = []
    trace = error.__traceback__
    while trace is not None:
        places.append(f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}")
        trace = trace.tb_next
    return places[-12:]


def _without_person() -> None:
    """Where nobody can be asked who this is (the database is down), the page is that of a stranger."""
    try:
        _ = current_user.is_authenticated
    except DmsError:
        g._login_user = AnonymousUserMixin()
        g.bare_page = True


def _answer(problem: Problem, *, at: list[str] | None = None, error: str = "") -> ResponseReturnValue:
    """The page or the data, and a line in the log with the same reference."""
    problem = replace(problem, reference=secrets.token_hex(4))
    facts: dict[str, object] = {"reference": problem.reference, "code": problem.code, "endpoint": request.endpoint}
    if at is not None:
        log.error("page failed", **facts, at=at, error=error)
    else:
        log.info("page refused", **facts, status=int(problem.status))
    if wants_data():
        data = {"code": problem.code, "title": problem.title, "message": problem.message, "advice": problem.advice}
        return jsonify({**data, "reference": problem.reference}), problem.status
    try:
        return render_template("error.html", problem=problem), problem.status
    except DmsError:  # what stands around the page cannot be had
        g.bare_page = True
        return render_template("error.html", problem=problem), problem.status
