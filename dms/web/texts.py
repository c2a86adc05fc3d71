"""Languages of the screens. Dutch is the source; the choice is kept with the account, and in a small cookie.

The one door to Flask-Babel: translated texts, reasons, dates and numbers.
"""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import flask_babel  # type: ignore[import-untyped]
from flask import Flask, request
from flask_login import current_user

from dms.kernel.clock import AMSTERDAM
from dms.kernel.outcome import Reason
from dms.web.dates import typed_day

SOURCE_LANGUAGE = "nl"
LANGUAGES: Mapping[str, str] = {"nl": "Nederlands", "en": "English"}
SEPARATED = 1000
"""From here on a number has separators."""
KILOBYTE = 1024  # as the settings count them
NAMES_OF_OURS = frozenset({"desk"})
"""Places in reasons that hold a word of ours, to be translated too."""
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
    app.jinja_env.filters.update(day=day, moment=moment, number=number, size=size, typed_day=typed_day)


def cookie_name(secure: bool) -> str:
    """The name of the cookie that keeps the language."""
    return "__Host-dms-taal" if secure else "dms-taal"


def chosen_language() -> str:
    """The language of this request: that of the account, for who is not signed in that of the cookie, else Dutch."""
    if current_user.is_authenticated:
        of_account = str(current_user.language)
        return of_account if of_account in LANGUAGES else SOURCE_LANGUAGE
    kept = (request.cookies.get(cookie_name(secure), "") for secure in (True, False))
    return next((x for x in kept if x in LANGUAGES), SOURCE_LANGUAGE)


def say(text: str, params: Mapping[str, object] | None = None) -> str:
    """`text` (a Dutch source text) in the chosen language, places filled from `params`."""
    if not text:
        return ""  # the catalogue keeps its header under the empty text
    translated = str(flask_babel.gettext(text))
    return translated % params if params else translated


def say_many(one: str, many: str, count: int) -> str:
    """`one` or `many` for `count`, in the chosen language; %(num)d is the count. Both languages count alike."""
    return say(one if count == 1 else many, {"num": count})


def reason(why: Reason) -> str:
    """The text of a reason in the chosen language."""
    params = {k: say(str(v)) if k in NAMES_OF_OURS else v for k, v in why.params.items()}
    return say(why.text, params)


def day(value: date | None) -> str:
    """A date as people write it: 3 maart 2026. Empty for None."""
    return str(flask_babel.format_date(value, "d MMMM y", rebase=False)) if value else ""


def moment(value: datetime) -> str:
    """An instant as day and time in Amsterdam."""
    return str(flask_babel.format_datetime(value.astimezone(AMSTERDAM), "d MMM y, HH:mm", rebase=False))


def clock_time(value: datetime) -> str:
    """The time of an instant in Amsterdam."""
    return str(flask_babel.format_datetime(value.astimezone(AMSTERDAM), "HH:mm", rebase=False))


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
