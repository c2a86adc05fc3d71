"""Documents, placements and intake items: their states and kinds."""

from enum import StrEnum


class PlacementState(StrEnum):
    """Where a placement is in its life. Never a `deleted_at`."""

    ACTIVE = "active"
    BIN = "bin"
    DISPOSING = "disposing"
    DESTROYED = "destroyed"
    TRANSFERRED = "transferred"


class DossierState(StrEnum):
    """Where a dossier is in its life."""

    REGISTERED = "registered"
    OPEN = "open"
    CLOSED = "closed"


class ItemState(StrEnum):
    """Where one future document of an intake is. All but the first two are outcomes.

    What is split is no document itself: its parts are items of their own, of the same intake.
    """

    WAITING = "waiting"
    WORKING = "working"
    FILED = "filed"
    DESK = "desk"
    DUPLICATE = "duplicate"
    QUARANTINED = "quarantined"
    REFUSED = "refused"
    DISCARDED = "discarded"
    SPLIT = "split"


UNFINISHED = frozenset({ItemState.WAITING, ItemState.WORKING})


class Desk(StrEnum):
    """Which intake desk an item waits at."""

    ORDINARY = "postbak"
    CARE = "zorgpostbak"


class Source(StrEnum):
    """How something came in."""

    UPLOAD = "upload"
    API = "api"
    COMMAND = "command"
    DEMO = "demo"
    SCANNER = "scanner"
    MAIL = "mail"
    ARCHIVE = "archive"
    SIGNING = "signing"
    """The statement of who signed a plan; the product made it."""
    TRANSFER = "transfer"
    """A package of another school, reviewed before anything of it goes into a dossier."""
    OUTSIDER = "outsider"
    """Sent back by somebody outside who has a scoped link: never files itself."""


class Rendition(StrEnum):
    """The shapes in which a version is kept. The original is never changed."""

    ORIGINAL = "original"
    ARCHIVE = "archive"
    TEXT = "text"
    PAGE = "page"
    THUMBNAIL = "thumbnail"
    WORDS = "words"
    REDACTED = "redacted"
    REDACTED_PAGE = "redacted_page"
    REVIEW_PAGE = "review_page"


class UploadState(StrEnum):
    """Where a new version of a document is. What waits does not count yet; what was refused never will."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class DeskActKind(StrEnum):
    """What a person can take back at a desk."""

    FILED = "filed"
    DISCARDED = "discarded"


class UndoKind(StrEnum):
    """What one can take back: details, another category or dossier, the bin, one more place, a confirmation."""

    CHANGED = "changed"
    REFILED = "refiled"
    REMOVED = "removed"
    PLACED = "placed"
    CONFIRMED = "confirmed"
