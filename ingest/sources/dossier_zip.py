"""Reads an archive of dossiers without unpacking it: its list of contents, and one file at a time as a stream.

Nothing is written, no name becomes a path, and memory does not grow with the archive. Sizes, checksums and the list
itself are bounded before they are believed. What may come in is for `ingest.rules.dossier_zip` to decide.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from itertools import pairwise
from typing import BinaryIO

from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from ingest.rules.dossier_zip.entries import EntryFacts, decode_name

PIECE = 256 * 1024
HEAD = 1024
MOST_LIST_BYTES = 64 * 1024 * 1024
"""Of the list of contents; a hundred thousand files with long names take half of it."""
MOST_ENTRIES = 100_000
_END = struct.Struct("<4s4H2LH")
_END64_PLACE = struct.Struct("<4sLQL")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCAL_HEADER = 30
_UTF8 = 0x800
_ENCRYPTED = 0x1 | 0x2000
_TAIL = _END.size + 0xFFFF


class BrokenEntry(Exception):
    """One file of the archive cannot be unpacked; the others may be whole."""


class DossierZip:
    """An open archive. `file` must be seekable; it is not closed here."""

    def __init__(self, file: BinaryIO) -> None:
        """Read the list of contents. Raises BadInput for what is no archive, is cut off, or lists too much."""
        self._file = file
        _bounded_list(file)
        try:
            file.seek(0)
            self._zip = zipfile.ZipFile(file)
            self._infos = self._zip.infolist()
        except (
            zipfile.BadZipFile,
            UnicodeDecodeError,
            struct.error,
            ValueError,
            NotImplementedError,
            EOFError,
        ) as fault:
            raise broken_archive() from fault
        if any(x.header_offset < 0 for x in self._infos):
            raise broken_archive()

    def entries(self) -> tuple[EntryFacts, ...]:
        """All files in the order of the list; folders are left out."""
        found = []
        for position, info in enumerate(self._infos):
            path = decode_name(_raw_name(info), bool(info.flag_bits & _UTF8))
            path = path.replace("\\", "/")
            mode = info.external_attr >> 16 if info.create_system == 3 else 0
            if path.endswith("/") and not info.file_size:
                continue
            found.append(
                EntryFacts(
                    position=position,
                    path=path,
                    size=info.file_size,
                    packed=info.compress_size,
                    encrypted=bool(info.flag_bits & _ENCRYPTED),
                    method=info.compress_type,
                    mode=mode,
                )
            )
        return tuple(found)

    def overlapping(self) -> bool:
        """Whether files lie over one another, so that few bytes become very many."""
        spans = sorted((x.header_offset, x.compress_size) for x in self._infos)
        return any(here + _LOCAL_HEADER + size > there for (here, size), (there, _) in pairwise(spans))

    def head(self, position: int) -> bytes:
        """The first bytes of a file. Raises BrokenEntry."""
        pieces = self.open(position)
        found = b""
        for piece in pieces:
            found += piece
            if len(found) >= HEAD:
                break
        return found[:HEAD]

    def open(self, position: int) -> Iterator[bytes]:
        """The bytes of a file, at most PIECE at a time, checked to the end. Raises BrokenEntry.

        Never gives more bytes than the list says the file has.
        """
        info = self._infos[position]
        left = info.file_size
        try:
            with self._zip.open(info) as file:
                while piece := file.read(min(PIECE, left + 1)):
                    left -= len(piece)
                    if left < 0:
                        raise BrokenEntry
                    yield piece
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            RuntimeError,
            NotImplementedError,
            UnicodeDecodeError,
            struct.error,
            ValueError,
            OverflowError,
        ) as fault:
            raise BrokenEntry from fault
        if left:
            raise BrokenEntry

    def read(self, position: int, most: int) -> bytes:
        """A whole small file. Raises BadInput for one of more than `most` bytes, or that is broken."""
        if self._infos[position].file_size > most:
            raise BadInput(
                N_("Het overzicht in het archief is te groot."),
                N_("Splits het archief in delen."),
                code="manifest_too_large",
            )
        try:
            return b"".join(self.open(position))
        except BrokenEntry as fault:
            raise broken_archive() from fault


def broken_archive() -> BadInput:
    """The error for what is no archive or did not arrive whole."""
    return BadInput(
        N_("Dit is geen ZIP-archief, of het is beschadigd."),
        N_("Maak het archief opnieuw en controleer of het helemaal is gekopieerd."),
        code="archive_broken",
    )


def _raw_name(info: zipfile.ZipInfo) -> bytes:
    """The name as it stands in the archive; `zipfile` reads what is not marked as UTF-8 as CP437."""
    name = info.orig_filename
    return name.encode("utf-8" if info.flag_bits & _UTF8 else "cp437", "replace")


def _bounded_list(file: BinaryIO) -> None:
    """Refuse a list of contents that would take too much memory, before it is read."""
    end = file.seek(0, 2)
    file.seek(max(0, end - _TAIL))
    tail = file.read(_TAIL)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        raise broken_archive()
    _, _, _, _, entries, size, _, _ = _END.unpack_from(tail, at)
    place = at - _END64_PLACE.size
    if place >= 0 and tail[place : place + 4] == b"PK\x06\x07":
        _, _, offset, _ = _END64_PLACE.unpack_from(tail, place)
        if offset + _END64.size > end:
            raise broken_archive()
        file.seek(offset)
        record = file.read(_END64.size)
        if len(record) < _END64.size or record[:4] != b"PK\x06\x06":
            raise broken_archive()
        entries, size = _END64.unpack(record)[7:9]
    if size > MOST_LIST_BYTES or entries > MOST_ENTRIES:
        raise BadInput(
            N_("Er zitten te veel bestanden in het archief."),
            N_("Maak er delen van, elk met hoogstens %(most)d bestanden."),
            code="archive_bomb",
            params={"most": MOST_ENTRIES},
        )
