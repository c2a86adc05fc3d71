"""Languages of the pages for outsiders. Dutch is the source; the choice is kept in a small cookie.

The one door to Flask-Babel here: translated texts, reasons, dates, numbers and sizes.
"""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import flask_babel  # type: ignore[import-untyped]
from flask import Flask, Response, request

from dms.kernel.clock import AMSTERDAM
from dms.kernel.outcome import Reason
from dms.portal.house import house
from dms.portal.security import cookie_name

SOURCE_LANGUAGE = "nl"
LANGUAGES: Mapping[str, str] = {"nl": "Nederlands", "en": "English"}
ASKED = "taal"
"""The word in the address that chooses a language, on every page."""
YEAR = 365 * 24 * 3600
SEPARATED = 1000
KILOBYTE = 1024  # as the settings count them
CATALOGUES = Path(__file__).resolve().parent.parent / "locale"


def prepare(app: Flask) -> None:
    """Let `app` speak the languages of LANGUAGES."""
    flask_babel.Babel(
        app,
        default_locale=SOURCE_LANGUAGE,
        default_timezone=AMSTERDAM.key,
        default_translation_directories=str(CATALOGUES),
        locale_selector=chosen_language,
    )
    app.jinja_env.globals.update(language=chosen_language, languages=LANGUAGES)
    app.jinja_env.filters.update(day=day, moment=moment, number=number, size=size)
    app.after_request(_remember)


def chosen_language() -> str:
    """The language of this request: as asked in the address, as chosen before, as the browser wants it, else Dutch."""
    name = cookie_name(house().settings, "portaaltaal")
    for found in (request.args.get(ASKED, ""), request.cookies.get(name, "")):
        if found in LANGUAGES:
            return found
    return request.accept_languages.best_match(list(LANGUAGES), SOURCE_LANGUAGE) or SOURCE_LANGUAGE


def say(text: str, params: Mapping[str, object] | None = None) -> str:
    """`text` (a Dutch source text) in the chosen language, places filled from `params`."""
    if not text:
        return ""  # the catalogue keeps its header under the empty text
    translated = str(flask_babel.gettext(text))
    return translated % params if params else translated


def reason(why: Reason) -> str:
    """The text of a reason in the chosen language."""
    return say(why.text, why.params)


def day(value: date | None) -> str:
    """A date as people write it: 3 maart 2026. Empty for None."""
    return str(flask_babel.format_date(value, "d MMMM y", rebase=False)) if value else ""


def moment(value: datetime) -> str:
    """An instant as day and time in Amsterdam."""
    return str(flask_babel.format_datetime(value.astimezone(AMSTERDAM), "d MMMM y, HH:mm", rebase=False))


def number(value: float) -> str:
    """A number with the separators of the language."""
    if isinstance(value, int) and 0 <= value < SEPARATED:
        return str(value)
    return str(flask_babel.format_decimal(value))


def size(octets: int) -> str:
    """A size in bytes, kB or MB, as people read it."""
    if octets < KILOBYTE:
        return f"{octets} B"
    if octets < KILOBYTE**2:
        return f"{number(round(octets / KILOBYTE))} kB"
    return f"{number(round(octets / KILOBYTE**2, 1))} MB"


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
