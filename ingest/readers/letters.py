"""Text as it was meant: which letters the bytes of a text, a web page or a part of a mail stand for."""

import codecs
import re

from ingest.readers.textlayer import clean

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})""", re.IGNORECASE)
_SOUND = frozenset({"utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "ascii"})


def decoded(data: bytes, declared: str = "") -> str:
    """The text of `data`: by its mark, as UTF-8, as `declared` (by a header or the page itself), else as CP1252.

    Controls are left out and characters composed. Never raises.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return clean(data[len(mark) :].decode(name, "replace"))
    try:
        return clean(data.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    found = declared or _declared_in(data)
    return clean(data.decode(_known(found) or "cp1252", "replace"))


def _declared_in(data: bytes) -> str:
    """What a web page says of itself, in its first kilobytes."""
    found = _DECLARED.search(data[:4096])
    return found[1].decode("ascii") if found else ""


def _known(name: str) -> str | None:
    """A codec of text by this name. ISO 8859-1 is what people say who mean CP1252; codecs of bytes do not count."""
    try:
        codec = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    if not codec._is_text_encoding or codec.name in _SOUND:
        return None
    return "cp1252" if codec.name == "iso8859-1" else codec.name
