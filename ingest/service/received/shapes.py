"""What screens and commands see of received packages."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from dms.kernel.outcome import Reason
from dms.model.received import PackageFormat, PartChoice, ReceivedState
from dms.services.shapes import SchoolView
from ingest.service.received.content import Told


@dataclass(frozen=True, slots=True)
class ReceivedLine:
    """A package in the list. `waiting` counts papers that still want a decision; `again`: it was here already."""

    id: UUID
    state: ReceivedState
    format: PackageFormat
    kind: str
    sender: str
    received_at: datetime
    papers: int
    waiting: int
    faults: int
    again: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pupil of this school who may be the one: `sure` by BSN or onderwijsnummer, else by name and birth date."""

    pupil_id: UUID
    number: str
    name: str
    birth_date: date | None
    sure: bool


@dataclass(frozen=True, slots=True)
class ReceivedPart:
    """One paper of a package. `fault` says why it cannot come in. `settled`: what became of it, empty while it waits.

    `category` is what it would get here, `suggested` what recognition thinks, `sent` what the sender called it.
    `mine`: the person who looks may put it into a dossier.
    """

    id: UUID
    number: int
    name: str
    title: str
    size: int
    sent: str
    category: str
    category_name: str
    suggested: str
    level: int
    document_date: date | None
    redacted: bool
    choice: PartChoice
    fault: Reason | None
    settled: str
    document_id: UUID | None
    pages: int
    read: bool
    mine: bool


@dataclass(frozen=True, slots=True)
class ReceivedView:
    """One package under review. `told` is gone once it was decided on. `pupil` is the dossier that was chosen."""

    id: UUID
    row_version: int
    package_id: str
    state: ReceivedState
    format: PackageFormat
    kind: str
    sender: str
    sender_brin: str
    school: SchoolView
    received_at: datetime
    frozen_at: datetime | None
    mark: str
    told: Told | None
    parts: tuple[ReceivedPart, ...]
    hidden: int
    """Papers that the person may not see: what they are is for colleagues."""
    candidates: tuple[Candidate, ...] = ()
    pupil: Candidate | None = None
    may_enrol: bool = False
    reject_reason: str = ""
    decided_at: datetime | None = None
    categories: tuple[tuple[str, str], ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Accepted:
    """What an acceptance did: documents made, papers that lay there already, and what waits for a colleague."""

    documents: tuple[UUID, ...]
    duplicates: int
    waiting: int
    state: ReceivedState
