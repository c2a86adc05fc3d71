"""What the import of dossier archives hands to screens, API and command. Plain data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from dms.kernel.outcome import Reason
from dms.model.archives import ArchiveState

STATUSES = ("filed", "desk", "waiting", "duplicate", "refused", "quarantined", "discarded", "skipped")
"""What a file of an archive can be, in the order of a report; before it is applied `waiting` does not occur."""


@dataclass(frozen=True, slots=True)
class ArchiveView:
    """One archive. `counts`: files per status; `done` of `lines` files have been handled in the state that it is in.

    `reason` and `advice` tell why it was refused as a whole.
    """

    id: UUID
    brin: str
    name: str
    size: int
    state: ArchiveState
    with_manifest: bool
    lines: int
    done: int
    counts: Mapping[str, int]
    reason: Reason | None
    advice: str
    received_at: datetime
    received_by: UUID | None
    applied_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class LineView:
    """One file of an archive: what becomes or became of it, and why. Pupil and document only for who may see them."""

    number: int
    path: str
    size: int
    status: str
    reason: Reason
    advice: str
    pupil_id: UUID | None
    pupil_number: str | None
    pupil_name: str | None
    category_code: str | None
    category_name: str | None
    day: date | None
    title: str
    item_id: UUID | None
    document_id: UUID | None


@dataclass(frozen=True, slots=True)
class LinePage:
    """Files of one archive, a page at a time."""

    total: int
    page: int
    size: int
    lines: tuple[LineView, ...]
