"""Takes a mail or a ZIP apart into the job's folder: the task of the child, and what its answer means here.

What comes of each part is for `ingest.rules.parts`. Nothing is ever written under a name that came with the file.
"""

import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import PIL.Image

from ingest.readers.blocks import letters
from ingest.readers.containers import list_is_bounded
from ingest.readers.errors import ReadFailed
from ingest.readers.mail import Mail, without_attachments
from ingest.readers.outlook import as_mail_file
from ingest.readers.written import mail_of
from ingest.rules.dossier_zip.entries import EntryFacts, EntryLimits, Taken, decode_name
from ingest.rules.dossier_zip.entries import judge as judge_entries
from ingest.rules.parts import Found, PartLimits

_PIECE = 1024 * 1024
_UTF8, _ENCRYPTED, _UNIX = 0x800, 0x1, 3
_LOCAL_HEADER = 30
# NotImplementedError is how zipfile says that it does not know a way of packing.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, UnicodeDecodeError, struct.error,
    ValueError, OverflowError,
)  # fmt: skip


def unpack(path: Path, kind: str, folder: Path, most: PartLimits) -> dict[str, Any]:
    """Take the file at `path` of `kind` (zip, eml, msg) apart. JSON data for `found`. Raises `ReadFailed`."""
    parts = _zip(path, folder, most) if kind == "zip" else _mail(path, kind, folder, most)
    return {"parts": [asdict(x) for x in parts]}


def found(answer: Mapping[str, Any]) -> tuple[Found, ...]:
    """What a child told. Names of files are taken as names only."""
    return tuple(_found(x) for x in answer["parts"])


def _found(raw: Mapping[str, Any]) -> Found:
    def maybe(name: str) -> int | None:
        return None if raw[name] is None else int(raw[name])

    return Found(
        name=str(raw["name"]),
        file=Path(str(raw["file"])).name if raw["file"] else "",
        size=int(raw["size"]),
        media_type=str(raw["media_type"]),
        fault=str(raw["fault"]),
        message=bool(raw["message"]),
        letters=int(raw["letters"]),
        inline=bool(raw["inline"]),
        referenced=bool(raw["referenced"]),
        width=maybe("width"),
        height=maybe("height"),
        packed=int(raw["packed"]),
        encrypted=bool(raw["encrypted"]),
        method=int(raw["method"]),
        mode=int(raw["mode"]),
    )


def _zip(path: Path, folder: Path, most: PartLimits) -> list[Found]:
    if not list_is_bounded(path):
        raise ReadFailed("read_broken")
    try:
        with zipfile.ZipFile(path) as file:
            infos = [x for x in file.infolist() if not x.is_dir()]
            return _entries(file, infos, folder, most)
    except _BROKEN as fault:
        raise ReadFailed("read_broken") from fault


def _entries(file: zipfile.ZipFile, infos: Sequence[zipfile.ZipInfo], folder: Path, most: PartLimits) -> list[Found]:
    facts = [_facts(at, info) for at, info in enumerate(infos)]
    verdicts = judge_entries(facts, EntryLimits(most.one))
    spans = sorted((x.header_offset, x.compress_size) for x in infos)
    overlapping = any(here + _LOCAL_HEADER + size > there for (here, size), (there, _) in pairwise(spans))
    parts: list[Found] = []
    taken, room = 0, most.all
    for entry, info, verdict in zip(facts, infos, verdicts, strict=True):
        name, fault = "", ""
        if isinstance(verdict, Taken):
            if overlapping:
                fault = "part_overlapping"
            elif taken >= most.count:
                fault = "part_too_many"
            elif entry.size > room:
                fault = "part_too_much"
            elif _extract(file, info, folder / f"part-{entry.position:05d}"):
                name = f"part-{entry.position:05d}"
                taken, room = taken + 1, room - entry.size
            else:
                fault = "part_broken"
        parts.append(
            Found(
                entry.path,
                name,
                entry.size,
                fault=fault,
                packed=entry.packed,
                encrypted=entry.encrypted,
                method=entry.method,
                mode=entry.mode,
            )
        )
    return parts


def _facts(at: int, info: zipfile.ZipInfo) -> EntryFacts:
    marked = bool(info.flag_bits & _UTF8)
    raw = info.orig_filename.encode("utf-8" if marked else "cp437", "replace")
    return EntryFacts(
        position=at,
        path=decode_name(raw, marked).replace("\\", "/"),
        size=info.file_size,
        packed=info.compress_size,
        encrypted=bool(info.flag_bits & _ENCRYPTED),
        method=info.compress_type,
        mode=info.external_attr >> 16 if info.create_system == _UNIX else 0,
    )


def _extract(file: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path) -> bool:
    """Write one file out; never more than the list says. False, and nothing kept, where it is broken."""
    left = info.file_size
    try:
        with file.open(info) as source, target.open("wb") as out:
            while piece := source.read(min(_PIECE, left + 1)):
                left -= len(piece)
                if left < 0:
                    break
                out.write(piece)
    except _BROKEN:
        left = -1
    if left:
        target.unlink(missing_ok=True)
    return not left


def _mail(path: Path, kind: str, folder: Path, most: PartLimits) -> list[Found]:
    mail = mail_of(path, kind)
    parts = [_message(mail, path, kind, folder)]
    room = most.all
    for number, one in enumerate(mail.attachments, 1):
        file = f"part-{number:05d}"
        fault = one.fault
        if not fault and number > most.count:
            fault = "part_too_many"
        elif not fault and (len(one.data) > room or len(one.data) > most.one):
            fault = "part_too_much"
        width, height = _pixels(one.data, one.media_type)
        if fault or not one.data:
            file = ""
        else:
            (folder / file).write_bytes(one.data)
            room -= len(one.data)
        parts.append(
            Found(
                one.name,
                file,
                len(one.data),
                one.media_type,
                fault,
                inline=one.inline,
                referenced=mail.refers_to(one.content_id),
                width=width,
                height=height,
            )
        )
    return parts


def _message(mail: Mail, path: Path, kind: str, folder: Path) -> Found:
    """The mail itself without what hangs on it, first of the parts."""
    names = [x.name for x in mail.attachments]
    data = without_attachments(path.read_bytes(), names) if kind == "eml" else as_mail_file(mail, attachments=False)
    (folder / "part-00000").write_bytes(data)
    name = f"{mail.head.get('Subject', '')[:120].strip() or 'bericht'}.eml"
    return Found(name, "part-00000", len(data), "message/rfc822", message=True, letters=letters(mail.words()))


def _pixels(data: bytes, media_type: str) -> tuple[int | None, int | None]:
    """The size of a picture, by its head; nothing is decoded."""
    if not media_type.startswith("image/") or not data:
        return None, None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with PIL.Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP"]) as image:
                return image.width, image.height
    except MemoryError:
        raise
    except Exception:  # what does not open as a picture is judged as a file, later
        return None, None
