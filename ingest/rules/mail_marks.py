"""What makes a mail this mail and no other, and which mails nobody may answer.

The same mail may lie in a mailbox twice (delivered through a list and directly, or copied by a move that was cut off),
and other mail may carry its Message-ID. So the mark is made of what the sender wrote, not of the way it travelled.
Sources: RFC 5322, RFC 3834 (automatic responses), RFC 2919 (List-Id).
"""

from collections.abc import Iterator

WRITTEN = ("message-id", "date", "from", "subject", "to", "cc")
"""Headers that the sender writes; those of the way (Received, Delivered-To, Authentication-Results) differ."""
AUTOMATIC = ("list-id", "list-post", "list-unsubscribe", "x-auto-response-suppress", "x-autoreply", "feedback-id")
NOBODY = ("mailer-daemon", "postmaster", "noreply", "no-reply", "donotreply", "do-not-reply", "niet-beantwoorden")


def split(raw: bytes) -> tuple[list[tuple[str, str]], int]:
    """The headers of a raw mail (lower-case name, unfolded value), topmost first, and where the body begins.

    Takes any bytes. Never raises.
    """
    found: list[tuple[str, str]] = []
    place = 0
    while place < len(raw):
        end = raw.find(b"\n", place)
        end = len(raw) if end < 0 else end + 1
        line = raw[place:end].rstrip(b"\r\n")
        if not line:
            return found, end
        if line[:1] in (b" ", b"\t") and found:
            name, value = found[-1]
            found[-1] = (name, f"{value} {_text(line).strip()}")
        else:
            head, colon, rest = line.partition(b":")
            if not colon:
                return found, place  # no header any more: the body begins without an empty line
            found.append((_text(head).strip().lower(), _text(rest).strip()))
        place = end
    return found, place


def marking(raw: bytes) -> Iterator[bytes]:
    """What the mark of a mail is made of: what the sender wrote in the headers, and the body to the last byte."""
    headers, body = split(raw)
    for wanted in WRITTEN:
        for name, value in headers:
            if name == wanted:
                yield f"{name}:{' '.join(value.split())}\n".encode()
    yield b"\n"
    yield raw[body:].replace(b"\r\n", b"\n").rstrip(b"\n")


def values(headers: list[tuple[str, str]], name: str) -> tuple[str, ...]:
    """Every value of a header, topmost first."""
    return tuple(value for head, value in headers if head == name)


def may_be_answered(headers: list[tuple[str, str]], sender: str, own: str) -> bool:
    """Whether an answer can reach a person: no robots, lists, bounces, nor ourselves."""
    first = {name: value.lower() for name, value in reversed(headers)}
    if not sender or sender == own.lower() or any(name in first for name in AUTOMATIC):
        return False
    if first.get("auto-submitted", "no").split(";")[0].strip() != "no":
        return False
    if first.get("precedence", "") in ("bulk", "list", "junk", "auto_reply"):
        return False
    if first.get("return-path", "x").strip() == "<>":
        return False
    local = sender.partition("@")[0]
    return not any(local.startswith(x) for x in NOBODY)


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")
