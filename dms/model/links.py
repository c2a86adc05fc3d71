"""Scoped links (deellinks): what they open, how the receiver shows who she is, and what happens with them."""

from enum import StrEnum

DEFAULT_DAYS = 14
MOST_DAYS = 30
"""How long a link lasts where nobody says otherwise, and at most."""

SOON_DAYS = 3
"""A link that ends within so many days is listed as ending soon."""


class LinkTarget(StrEnum):
    """What a link was made for: documents by name, categories of a dossier, a whole dossier, or a package."""

    DOCUMENTS = "documents"
    CATEGORIES = "categories"
    DOSSIER = "dossier"
    PACKAGE = "package"


class Verification(StrEnum):
    """How the receiver shows who she is: a code by e-mail, a code that school gives by phone or on paper, or an
    account of her own at the portal. From weak to strong.
    """

    EMAIL = "email"
    CODE = "code"
    ACCOUNT = "account"


class Permission(StrEnum):
    """What the receiver may do. Who may download may also look."""

    VIEW = "view"
    DOWNLOAD = "download"
    UPLOAD = "upload"


class LegalBasis(StrEnum):
    """On what ground personal data leave the school (AVG 6, first paragraph)."""

    PUBLIC_TASK = "public_task"
    LEGAL_DUTY = "legal_duty"
    CONSENT = "consent"
    VITAL_INTEREST = "vital_interest"


class LinkLife(StrEnum):
    """Where a link is in its life."""

    LIVE = "live"
    NOT_YET = "not_yet"
    USED_UP = "used_up"
    LOCKED = "locked"
    ENDED = "ended"
    REVOKED = "revoked"
    POWERLESS = "powerless"


SERVING = frozenset({LinkLife.LIVE, LinkLife.USED_UP, LinkLife.LOCKED})
"""Lives in which who was verified before is still served. Nobody new gets in with the last two."""


class LinkEnd(StrEnum):
    """Why a link was revoked."""

    REVOKED = "revoked"
    RECIPIENT_CHANGED = "recipient_changed"
    DESTROYED = "destroyed"


class LinkEventKind(StrEnum):
    """What a receiver does with a link, each apart.

    A mail scanner that fetches the page does no more than `fetched`; `verified` is an opening.
    """

    FETCHED = "fetched"
    CHALLENGED = "challenged"
    REFUSED = "refused"
    LOCKED = "locked"
    VERIFIED = "verified"
    VIEWED = "viewed"
    DOWNLOADED = "downloaded"
    UPLOADED = "uploaded"
