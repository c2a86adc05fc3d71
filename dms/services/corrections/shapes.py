"""Plain data of corrections, for families and for the school."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dms.model.corrections import CorrectionState, Field


@dataclass(frozen=True, slots=True)
class FieldNow:
    """A field of the form with what the school has. `hidden`: it is there, but is not shown to anybody outside."""

    field: Field
    value: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class FormView:
    """What somebody can report about one pupil. `own` is the name of the reporter as a carer; empty for a pupil."""

    pupil_id: UUID
    pupil: str
    school: str
    own: str
    fields: tuple[FieldNow, ...]


@dataclass(frozen=True, slots=True)
class Reported:
    """One report as who made it sees it. `old` is empty where it is hidden."""

    id: UUID
    pupil: str
    field: Field
    old: str
    new: str
    remark: str
    state: CorrectionState
    reported_at: datetime
    decided_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One report at the school: old and new, who says so, and what was decided. `secret`: the carer's address is
    secret; `now`: what the school has at this moment, where that is no longer `old`.
    """

    id: UUID
    pupil_id: UUID
    pupil: str
    number: str
    group: str
    field: Field
    about: str
    old: str
    new: str
    now: str
    remark: str
    reporter: str
    reported_at: datetime
    state: CorrectionState
    decided_at: datetime | None
    decided_by: str
    reason: str
    exported_at: datetime | None
    secret: bool
    row_version: int


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of the queue. `to_export`: accepted and not fetched for the LAS yet."""

    lines: tuple[QueueLine, ...]
    waiting: int
    to_export: int
