"""Languages of the pages for outsiders; the choice is kept in a small cookie (`dms.wire.written` speaks)."""

from datetime import datetime

from flask import Flask, Response, request

from dms.kernel.outcome import Reason
from dms.portal.house import house
from dms.portal.security import cookie_name
from dms.wire.written import LANGUAGES, SOURCE_LANGUAGE, day, instant, number, say, say_many, size, speak

__all__ = ["LANGUAGES", "SOURCE_LANGUAGE", "chosen_language", "day", "moment", "number", "prepare", "reason", "say",
           "say_many", "size"]  # fmt: skip
ASKED = "taal"
"""The word in the address that chooses a language, on every page."""
YEAR = 365 * 24 * 3600


def prepare(app: Flask) -> None:
    """Let `app` speak the languages of LANGUAGES."""
    speak(app, chosen_language)
    app.jinja_env.filters.update(moment=moment)
    app.after_request(_remember)


def chosen_language() -> str:
    """The language of this request: as asked in the address, as chosen before, as the browser wants it, else Dutch."""
    name = cookie_name(house().settings, "portaaltaal")
    for found in (request.args.get(ASKED, ""), request.cookies.get(name, "")):
        if found in LANGUAGES:
            return found
    return request.accept_languages.best_match(list(LANGUAGES), SOURCE_LANGUAGE) or SOURCE_LANGUAGE


def reason(why: Reason) -> str:
    """The text of a reason in the chosen language."""
    return say(why.text, why.params)


def moment(value: datetime) -> str:
    """An instant as day and time in Amsterdam."""
    return instant(value, "d MMMM y, HH:mm")


def _remember(response: Response) -> Response:
    """Keep the language that was asked for. Asking changes nothing else, so an address may do it."""
    asked = request.args.get(ASKED, "")
    if asked in LANGUAGES and request.method == "GET" and response.mimetype == "text/html":
        settings = house().settings
        response.set_cookie(
            cookie_name(settings, "portaaltaal"),
            asked,
            max_age=YEAR,
            secure=settings.secure_cookies,
            httponly=True,
            samesite="Lax",
        )
    return response
