"""Texts in the reader's language, and days, moments, numbers and sizes as people write them. Dutch is the source.

The one door to Flask-Babel for staff and outsiders alike; which language a request gets is each application's own rule.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path

import flask_babel  # type: ignore[import-untyped]
from flask import Flask

from dms.kernel.clock import AMSTERDAM

SOURCE_LANGUAGE = "nl"
LANGUAGES: Mapping[str, str] = {"nl": "Nederlands", "en": "English"}
SEPARATED = 1000
"""From here on a number has separators."""
KILOBYTE = 1024  # as the settings count them
CATALOGUES = Path(__file__).resolve().parent.parent / "locale"


def speak(app: Flask, chosen: Callable[[], str]) -> None:
    """Let `app` speak the languages of LANGUAGES: for each request the one that `chosen` says."""
    flask_babel.Babel(
        app,
        default_locale=SOURCE_LANGUAGE,
        default_timezone=AMSTERDAM.key,
        default_translation_directories=str(CATALOGUES),
        locale_selector=chosen,
    )
    app.jinja_env.globals.update(language=chosen, languages=LANGUAGES)
    app.jinja_env.filters.update(day=day, number=number, size=size)


def say(text: str, params: Mapping[str, object] | None = None) -> str:
    """`text` (a Dutch source text) in the chosen language, places filled from `params`."""
    if not text:
        return ""  # the catalogue keeps its header under the empty text
    translated = str(flask_babel.gettext(text))
    return translated % params if params else translated


def say_many(one: str, many: str, count: int) -> str:
    """`one` or `many` for `count`, in the chosen language; %(num)d is the count. Both languages count alike."""
    return say(one if count == 1 else many, {"num": count})


def day(value: date | None) -> str:
    """A date as people write it: 3 maart 2026. Empty for None."""
    return str(flask_babel.format_date(value, "d MMMM y", rebase=False)) if value else ""


def instant(value: datetime, form: str) -> str:
    """An instant in Amsterdam, in the letters of `form` (Unicode TR 35)."""
    return str(flask_babel.format_datetime(value.astimezone(AMSTERDAM), form, rebase=False))


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
