"""Plain data of the portal: what families see, what a school plans, who has an account, what leaked."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from dms.model.portal import BreachCause, BreachState, Channel, Door, Look, Standing
from dms.services.carers import CarerContact
from dms.services.shapes import PageView


@dataclass(frozen=True, slots=True)
class Child:
    """A pupil as the home page of the portal names her. `open_to`: whether anything of her dossier is open today."""

    pupil_id: UUID
    name: str
    school: str
    standing: Standing
    open_to: bool


@dataclass(frozen=True, slots=True)
class News:
    """A phase that opened lately: its announcement."""

    school: str
    name: str
    opened_on: date
    text: str


@dataclass(frozen=True, slots=True)
class FamilyHome:
    """The first page of the portal."""

    children: tuple[Child, ...]
    news: tuple[News, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """A document in a list."""

    document_id: UUID
    title: str
    document_date: date | None
    category: str
    pages: int


@dataclass(frozen=True, slots=True)
class Part:
    """An opened module with its documents, newest first."""

    code: str
    name: str
    papers: tuple[Paper, ...]


@dataclass(frozen=True, slots=True)
class OwnData:
    """Personal data. `contact` is the reader's own; None where it is secret or not known. `others`: names of the other
    carers with authority; never how to reach them.
    """

    birth_date: date | None
    group: str
    number: str
    email: str
    contact: CarerContact | None
    contact_secret: bool
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChildPage:
    """All that is open of a pupil to one person now. `data` only where that module is open."""

    child: Child
    parts: tuple[Part, ...]
    data: OwnData | None
    news: tuple[News, ...] = ()
    """Announcements that stand on the first page; only filled where a page is tried on."""
    own_data: bool = False
    """Whether the person sees her own contact data too; only filled where a page is tried on."""


@dataclass(frozen=True, slots=True)
class FamilyPaper:
    """One document. `pages` are those that can be shown as pictures."""

    document_id: UUID
    pupil_id: UUID
    pupil_name: str
    school: str
    title: str
    document_date: date | None
    category: str
    version: int
    pages: tuple[PageView, ...]
    file_name: str
    size: int


@dataclass(frozen=True, slots=True)
class Phase:
    """A step of the plan with the codes of its modules. `announced`: the announcement went out."""

    id: UUID
    name: str
    opens_on: date
    announcement: str
    modules: tuple[str, ...]
    announced: bool
    row_version: int


@dataclass(frozen=True, slots=True)
class PlannedModule:
    """A module and when it opens: today or before (`is_open`), on a day that comes (`opens_on`), or never."""

    code: str
    name: str
    categories: str
    is_open: bool
    opens_on: date | None
    phase_id: UUID | None
    carers_until: int


@dataclass(frozen=True, slots=True)
class PortalPlan:
    """The plan of a school."""

    modules: tuple[PlannedModule, ...]
    phases: tuple[Phase, ...]


@dataclass(frozen=True, slots=True)
class FamilyMember:
    """Somebody who has, or can have, an account: a carer with authority of a pupil, or a pupil of 16 and over
    (`carer_id` None). `since`: has an account; `invited_until`: an invitation is out. `shared_email`: somebody else has
    the same address. `turns`: the pupil becomes 16 or 18 within three months, on that day.
    """

    pupil_id: UUID
    pupil: str
    group: str
    carer_id: UUID | None
    name: str
    relation: str
    email: str
    shared_email: bool
    born: bool
    user_id: UUID | None
    login: str
    blocked: bool
    seen_at: datetime | None
    invited_until: datetime | None
    channel: Channel | None
    turns: date | None


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation just made; the code is shown once. `mailed`: it goes by mail. `oneself`: it is the pupil's own."""

    id: UUID
    name: str
    pupil: str
    school: str
    code: str
    expires_at: datetime
    mailed: bool
    oneself: bool


@dataclass(frozen=True, slots=True)
class BreachLook:
    """Who outside looked, through which door, what and when."""

    who: str
    door: Door
    look: Look
    at: datetime


@dataclass(frozen=True, slots=True)
class Breach:
    """A data breach. `due_at`: 72 hours after it was found. Names are empty for what was destroyed since."""

    id: UUID
    state: BreachState
    cause: BreachCause
    category: str
    document_id: UUID | None
    title: str
    pupil: str
    about: str
    found_at: datetime
    found_by: str
    due_at: datetime
    late: bool
    nature: str
    consequences: str
    measures: str
    reported_at: datetime | None
    told_at: datetime | None
    verdict: str
    closed_at: datetime | None
    closed_by: str
    row_version: int
    looks: tuple[BreachLook, ...]
