"""What kind of text a file is: a mail, a web page, or only text. libmagic goes by its first bytes: often wrong."""

import re
from pathlib import Path
from typing import Any

from ingest.rules.kinds import MEDIA_TYPES, FileKind

_HEAD = 16_384
_FIELD = re.compile(rb"^([A-Za-z][A-Za-z0-9-]{0,60}):[ \t]?(?=\S|\r?\n[ \t])", re.MULTILINE)
_OF_MAIL = frozenset({b"from", b"to", b"subject", b"date", b"received", b"return-path", b"message-id", b"mime-version"})
_SURE = frozenset({b"received", b"return-path", b"message-id", b"mime-version", b"delivered-to"})
_BEFORE = rb"^\s*+(?><\?xml[^>]*\?>\s*+)?+(?><!--.*?-->\s*+)*+"
"""What may stand before a page; possessive, else a row of comments could be read in ever so many ways."""
_PAGE = re.compile(_BEFORE + rb"<(!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.S)
_PIECE = re.compile(
    _BEFORE
    + rb"<(p|div|table|h[1-6]|span|font|center|b|strong|ul|ol|section|article|style|title)(?:\s[^<>]*)?>.*</\1\s*>",
    re.IGNORECASE | re.S,
)
"""A page without its beginning, as systems export notes."""
_PROGRAMS = re.compile(r"script|x-php|x-msdos-batch|x-shellscript|javascript|x-perl|x-python|x-ruby|x-lua")
_MARKUP = re.compile(rb"^\s*<(\?xml|svg|!doctype\s+(?!html))", re.IGNORECASE)


def look(path: Path, media_type: str) -> dict[str, Any]:
    """The media type of what may be text, by its beginning; nothing where there is nothing to add."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    texty = media_type.startswith(("text/", "message/")) or media_type in ("application/octet-stream", "inode/x-empty")
    if not texty and media_type not in ("application/x-wine-extension-ini", "application/csv"):
        return {}
    plain = head.removeprefix(b"\xef\xbb\xbf")
    if is_mail(plain):
        return {"media_type": MEDIA_TYPES[FileKind.EML]}
    page = media_type != "application/octet-stream" and (_PAGE.match(plain) or _PIECE.match(plain))
    if media_type == "text/html" or page:
        return {"media_type": MEDIA_TYPES[FileKind.HTML]}
    if media_type == "message/rfc822":  # some lines look like it, but no header of a mail
        return {"media_type": MEDIA_TYPES[FileKind.TXT]}
    if not media_type.startswith("text/") or media_type in ("text/rtf", "text/xml"):
        return {}
    if _PROGRAMS.search(media_type) and (head.startswith(b"#!") or b"<?php" in head):
        return {}
    if _MARKUP.match(plain) or (b"\0" in head and not _wide(head)):
        return {}
    return {"media_type": MEDIA_TYPES[FileKind.TXT]}


def is_mail(head: bytes) -> bool:
    """Whether the file begins with the head of a mail: fields only, up to an empty line, and those that mails have."""
    names: list[bytes] = []
    for number, line in enumerate(head.splitlines()):
        if not line.strip():
            break
        if number == 0 and line.startswith(b"From "):
            continue  # how mailboxes part their messages
        if line[:1] in b" \t":
            if not names:
                return False
            continue
        field = _FIELD.match(line + b"x")
        if field is None:
            return False
        names.append(field[1].lower())
    found = set(names) & (_OF_MAIL | _SURE)
    return len(found) >= 3 or (len(found) >= 2 and bool(found & _SURE)) or found >= {b"from", b"subject"}


def _wide(head: bytes) -> bool:
    """Whether the zeros belong to text of two bytes a letter."""
    return head.startswith((b"\xff\xfe", b"\xfe\xff"))
