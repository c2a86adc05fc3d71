"""What a file with pupils says, whatever its format: the one shape that plans are made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dms.model.pupil_files import FileFormat
from ingest.rules.pupils.findings import Finding
from ingest.rules.pupils.groups import NamedGroup, StaffRecord
from ingest.rules.pupils.read import read_rows
from ingest.rules.pupils.records import ReadRow
from ingest.rules.pupils.table import Table


@dataclass(frozen=True, slots=True)
class PupilFile:
    """A file after reading. `made_on`: the day it names as its own; `source`: whose keys it uses; `school_year`: by its
    first year; `notes`: what is to be said of the file as a whole.
    """

    format: FileFormat
    rows: Sequence[ReadRow]
    notes: tuple[Finding, ...] = ()
    made_on: date | None = None
    source: str = ""
    school_year: int | None = None
    groups: tuple[NamedGroup, ...] = ()
    staff: tuple[StaffRecord, ...] = ()
    preset: str = ""
    encoding: str = ""
    delimiter: str = ""
    header_row: int = 0
    unknown_columns: tuple[str, ...] = ()


def file_of(table: Table, kind: FileFormat, brin: str, today: date) -> PupilFile:
    """The list `table` for the school with `brin`, on the legal date `today`."""
    return PupilFile(
        kind,
        read_rows(table, brin, today),
        preset=table.preset,
        encoding=table.encoding,
        delimiter=table.delimiter,
        header_row=table.header_row,
        unknown_columns=table.header.unknown,
    )
