"""The plain data that services hand to screens, API and commands. Never rows, never more than the actor may see."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from dms.kernel.outcome import Reason
from dms.model.documents import Desk, ItemState, Source
from dms.services.working_shapes import Origin, UploadView, VersionView


@dataclass(frozen=True, slots=True)
class SchoolView:
    """A school that the actor works at."""

    id: UUID
    brin: str
    name: str
    board_id: UUID
    board: str


@dataclass(frozen=True, slots=True)
class RoleView:
    """A role that is held today. `school` is None for a role at the whole board."""

    role: str
    board_id: UUID
    school: SchoolView | None


@dataclass(frozen=True, slots=True)
class UserView:
    """A person with an account."""

    id: UUID
    email: str
    name: str
    language: str
    disabled: bool
    roles: tuple[RoleView, ...]
    schools: tuple[SchoolView, ...]


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session; the token goes into the cookie and is not kept. So does `device`: this browser is known now."""

    token: str
    user: UserView
    device: str = ""


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A new bearer token, shown once."""

    token: str
    expires: datetime


@dataclass(frozen=True, slots=True)
class PupilLine:
    """A pupil in a list. `name` is as people say it, `sort_name` as they look it up ("Berg, van der, Jan")."""

    id: UUID
    number: str
    name: str
    sort_name: str
    given_name: str
    group: str
    birth_date: date | None
    former: bool
    documents: int = 0


@dataclass(frozen=True, slots=True)
class PupilPage:
    """One page of pupils. `groups` are all groups that the actor can filter on."""

    total: int
    page: int
    size: int
    rows: tuple[PupilLine, ...]
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CarerView:
    """A carer as the dossier's header shows it."""

    name: str
    relation: str
    authority: bool


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document in a list, in the dossier where it is shown."""

    document_id: UUID
    title: str
    document_date: date | None
    category_code: str
    category_name: str
    level: int
    pages: int
    confirmed: bool
    source: Source
    created_at: datetime
    actions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Section:
    """The documents of one category in a dossier."""

    category_code: str
    category_name: str
    documents: tuple[DocumentLine, ...]


@dataclass(frozen=True, slots=True)
class DossierView:
    """A dossier as this actor may see it. `shielded`: a shield lies over it that admits the actor."""

    dossier_id: UUID
    school: SchoolView
    pupil: PupilLine
    state: str
    enrolled_since: date | None
    enrolled_until: date | None
    carers: tuple[CarerView, ...]
    sections: tuple[Section, ...]
    levels: tuple[int, ...] = ()
    shielded: bool = False
    may_see_carers: bool = False


@dataclass(frozen=True, slots=True)
class PageView:
    """One page of a document. Confidence is 0-100 from the recognition of text, None for a text layer."""

    number: int
    width: int | None
    height: int | None
    confidence: float | None


@dataclass(frozen=True, slots=True)
class PlacementView:
    """A place of a document in a dossier that the actor may see."""

    placement_id: UUID
    pupil_id: UUID
    pupil_name: str
    pupil_number: str
    group: str
    category_code: str
    category_name: str
    level: int
    actions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document with all that its page shows. `actions` are the names of what the actor may do with it.

    `version` is the one whose file and pages are shown; `current_version` the one that counts. `undo` is the batch
    that takes back what the actor did last.
    """

    document_id: UUID
    school: SchoolView
    title: str
    document_date: date | None
    fields: Mapping[str, str]
    source: Source
    row_version: int
    version: int
    file_name: str
    media_type: str
    size: int
    pages: tuple[PageView, ...]
    text_source: str
    text_confidence: float | None
    confidence: float | None
    confirmed: bool
    filed_by: str
    created_at: datetime
    placements: tuple[PlacementView, ...]
    actions: frozenset[str]
    evidence: tuple[str, ...] = ()
    current_version: int = 1
    versions: tuple[VersionView, ...] = ()
    uploads: tuple[UploadView, ...] = ()
    origin: Origin | None = None
    has_archive: bool = False
    undo: UUID | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes on their way to a person who may have them. `size` is of the plain bytes."""

    chunks: Iterator[bytes]
    media_type: str
    size: int
    file_name: str


@dataclass(frozen=True, slots=True)
class WordBox:
    """A word on a page; the edges are 0-1 of the page image as shown."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    confidence: float = 100.0
    """How sure the recognition of its text is, 0-100."""


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A found document. The snippet is (text, is it a found word?) in order."""

    document_id: UUID
    title: str
    pupil_id: UUID
    pupil_name: str
    pupil_number: str
    category_code: str
    category_name: str
    document_date: date | None
    snippet: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet with its exact count of documents."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of results: exactly what the actor may see."""

    total: int
    page: int
    size: int
    hits: tuple[SearchHit, ...]
    facets: Mapping[str, tuple[FacetValue, ...]]


@dataclass(frozen=True, slots=True)
class Hints:
    """What a sender says of a file. Pupil by id or by number.

    `ask` is the code of why a person must decide, whatever the text says (`ingest.rules.dossier_zip.place.ASKS`), with
    `suggested` pupils and a `likely` category for the desk; `level` (1-4) is how confidential the sender calls it.
    What is not `trusted` (mail of an unknown sender) never files itself. `origin` is how it came: of a scanner folder
    `scan_folder` (id), `duplex` and `separators`; of a mail `mail` (id of its row).
    """

    pupil_id: UUID | None = None
    pupil_number: str | None = None
    category: str | None = None
    document_date: date | None = None
    title: str = ""
    ask: str = ""
    suggested: tuple[UUID, ...] = ()
    likely: str | None = None
    level: int | None = None
    trusted: bool = True
    origin: Mapping[str, str | bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ItemView:
    """One future document and where it is. Pupil, category and document only where the actor may see them."""

    item_id: UUID
    intake_id: UUID
    part: int
    name: str
    state: ItemState
    step: str
    step_label: str
    pages: int | None
    pages_done: int
    reason: Reason
    advice: str
    document_id: UUID | None
    pupil_id: UUID | None
    pupil_number: str | None
    pupil_name: str | None
    category_code: str | None
    category_name: str | None
    document_date: date | None
    title: str
    confidence: float | None
    desk: Desk | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class PupilSuggestion:
    """A pupil whose document this may be, with what speaks for it."""

    pupil_id: UUID
    name: str
    number: str
    group: str
    birth_date: date | None
    confidence: float
    evidence: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class CategorySuggestion:
    """A category that this may be."""

    code: str
    name: str
    confidence: float
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CameFrom:
    """How an item came in. `by`: the colleague who sent it, the scanner folder, or the address of the mail's sender;
    the rest is what a mail says of itself: subject, day (ISO) and whether its sender was checked.
    """

    source: Source
    by: str = ""
    subject: str = ""
    day: str = ""
    verified: bool = False


@dataclass(frozen=True, slots=True)
class DeskItem:
    """One item at a desk: preview beside suggestion."""

    item: ItemView
    school: SchoolView
    page_views: tuple[PageView, ...]
    pupils: tuple[PupilSuggestion, ...]
    categories: tuple[CategorySuggestion, ...]
    row_version: int
    duplicate_of: UUID | None = None
    boxes: Mapping[int, tuple[WordBox, ...]] = field(default_factory=dict)
    """What speaks for the suggestions, by page."""
    partable: bool = False
    """Its pages can be parted, or are those of a stack."""
    origin: CameFrom | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A verdict about rights with its reason; `line` is the number of the matrix line, if one decided."""

    allowed: bool
    action: str
    reason: Reason
    line: int | None


@dataclass(frozen=True, slots=True)
class WhoMay:
    """A person who may reach a document, and with which actions."""

    email: str
    name: str
    roles: tuple[str, ...]
    actions: tuple[str, ...]
