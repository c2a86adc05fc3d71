"""Text that a file carries beside its pages: metadata, annotations, form fields, bookmarks, attachments, hidden words.

None of it comes along into a redacted copy; it is read so that a person knows that it was there. What a PDF holds that
cannot be read here (files in it, earlier states of it, parts that are broken) is told as `ATTACHMENT` or `UNREAD`: of
such a file nobody can say that a number is not in it. Only inside the fence.
"""

import contextlib
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import PIL.Image
import pypdf
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    IndirectObject,
    StreamObject,
    TextStringObject,
)

from ingest.readers.results import Kind

MOST_OBJECTS = 20_000
MOST_TEXT = 200_000
ATTACHMENT, UNREAD = "attachment", "unread"
_REVISION = re.compile(rb"startxref\s+[1-9]\d*\s+%%EOF")
_BLANK = b"\x00\t\n\x0c\r "
_CHUNK = 1 << 20
_PLACES = {
    "/Annot": "annotation", "/Metadata": "metadata", "/EmbeddedFile": "attachment", "/Filespec": "attachment",
    "/Outlines": "bookmark", "/Sig": "signature",
}  # fmt: skip
_TOLD = ("/Metadata", "/EmbeddedFile")


def loose_texts(path: Path, kind: Kind) -> list[list[str]]:
    """(place, text) of all text beside the pages. A file that cannot be walked through gives what was found so far, and
    that it is `UNREAD`.
    """
    found: list[list[str]] = []
    try:
        for place, text in _of_pdf(path) if kind == "pdf" else _of_image(path):
            if text.strip():
                found.append([place, text[:MOST_TEXT]])
    except Exception:  # what is broken beside the pages does not come along into a copy, but is no proof of absence
        found.append([UNREAD, "broken"])
    return found


def _of_pdf(path: Path) -> Iterator[tuple[str, str]]:
    with path.open("rb") as source, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reader = pypdf.PdfReader(source, strict=False)
        if reader.is_encrypted:
            reader.decrypt("")
        info = reader.trailer.get("/Info")
        if info is not None:
            for text in _strings(info.get_object()):
                yield "metadata", text
        numbers = sorted({x for table in reader.xref.values() for x in table} | set(reader.xref_objStm))
        if len(numbers) > MOST_OBJECTS:
            yield UNREAD, "objects"
        for number in numbers[:MOST_OBJECTS]:
            with contextlib.suppress(Exception):
                thing = reader.get_object(number)
                yield from _of_object(thing)
    if _has_more(path):
        yield UNREAD, "revisions"


def _has_more(path: Path) -> bool:
    """Whether bytes of a PDF lie outside what a reader shows: an earlier state that a later save left in, or something
    after the end. A file that is laid out for the web (linearized) ends twice and is one state: the first end points
    to 0.
    """
    ends, last, tail = 0, -1, b""
    at = 0
    with path.open("rb") as source:
        while chunk := source.read(_CHUNK):
            window = tail + chunk
            start = at - len(tail)
            for hit in _REVISION.finditer(window):
                if start + hit.end() > last:  # not the one at the seam twice
                    ends, last = ends + 1, start + hit.end()
            tail, at = window[-64:], at + len(chunk)
        source.seek(max(last, 0))
        while rest := source.read(_CHUNK):
            if rest.strip(_BLANK):
                return True
    return ends > 1


def _of_object(thing: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any object of a PDF
    if not isinstance(thing, DictionaryObject):
        return
    kind = str(thing.get("/Type", ""))
    place = _PLACES.get(kind)
    if place is None:
        place = "field" if "/FT" in thing or "/T" in thing else "bookmark" if "/Title" in thing else ""
    if isinstance(thing, StreamObject) and kind in _TOLD and len(thing._data) < 8 * MOST_TEXT:
        yield place or "metadata", thing.get_data()[:MOST_TEXT].decode("utf-8", "replace")
    form = thing.get("/AcroForm")
    if "/XFA" in thing or (isinstance(form, DictionaryObject) and "/XFA" in form):
        yield UNREAD, "form"  # in streams that no page shows
    if "/EF" in thing:  # a file within the file, whatever it says of itself
        yield ATTACHMENT, str(thing.get("/UF", thing.get("/F", ATTACHMENT))) or ATTACHMENT
    for text in _strings(thing):
        yield place or "metadata", text


def _strings(thing: Any, depth: int = 0) -> Iterator[str]:  # noqa: ANN401 - any object of a PDF
    """Strings of an object, not of those that it refers to."""
    if depth > 6:
        return
    if isinstance(thing, TextStringObject):
        yield str(thing)
    elif isinstance(thing, ByteStringObject):
        yield bytes(thing).decode("utf-8", "replace")
    elif isinstance(thing, IndirectObject):
        return
    elif isinstance(thing, DictionaryObject):
        for value in thing.values():
            yield from _strings(value, depth + 1)
    elif isinstance(thing, ArrayObject):
        for value in thing:
            yield from _strings(value, depth + 1)


def _of_image(path: Path) -> Iterator[tuple[str, str]]:
    with PIL.Image.open(path) as image:
        for value in (*image.info.values(), *image.getexif().values()):
            if isinstance(value, bytes) and len(value) < MOST_TEXT:
                yield "metadata", value.decode("utf-8", "replace")
            elif isinstance(value, str):
                yield "metadata", value
