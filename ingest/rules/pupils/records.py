"""What one row, or the rows of one pupil, say. None means that the list says nothing, which never wipes anything."""

from dataclasses import dataclass, field
from datetime import date

from ingest.rules.pupils.dates import Birth
from ingest.rules.pupils.findings import Finding
from ingest.rules.pupils.identifiers import NationalNumber


@dataclass(frozen=True, slots=True)
class CarerCells:
    """What a row says of the carer at `position` (1 or 2)."""

    position: int
    name: str | None = None
    email: str | None = None
    relation: str | None = None
    authority: bool | None = None


@dataclass(frozen=True, slots=True)
class Stint:
    """Days at school in [since, until), in `group` where the list names one.

    The canonical list writes the last day in; `until` is the day after. `ends` is False when the column for the
    end exists and is empty, None when there is no such column. `reopens`: the cell says in so many words that
    there is no end.
    """

    group: str | None = None
    since: date | None = None
    until: date | None = None
    ends: bool | None = None
    reopens: bool = False


@dataclass(frozen=True, slots=True)
class PupilRecord:
    """One pupil according to a list. `rows` are the spreadsheet rows that speak of this pupil, in their order."""

    rows: tuple[int, ...]
    number: str | None = None
    given_name: str | None = None
    first_names: str | None = None
    initials: str | None = None
    prefix: str | None = None
    surname: str | None = None
    birth: Birth | None = None
    gender: str | None = None
    bsn: NationalNumber | None = field(default=None, repr=False)
    education_number: NationalNumber | None = field(default=None, repr=False)
    eckid: str | None = field(default=None, repr=False)
    site: str | None = None
    year_level: str | None = None
    email: str | None = None
    address_secret: bool | None = None
    stints: tuple[Stint, ...] = ()
    carers: tuple[CarerCells, ...] = ()
    warnings: tuple[Finding, ...] = ()

    @property
    def full_name(self) -> str:
        """Given name, prefix and surname, for people."""
        return " ".join(x for x in (self.given_name, self.prefix, self.surname) if x)


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row after reading: a record, or the errors for which it is left out. `number` as far as it could be read."""

    row: int
    number: str
    name: str
    record: PupilRecord | None
    errors: tuple[Finding, ...] = ()
