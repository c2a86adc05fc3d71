"""What the rights room hands to screens and commands: plain data, never more than who asks may know."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from dms.kernel.outcome import Reason
from rights.rules.actions import Condition
from rights.rules.changes import LineChange
from rights.rules.matrix import MatrixLine


@dataclass(frozen=True, slots=True)
class RoleName:
    """A role as the matrix shows it. `own`: made by the board; `base` is the role whose lines it began with."""

    code: str
    name: str
    own: bool = False
    base: str = ""


@dataclass(frozen=True, slots=True)
class NumberReaders:
    """Who may read the national numbers of a pupil: roles that always may, and roles that may by temporary access.

    `may` and `asked_by` are about the person who asks: whether she may now, and by which kind of temporary access she
    could. `name` is the pupil's.
    """

    name: str
    category: str
    may: bool
    asked_by: Condition | None
    always: tuple[RoleName, ...]
    asking: tuple[RoleName, ...]


@dataclass(frozen=True, slots=True)
class CategoryLine:
    """A category as a row of the matrix."""

    code: str
    name: str
    group: str
    level: int


@dataclass(frozen=True, slots=True)
class MatrixView:
    """A whole matrix, adopted or drafted."""

    version: int
    lines: tuple[MatrixLine, ...]
    roles: tuple[RoleName, ...]
    categories: tuple[CategoryLine, ...]
    today: date


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version in the list, newest first."""

    number: int
    author: str
    approved_by: str
    reason: str
    created_at: datetime
    restored_from: int | None
    lines: int
    in_force: bool


@dataclass(frozen=True, slots=True)
class DraftView:
    """The board's draft. `second`: why one person cannot adopt it. `may_*` is about the person who asks."""

    id: UUID
    state: str
    row_version: int
    based_on: int
    restored_from: int | None
    author: str
    reason: str
    answer: str
    matrix: MatrixView
    changes: tuple[LineChange, ...]
    second: tuple[Reason, ...]
    outdated: bool
    may_edit: bool
    may_adopt: bool
    may_decide: bool


@dataclass(frozen=True, slots=True)
class PersonChange:
    """What a colleague gains and loses, in documents by action."""

    user_id: UUID
    name: str
    roles: tuple[str, ...]
    gains: dict[str, int]
    losses: dict[str, int]


@dataclass(frozen=True, slots=True)
class Consequences:
    """Everybody whom a change touches. `unlisted`: how many more are touched than are named here."""

    people: tuple[PersonChange, ...]
    checked: int
    gaining: int
    losing: int


@dataclass(frozen=True, slots=True)
class CategoryCount:
    """How many documents of a category a person may do each action with; `then` is under a draft."""

    code: str
    name: str
    now: dict[str, int]
    then: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person with an account at the board."""

    user_id: UUID
    name: str
    email: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShieldView:
    """A shield. `over`: dossier, category or document; `title` only for who may see that document."""

    id: UUID
    over: str
    pupil_id: UUID | None
    pupil: str
    category: str
    category_name: str
    document_id: UUID | None
    title: str
    reason: str
    since: date | None
    until: date | None
    in_force: bool
    made_by: str
    people: tuple[Colleague, ...]
    may_change: bool


@dataclass(frozen=True, slots=True)
class AccessView:
    """A temporary access. `now`: in force at this moment."""

    id: UUID
    condition: str
    user: str
    user_id: UUID
    pupil_id: UUID
    pupil: str
    document_id: UUID | None
    reason: str
    since: datetime
    until: datetime
    ended_at: datetime | None
    now: bool
    reviewed_by: str
    reviewed_at: datetime | None
    remark: str


@dataclass(frozen=True, slots=True)
class PersonMay:
    """A person who may do something with a document, with the line that says so for `see`."""

    user_id: UUID
    name: str
    roles: tuple[str, ...]
    actions: tuple[str, ...]
    line: int | None


@dataclass(frozen=True, slots=True)
class WhoSees:
    """Everybody who may see a thing: staff by name, others as a number by role."""

    staff: tuple[PersonMay, ...]
    others: dict[str, int]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Allowed or refused, and by which line."""

    name: str
    action: str
    allowed: bool
    reason: Reason
    line: MatrixLine | None


@dataclass(frozen=True, slots=True)
class LookedPupil:
    """A pupil in a look as a colleague: `documents` that both may see."""

    id: UUID
    name: str
    group: str
    documents: int


@dataclass(frozen=True, slots=True)
class LookedDocument:
    """A document in a look as a colleague. `reads`: the colleague may read it; `mine`: and so may who looks."""

    document_id: UUID
    title: str
    category: str
    level: int
    reads: bool
    mine: bool
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LookedAs:
    """What a colleague has, and what of it the one who looks may know."""

    colleague: Colleague
    pupils: int
    documents: int
    shown: tuple[LookedPupil, ...]
    shown_documents: int


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line of the access log. `who` is a name, or for a data subject the role. `document`: its title, where the line
    is about one that the reader may see.
    """

    at: datetime
    kind: str
    group: str
    who: str
    user_id: UUID | None
    pupil_id: UUID | None
    pupil: str
    object_kind: str
    object_id: UUID | None
    note: str
    by_command: bool
    document: str = ""


@dataclass(frozen=True, slots=True)
class LogPage:
    """One page of the log, newest first."""

    total: int
    page: int
    size: int
    lines: tuple[LogLine, ...]


@dataclass(frozen=True, slots=True)
class Unusual:
    """A look that stands out. `kind`: night, many, reden, noodtoegang. `count`: how many dossiers."""

    kind: str
    user_id: UUID
    user: str
    at: datetime
    count: int
    pupil_id: UUID | None = None
    pupil: str = ""
    reason: str = ""
    access_id: UUID | None = None
    reviewed: bool = False


@dataclass(frozen=True, slots=True)
class ModuleView:
    """A module that a school opens to families."""

    code: str
    name: str
    categories: str
    is_open: bool
    carers_until: int


@dataclass(frozen=True, slots=True)
class GivenPupil:
    """A pupil given to one colleague."""

    id: UUID
    user: str
    pupil_id: UUID
    pupil: str
    since: date | None
    until: date | None
