"""A pupil file of any format: what it is, seen from its first bytes, and how to read it. The rules judge it."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO

from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from dms.model.pupil_files import LISTS, EndDay, FileFormat
from ingest.rules.pupils.edex import read_edex
from ingest.rules.pupils.file import PupilFile, file_of
from ingest.rules.pupils.guess import Reading, Understood, understand
from ingest.rules.pupils.table import Sheet, read_sheet, table_of
from ingest.sources.edexml import read_edexml
from ingest.sources.worksheet import read_worksheet

MOST_LIST_BYTES = 20 * 1024 * 1024
MOST_XML_BYTES = 100 * 1024 * 1024
_CHUNK = 256 * 1024
_LOOK = 4096
_OLE = b"\xd0\xcf\x11\xe0"
_XML_STARTS = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe<\0", b"\xfe\xff\0<")

Progress = Callable[[int], None]
"""Hears how many bytes of the file were read."""


def read_pupil_file(
    file: IO[bytes],
    brin: str,
    today: date,
    reading: Reading | None = None,
    progress: Progress = lambda count: None,
    end_day: EndDay = EndDay.LAST_DAY,
) -> PupilFile:
    """What `file` (from its start, seekable) says for the school with `brin`. Raises BadInput for a whole refusal."""
    if format_of(file) is None:
        raw = read_edexml(_chunks(file, MOST_XML_BYTES), progress)
        return read_edex(raw, brin, today, (reading.end_day if reading else None) or end_day)
    kind, sheet = open_list(file, reading)
    progress(file.tell())
    return file_of(table_of(sheet, reading), kind, brin, today)


def format_of(file: IO[bytes]) -> FileFormat | None:
    """CSV or XLSX, or None for XML, of which the root says more. Raises BadInput for an old worksheet."""
    file.seek(0)
    head = file.read(_LOOK)
    file.seek(0)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return FileFormat.XLSX
    if head.startswith(_OLE):
        raise BadInput(
            N_("Dit is een werkblad in een oude vorm, of een beveiligd werkblad."),
            N_("Open het in het rekenprogramma en sla het op als XLSX of CSV, zonder wachtwoord."),
            code="old_worksheet",
        )
    return None if head.lstrip(b" \t\r\n").startswith(_XML_STARTS) else FileFormat.CSV


def open_list(file: IO[bytes], reading: Reading | None = None) -> tuple[FileFormat, Sheet]:
    """The rows of a list as text. Raises BadInput."""
    kind = format_of(file)
    _not_larger(file, MOST_LIST_BYTES)
    if kind is FileFormat.XLSX:
        return kind, read_worksheet(file, reading)
    if kind not in LISTS:
        raise BadInput(
            N_("Dit bestand heeft geen kolommen."), N_("EDEXML en UWLR noemen zelf wat alles is."), code="not_csv"
        )
    return FileFormat.CSV, read_sheet(file.read(), reading)


@dataclass(frozen=True, slots=True)
class ListLook:
    """A list before its columns are agreed on."""

    format: FileFormat
    sheet: Sheet
    understood: Understood


def look_at_list(file: IO[bytes], reading: Reading) -> ListLook:
    """How a list was understood, also where it will not do yet. Raises BadInput for what is no list at all."""
    kind, sheet = open_list(file, reading)
    return ListLook(kind, sheet, understand(sheet.rows, reading))


def open_path(path: Path) -> IO[bytes]:
    """The file on disk. Raises BadInput; the message holds no path, which may carry a name."""
    try:
        return path.open("rb")
    except OSError:
        raise BadInput(
            N_("Het bestand is niet te openen."), N_("Kijk of het bestaat en of u het mag lezen."), code="unreadable"
        ) from None


def _not_larger(file: IO[bytes], most: int) -> None:
    size = file.seek(0, 2)
    file.seek(0)
    if size > most:
        raise _too_large(most)


def _chunks(file: IO[bytes], most: int) -> Iterator[bytes]:
    size = 0
    with suppress(OSError):
        file.seek(0)
    while chunk := file.read(_CHUNK):
        size += len(chunk)
        if size > most:
            raise _too_large(most)
        yield chunk


def _too_large(most: int) -> BadInput:
    return BadInput(
        N_("Het bestand is groter dan %(most)d MB."),
        N_("Verdeel het over meer bestanden."),
        code="too_large",
        params={"most": most // (1024 * 1024)},
    )
