"""What the import of pupil files hands to screens, API and command, and what it is asked. Plain data.

Rows hold names and numbers of pupils for the person who imports; never a BSN, onderwijsnummer or ECK iD.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from dms.model.pupil_files import EndDay, FileFormat, ImportState
from ingest.rules.pupils.columns import Column
from ingest.rules.pupils.findings import Finding
from ingest.rules.pupils.guess import ColumnGuess
from ingest.rules.pupils.plan import Outcome, RowPlan


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How to read a file; everything left out is guessed.

    `preset`: code of a preset (`presets()`); `mapping_id`: a mapping that the school saved; `columns`: place (from 0)
    of a column in the list → what it is, which goes before preset and mapping (None: leave it out); `header_row`: row
    number as a spreadsheet counts, from 1; `sheet`: name of the worksheet; `mentors`: also place known mentors in the
    groups that the file names for them.
    """

    preset: str | None = None
    mapping_id: UUID | None = None
    columns: Mapping[int, Column | None] = field(default_factory=dict)
    header_row: int | None = None
    sheet: str | None = None
    end_day: EndDay | None = None
    mentors: bool = False


@dataclass(frozen=True, slots=True)
class PresetView:
    """A known form of list. Not `sure`: the columns were never checked against a real file ("controleer kolommen")."""

    code: str
    name: str
    sure: bool
    end_day: EndDay


@dataclass(frozen=True, slots=True)
class MappingView:
    """A mapping that a school saved; recognised by its header the next time."""

    id: UUID
    name: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class FileLook:
    """How a list was understood: for a screen on which the columns are checked. `columns` in the list's order.

    `preset`: the preset that fits or was asked for; `mapping`: the saved mapping that was recognised; `check`: a person
    must look at the columns first (nothing sure was recognised, or the preset is not sure); `first_rows`: the first
    rows of the list, to choose the header from, as (row number, cells).
    """

    format: FileFormat
    encoding: str
    delimiter: str
    sheets: tuple[str, ...]
    sheet: str
    header_row: int
    first_rows: tuple[tuple[int, tuple[str, ...]], ...]
    columns: tuple[ColumnGuess, ...]
    preset: str | None
    mapping: MappingView | None
    end_day: EndDay
    check: bool


@dataclass(frozen=True, slots=True)
class ImportView:
    """One import. `progress` is 0 to 100 while it is being read.

    `made_on`: the day that the file names as its own; `newer`: the day of the newest file that was applied, where
    that is later than `made_on`: apply then asks for `confirm_older`. `open_conflicts`: rows that still wait for a
    choice. `refusal`: why the file was refused as a whole. `stale`: pupils were changed since the preview was made;
    `read` it again.
    """

    id: UUID
    brin: str
    state: ImportState
    file_name: str
    received_at: datetime
    received_by: UUID | None
    format: FileFormat | None
    preset: str | None
    progress: int
    counts: Mapping[Outcome, int]
    absent: int
    open_conflicts: int
    made_on: date | None
    newer: date | None
    stale: bool
    notes: tuple[Finding, ...]
    refusal: Finding | None
    applied_at: datetime | None
    rows_kept: bool
    base: str


@dataclass(frozen=True, slots=True)
class RowPage:
    """Rows of a preview (or of a result) by outcome, a page at a time."""

    total: int
    page: int
    size: int
    rows: tuple[RowPlan, ...]


@dataclass(frozen=True, slots=True)
class AbsentPupil:
    """An enrolled pupil whom the file does not name. A signal only."""

    id: UUID
    number: str
    name: str


@dataclass(frozen=True, slots=True)
class SchoolRules:
    """What a school chose for its imports. Both are off unless it asks."""

    match_eckid: bool = False
    mentors: bool = False
