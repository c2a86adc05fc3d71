"""What the redaction room hands out: plain data, never more than who asks may know."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dms.model.redaction import RedactionGround, RedactionState

Corners = tuple[float, float, float, float]
"""Left, top, right, bottom; 0-1 of the page as it is shown."""


@dataclass(frozen=True, slots=True)
class RedactionView:
    """Where a redacted copy is. `state`: found_nothing, waiting, to_review, done or failed; `hits`: how much was found;
    `rendition_id`: of the finished copy; `fault`: a code where it failed.
    """

    id: UUID
    document_id: UUID
    version: int
    number: int
    ground: RedactionGround
    state: RedactionState
    hits: int
    rendition_id: UUID | None
    fault: str = ""
    blacked: int = 0


@dataclass(frozen=True, slots=True)
class MarkView:
    """One place on a page. `kind`: bsn, education, looks_like, label, person or hand. `told`: the number or name as a
    person may compare it with the page. `covered`: what is chosen now; `fixed`: it may not stay.
    """

    id: int
    page: int
    kind: str
    told: str
    boxes: tuple[Corners, ...]
    covered: bool
    sure: bool
    fixed: bool


@dataclass(frozen=True, slots=True)
class PageToReview:
    """A page with its picture's size, what was found on it, and its lines with their places, to cover one whole."""

    number: int
    width: int
    height: int
    marks: tuple[MarkView, ...]
    lines: tuple[tuple[str, Corners], ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A redaction with its pages. `loose`: where beside the pages numbers stood (codes, with how many). `may_decide`:
    the person may confirm it.
    """

    redaction: RedactionView
    title: str
    pages: tuple[PageToReview, ...]
    loose: tuple[tuple[str, int], ...]
    may_decide: bool
    request_id: UUID | None
    row_version: int


@dataclass(frozen=True, slots=True)
class RedactionLine:
    """A redaction in a list."""

    redaction: RedactionView
    title: str
    pupil: str
    asked_at: datetime
    asked_by: str
