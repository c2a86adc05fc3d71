"""What one asks of a link and what one hears of it. Days and instants as they are kept; words are the screens' own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from dms.kernel.outcome import Reason
from dms.model.catalogue import Level
from dms.model.links import (
    DEFAULT_DAYS,
    LegalBasis,
    LinkEnd,
    LinkEventKind,
    LinkLife,
    LinkTarget,
    Permission,
    Verification,
)
from dms.services.shapes import SchoolView


@dataclass(frozen=True, slots=True)
class Order:
    """A link that somebody wants.

    What: `documents` by name, or `categories` of the dossier, or a `package`, or else the whole dossier. `pupil_id`
    says whose dossier; None is the one that the documents lie in. `live`: it follows the dossier; else the documents of
    now are frozen. `redacted`: those of `documents` of which the redacted copy goes, and never the original. `starts`
    None is now. `verification` None is the least that will do. `send`: mail the link to `email`, when there is one.
    """

    recipient: str
    purpose: str
    pupil_id: UUID | None = None
    documents: tuple[UUID, ...] = ()
    redacted: frozenset[UUID] = frozenset()
    categories: tuple[str, ...] = ()
    package_id: UUID | None = None
    live: bool = False
    email: str = ""
    basis: LegalBasis = LegalBasis.PUBLIC_TASK
    permissions: frozenset[Permission] = frozenset({Permission.VIEW})
    days: int = DEFAULT_DAYS
    starts: date | None = None
    openings: int | None = None
    verification: Verification | None = None
    watermark: bool = True
    language: str = "nl"
    send: bool = True

    @property
    def target(self) -> LinkTarget:
        """What kind of thing is asked for."""
        if self.package_id is not None:
            return LinkTarget.PACKAGE
        if self.documents:
            return LinkTarget.DOCUMENTS
        return LinkTarget.CATEGORIES if self.categories else LinkTarget.DOSSIER


@dataclass(frozen=True, slots=True)
class Going:
    """A document that goes along. `redacted`: as its redacted copy; `has_copy`: there is a finished one."""

    document_id: UUID
    title: str
    document_date: date | None
    category: str
    level: Level
    pages: int
    redacted: bool = False
    has_copy: bool = False


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A document of the dossier that the person sees and that does not go along, and why."""

    document_id: UUID
    title: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Preview:
    """A link before it is made: what goes, to whom, how she shows who she is, and what to think of.

    `least`: the weakest verification that these documents allow. `ends` is the first instant at which it is over.
    """

    pupil_id: UUID
    pupil: str
    school: SchoolView
    target: LinkTarget
    live: bool
    recipient: str
    email: str
    purpose: str
    basis: LegalBasis
    permissions: frozenset[Permission]
    verification: Verification
    least: Verification
    starts: datetime
    ends: datetime
    openings: int | None
    watermark: bool
    going: tuple[Going, ...]
    left_out: tuple[LeftOut, ...]
    categories: tuple[str, ...]
    highest: Level
    warnings: tuple[Reason, ...]
    sends: bool


@dataclass(frozen=True, slots=True)
class Made:
    """A link as it is shown once: nobody can look up its address or its code again. `access_code` is empty where the
    receiver shows who she is in another way. `sent`: the address went to the receiver by mail.
    """

    link_id: UUID
    url: str
    access_code: str
    sent: bool


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link as a colleague may see it. `life` counts the rights of its maker where that was asked."""

    id: UUID
    pupil_id: UUID
    pupil: str
    school: SchoolView
    target: LinkTarget
    live: bool
    recipient: str
    email: str
    purpose: str
    basis: LegalBasis
    permissions: frozenset[Permission]
    verification: Verification
    maker_id: UUID
    maker: str
    created_at: datetime
    starts: datetime
    ends: datetime
    openings: int
    max_openings: int | None
    watermark: bool
    life: LinkLife
    reason: Reason
    first_viewed_at: datetime | None
    revoked_at: datetime | None
    revoked_by: str
    revoked_for: LinkEnd | None
    may_revoke: bool
    mine: bool
    unseen: bool = False
    ends_soon: bool = False
    documents: int = 0
    may_unlock: bool = False
    unlocked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LinkEventView:
    """Something that the receiver did. `title` of the document only for who may see it. `times`: so often in a row."""

    kind: LinkEventKind
    at: datetime
    document_id: UUID | None = None
    title: str = ""
    times: int = 1


@dataclass(frozen=True, slots=True)
class LinkPage:
    """One link whole: what it holds now, document by document with why, and what happened with it."""

    link: LinkView
    going: tuple[Going, ...]
    left_out: tuple[LeftOut, ...]
    hidden: int
    events: tuple[LinkEventView, ...]
    counts: Mapping[LinkEventKind, int] = field(default_factory=dict)
