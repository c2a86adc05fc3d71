"""A mail as Outlook saves it (.msg), by the streams of its OLE file. Sources: [MS-OXMSG] 2, [MS-OXPROPS], [MS-OXRTFCP].

A mail that hangs on such a mail is no file but a folder in it: it becomes one as mail servers keep it.
"""

import email.message
import email.policy
import email.utils
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import olefile

from ingest.readers.letters import decoded
from ingest.readers.mail import SHOWN, Attachment, Mail, read_mail
from ingest.readers.textlayer import clean

_SUBJECT, _FROM, _FROM_MAIL, _FROM_SMTP, _TO, _CC = "0037", "0C1A", "0C1F", "5D01", "0E04", "0E03"
_HEADERS, _BODY, _HTML = "007D", "1000", "1013"
_LONG_NAME, _SHORT_NAME, _DISPLAY_NAME, _MEDIA_TYPE, _CONTENT_ID = "3707", "3704", "3001", "370E", "3712"
_DATA, _INSIDE = "__substg1.0_37010102", "__substg1.0_3701000D"
_SENT, _ARRIVED, _FLAGS, _PAGE_OF_CODES = 0x00390040, 0x0E060040, 0x37140003, 0x3FFD0003
_MOST_ATTACHMENTS = 500
_DEEPEST = 4
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_TOP, _INNER, _OF_ATTACHMENT = 32, 24, 8


def read_outlook(path: Path) -> Mail:
    """The mail in the file at `path`. Raises what olefile raises on a broken file."""
    with olefile.OleFileIO(str(path)) as ole:
        return _Folder(ole, []).mail(_TOP)


def as_mail_file(mail: Mail, *, attachments: bool = True) -> bytes:
    """The mail as mail servers keep it, to be read again by `ingest.readers.mail`."""
    message = email.message.EmailMessage(policy=email.policy.SMTP)
    for name in SHOWN:
        if mail.head.get(name):
            message[f"X-{name}" if name == "Date" and not _is_date(mail.head[name]) else name] = _safe(mail.head[name])
    message.set_content(_whole(mail.plain))
    if mail.html:
        message.add_alternative(_whole(mail.html), subtype="html")
    for one in mail.attachments if attachments else ():
        main, _, sub = (one.media_type if one.media_type.count("/") == 1 else "application/octet-stream").partition("/")
        if main in ("multipart", "message"):
            main, sub = "application", "octet-stream"
        message.add_attachment(
            one.data, maintype=main, subtype=sub, filename=_safe(one.name),
            disposition="inline" if one.inline else "attachment", cid=f"<{one.content_id}>" if one.content_id else None,
        )  # fmt: skip
    return message.as_bytes()


class _Folder:
    """One folder of the OLE file: the mail, or something that hangs on it."""

    def __init__(self, ole: Any, place: list[str], depth: int = 0) -> None:  # noqa: ANN401 - olefile has no types
        self._ole = ole
        self._place = place
        self._depth = depth

    def mail(self, head: int) -> Mail:
        fixed = self._fixed(head)
        codes = struct.unpack("<I", fixed[_PAGE_OF_CODES][:4])[0] if _PAGE_OF_CODES in fixed else 1252
        charset = f"cp{codes}" if codes != 65001 else "utf-8"
        headers = read_mail(self._text(_HEADERS, charset).encode("utf-8", "replace") + b"\n\n").head
        sender = " ".join(x for x in (self._text(_FROM, charset), self._bracketed(charset)) if x)
        told = {
            "From": sender,
            "To": self._text(_TO, charset),
            "Cc": self._text(_CC, charset),
            "Date": _moment(fixed.get(_SENT) or fixed.get(_ARRIVED)),
            "Subject": self._text(_SUBJECT, charset),
        }
        shown = {name: " ".join((headers.get(name) or told[name]).split()) for name in SHOWN}
        mail = Mail({name: text for name, text in shown.items() if text}, self._text(_BODY, charset))
        mail.html = decoded(self._stream(f"__substg1.0_{_HTML}0102"), charset) or self._text(_HTML, charset)
        mail.attachments = [self._attachment(x, charset) for x in self._below("__attach_version1.0_#")]
        return mail

    def _attachment(self, name: str, charset: str) -> Attachment:
        here = _Folder(self._ole, [*self._place, name], self._depth + 1)
        texts = [here._text(x, charset) for x in (_LONG_NAME, _SHORT_NAME, _DISPLAY_NAME)]
        called = next((x for x in texts if x), "bijlage")
        media_type = here._text(_MEDIA_TYPE, charset) or "application/octet-stream"
        content_id = here._text(_CONTENT_ID, charset).strip("<>")
        flags = here._fixed(_OF_ATTACHMENT).get(_FLAGS, b"\0\0\0\0")
        inline = bool(flags[0] & 4) or bool(content_id)
        if self._ole.exists([*here._place, _INSIDE]):
            if self._depth >= _DEEPEST:
                return Attachment(called, "message/rfc822", b"", fault="part_broken")
            inner = _Folder(self._ole, [*here._place, _INSIDE], self._depth + 1).mail(_INNER)
            title = inner.head.get("Subject") or called
            return Attachment(f"{title[:120]}.eml", "message/rfc822", as_mail_file(inner))
        if not self._ole.exists([*here._place, _DATA]):
            return Attachment(called, media_type, b"", fault="part_elsewhere")
        return Attachment(called, media_type, here._stream(_DATA), inline, content_id)

    def _bracketed(self, charset: str) -> str:
        address = self._text(_FROM_SMTP, charset) or self._text(_FROM_MAIL, charset)
        return f"<{address}>" if "@" in address else ""

    def _text(self, number: str, charset: str) -> str:
        wide = self._stream(f"__substg1.0_{number}001F")
        if wide:
            return clean(wide.decode("utf-16-le", "replace"))
        return decoded(self._stream(f"__substg1.0_{number}001E"), charset)

    def _stream(self, name: str) -> bytes:
        place = [*self._place, name]
        if not self._ole.exists(place):
            return b""
        with self._ole.openstream(place) as stream:
            return bytes(stream.read())

    def _fixed(self, head: int) -> dict[int, bytes]:
        """Properties of a fixed size, eight bytes each, by number and kind."""
        data = self._stream("__properties_version1.0")[head:]
        return {
            int.from_bytes(data[at : at + 4], "little"): data[at + 8 : at + 16] for at in range(0, len(data) - 15, 16)
        }

    def _below(self, beginning: str) -> list[str]:
        depth = len(self._place)
        here = [x.casefold() for x in self._place]
        names = {
            x[depth]
            for x in self._ole.listdir(streams=True, storages=True)
            if len(x) > depth and [y.casefold() for y in x[:depth]] == here and x[depth].startswith(beginning)
        }
        return sorted(names)[:_MOST_ATTACHMENTS]


def _moment(raw: bytes | None) -> str:
    """A moment of Windows (tenths of microseconds since 1601) as mails write it; empty where it is none."""
    if not raw or len(raw) < 8:
        return ""
    try:
        moment = _EPOCH + timedelta(microseconds=int.from_bytes(raw[:8], "little") // 10)
    except OverflowError:
        return ""
    return email.utils.format_datetime(moment)


def _is_date(text: str) -> bool:
    try:
        email.utils.parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return False
    return True


def _safe(text: str) -> str:
    """On one line, and nothing that a header cannot hold."""
    return " ".join(text.encode("utf-8", "replace").decode("utf-8").split())[:900]


def _whole(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
