"""Reads a form with files as it arrives. Nothing is written to disk in plain text.

Programs put fields before or after the files as they like, but a file can only go to the intake once the fields are
known. So files wait in memory while they are small; from the first byte too many on, the rest of the form is passed
through as it comes, and fields may no longer follow.
"""

from collections.abc import Iterator
from itertools import chain

from werkzeug.sansio.multipart import Epilogue, Field, File

from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from dms.wire.multipart import FormEvents, Readable, broken_form

LONGEST_FIELD = 64 * 1024
MOST_FIELDS = 40
MOST_WAITING = 16 * 1024 * 1024


class Form:
    """A multipart form: `fields` are known at once, `files` come in order. Raises BadInput for a broken one."""

    def __init__(self, source: Readable, boundary: bytes) -> None:
        self._events = FormEvents(source, boundary)
        self._waiting: list[tuple[str, list[bytes]]] = []
        self._open: tuple[str, Iterator[bytes]] | None = None
        self.fields: dict[str, str] = {}
        self._begin()

    def files(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """(name, bytes in pieces) of each file. Bytes of a file must be read before the next one is asked."""
        for name, data in self._waiting:
            yield name, iter(data)
        while self._open is not None:
            name, body = self._open
            yield name, body
            for _ in body:  # what the receiver left
                pass
            self._open = self._next_file()

    def _begin(self) -> None:
        """Read until the end of the form, or until more bytes wait than may."""
        held = 0
        while not isinstance(event := self._events.next(), Epilogue):
            if isinstance(event, Field):
                if len(self.fields) >= MOST_FIELDS:
                    raise broken_form()
                self.fields[event.name] = self._events.value(LONGEST_FIELD)
            elif isinstance(event, File) and event.filename:
                kept: list[bytes] = []
                body = self._events.body()
                for piece in body:
                    kept.append(piece)
                    held += len(piece)
                    if held > MOST_WAITING:
                        self._open = event.filename, chain(kept, body)
                        return
                self._waiting.append((event.filename, kept))
            elif isinstance(event, File):
                self._events.skip()  # a file field that was left empty

    def _next_file(self) -> tuple[str, Iterator[bytes]] | None:
        while not isinstance(event := self._events.next(), Epilogue):
            if isinstance(event, Field):
                raise BadInput(
                    N_("Na een groot bestand komt nog een veld."),
                    N_("Zet alle velden vóór de bestanden."),
                    code="field_after_file",
                )
            if isinstance(event, File) and event.filename:
                return event.filename, self._events.body()
            if isinstance(event, File):
                self._events.skip()
        return None
