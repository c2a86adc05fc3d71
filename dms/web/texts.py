"""Languages of the screens. The choice is kept with the account, and in a small cookie (`dms.wire.written` speaks)."""

from datetime import datetime

from flask import Flask, request
from flask_login import current_user

from dms.kernel.outcome import Reason
from dms.web.dates import typed_day
from dms.wire.written import LANGUAGES, SOURCE_LANGUAGE, day, instant, number, say, say_many, size, speak

__all__ = ["LANGUAGES", "SOURCE_LANGUAGE", "chosen_language", "clock_time", "cookie_name", "day", "moment", "number",
           "prepare", "reason", "say", "say_many", "size"]  # fmt: skip
NAMES_OF_OURS = frozenset({"desk"})
"""Places in reasons that hold a word of ours, to be translated too."""


def prepare(app: Flask) -> None:
    """Let `app` speak the languages of LANGUAGES."""
    speak(app, chosen_language)
    app.jinja_env.filters.update(moment=moment, typed_day=typed_day)


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


def reason(why: Reason) -> str:
    """The text of a reason in the chosen language."""
    params = {k: say(str(v)) if k in NAMES_OF_OURS else v for k, v in why.params.items()}
    return say(why.text, params)


def moment(value: datetime) -> str:
    """An instant as day and time in Amsterdam."""
    return instant(value, "d MMM y, HH:mm")


def clock_time(value: datetime) -> str:
    """The time of an instant in Amsterdam."""
    return instant(value, "HH:mm")
