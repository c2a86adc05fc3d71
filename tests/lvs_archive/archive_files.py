"""Archives as an LVS, a careless colleague or an attacker would make them."""

import io
import struct
import zipfile
import zlib
from collections.abc import Sequence
from datetime import date

from reportlab.pdfgen.canvas import Canvas

HEAD = "leerlingnummer;geboortedatum;achternaam;bestand;categorie;omschrijving;datum;schooljaar;vertrouwelijkheid;auteur;sha256;bron_id"  # noqa: E501


def pdf(*lines: str) -> bytes:
    """A born-digital page."""
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    for nth, line in enumerate(lines):
        canvas.drawString(72, 760 - 16 * nth, line)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def archive(files: Sequence[tuple[str | zipfile.ZipInfo, bytes]], manifest: Sequence[str] | None = None) -> bytes:
    """A ZIP with `files`; `manifest` are the lines below its heading."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        if manifest is not None:
            made.writestr("manifest.csv", "\ufeff" + "\r\n".join([HEAD, *manifest]) + "\r\n")
        for name, data in files:
            made.writestr(name, data)
    return out.getvalue()


def row(
    number: str = "",
    birth: date | str = "",
    surname: str = "",
    file: str = "",
    category: str = "",
    title: str = "",
    day: str = "",
    level: str = "",
    sha256: str = "",
    source_id: str = "",
) -> str:
    """One line of a manifest."""
    return ";".join((number, str(birth), surname, file, category, title, day, "", level, "", sha256, source_id))


def link(name: str) -> zipfile.ZipInfo:
    """A symbolic link, as Unix programs pack it."""
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, 0o120777 << 16
    return info


def raw_archive(entries: Sequence[tuple[bytes, bytes, int]]) -> bytes:
    """A ZIP byte for byte: name as it stands, data, flags. For names that `zipfile` would not write."""
    body, listing = b"", b""
    for name, data, flags in entries:
        packed = zlib.compress(data, wbits=-15)
        sizes = struct.pack("<LLL", zlib.crc32(data), len(packed), len(data))
        offset = len(body)
        body += struct.pack("<4sHHHHH", b"PK\x03\x04", 20, flags, 8, 0, 33) + sizes
        body += struct.pack("<HH", len(name), 0) + name + packed
        listing += struct.pack("<4sHHHHHH", b"PK\x01\x02", 20, 20, flags, 8, 0, 33) + sizes
        listing += struct.pack("<HHHHHLL", len(name), 0, 0, 0, 0, 0, offset) + name
    end = struct.pack("<4sHHHHLLH", b"PK\x05\x06", 0, 0, len(entries), len(entries), len(listing), len(body), 0)
    return body + listing + end


def bomb(megabytes: int = 64) -> bytes:
    """Zeros, to be packed."""
    return bytes(megabytes * 1024 * 1024)


def overlapping(copies: int = 50) -> bytes:
    """An archive in which every line of the list points at the same bytes."""
    made = bytearray(raw_archive([(f"{x:03d}.pdf".encode(), b"x" * 5000, 0) for x in range(copies)]))
    at = made.index(b"PK\x01\x02")
    for _ in range(copies):
        made[at + 42 : at + 46] = struct.pack("<L", 0)
        at = made.find(b"PK\x01\x02", at + 4)
    return bytes(made)
