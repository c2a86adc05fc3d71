"""Plain data of work on documents: versions, where it came from, history, the bin, what hangs on a dossier."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from dms.kernel.outcome import Reason
from dms.model.documents import UploadState
from dms.model.events import EventKind


@dataclass(frozen=True, slots=True)
class LinkMark:
    """A scoped link on a dossier that still opens something."""

    recipient: str
    expires: date


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version of a document. `added_by` is empty for what came in by itself."""

    number: int
    file_name: str
    size: int
    pages: int
    created_at: datetime
    added_by: str


@dataclass(frozen=True, slots=True)
class UploadView:
    """A new version that is still being read, or that was refused and why."""

    number: int
    file_name: str
    state: UploadState
    reason: Reason
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Origin:
    """How a document came in: who sent it when, with which receipt, as which part, under which name."""

    intake_id: UUID
    sent_by: str
    received_at: datetime
    name: str
    part: int
    parts: int


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One event as a history shows it. `undo` is the batch with which the reader takes it back, where she can."""

    event_id: int
    at: datetime
    kind: EventKind
    who: str
    document_id: UUID | None
    title: str
    category_name: str
    category_before: str
    details: Mapping[str, str]
    undo: UUID | None


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """A stretch of a history, newest first, of what `about` names; `older` is the event to go on before."""

    about: str
    lines: tuple[HistoryLine, ...]
    older: int | None


@dataclass(frozen=True, slots=True)
class BinLine:
    """Something in the bin. `restore_until` is None where nobody wrote when it was removed."""

    placement_id: UUID
    title: str
    pupil_id: UUID
    pupil_name: str
    category_name: str
    removed_by: str
    removed_at: datetime
    restore_until: datetime | None
    restorable: bool


@dataclass(frozen=True, slots=True)
class BinPage:
    """One page of the bin of a school."""

    total: int
    rows: tuple[BinLine, ...]
