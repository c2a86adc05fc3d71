"""Reads the rows of a table as records. A cell that cannot be trusted makes the row an error; one that can be
missed is left out with a warning. Authority and secret address are never guessed.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import TypeVar

from dms.model.pupil_files import EndDay
from ingest.rules.pupils.columns import CARER_COLUMNS, Column, Header
from ingest.rules.pupils.dates import Birth, parse_birth, parse_day, possible_birth
from ingest.rules.pupils.findings import Finding, finding
from ingest.rules.pupils.identifiers import (
    NationalNumber,
    clean_number,
    is_education_number,
    parse_bsn,
    parse_eckid,
)
from ingest.rules.pupils.names import FullName, settle_surname, split_full_name
from ingest.rules.pupils.records import CarerCells, PupilRecord, ReadRow, Stint
from ingest.rules.pupils.table import Table
from ingest.rules.pupils.values import clean, parse_brin, parse_email, parse_gender, parse_site, parse_yes_no

MOST = {
    Column.NUMBER: 40,
    Column.INITIALS: 40,
    Column.PREFIX: 40,
    Column.YEAR_LEVEL: 10,
    Column.GROUP: 64,
    Column.EMAIL: 254,
    Column.CARER1_EMAIL: 254,
    Column.CARER2_EMAIL: 254,
    Column.CARER1_RELATION: 40,
    Column.CARER2_RELATION: 40,
    Column.ECKID: 300,
}
"""Characters that a cell may have; 200 where nothing is said."""
MOST_ELSE = 200

NO_END = frozenset({"geen"})
"""Words in the end column that say: not ended (any more)."""
_PLAUSIBLE_YEARS = range(1950, 2200)

T = TypeVar("T")


def read_rows(table: Table, brin: str, today: date) -> list[ReadRow]:
    """All rows of `table`, for the school with `brin`, on the legal date `today`."""
    return [_Row(table, row, cells, today).read(brin) for row, cells in table.rows]


class _Row:
    """One row while it is read; collects errors and warnings."""

    def __init__(self, table: Table, row: int, cells: tuple[str, ...], today: date) -> None:
        self._header: Header = table.header
        self._table = table
        self._row = row
        self._cells = cells
        self._today = today
        self._errors: list[Finding] = []
        self._warnings: list[Finding] = []

    def read(self, brin: str) -> ReadRow:
        if any(x.strip() for x in self._cells[self._header.width :]):
            self._errors.append(finding("too_many_cells"))
        number = self._parsed(Column.NUMBER, clean_number, "number_wrong")
        if (own := self._text(Column.BRIN)) and parse_brin(own) != brin:
            self._errors.append(finding("other_school"))
        names = self._names()
        bsn, education = self._national_numbers()
        record = PupilRecord(
            rows=(self._row,),
            number=number,
            given_name=names.given_name or None,
            first_names=self._text(Column.FIRST_NAMES),
            initials=self._text(Column.INITIALS),
            prefix=names.prefix or None,
            surname=names.surname or None,
            birth=self._birth(),
            gender=self._or_warn(Column.GENDER, self._gender, "gender_unknown"),
            bsn=bsn,
            education_number=education,
            eckid=self._or_warn(Column.ECKID, parse_eckid, "eckid_wrong"),
            site=self._or_warn(Column.SITE, parse_site, "site_unknown"),
            year_level=self._text(Column.YEAR_LEVEL),
            email=self._email(Column.EMAIL),
            address_secret=self._parsed(Column.ADDRESS_SECRET, parse_yes_no, "yes_no_wrong"),
            stints=(self._stint(),),
            carers=self._carers(),
            warnings=tuple(self._warnings),
        )
        shown = number or self._text(Column.NUMBER) or ""
        kept = None if self._errors else record
        return ReadRow(self._row, shown[: MOST[Column.NUMBER]], record.full_name, kept, tuple(self._errors))

    def _text(self, column: Column) -> str | None:
        place = self._header.places.get(column)
        if place is None or place >= len(self._cells):
            return None
        text = clean(self._cells[place])
        most = MOST.get(column, MOST_ELSE)
        if len(text) > most:
            too_long = finding("too_long", column=column.value, most=most)
            if too_long not in self._errors:
                self._errors.append(too_long)
            return None
        return text or None

    def _parsed(self, column: Column, parse: Callable[[str], T], code: str) -> T | None:
        text = self._text(column)
        if text is None:
            return None
        try:
            return parse(text)
        except ValueError:
            self._errors.append(_at(code, column))
            return None

    def _or_warn(self, column: Column, parse: Callable[[str], str | None], code: str) -> str | None:
        text = self._text(column)
        value = None if text is None else parse(text)
        if text is not None and value is None:
            self._warnings.append(_at(code, column))
        return value

    def _email(self, column: Column) -> str | None:
        return self._or_warn(column, parse_email, "email_wrong")

    def _gender(self, text: str) -> str | None:
        return self._table.genders.get(text) or parse_gender(text)

    def _names(self) -> FullName:
        given, prefix, surname = (self._text(x) or "" for x in (Column.GIVEN_NAME, Column.PREFIX, Column.SURNAME))
        whole = self._text(Column.FULL_NAME)
        if whole and not surname:
            split = split_full_name(whole)
            return FullName(given or split.given_name, prefix or split.prefix, split.surname)
        prefix, surname = settle_surname(prefix, surname)
        if len(prefix) > MOST[Column.PREFIX]:
            self._errors.append(finding("too_long", column=Column.PREFIX.value, most=MOST[Column.PREFIX]))
        return FullName(given, prefix, surname)

    def _birth(self) -> Birth | None:
        birth = self._parsed(Column.BIRTH_DATE, lambda x: parse_birth(x, self._today), "date_wrong")
        if birth is None or birth == Birth():
            return None
        if not possible_birth(birth, self._today):
            self._errors.append(finding("birth_date_impossible"))
        if birth.partial:
            self._warnings.append(finding("birth_date_partial"))
        return birth

    def _national_numbers(self) -> tuple[NationalNumber | None, NationalNumber | None]:
        first = self._parsed(Column.BSN, parse_bsn, "bsn_wrong")
        second = self._parsed(Column.EDUCATION_NUMBER, parse_bsn, "bsn_wrong")
        first_wrong = first is not None and is_education_number(first)
        second_wrong = second is not None and second.valid and not is_education_number(second)
        if (first_wrong and (second is None or second_wrong)) or (second_wrong and first is None):
            first, second = second, first
            self._warnings.append(finding("bsn_swapped"))
        if second is not None:
            second = NationalNumber(second.value, is_education_number(second))
        for number, column in ((first, Column.BSN), (second, Column.EDUCATION_NUMBER)):
            if number is not None and not number.valid:
                self._warnings.append(finding("bsn_check", column=column.value))
        return first, second

    def _day(self, column: Column) -> date | None:
        def plausible(text: str) -> date:
            day = parse_day(text, self._today)
            if day.year not in _PLAUSIBLE_YEARS:
                raise ValueError("no year of a school")
            return day

        return self._parsed(column, plausible, "date_wrong")

    def _stint(self) -> Stint:
        since = self._day(Column.SINCE)
        placed = self._day(Column.PLACED_SINCE), self._until(Column.PLACED_UNTIL)
        has_end = Column.UNTIL in self._header.places
        end_text = self._text(Column.UNTIL)
        if end_text is not None and end_text.casefold() in NO_END:
            return Stint(self._text(Column.GROUP), since, None, False, True, *placed)
        until = self._until(Column.UNTIL)
        if not has_end and Column.PLACED_UNTIL in self._header.places:
            # the list knows places only: the pupil leaves when the last of them ends
            has_end, until = True, placed[1]
        if (since and until and until <= since) or (placed[0] and placed[1] and placed[1] <= placed[0]):
            self._errors.append(finding("end_before_start"))
        return Stint(self._text(Column.GROUP), since, until, (until is not None) if has_end else None, False, *placed)

    def _until(self, column: Column) -> date | None:
        """The day after the last one, whichever of the two the list writes."""
        day = self._day(column)
        return day + timedelta(days=1) if day and self._table.end_day is EndDay.LAST_DAY else day

    def _carers(self) -> tuple[CarerCells, ...]:
        found = []
        for position, (name, email, relation, authority) in enumerate(CARER_COLUMNS, start=1):
            cells = CarerCells(
                position,
                self._text(name),
                self._email(email),
                self._text(relation),
                self._parsed(authority, parse_yes_no, "yes_no_wrong"),
            )
            if cells != CarerCells(position):
                found.append(cells)
        emails = [x.email.casefold() for x in found if x.email]
        if len(set(emails)) < len(emails):
            self._warnings.append(finding("email_shared"))
        return tuple(found)


def _at(code: str, column: Column) -> Finding:
    return finding(code, column=column.value)
