"""Reads uploaded files as they arrive. Nothing is written in plain text: the bytes go straight to the intake."""

from collections.abc import Iterator
from typing import Protocol

from werkzeug.sansio.multipart import Data, Epilogue, Event, Field, File, MultipartDecoder, NeedData

from dms.kernel.errors import BadInput
from dms.kernel.text import N_

PIECE = 256 * 1024
LONGEST_FIELD = 64 * 1024
LINE_END = 4  # of the last delimiter: two dashes, carriage return, line feed


class Readable(Protocol):
    """Where bytes come from."""

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes; empty at the end."""
        ...


def pieces(source: Readable) -> Iterator[bytes]:
    """All bytes of `source`, at most PIECE at a time."""
    while piece := source.read(PIECE):
        yield piece


class FormStream:
    """A form with files, read in order: first the fields that stand before the first file, then file by file."""

    def __init__(self, source: Readable, boundary: bytes) -> None:
        self._decoder = MultipartDecoder(boundary)
        self._delimiter = b"--" + boundary
        self._ended = False
        self._pieces = pieces(source)
        self._waiting: File | None = None

    def fields(self) -> dict[str, str]:
        """The fields before the first file. Raises BadInput for a broken form."""
        found: dict[str, str] = {}
        while True:
            event = self._next()
            if isinstance(event, Field):
                found[event.name] = self._value()
            elif isinstance(event, File):
                self._waiting = event
                return found
            elif isinstance(event, Epilogue):
                return found

    def files(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """(name, bytes in pieces) of each file, in order. Bytes of a file must be read before the next file.

        A file field that was left empty has no name and is skipped. Raises BadInput for a broken form.
        """
        event: Event | None = self._waiting
        self._waiting = None
        while event is not None:
            if isinstance(event, File) and event.filename:
                body = self._body()
                yield event.filename, body
                for _ in body:  # what the receiver left
                    pass
            elif isinstance(event, File | Field):
                for _ in self._body():
                    pass
            event = self._next()
            if isinstance(event, Epilogue):
                return

    def _value(self) -> str:
        value = bytearray()
        for piece in self._body():
            value += piece
            if len(value) > LONGEST_FIELD:
                raise _broken_form()
        return value.decode("utf-8", "replace")

    def _body(self) -> Iterator[bytes]:
        while True:
            event = self._next()
            if not isinstance(event, Data):
                raise _broken_form()
            if event.data:
                yield event.data
            if not event.more_data:
                return

    def _next(self) -> Event:
        try:
            while True:
                while self._torn():
                    self._feed()
                event = self._decoder.next_event()
                if not isinstance(event, NeedData):
                    return event
                self._feed()
        except ValueError as fault:
            raise _broken_form() from fault

    def _feed(self) -> None:
        piece = next(self._pieces, None)
        self._ended = piece is None
        self._decoder.receive_data(piece)

    def _torn(self) -> bool:
        """Whether what has arrived ends within a delimiter or just after it.

        The decoder then takes the line break before the delimiter for a part of the file: one byte too many.
        """
        if self._ended:
            return False
        held = self._decoder.buffer
        at = held.rfind(self._delimiter)
        return at >= 0 and len(held) - at < len(self._delimiter) + LINE_END


def _broken_form() -> BadInput:
    return BadInput(
        N_("Het bestand is niet heel aangekomen."), N_("Controleer de verbinding en stuur het opnieuw."), code="cut_off"
    )
