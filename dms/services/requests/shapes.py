"""What the room of requests hands out: plain data."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from dms.kernel.outcome import Reason
from dms.model.redaction import RedactionState
from dms.model.requests import Asker, Decision, IdentityCheck, ItemAnswer, RequestKind, RequestState


@dataclass(frozen=True, slots=True)
class RequestForm:
    """A request as it came in. `carer_id` for a carer; `asked`: in the words of who asks."""

    pupil_id: UUID
    kind: RequestKind
    asker: Asker
    received_on: date
    carer_id: UUID | None = None
    asker_name: str = ""
    asked: str = ""


@dataclass(frozen=True, slots=True)
class AskerChoices:
    """The pupil's name and her carers (id, name with relation)."""

    pupil: str
    carers: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True, slots=True)
class CheckForm:
    """What was established of identity and authority. `authority`: a code of `AUTHORITIES`."""

    identity: IdentityCheck
    identity_note: str
    authority: str
    authority_ok: bool
    authority_note: str = ""


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request in a list. `days` are left until the deadline, below zero when it is over."""

    id: UUID
    number: int
    pupil: str
    pupil_id: UUID
    kind: RequestKind
    state: RequestState
    received_on: date
    due_on: date
    days: int
    extended: bool
    items: int
    answered: int


@dataclass(frozen=True, slots=True)
class ThirdPerson:
    """Somebody else in a document. `relation`: pupil, carer, own_carer; `number`: a number that is not the pupil's."""

    name: str
    relation: str


@dataclass(frozen=True, slots=True)
class ItemView:
    """One document of a request. `hidden`: the person may not know what it is; the privacy officer deals with it.

    `may_read`: she may look at it. `text`: whether its text was looked through for others' names.
    """

    id: UUID
    position: int
    document_id: UUID | None
    title: str
    category: str
    category_name: str
    document_date: date | None
    hidden: bool
    may_read: bool
    text: bool
    third: tuple[ThirdPerson, ...]
    answer: ItemAnswer | None
    ground: str
    reason: str
    redaction_id: UUID | None
    redaction_state: RedactionState | None


@dataclass(frozen=True, slots=True)
class DeskPaper:
    """A paper that waits at an intake desk, or a package of another school under review (`received`, named by its
    sender). Without id and name where the person may not open it.
    """

    item_id: UUID | None
    name: str
    received: bool = False


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request with all that was done about it, as far as the person may know. `missing`: why it is not ready;
    `at_desks`: papers that wait at an intake desk and may be about the pupil; `shared`: who must hear of a decision
    that was granted, as they got data before (AVG 19): with whom, when, what for. For the privacy officer only.
    """

    line: RequestLine
    asker: Asker
    asker_name: str
    carer_id: UUID | None
    asked: str
    identity: IdentityCheck | None
    identity_note: str
    identity_on: date | None
    authority: str
    authority_ok: bool | None
    authority_note: str
    entitled: Reason | None
    extension_reason: str
    extended_on: date | None
    return_note: str
    decision: Decision | None
    decision_reason: str
    gathered_at: datetime | None
    prepared_by: str
    prepared_at: datetime | None
    released_by: str
    released_at: datetime | None
    pack_size: int | None
    pack_until: date | None
    items: tuple[ItemView, ...]
    missing: tuple[Reason, ...]
    shared: tuple[tuple[str, str, str], ...]
    at_desks: tuple[DeskPaper, ...]
    may_release: bool
    prepared_it: bool
    row_version: int
