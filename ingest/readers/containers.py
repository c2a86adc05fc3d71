"""What a ZIP or an OLE file really is, and whether a password is on it: a look at its list of contents only.

Office files are one of the two, and libmagic calls them by many names: `application/zip`, `application/x-ole-storage`,
or that of another program. Sources: ECMA-376 part 2 (content types), ODF 1.3 part 2 (mimetype, encryption), [MS-CFB],
[MS-OFFCRYPTO] 2.3.4 (EncryptedPackage), [MS-DOC] 2.5.2 (fEncrypted), [MS-XLS] 2.4.117 (FilePass), [MS-PPT] 2.3.2
(CurrentUserAtom), [MS-OXMSG] 2.
"""

import contextlib
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import olefile

from ingest.rules.kinds import MEDIA_TYPES, FileKind

MOST_ENTRIES = 20_000
MOST_LIST_BYTES = 8 * 1024 * 1024
_TAIL = 70_000
_SMALL = 1024 * 1024
_ENCRYPTED = 1
_DEFLATED = (0, 8)
_MAIN_PARTS = {
    b"wordprocessingml.document.main+xml": FileKind.DOCX,
    b"wordprocessingml.template.main+xml": FileKind.DOCX,
    b"ms-word.document.macroenabled.main+xml": FileKind.DOCX,
    b"spreadsheetml.sheet.main+xml": FileKind.XLSX,
    b"spreadsheetml.template.main+xml": FileKind.XLSX,
    b"ms-excel.sheet.macroenabled.main+xml": FileKind.XLSX,
    b"presentationml.presentation.main+xml": FileKind.PPTX,
    b"presentationml.slideshow.main+xml": FileKind.PPTX,
    b"ms-powerpoint.presentation.macroenabled.main+xml": FileKind.PPTX,
}
_OPEN_DOCUMENT = {MEDIA_TYPES[x].encode(): x for x in (FileKind.ODT, FileKind.ODS, FileKind.ODP)}
_TEMPLATES = {key + b"-template": kind for key, kind in _OPEN_DOCUMENT.items()}
_FILE_PASS = 0x002F
_BOF = (0x0809, 0x0409, 0x0209, 0x0009)
_LOCKED_SHOW = 0xF3D1C4DF


def look_at_zip(path: Path) -> dict[str, Any]:
    """Media type, and whether it is encrypted, of the ZIP at `path`; `parse_error` where its list cannot be read.

    An Open XML file that is encrypted is no ZIP (see `look_at_ole`); one whose parts are locked does not open either.
    """
    try:
        if not list_is_bounded(path):
            return {"media_type": MEDIA_TYPES[FileKind.ZIP], "parse_error": True}
        with zipfile.ZipFile(path) as file:
            infos = file.infolist()
            kind = _kind_of(file, {x.filename for x in infos})
            locked = [bool(x.flag_bits & _ENCRYPTED) for x in infos if not x.is_dir()]
            encrypted = (
                bool(locked) and all(locked) if kind is FileKind.ZIP else any(locked) or _is_locked_document(file)
            )
            pages = None if kind is not FileKind.ZIP else len(locked)
    except MemoryError:
        raise
    except Exception:  # zipfile raises nearly anything on broken lists
        return {"media_type": MEDIA_TYPES[FileKind.ZIP], "parse_error": True}
    found: dict[str, Any] = {"media_type": MEDIA_TYPES[kind], "encrypted": encrypted}
    return found if pages is None or pages else found | {"parse_error": True}


def list_is_bounded(path: Path) -> bool:
    """Whether the list of contents is small enough to be read into memory."""
    with path.open("rb") as file:
        end = file.seek(0, 2)
        file.seek(max(0, end - _TAIL))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 22:
        return False
    entries = int.from_bytes(tail[at + 10 : at + 12], "little")
    size = int.from_bytes(tail[at + 12 : at + 16], "little")
    return entries <= MOST_ENTRIES and size <= MOST_LIST_BYTES


def look_at_ole(path: Path, media_type: str) -> dict[str, Any]:
    """Media type, and whether it is encrypted, of the OLE file at `path`; what it was called before where unknown."""
    try:
        with olefile.OleFileIO(str(path)) as ole:
            names = {"/".join(x).casefold() for x in ole.listdir(streams=True, storages=False)}
            if "encryptedpackage" in names:
                return {"media_type": MEDIA_TYPES[FileKind.DOCX], "encrypted": True}
            if "__properties_version1.0" in names:
                return {"media_type": MEDIA_TYPES[FileKind.MSG], "encrypted": False}
            if "worddocument" in names:
                return _found(FileKind.DOC, _word_locked(ole))
            if names & {"workbook", "book"}:
                return _found(FileKind.XLS, _sheet_locked(ole, "Workbook" if "workbook" in names else "Book"))
            if "powerpoint document" in names:
                return _found(FileKind.PPT, _show_locked(ole))
    except MemoryError:
        raise
    except Exception:  # olefile raises nearly anything on broken files
        return {"media_type": media_type, "parse_error": True}
    return {"media_type": media_type}


def _found(kind: FileKind, encrypted: bool) -> dict[str, Any]:
    return {"media_type": MEDIA_TYPES[kind], "encrypted": encrypted}


def _kind_of(file: zipfile.ZipFile, names: set[str]) -> FileKind:
    """By the content types of an Open XML file, or the `mimetype` of an OpenDocument; else it is a mere ZIP."""
    if "[Content_Types].xml" in names:
        types = _beginning(file, "[Content_Types].xml").lower()
        return next((kind for part, kind in _MAIN_PARTS.items() if part in types), FileKind.ZIP)
    if "mimetype" in names:
        declared = _beginning(file, "mimetype").strip()
        return (_OPEN_DOCUMENT | _TEMPLATES).get(declared, FileKind.ZIP)
    return FileKind.ZIP


def _is_locked_document(file: zipfile.ZipFile) -> bool:
    """Whether the parts of an OpenDocument are encrypted: its manifest says so."""
    with contextlib.suppress(KeyError):
        return b"encryption-data" in _beginning(file, "META-INF/manifest.xml")
    return False


def _beginning(file: zipfile.ZipFile, name: str) -> bytes:
    """The first megabyte of a part; whatever it unpacks to, no more is kept."""
    info = file.getinfo(name)
    if info.flag_bits & _ENCRYPTED or info.compress_type not in _DEFLATED:
        return b""
    with file.open(info) as part:
        return part.read(_SMALL)


def _word_locked(ole: Any) -> bool:  # noqa: ANN401 - olefile has no types
    with ole.openstream("WordDocument") as stream:
        head = stream.read(12)
    return len(head) == 12 and bool(int.from_bytes(head[10:12], "little") & 0x0100)


def _sheet_locked(ole: Any, name: str) -> bool:  # noqa: ANN401
    """Whether one of the first records of a worksheet says that a password is on the rest."""
    with ole.openstream(name) as stream:
        data = stream.read(4096)
    at = 0
    for _ in range(20):
        if at + 4 > len(data):
            return False
        number, length = int.from_bytes(data[at : at + 2], "little"), int.from_bytes(data[at + 2 : at + 4], "little")
        if number == _FILE_PASS:
            return True
        if at == 0 and number not in _BOF:
            return False
        at += 4 + length
    return False


def _show_locked(ole: Any) -> bool:  # noqa: ANN401
    with contextlib.suppress(OSError), ole.openstream("Current User") as stream:
        head = stream.read(16)
        return len(head) == 16 and int.from_bytes(head[12:16], "little") == _LOCKED_SHOW
    return False


LOOKS: Mapping[str, str] = {
    "application/zip": "zip",
    "application/x-ole-storage": "ole",
    "application/cdfv2": "ole",
    "application/cdfv2-encrypted": "ole",
    "application/encrypted": "ole",
}
"""Names that libmagic has for what is one of the two and nothing more."""
