"""The plain data of the administration. Never a pupil's name: who configures sees no content."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from dms.model.catalogue import FieldSpec, Level
from dms.model.events import Change


@dataclass(frozen=True, slots=True)
class BoardCard:
    """A board. `whole`: the asker administers all of it."""

    id: UUID
    name: str
    row_version: int
    whole: bool


@dataclass(frozen=True, slots=True)
class SchoolCard:
    """A school in a list, with counts."""

    id: UUID
    board_id: UUID
    brin: str
    name: str
    closed_on: date | None
    sites: int
    groups: int
    pupils: int
    staff: int
    row_version: int


@dataclass(frozen=True, slots=True)
class SiteCard:
    """A site of a school; `full_code` is the BRIN with the two digits of the site."""

    id: UUID
    code: str
    full_code: str
    name: str
    closed_on: date | None
    pupils: int
    row_version: int


@dataclass(frozen=True, slots=True)
class SchoolDetail:
    """A school with its board and sites."""

    school: SchoolCard
    board: BoardCard
    sites: tuple[SiteCard, ...]


@dataclass(frozen=True, slots=True)
class GroupCard:
    """A group in a list. `mentors` are the names of those of today."""

    id: UUID
    name: str
    school_year: str
    year_level: str
    closed_on: date | None
    pupils: int
    mentors: tuple[str, ...]
    row_version: int


@dataclass(frozen=True, slots=True)
class MentorStay:
    """Somebody who teaches or taught a group, on days in [since, until)."""

    id: UUID
    user_id: UUID
    name: str
    email: str
    since: date | None
    until: date | None
    now: bool


@dataclass(frozen=True, slots=True)
class GroupDetail:
    """A group with everybody who taught it."""

    group: GroupCard
    school_id: UUID
    school: str
    mentors: tuple[MentorStay, ...]
    placements: int
    """How many placements of pupils it ever had."""


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role that somebody holds, held or will hold. `place` is a school's name, empty for the whole board."""

    id: UUID
    role: str
    board_id: UUID
    board: str
    school_id: UUID | None
    place: str
    since: date | None
    until: date | None
    now: bool


@dataclass(frozen=True, slots=True)
class PersonCard:
    """A colleague in a list."""

    id: UUID
    name: str
    email: str
    disabled: bool
    roles: tuple[HeldRole, ...]
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class PersonPage:
    """One page of colleagues. `families` counts accounts of parents and pupils, which are not shown here."""

    total: int
    rows: tuple[PersonCard, ...]
    families: int


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A sign-in that has not ended."""

    id: UUID
    created_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class TokenCard:
    """A token for programs, without the token itself."""

    id: UUID
    name: str
    scope: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    live: bool


@dataclass(frozen=True, slots=True)
class GroupTaught:
    """A group of a colleague."""

    group_id: UUID
    name: str
    school: str
    since: date | None
    until: date | None
    now: bool


@dataclass(frozen=True, slots=True)
class PersonDetail:
    """A colleague. `whole`: all roles lie within the asker's reach, so she may end access. `oneself`: it is she.

    `link_until`: a link to set a password waits to be used.
    """

    person: PersonCard
    language: str
    has_password: bool
    locked_until: datetime | None
    groups: tuple[GroupTaught, ...]
    sessions: tuple[OpenSession, ...]
    tokens: tuple[TokenCard, ...]
    link_until: datetime | None
    row_version: int
    whole: bool
    oneself: bool


@dataclass(frozen=True, slots=True)
class MadeLink:
    """A link with which a colleague sets a password; the token is shown once."""

    user_id: UUID
    token: str
    expires: datetime


@dataclass(frozen=True, slots=True)
class CategoryCard:
    """A category in a list."""

    id: UUID
    code: str
    name: str
    group: str
    level: Level
    active: bool
    fields: int
    documents: int
    version: int


@dataclass(frozen=True, slots=True)
class RetentionLine:
    """What the schedule says of a category; read-only here."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class CategoryDetail:
    """A category with its fields. `version` is the number of the version that is shown."""

    card: CategoryCard
    board_id: UUID
    fields: tuple[FieldSpec, ...]
    search_words: str
    retention: tuple[RetentionLine, ...]


@dataclass(frozen=True, slots=True)
class SourceCard:
    """A way in, at one school. Counts are of the last thirty days; `last` is of ever. `waiting` waits too long."""

    kind: str
    name: str
    help: str
    open: bool
    fixed: bool
    last: datetime | None
    items: int
    refused: int
    row_version: int
    has_form: bool
    note: str = ""
    note_params: Mapping[str, object] | None = None
    trouble: int = 0
    """How many scanner folders or mailboxes of it do not work now."""


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One act of administration. `by_command`: `who` is the user of the server that gave the command."""

    id: int
    at: datetime
    kind: str
    who: str
    subject_kind: str
    subject: str
    subject_id: UUID | None
    changes: tuple[Change, ...]
    note: str
    by_command: bool = False


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """One page of acts, newest first. `people` are those who did something here: (id, name)."""

    total: int
    rows: tuple[HistoryLine, ...]
    people: tuple[tuple[UUID, str], ...]
