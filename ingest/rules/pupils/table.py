"""From the bytes of a text file to a header and rows. Guesses encoding, delimiter and header row.

A file that cannot be used as a whole raises BadInput; nothing of its content goes into the message.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from dms.model.pupil_files import EndDay
from ingest.rules.pupils.columns import Header, read_header
from ingest.rules.pupils.guess import HEADER_WITHIN, Reading, Understood, understand

DELIMITERS = ";,\t"
MOST_ROWS = 50_000

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"

Rows = tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list as text, whatever it came out of. Rows are (row number in a spreadsheet, cells), empty ones left out."""

    encoding: str
    delimiter: str
    rows: Rows
    name: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A pupil list with its header understood. `genders`: codes that this form of list defines."""

    encoding: str
    delimiter: str
    header_row: int
    header: Header
    rows: Rows
    end_day: EndDay = EndDay.LAST_DAY
    preset: str = ""
    genders: Mapping[str, str] = field(default_factory=dict)


def read_table(data: bytes, reading: Reading | None = None) -> Table:
    """Find encoding (utf-8, utf-16 with its mark, else cp1252), delimiter, header and rows. Raises BadInput."""
    return table_of(read_sheet(data, reading), reading)


def table_of(sheet: Sheet, reading: Reading | None = None) -> Table:
    """The list on `sheet` with its columns named. Raises BadInput where they cannot be."""
    found = understand(sheet.rows, reading or Reading())
    if not found.header.usable:
        raise BadInput(
            N_("Het bestand heeft geen rij met kolomnamen die we kennen."),
            N_("Zorg voor minstens de kolommen leerlingnummer en achternaam of roepnaam."),
            code="header_missing",
        )
    if found.header.doubled:
        raise BadInput(
            N_("Een kolom staat twee keer in het bestand."),
            N_("Haal een van de twee kolommen weg."),
            code="column_twice",
        )
    rows = tuple(x for x in sheet.rows if x[0] > found.row)
    if not rows:
        raise BadInput(
            N_("Er staan geen leerlingen in het bestand."), N_("Kies een bestand met leerlingen."), code="empty"
        )
    if len(rows) > MOST_ROWS:
        raise too_many_rows()
    return _table(sheet, found, rows)


def _table(sheet: Sheet, found: Understood, rows: Rows) -> Table:
    preset = found.preset
    return Table(
        sheet.encoding,
        sheet.delimiter,
        found.row,
        found.header,
        rows,
        found.end_day,
        preset.code if preset else "",
        preset.genders if preset else {},
    )


def too_many_rows() -> BadInput:
    """The refusal of a list that is longer than any school's."""
    return BadInput(
        N_("Het bestand heeft meer dan %(most)d rijen."),
        N_("Verdeel het over meer bestanden."),
        code="too_many_rows",
        params={"most": MOST_ROWS},
    )


def read_sheet(data: bytes, reading: Reading | None = None) -> Sheet:
    """The rows of a text file: encoding and delimiter found. Raises BadInput for what is no list in text."""
    text, encoding = decode(data)
    delimiter = max(DELIMITERS, key=lambda x: _fit(text, x, reading or Reading()))
    rows = tuple((at, cells) for at, cells in _rows(text, delimiter) if any(x.strip() for x in cells))
    return Sheet(encoding, delimiter, rows)


def decode(data: bytes) -> tuple[str, str]:
    """The text of `data` and the name of its encoding. Raises BadInput for what is no text."""
    if data.startswith((_ZIP, _OLE)):
        raise BadInput(
            N_("Dit is een werkblad of een ZIP-bestand, geen CSV-bestand."),
            N_("Kies in het rekenprogramma Opslaan als, en dan CSV."),
            code="not_csv",
        )
    if not data.strip():
        raise BadInput(N_("Het bestand is leeg."), N_("Kies een ander bestand."), code="empty")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        tries: tuple[str, ...] = ("utf-16",)
    elif b"\0" in data:
        tries = ()
    else:
        tries = ("utf-8-sig", "cp1252")
    for encoding in tries:
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise BadInput(
        N_("Het bestand is geen leesbare tekst."), N_("Maak het bestand opnieuw als CSV met UTF-8."), code="not_text"
    )


def _fit(text: str, delimiter: str, reading: Reading) -> tuple[int, int]:
    """How well a delimiter fits: known headings in the best of the first rows, then columns in most of them."""
    known, widths = 0, [1]
    own = {k: v for x in reading.saved for k, v in x.headings.items()}
    try:
        for _, cells in islice(_rows(text, delimiter), HEADER_WITHIN):
            known = max(known, len(read_header(cells, own).places))
            widths.append(len(cells))
    except BadInput:
        pass  # the wrong delimiter may see quotes where there are none; the right one is read again in full
    return known, sorted(widths)[len(widths) // 2]


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for at, cells in enumerate(reader, start=1):
            yield at, tuple(cells)
    except csv.Error:  # it may quote the cell: not chained
        raise BadInput(
            N_("Een cel in het bestand heeft geen einde of is te groot."),
            N_("Kijk of elk aanhalingsteken een tweede heeft."),
            code="broken_cells",
        ) from None
