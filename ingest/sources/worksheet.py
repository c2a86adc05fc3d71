"""Reads a pupil list out of an XLSX file. What it would unpack to is measured before anything is unpacked.

An entry never yields more than the archive's directory says (the reader stops there), so that the sum of those sizes
bounds the work. Formulas give the value that was stored with them; nothing is calculated, fetched or run. With
defusedxml present the library reads its XML without document types.
"""

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from itertools import islice
from typing import IO, Any
from zipfile import BadZipFile, ZipFile

from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from ingest.rules.pupils.columns import read_header
from ingest.rules.pupils.guess import HEADER_WITHIN, Reading
from ingest.rules.pupils.table import MOST_ROWS, Rows, Sheet, too_many_rows

MOST_UNPACKED = 150 * 1024 * 1024
MOST_RATIO = 150
MOST_ENTRIES = 2_000
MOST_COLUMNS = 300
MOST_SHEETS = 50
MOST_CELL = 4_000
_SMALL = 1024 * 1024
"""Entries up to this size may be packed as tightly as they like: empty sheets are."""

_BOOLEANS = {True: "ja", False: "nee"}


def read_worksheet(file: IO[bytes], reading: Reading | None = None) -> Sheet:
    """The rows of the sheet that was asked for, else of the one that looks most like a pupil list.

    Raises BadInput for what is no XLSX, unpacks to far more than it is, or is larger than any school's list.
    """
    import openpyxl  # a third of a second, which every command and process would pay that never sees a list
    from openpyxl.utils.exceptions import InvalidFileException

    wanted = reading or Reading()
    _measure(file)
    file.seek(0)
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError, TypeError, AttributeError):
        raise _broken() from None
    except Exception as fault:
        if _is_xml_fault(fault):
            raise _broken() from None
        raise
    try:
        names = tuple(book.sheetnames[:MOST_SHEETS])
        if not names:
            raise _broken()
        asked = wanted.sheet if wanted.sheet in names else None
        chosen = asked or _best(book, names, wanted)
        return Sheet("xlsx", "", _rows(book, chosen, MOST_ROWS + HEADER_WITHIN), chosen, names)
    except BadInput:
        raise
    except Exception as fault:
        if isinstance(fault, BadZipFile | KeyError | ValueError | OSError | TypeError | AttributeError) or (
            _is_xml_fault(fault)
        ):
            raise _broken() from None
        raise
    finally:
        book.close()


def _is_xml_fault(fault: Exception) -> bool:
    """Whether the library's XML reader gave up: not well-formed, or with a document type."""
    return type(fault).__module__.partition(".")[0] in ("xml", "lxml", "defusedxml", "zlib")


def _measure(file: IO[bytes]) -> None:
    try:
        with ZipFile(file) as archive:
            entries = archive.infolist()
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        raise _broken() from None
    if any(x.flag_bits & 0x1 for x in entries):
        raise BadInput(
            N_("Het werkblad is met een wachtwoord beveiligd."),
            N_("Haal het wachtwoord eraf en probeer het opnieuw."),
            code="encrypted",
        )
    packed_tightly = any(x.file_size > _SMALL and x.file_size > MOST_RATIO * max(x.compress_size, 1) for x in entries)
    if len(entries) > MOST_ENTRIES or sum(x.file_size for x in entries) > MOST_UNPACKED or packed_tightly:
        raise BadInput(
            N_("Het werkblad wordt bij het uitpakken veel te groot."),
            N_("Maak het bestand opnieuw, of sla het op als CSV."),
            code="bomb",
        )
    if any(x.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for x in entries):
        raise _broken()


def _broken() -> BadInput:
    return BadInput(
        N_("Het werkblad is beschadigd of is geen XLSX-bestand."),
        N_("Open het in het rekenprogramma en sla het opnieuw op als XLSX of CSV."),
        code="not_xlsx",
    )


def _best(book: Any, names: Sequence[str], reading: Reading) -> str:  # noqa: ANN401 - the library has no types
    """The sheet with most known headings among its first rows; of equal ones the first."""
    own = {k: v for x in reading.saved for k, v in x.headings.items()}

    def known(name: str) -> int:
        return max((len(read_header(cells, own).places) for _, cells in _rows(book, name, HEADER_WITHIN)), default=0)

    return max(names, key=known) if len(names) > 1 else names[0]


def _rows(book: Any, name: str, most: int) -> Rows:  # noqa: ANN401 - the library has no types
    """The rows down to `most`. Further right than the widest of the first rows nothing has a heading: left alone."""
    columns = MOST_COLUMNS
    if most > HEADER_WITHIN:
        first = islice(_limited(_texts(book[name], columns), most), HEADER_WITHIN)
        columns = max((len(cells) for _, cells in first), default=columns)
    return tuple(_limited(_texts(book[name], columns), most))


def _limited(rows: Iterator[tuple[int, tuple[str, ...]]], most: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Rows with text. Stops at `most` where that is only a look, refuses a whole list that is longer."""
    count = 0
    for at, cells in rows:
        if at > most and most <= HEADER_WITHIN:
            return
        if any(cells):
            count += 1
            if count > most:
                raise too_many_rows()
            yield at, cells
        elif at > 20 * MOST_ROWS:
            return


def _texts(sheet: Any, columns: int) -> Iterator[tuple[int, tuple[str, ...]]]:  # noqa: ANN401 - the library has no types
    if not hasattr(sheet, "iter_rows"):  # a sheet with a chart only
        return
    for at, values in enumerate(sheet.iter_rows(values_only=True, max_col=columns), start=1):
        cells = [_text(x) for x in values]
        while cells and not cells[-1]:
            cells.pop()
        yield at, tuple(cells)


def _text(value: object) -> str:
    """A cell as a person reads it; a number loses no digits, a date no day."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _BOOLEANS[value]
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)[:MOST_CELL]


def worksheet_of(data: bytes, reading: Reading | None = None) -> Sheet:
    """`read_worksheet` of a whole file in memory."""
    return read_worksheet(io.BytesIO(data), reading)
