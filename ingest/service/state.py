"""What one item is while it is worked on: the facts of its row, and what the steps have found so far."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from dms.db.engine import Database
from dms.db.tables import RenditionRow
from dms.kernel.clock import Clock
from dms.kernel.errors import Broken
from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.catalogue import Category
from dms.model.documents import Source
from dms.model.events import SYSTEM, By
from ingest.readers.session import ReadSession
from ingest.rules.classify import CategorySuggestion
from ingest.rules.dates import DateSuggestion
from ingest.rules.learned.model import LinearModel
from ingest.rules.match import Ambiguous, Matched, NoMatch
from ingest.rules.roster import Roster
from ingest.rules.separators import SheetSaid
from ingest.rules.sniff import Limits
from ingest.rules.splitting_plan import PageSeen, Plan
from ingest.rules.text import PageText
from ingest.sources.clamd import Clamd
from storage.vault import Vault

VERSION = 1
"""The version of a document that an intake makes."""

EVIDENCE = "evidence"
"""The sealed column of an item."""


class OriginalLost(Broken):
    """What was received is damaged in the vault, or gone, or its key is: reading again does not help. `code` says
    which.
    """

    def __init__(self, code: str) -> None:
        super().__init__(
            N_("Het ontvangen bestand is in de opslag beschadigd of weg."),
            N_("Bied het opnieuw aan, en meld dit bij de applicatiebeheerder: die ziet met `dms check --full` meer."),
            code=code,
        )


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """The item as it was claimed."""

    item_id: UUID
    intake_id: UUID
    board_id: UUID
    school_id: UUID
    brin: str
    document_id: UUID
    name: str
    object_key: str
    size: int
    digest: str
    step: str
    attempts: int
    failures: int
    source: Source
    trusted: bool
    submitted_by: UUID | None
    hint_pupil: UUID | None
    hint_category: str | None
    hint_date: date | None
    hint_authorised: bool
    version: int = VERSION
    """The version of the document that is being read."""
    hint_title: str = ""
    hint_ask: str = ""
    hint_level: int | None = None
    hints: dict[str, Any] = field(default_factory=dict)
    """All that was said of it: by the intake's source, and for a part of a stack by its cover sheet."""
    stack_id: UUID | None = None
    stack_part: int | None = None
    gather: bool = False
    """It is a part of a stack whose own file is not made yet."""


@dataclass(frozen=True, slots=True)
class Filing:
    """Where an item goes. `confirmed_by` is the person who decided, None when it files itself."""

    pupil_id: UUID
    category: Category
    document_date: date | None
    title: str
    confidence: float | None
    reason: Reason
    confirmed_by: UUID | None = None
    fields: dict[str, str] = field(default_factory=dict)
    by: By = SYSTEM


@dataclass(slots=True)
class Work:
    """What the steps found out, in memory for the length of one run."""

    kind: str = ""
    media_type: str = ""
    pages: tuple[PageText, ...] = ()
    signed: bool = False
    categories: tuple[CategorySuggestion, ...] = ()
    date: DateSuggestion | None = None
    match: Matched | Ambiguous | NoMatch | None = None
    title: str = ""
    text_confidence: float = 0.0
    text_source: str = ""
    renditions: tuple[RenditionRow, ...] = ()
    """Rows of what lies in the vault already; they are written when the step is saved."""
    filing: Filing | None = None
    looks: tuple[str, ...] = ()
    """How each page looks (`ingest.readers.render.look_of`), as far as it was read in this run."""
    seen: tuple[PageSeen, ...] = ()
    """What parting needs to know of the pages."""
    ask: str = ""
    """Why a person must look, by code (`ingest.rules.separators.ASKS`)."""
    gathered: tuple[str, int, str] | None = None
    """Object key, size and digest of the file that was made for a part; until the step is saved."""
    digest: str = ""
    """Digest of that file."""


@dataclass(frozen=True, slots=True)
class PipelineTools:
    """What the steps work with. `folder` is the job's private folder and `session` reads its file; `alive` keeps the
    lease and raises when it is lost; `progress` tells how many pages are read.
    """

    database: Database
    vault: Vault
    clock: Clock
    folder: Path
    limits: Limits
    session: ReadSession
    roster: Callable[[UUID], Roster]
    catalogue: dict[str, Category]
    alive: Callable[[], None]
    progress: Callable[[int, int], None]
    bsn_pupils: Callable[[UUID, str, tuple[str, ...]], frozenset[UUID]]
    learned: Callable[[UUID], LinearModel]
    malware: Clamd | None = None


@dataclass(frozen=True, slots=True)
class Continue:
    """Go on with the next step."""


@dataclass(frozen=True, slots=True)
class Park:
    """A person decides, at `desk`."""

    reason: Reason
    desk: str


@dataclass(frozen=True, slots=True)
class Refuse:
    """It does not come in; the bytes are kept for a term. `quarantine` for what may do harm."""

    reason: Reason
    advice: str = ""
    quarantine: bool = False


@dataclass(frozen=True, slots=True)
class File:
    """It goes into the dossier, in the transaction that saves this outcome."""

    filing: Filing


@dataclass(frozen=True, slots=True)
class Split:
    """It is a stack of several documents. `said`: what its sheets say, by the text of their code."""

    plan: Plan
    said: Mapping[str, SheetSaid]


@dataclass(frozen=True, slots=True)
class UnpackedPart:
    """One file inside another: where its bytes are kept (object key, size, digest), or why it was left out."""

    number: int
    name: str
    reason: Reason | None
    document_id: UUID | None = None
    stored: tuple[str, int, str] | None = None


@dataclass(frozen=True, slots=True)
class Unpacked:
    """It was taken apart: its parts become items. `depth`: how many files it came in itself."""

    parts: tuple[UnpackedPart, ...]
    depth: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Duplicate:
    """It was there already."""

    duplicate_of: UUID


Outcome = Continue | Park | Refuse | File | Split | Unpacked | Duplicate


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is kept, sealed, of why something was suggested. Plain JSON so that a desk of any release can show it."""

    pupils: tuple[dict[str, Any], ...] = ()
    categories: tuple[dict[str, Any], ...] = ()
    date: dict[str, Any] = field(default_factory=dict)
    fields: tuple[dict[str, Any], ...] = ()

    def to_bytes(self) -> bytes:
        """UTF-8 JSON."""
        return json.dumps(
            {"pupils": self.pupils, "categories": self.categories, "date": self.date, "fields": self.fields},
            ensure_ascii=False,
        ).encode()

    @classmethod
    def from_bytes(cls, raw: bytes) -> "Evidence":
        """Read what `to_bytes` wrote."""
        data = json.loads(raw)
        return cls(tuple(data["pupils"]), tuple(data["categories"]), data["date"], tuple(data.get("fields", ())))
