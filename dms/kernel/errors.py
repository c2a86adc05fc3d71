"""The errors that people get to see: a code, a message and advice.

Messages are Dutch source texts marked with `N_`; each entry (page, problem+json, command) translates and
maps them once. What is not a `DmsError` is a fault of ours and shows as `Broken`.
"""

from collections.abc import Mapping

from dms.kernel.text import N_


class DmsError(Exception):
    """What went wrong, in words for the person who has to do something about it.

    `message` and `advice` are source texts for translation, with `%(name)s` places filled from `params`.
    `params` never hold personal data: they may end up in a log.
    """

    code = "broken"
    retryable = False

    def __init__(
        self,
        message: str,
        advice: str = "",
        *,
        code: str | None = None,
        params: Mapping[str, object] | None = None,
    ) -> None:
        self.message = message
        self.advice = advice
        self.params: dict[str, object] = dict(params or {})
        if code is not None:
            self.code = code
        super().__init__(self.text())

    def text(self) -> str:
        """Message in the source language, places filled in."""
        return self.message % self.params if self.params else self.message

    def advice_text(self) -> str:
        """Advice in the source language, places filled in; may be empty."""
        return self.advice % self.params if self.params else self.advice


class Refused(DmsError):
    """The person may not do this."""

    code = "refused"

    def __init__(self, message: str = "", advice: str = "", **more: object) -> None:
        super().__init__(
            message or N_("U mag dit niet doen."),
            advice or N_("Vraag de applicatiebeheerder van uw school om het recht."),
            code=_text_or_none(more.get("code")),
        )


class NotFound(DmsError):
    """It is not there, or the person may not know that it is: both look alike."""

    code = "not_found"

    def __init__(self, message: str = "", advice: str = "", **more: object) -> None:
        super().__init__(
            message or N_("niet gevonden"),
            advice or N_("Controleer het nummer of het adres."),
            code=_text_or_none(more.get("code")),
        )


class Conflict(DmsError):
    """Somebody else was first, or the state does not allow it."""

    code = "conflict"


class BadInput(DmsError):
    """What was given cannot be used as it is."""

    code = "bad_input"


class OutsideDown(DmsError):
    """A part outside the process does not answer; the same call may go through later."""

    code = "outside_down"
    retryable = True


class SetupWrong(DmsError):
    """Settings or installation are not right; an administrator must act."""

    code = "setup_wrong"


class Broken(DmsError):
    """A fault of ours."""

    code = "broken"


def _text_or_none(value: object) -> str | None:
    return value if isinstance(value, str) else None
