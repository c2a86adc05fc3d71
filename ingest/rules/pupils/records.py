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
    there is no end. `placed_since` and `placed_until` are the days in the group where the list tells them apart
    from those at school; `whole`: the days are those at school, also where there are several groups.
    """

    group: str | None = None
    since: date | None = None
    until: date | None = None
    ends: bool | None = None
    reopens: bool = False
    placed_since: date | None = None
    placed_until: date | None = None
    whole: bool = False

    @property
    def place_until(self) -> date | None:
        """The day on which the place in the group ends: its own end, or that at school when it is earlier."""
        ends = [x for x in (self.placed_until, self.until) if x]
        return min(ends, default=None)


@dataclass(frozen=True, slots=True)
class SourceKey:
    """The key that a system of origin gives a pupil: never changed and never given again, unless it starts with `#`."""

    source: str
    value: str = field(repr=False)

    @property
    def dummy(self) -> bool:
        """Whether it identifies nobody."""
        return self.value.startswith("#") or not self.value


@dataclass(frozen=True, slots=True)
class PupilRecord:
    """One pupil according to a file. `rows` are the rows that speak of this pupil, in their order: those of a
    spreadsheet, or the pupil's place among the pupils of an XML file, whose `line` it is. `number_tail` are the last
    four digits of BSN or onderwijsnummer; `proposed_number` becomes the leerlingnummer of a new pupil where it is free.
    """

    rows: tuple[int, ...]
    number: str | None = None
    key: SourceKey | None = None
    proposed_number: str | None = None
    line: int | None = None
    given_name: str | None = None
    first_names: str | None = None
    initials: str | None = None
    prefix: str | None = None
    surname: str | None = None
    birth: Birth | None = None
    gender: str | None = None
    bsn: NationalNumber | None = field(default=None, repr=False)
    education_number: NationalNumber | None = field(default=None, repr=False)
    number_tail: str | None = field(default=None, repr=False)
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
    line: int | None = None
