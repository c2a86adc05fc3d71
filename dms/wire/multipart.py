"""The events of a multipart form as it arrives, byte for byte, nothing kept in plain text on a disk."""

from collections.abc import Iterator
from typing import Protocol

from werkzeug.sansio.multipart import Data, Event, MultipartDecoder, NeedData, Preamble

from dms.kernel.errors import BadInput
from dms.kernel.text import N_

PIECE = 256 * 1024
LINE_END = 4  # of the last delimiter: two dashes, carriage return, line feed


class Readable(Protocol):
    """Where bytes come from."""

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes; empty at the end."""
        ...


class FormEvents:
    """Fields, files and their data in order. Every method raises BadInput for a form that is broken or cut off."""

    def __init__(self, source: Readable, boundary: bytes) -> None:
        self._decoder = MultipartDecoder(boundary)
        self._delimiter = b"--" + boundary
        self._source = source
        self._ended = False

    def next(self) -> Event:
        """The next field, file, piece of data, or the end (Epilogue)."""
        try:
            while True:
                while self._torn():
                    self._feed()
                event = self._decoder.next_event()
                if isinstance(event, NeedData):
                    self._feed()
                elif not isinstance(event, Preamble):
                    return event
        except ValueError as fault:
            raise broken_form() from fault

    def body(self) -> Iterator[bytes]:
        """The data of the field or file that `next` gave last. It must be read before `next` is asked again."""
        while True:
            event = self.next()
            if not isinstance(event, Data):
                raise broken_form()
            if event.data:
                yield event.data
            if not event.more_data:
                return

    def value(self, longest: int) -> str:
        """The data of a field as text; one of more than `longest` bytes is broken."""
        value = bytearray()
        for piece in self.body():
            value += piece
            if len(value) > longest:
                raise broken_form()
        return value.decode("utf-8", "replace")

    def skip(self) -> None:
        """Pass over the data of a field or file."""
        for _ in self.body():
            pass

    def _feed(self) -> None:
        piece = self._source.read(PIECE) or None
        self._ended = piece is None
        self._decoder.receive_data(piece)

    def _torn(self) -> bool:
        """Whether what has arrived ends within a delimiter or just after it.

        The decoder (werkzeug 3.1) then takes the line break before the delimiter for a part of the file: one byte too
        many.
        """
        if self._ended:
            return False
        held = self._decoder.buffer
        at = held.rfind(self._delimiter)
        return at >= 0 and len(held) - at < len(self._delimiter) + LINE_END


def broken_form() -> BadInput:
    """The error for a form that did not arrive whole."""
    return BadInput(
        N_("Het bestand is niet heel aangekomen."), N_("Controleer de verbinding en stuur het opnieuw."), code="cut_off"
    )
