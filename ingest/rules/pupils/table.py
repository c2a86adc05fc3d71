"""From the bytes of a text file to a header and rows. Guesses encoding, delimiter and header row.

A file that cannot be used as a whole raises BadInput; nothing of its content goes into the message.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from ingest.rules.pupils.columns import Header, read_header

DELIMITERS = ";,\t"
HEADER_WITHIN = 20
"""The header stands in one of the first this many rows."""
MOST_ROWS = 50_000

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Table:
    """A pupil list as text. Rows are (row number in a spreadsheet, cells); rows without any text are left out."""

    encoding: str
    delimiter: str
    header_row: int
    header: Header
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read_table(data: bytes) -> Table:
    """Find encoding (utf-8, utf-16 with its mark, else cp1252), delimiter, header and rows. Raises BadInput."""
    text, encoding = decode(data)
    found = max((_find_header(text, delimiter) for delimiter in DELIMITERS), key=lambda x: len(x[1].places))
    number, header, delimiter = found
    if not header.usable:
        raise BadInput(
            N_("Het bestand heeft geen rij met kolomnamen die we kennen."),
            N_("Zorg voor minstens de kolommen leerlingnummer en achternaam of roepnaam."),
            code="header_missing",
        )
    if header.doubled:
        raise BadInput(
            N_("Een kolom staat twee keer in het bestand."),
            N_("Haal een van de twee kolommen weg."),
            code="column_twice",
        )
    rows = tuple((at, cells) for at, cells in _rows(text, delimiter) if at > number and any(x.strip() for x in cells))
    if not rows:
        raise BadInput(
            N_("Er staan geen leerlingen in het bestand."), N_("Kies een bestand met leerlingen."), code="empty"
        )
    if len(rows) > MOST_ROWS:
        raise BadInput(
            N_("Het bestand heeft meer dan %(most)d rijen."),
            N_("Verdeel het over meer bestanden."),
            code="too_many_rows",
            params={"most": MOST_ROWS},
        )
    return Table(encoding, delimiter, number, header, rows)


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


def _find_header(text: str, delimiter: str) -> tuple[int, Header, str]:
    best = (0, read_header(()), delimiter)
    try:
        for at, cells in islice(_rows(text, delimiter), HEADER_WITHIN):
            header = read_header(cells)
            if len(header.places) > len(best[1].places):
                best = (at, header, delimiter)
    except BadInput:
        pass  # the wrong delimiter may see quotes where there are none; the right one is read again in full
    return best


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
