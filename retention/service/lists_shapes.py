"""What screens and commands get to see of disposal lists: plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from dms.kernel.outcome import Reason
from dms.model.disposal import Answer, DisposalStep, ListKind, ListState
from dms.model.events import EventKind
from retention.rules.disposal import Move


@dataclass(frozen=True, slots=True)
class ListLine:
    """One list. `items` counts those the person may see; `proposed_by` and `approved_by` are names."""

    id: UUID
    name: str
    kind: ListKind
    state: ListState
    brin: str
    items: int
    proposed_by: str
    created_at: datetime
    approved_by: str
    approved_at: datetime | None
    waits_until: datetime | None
    finished_at: datetime | None
    for_me: bool
    """Whether it waits for something that this person can do."""


@dataclass(frozen=True, slots=True)
class ListPage:
    """Lines of one page and how many there are in all."""

    total: int
    page: int
    size: int
    lines: tuple[ListLine, ...]


@dataclass(frozen=True, slots=True)
class Happened:
    """One act on a list: what, who (empty for the service), when, and the reason or reference given with it."""

    kind: EventKind
    who: str
    at: datetime
    note: str
    details: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ListView:
    """A list, with its items counted by step, by answer ("" for none) and by category; of those the person may see.

    `moves`: what the person can do now. `start_on`: whether only the waiting period stands before the start.
    `hidden`: there are items the person may not see; she cannot approve. `must_judge`: items that the schedule leaves
    to a person and that nobody judged. `happened`: the oldest first.
    """

    line: ListLine
    board: str
    school: str
    rule_version: int
    row_version: int
    steps: Mapping[DisposalStep, int]
    answers: Mapping[str, int]
    categories: Mapping[str, int]
    moves: frozenset[Move]
    hidden: bool
    must_judge: int
    receipt: str
    abort_reason: str
    started_by: str
    started_at: datetime | None
    happened: tuple[Happened, ...]
    category_names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item as people see it. `against`: why it may not go as things stand; None where nothing stands in the way.

    `state_reason` is why it was left out or stayed, as text; empty for none.
    """

    id: UUID
    placement_id: UUID
    document_id: UUID
    title: str
    pupil_id: UUID
    pupil: str
    pupil_number: str
    category: str
    action: str
    due_from: date
    due_by: date | None
    rule_version: int
    legal_basis: str
    answer: Answer | None
    answer_reason: str
    answer_until: date | None
    answer_category: str
    answered_by: str
    answered_at: datetime | None
    must_judge: bool
    state: DisposalStep
    state_code: str
    state_reason: str
    against: Reason | None


@dataclass(frozen=True, slots=True)
class ItemPage:
    """Items of one page and how many there are in all."""

    total: int
    page: int
    size: int
    lines: tuple[ItemLine, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many lists wait for something this person can do at a school; `own_data`: pupils whose own data another
    proposed to destroy.
    """

    review: int = 0
    adjust: int = 0
    start: int = 0
    receipt: int = 0
    failed: int = 0
    own_data: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.review + self.adjust + self.start + self.receipt + self.failed + self.own_data


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the execution is: items settled of all that were to go, and the list's state."""

    state: ListState
    done: int
    most: int
    kept: int
    failed: int
