"""What Outlook packs into `winmail.dat`: files and the words of a mail. Source: [MS-OXTNEF] 2.1.

Only what is needed: attributes of attachments and the body. Everything is bounded by the size of the file itself.
"""

import struct
from dataclasses import dataclass, field

SIGNATURE = b"\x78\x9f\x3e\x22"
_BODY, _MESSAGE_PROPERTIES = 0x0002800C, 0x00069003
_BEGIN, _TITLE, _DATA, _PROPERTIES = 0x00069002, 0x00018010, 0x0006800F, 0x00069005
_LONG_NAME, _HTML = 0x3707, 0x1013
_MOST_FILES, _MOST_PROPERTIES = 500, 2000
_FIXED = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_STRING, _WIDE_STRING, _OBJECT, _BINARY = 0x1E, 0x1F, 0x0D, 0x102


@dataclass(slots=True)
class File:
    """A file in the pack."""

    name: str = "bijlage"
    data: bytes = b""


@dataclass(slots=True)
class Pack:
    """What was packed."""

    files: list[File] = field(default_factory=list)
    plain: str = ""
    html: str = ""


def is_tnef(data: bytes) -> bool:
    """Whether this is such a pack."""
    return data.startswith(SIGNATURE)


def read(data: bytes) -> Pack | None:
    """What is in the pack; None where it is broken before its first file."""
    pack = Pack()
    at = 6
    while at + 9 <= len(data) and len(pack.files) <= _MOST_FILES:
        attribute, length = struct.unpack_from("<II", data, at + 1)
        at += 9
        if length > len(data) - at:
            break
        value = data[at : at + length]
        at += length + 2
        if attribute == _BEGIN:
            pack.files.append(File())
        elif attribute == _BODY:
            pack.plain = value.rstrip(b"\0").decode("cp1252", "replace")
        elif attribute == _MESSAGE_PROPERTIES:
            pack.html = _properties(value).get(_HTML, b"").decode("utf-8", "replace")
        elif pack.files and attribute == _TITLE:
            pack.files[-1].name = value.rstrip(b"\0").decode("cp1252", "replace") or "bijlage"
        elif pack.files and attribute == _DATA:
            pack.files[-1].data = value
        elif pack.files and attribute == _PROPERTIES:
            name = _properties(value).get(_LONG_NAME)
            if name:
                pack.files[-1].name = name.decode("utf-8", "replace")
    pack.files = [x for x in pack.files if x.data]
    return pack if pack.files or pack.plain or pack.html else None


def _properties(data: bytes) -> dict[int, bytes]:
    """Long properties by their number: strings as UTF-8, the rest as it is. What is broken ends the list."""
    found: dict[int, bytes] = {}
    try:
        (count,) = struct.unpack_from("<I", data, 0)
        at = 4
        for _ in range(min(count, _MOST_PROPERTIES)):
            kind, number = struct.unpack_from("<HH", data, at)
            at += 4
            if number >= 0x8000:
                at = _past_name(data, at)
            size = _FIXED.get(kind)
            if size is not None:
                at += size
                continue
            if kind not in (_STRING, _WIDE_STRING, _OBJECT, _BINARY):
                return found
            (values,) = struct.unpack_from("<I", data, at)
            at += 4
            for _ in range(min(values, _MOST_PROPERTIES)):
                (length,) = struct.unpack_from("<I", data, at)
                value = data[at + 4 : at + 4 + length]
                at += 4 + length + (-length % 4)
                found[number] = _readable(kind, value)
    except struct.error:
        pass
    return found


def _past_name(data: bytes, at: int) -> int:
    """Where a property goes on after its own name."""
    (kind,) = struct.unpack_from("<I", data, at + 16)
    if kind == 0:
        return at + 24
    (length,) = struct.unpack_from("<I", data, at + 20)
    return int(at + 24 + length + (-length % 4))


def _readable(kind: int, value: bytes) -> bytes:
    if kind == _WIDE_STRING:
        return value.decode("utf-16-le", "replace").rstrip("\0").encode()
    if kind == _STRING:
        return value.rstrip(b"\0").decode("cp1252", "replace").encode()
    return value
