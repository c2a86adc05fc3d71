"""What screens and commands get to see of terms: plain data."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from dms.kernel.outcome import Reason
from retention.rules.due import Verdict
from retention.rules.schedule import DisposalAction, Rule


@dataclass(frozen=True, slots=True)
class DueLine:
    """One placement that is due. `pupil` is the number at the school; `days_late` is 0 where it may still wait."""

    placement_id: UUID
    document_id: UUID
    school_id: UUID
    pupil_id: UUID
    pupil: str
    category: str
    due_from: date
    due_by: date | None
    rule_version: int
    reason: Reason
    action: DisposalAction | None
    days_late: int = 0


@dataclass(frozen=True, slots=True)
class WhyLine:
    """Why a placement is kept, or when it is due. `rule` is the line of the schedule that says so."""

    placement_id: UUID
    document_id: UUID
    title: str
    pupil_id: UUID
    pupil: str
    category: str
    verdict: Verdict
    due_from: date | None
    due_by: date | None
    rule_version: int
    reason: Reason
    started_on: date | None
    action: DisposalAction | None
    rule: Rule | None
    holds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DuePage:
    """Lines of one page and how many there are in all. Nothing is here that the person may not see."""

    total: int
    page: int
    size: int
    lines: tuple[DueLine, ...]


@dataclass(frozen=True, slots=True)
class UndatedLine:
    """One placement that is never due as things stand, with the reason."""

    placement_id: UUID
    document_id: UUID
    pupil_id: UUID
    pupil: str
    category: str
    verdict: Verdict
    rule_version: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class DueTile:
    """What a school's dashboard says: how many are due, past their last day, held, and without a day.

    `recounting`: terms are being counted again, so the numbers may still change.
    """

    due: int
    late: int
    held: int
    undated: int
    fresh: int
    on_day: date
    recounting: bool
