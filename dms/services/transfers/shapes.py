"""What the transfer desk shows and takes. Plain data."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from dms.kernel.outcome import Reason
from dms.model.events import By
from dms.model.redaction import RedactionGround, RedactionState
from dms.model.transfers import InspectionWay, SentBy, TransferKind, TransferState, Viewer
from rights.rules.transfer_gate import Going

Redactor = Callable[[By, UUID, int, RedactionGround], object]
"""Asks for a copy of a version without readable national numbers. What comes of it stands in its own room."""

Told = Callable[[By, UUID], None]
"""Told of a package whose receipt was confirmed, after the commit."""


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody asks for. `chosen`: documents that go along only when chosen, and now do. `registered_on`: the day
    on which the pupil is registered at the receiver, if that is known yet.
    """

    kind: TransferKind
    receiver_brin: str
    receiver_site: str = ""
    receiver_name: str = ""
    registered_on: date | None = None
    advice: str = ""
    chosen: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Answer:
    """What an entitled person said of the package. `carer_id` is None for the pupil. `consent` where it is asked."""

    viewer: Viewer
    carer_id: UUID | None
    agreed: bool
    seen_on: date | None = None
    remark: str = ""
    consent: bool | None = None
    proof_document_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A document of the dossier as the desk shows it: may it go, does it, since when it is there, its redacted copy,
    and how many numbers were found in it.
    """

    document_id: UUID
    title: str
    document_date: date | None
    category_code: str
    category_name: str
    going: Going
    reason: Reason
    included: bool
    added_on: date
    redaction: RedactionState | None = None
    redaction_id: UUID | None = None
    numbers: int = 0


@dataclass(frozen=True, slots=True)
class InspectionLine:
    """Somebody who is entitled today, or answered this snapshot. `answered` None: not yet."""

    viewer: Viewer
    carer_id: UUID | None
    name: str
    entitled: bool
    seen_on: date | None = None
    agreed: bool | None = None
    consent: bool | None = None
    remark: str = ""
    way: InspectionWay | None = None


@dataclass(frozen=True, slots=True)
class PackageLine:
    """A package in a list."""

    id: UUID
    pupil_id: UUID
    pupil: str
    kind: TransferKind
    receiver_brin: str
    receiver_name: str
    registered_on: date | None
    state: TransferState
    created_at: datetime
    sent_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class PackageView:
    """One package. `reasons`: why it may not go yet, empty when it may (or went). `hidden`: documents inside that the
    person may not see. `control`: what is told by another way, once it was sent. `complete`: its contents are still
    there, so that it can be given again.
    """

    line: PackageLine
    receiver_site: str
    advice: str
    number: int
    frozen_at: datetime | None
    sent_how: SentBy | None
    receipt: str
    reason: str
    control: str
    reasons: tuple[Reason, ...]
    papers: tuple[PaperLine, ...]
    hidden: int
    inspections: tuple[InspectionLine, ...]
    complete: bool
    row_version: int


@dataclass(frozen=True, slots=True)
class LeaverLine:
    """A pupil who left or is leaving, with the packages that were made."""

    pupil_id: UUID
    number: str
    name: str
    group: str
    leaves_on: date
    packages: tuple[PackageLine, ...]


@dataclass(frozen=True, slots=True)
class PackedZip:
    """A package on its way out. `size` in bytes; `open` streams it, anew each time."""

    package_id: UUID
    file_name: str
    control: str
    size: int
    open: Callable[[], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class WaitingPackage:
    """A package that waits to be looked through, in the list of an entitled person."""

    package_id: UUID
    pupil: str
    receiver: str
    answered: bool


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file of a frozen package, as the person who inspects it sees it."""

    number: int
    title: str
    category_name: str
    document_date: date | None
    redacted: bool
    media_type: str
    pages: int


@dataclass(frozen=True, slots=True)
class ShownPackage:
    """A frozen package for the person who inspects it: all data (by name, source texts) and files that go along."""

    package_id: UUID
    school: str
    pupil: str
    viewer: Viewer
    kind: TransferKind
    receiver: str
    frozen_at: datetime
    data: tuple[tuple[str, str | date], ...]
    carers: tuple[str, ...]
    stays: tuple[str, ...]
    files: tuple[ShownFile, ...]
    asks_consent: bool
    mine: InspectionLine | None
