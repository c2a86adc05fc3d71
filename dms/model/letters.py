"""Letters by mail: their kinds, and what each may hold. Never a name of a pupil, never a title of a document."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class LetterKind(StrEnum):
    """What a letter is about."""

    LINK_CODE = "link.code"
    LINK_SENT = "link.sent"
    LINK_VIEWED = "link.viewed"
    LINK_LOCKED = "link.locked"
    LINK_EXPIRING = "link.expiring"
    LINK_RETURNED = "link.returned"
    INVITATION = "portal.invitation"
    PORTAL_OPENED = "portal.opened"
    SIGNING_ASKED = "signing.asked"
    SIGNING_REMINDED = "signing.reminded"
    SIGNING_ANSWERED = "signing.answered"
    CORRECTION_RECEIVED = "correction.received"
    CORRECTION_ANSWERED = "correction.answered"
    PACKAGE_READY = "package.ready"
    PACKAGE_ANSWERED = "package.answered"
    PACKAGE_RECEIVED = "package.received"
    REQUEST_RECEIVED = "request.received"
    REQUEST_READY = "request.ready"
    BREACH_STARTED = "breach.started"
    DISPOSAL_DUE = "disposal.due"
    DISPOSAL_ASKED = "disposal.asked"


class Audience(StrEnum):
    """Who gets letters of a kind: families, colleagues, or somebody with a link."""

    FAMILY = "family"
    STAFF = "staff"
    OUTSIDER = "outsider"


class LetterState(StrEnum):
    """How far a letter is. `dropped`: nobody is there to get it, or needs it, any more."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    EXPIRED = "expired"
    DROPPED = "dropped"


DAY = timedelta(days=1)
ALWAYS_PLACES = frozenset({"school"})
"""Places that every letter can fill."""


@dataclass(frozen=True, slots=True)
class KindFacts:
    """How letters of a kind go. `places`: what its text can name beside the school. `private`: the place of the one
    thing that only the reader may know (`code`, `link`); it is kept sealed. `always`: sent without asking for it.
    `at_once`: not kept back to go together with others. `lives`: after this it is not sent any more.
    """

    audience: Audience
    places: frozenset[str] = frozenset()
    private: str = ""
    always: bool = False
    at_once: bool = False
    lives: timedelta = 3 * DAY

    @property
    def known(self) -> frozenset[str]:
        """Every place that a text of this kind may name."""
        return ALWAYS_PLACES | self.places | ({self.private} if self.private else frozenset())


def _kind(audience: Audience, places: str = "", **more: object) -> KindFacts:
    return KindFacts(audience, frozenset(places.split()), **more)  # type: ignore[arg-type]


FACTS: dict[LetterKind, KindFacts] = {
    LetterKind.LINK_CODE: _kind(
        Audience.OUTSIDER, "minutes", private="code", always=True, at_once=True, lives=timedelta(minutes=10)
    ),
    LetterKind.LINK_SENT: _kind(Audience.OUTSIDER, "until", private="link", always=True, at_once=True),
    LetterKind.LINK_VIEWED: _kind(Audience.STAFF, "date page"),
    LetterKind.LINK_LOCKED: _kind(Audience.STAFF, "date page", always=True),
    LetterKind.LINK_EXPIRING: _kind(Audience.STAFF, "count until page"),
    LetterKind.LINK_RETURNED: _kind(Audience.STAFF, "count page"),
    LetterKind.INVITATION: _kind(Audience.FAMILY, "until page", private="code", always=True, at_once=True),
    LetterKind.PORTAL_OPENED: _kind(Audience.FAMILY, "date page"),
    LetterKind.SIGNING_ASKED: _kind(Audience.FAMILY, "until page"),
    LetterKind.SIGNING_REMINDED: _kind(Audience.FAMILY, "until page"),
    LetterKind.SIGNING_ANSWERED: _kind(Audience.STAFF, "count page"),
    LetterKind.CORRECTION_RECEIVED: _kind(Audience.STAFF, "count page"),
    LetterKind.CORRECTION_ANSWERED: _kind(Audience.FAMILY, "page"),
    LetterKind.PACKAGE_READY: _kind(Audience.FAMILY, "until page"),
    LetterKind.PACKAGE_ANSWERED: _kind(Audience.STAFF, "count page"),
    LetterKind.PACKAGE_RECEIVED: _kind(Audience.STAFF, "count page"),
    LetterKind.REQUEST_RECEIVED: _kind(Audience.STAFF, "until page"),
    LetterKind.REQUEST_READY: _kind(Audience.FAMILY, "until page"),
    LetterKind.BREACH_STARTED: _kind(Audience.STAFF, "date page", always=True),
    LetterKind.DISPOSAL_DUE: _kind(Audience.STAFF, "count page"),
    LetterKind.DISPOSAL_ASKED: _kind(Audience.STAFF, "count page"),
}
"""Every kind with its facts."""

LANGUAGES = ("nl", "en")
"""The languages in which letters are written."""

INTERVALS = {"uur": timedelta(hours=1), "dag": DAY, "week": 7 * DAY}
"""How often a person gets mail at most, by the word that is kept."""

FIRST_WAIT = timedelta(minutes=2)
"""A letter that need not go at once waits so long for others to go along with."""
