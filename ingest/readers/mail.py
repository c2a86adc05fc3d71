"""A mail as its parts: who, when, about what, its words, and what hangs on it. Read from a file as servers keep it.

Every header may be broken and every charset a lie: what cannot be read as it says is read as well as may be.
Sources: RFC 5322, RFC 2045-2047, RFC 2231.
"""

import contextlib
import email.header
import email.message
import email.parser
import email.policy
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.readers import tnef
from ingest.readers.blocks import Block, letters, of_html, of_plain
from ingest.readers.errors import ReadFailed
from ingest.readers.letters import decoded
from ingest.readers.textlayer import clean

SHOWN = ("From", "To", "Cc", "Date", "Subject")
LABELS = {"From": "Van", "To": "Aan", "Cc": "Cc", "Date": "Datum", "Subject": "Onderwerp"}
_DEEPEST = 30
_MOST_PARTS = 2000
_BOUNDARY, _MOST_BOUNDARIES = re.compile(rb"boundary\s*=", re.IGNORECASE), 200
_LONGEST_HEAD = 2000
_CONTENT = re.compile(rb"^(content-[a-z-]+|mime-version):", re.IGNORECASE)


@dataclass(slots=True)
class Attachment:
    """A file that hangs on a mail. `fault` is a key of `ingest.rules.parts.FAULTS` where its bytes are not there."""

    name: str
    media_type: str
    data: bytes
    inline: bool = False
    content_id: str = ""
    fault: str = ""


@dataclass(slots=True)
class Mail:
    """What a mail says. `head` has the fields of `SHOWN` that it has, as people read them."""

    head: dict[str, str] = field(default_factory=dict)
    plain: str = ""
    html: str = ""
    attachments: list[Attachment] = field(default_factory=list)

    def blocks(self) -> list[Block]:
        """The mail as it is shown on a page: its head, then its words."""
        rows = [Block("row", f"{LABELS[name]}: {self.head[name]}") for name in SHOWN if self.head.get(name)]
        return [*rows, Block("exact", ""), *self.words()]

    def words(self) -> list[Block]:
        """The words alone: the plain text, unless the page says far more."""
        page = of_html(self.html) if self.html.strip() else []
        plain = of_plain(self.plain) if self.plain.strip() else []
        return page if letters(page) > 2 * letters(plain) else plain

    def refers_to(self, content_id: str) -> bool:
        """Whether the page shows the picture with this id."""
        return bool(content_id) and f"cid:{content_id}".casefold() in self.html.casefold()


def read_mail(data: bytes) -> Mail:
    """The mail in `data`; broken mail gives what there is. Raises `ReadFailed` for one that was made to harm."""
    message = _parse(data)
    mail = Mail({name: text for name in SHOWN if (text := _header(message, name))})
    for part in _leaves(message):
        _add(mail, part)
    for attachment in [x for x in mail.attachments if tnef.is_tnef(x.data)]:
        _open_tnef(mail, attachment)
    return mail


def without_attachments(data: bytes, dropped: Sequence[str]) -> bytes:
    """The mail with its head as it came and its words as they came, and a line for each file that was taken off it."""
    message = _parse(data)
    head = _head_of(data)
    boundary = b"=_zonder_bijlagen_" + str(len(data)).encode()
    texts = [part.as_bytes() for part in _leaves(message) if _is_text(part)]
    names = "\n".join(clean(x).replace("\n", " ") for x in dropped)
    note = f"Bijlagen die apart zijn opgeborgen:\n{names}\n".encode()
    texts.append(b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n" + note)
    body = b"".join(b"--" + boundary + b"\n" + text.rstrip(b"\r\n") + b"\n" for text in texts)
    kind = b'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="' + boundary + b'"\n\n'
    return head + kind + body + b"--" + boundary + b"--\n"


def _parse(data: bytes) -> email.message.Message:
    """The parts of the mail. Raises `ReadFailed` for one of more nested parts than any program makes."""
    if len(_BOUNDARY.findall(data)) > _MOST_BOUNDARIES:  # each is looked for in all that lies in the ones around it
        raise ReadFailed("read_broken")
    if data.startswith(b"From "):
        data = data.partition(b"\n")[2]
    return email.parser.BytesParser(policy=email.policy.compat32).parsebytes(data.removeprefix(b"\xef\xbb\xbf"))


def _head_of(data: bytes) -> bytes:
    """The lines of the head, without those that say how the body is packed."""
    lines: list[bytes] = []
    keep = True
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").splitlines()):
        if not line.strip():
            break
        if number == 0 and line.startswith(b"From "):
            continue
        if line[:1] not in b" \t":
            keep = _CONTENT.match(line) is None
        if keep:
            lines.append(line)
    return b"\n".join(lines) + b"\n"


def _leaves(message: email.message.Message, depth: int = 0) -> Iterator[email.message.Message]:
    """The parts that hold something, in their order. A message in a message is one part."""
    if message.get_content_maintype() != "multipart" or depth > _DEEPEST:
        yield message
        return
    payload = message.get_payload()
    if not isinstance(payload, list):  # it says that it has parts and has none
        yield message
        return
    for part in payload[:_MOST_PARTS]:
        if isinstance(part, email.message.Message):
            yield from _leaves(part, depth + 1)


def _is_text(part: email.message.Message) -> bool:
    if part.get_content_type() not in ("text/plain", "text/html"):
        return part.get_content_maintype() == "multipart"
    return _disposition(part) != "attachment" and not _name_of(part)


def _add(mail: Mail, part: email.message.Message) -> None:
    """Words to the words, files to the files."""
    kind = part.get_content_type()
    if _is_text(part):
        text = _text_of(part)
        if kind == "text/html":
            mail.html += text
        else:
            mail.plain += ("\n\n" if mail.plain else "") + text
        return
    name = _name_of(part)
    if kind == "message/external-body":
        mail.attachments.append(Attachment(name or "bijlage", kind, b"", fault="part_elsewhere"))
        return
    inside = part.get_payload()
    if part.get_content_maintype() == "message" and isinstance(inside, list) and inside:
        data = b"".join(_bytes_of(x) for x in inside if isinstance(x, email.message.Message))
        if kind == "message/rfc822" and isinstance(inside[0], email.message.Message):
            name = name or f"{_header(inside[0], 'Subject')[:120] or 'bericht'}.eml"
    else:
        data = _payload(part)
    content_id = str(part.get("Content-ID", "")).strip().strip("<>")
    inline = _disposition(part) == "inline" or (bool(content_id) and _disposition(part) != "attachment")
    mail.attachments.append(Attachment(name or _nameless(kind), kind, data, inline, content_id))


def _open_tnef(mail: Mail, attachment: Attachment) -> None:
    """What Outlook packed together becomes files again; where it cannot be read, the pack stays what it is."""
    inside = tnef.read(attachment.data)
    if inside is None:
        attachment.fault = "part_broken"
        return
    at = mail.attachments.index(attachment)
    files = [Attachment(x.name, "application/octet-stream", x.data) for x in inside.files]
    mail.attachments[at : at + 1] = files
    if not mail.plain.strip() and not mail.html.strip():
        mail.plain, mail.html = clean(inside.plain), clean(inside.html)


def _bytes_of(message: email.message.Message) -> bytes:
    try:
        return message.as_bytes()
    except Exception:  # the generator raises on charsets that do not exist
        return str(message).encode("utf-8", "replace")


def _payload(part: email.message.Message) -> bytes:
    with contextlib.suppress(Exception):  # a broken encoding gives what there is
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            return payload
    raw = part.get_payload()
    return raw.encode("utf-8", "replace") if isinstance(raw, str) else b""


def _text_of(part: email.message.Message) -> str:
    if part.get_content_maintype() == "multipart":
        raw = part.get_payload()
        return clean(raw) if isinstance(raw, str) else ""
    declared = ""
    with contextlib.suppress(Exception):
        declared = part.get_content_charset() or ""
    return decoded(_payload(part), declared)


def _disposition(part: email.message.Message) -> str:
    with contextlib.suppress(Exception):
        return part.get_content_disposition() or ""
    return ""


def _name_of(part: email.message.Message) -> str:
    with contextlib.suppress(Exception):
        name = part.get_filename()
        return _words(name) if name else ""
    return ""


def _nameless(kind: str) -> str:
    """A name for what came without one; its ending says no more than what it was called."""
    endings = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png", "text/plain": "txt"}
    ending = endings.get(kind)
    return f"bijlage.{ending}" if ending else "bijlage"


def _header(message: email.message.Message, name: str) -> str:
    with contextlib.suppress(Exception):
        value = message.get(name)
        return _words(str(value))[:_LONGEST_HEAD] if value is not None else ""
    return ""


def _words(raw: str) -> str:
    """A header as people read it: encoded words decoded, on one line."""
    try:
        pieces = email.header.decode_header(raw)
    except Exception:
        pieces = [(raw, None)]
    text = "".join(x if isinstance(x, str) else decoded(x, charset or "") for x, charset in pieces)
    return " ".join(clean(text.encode("utf-8", "replace").decode("utf-8")).split())
