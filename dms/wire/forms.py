"""Reads uploaded files as they arrive. Nothing is written in plain text: the bytes go straight to the intake."""

from collections.abc import Iterator

from werkzeug.sansio.multipart import Epilogue, Event, Field, File

from dms.wire.multipart import PIECE, FormEvents, Readable

LONGEST_FIELD = 64 * 1024


def pieces(source: Readable) -> Iterator[bytes]:
    """All bytes of `source`, at most PIECE at a time."""
    while piece := source.read(PIECE):
        yield piece


class FormStream:
    """A form with files, read in order: first the fields that stand before the first file, then file by file."""

    def __init__(self, source: Readable, boundary: bytes) -> None:
        self._events = FormEvents(source, boundary)
        self._waiting: File | None = None

    def fields(self) -> dict[str, str]:
        """The fields before the first file. Raises BadInput for a broken form."""
        found: dict[str, str] = {}
        while True:
            event = self._events.next()
            if isinstance(event, Field):
                found[event.name] = self._events.value(LONGEST_FIELD)
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
                body = self._events.body()
                yield event.filename, body
                for _ in body:  # what the receiver left
                    pass
            elif isinstance(event, File | Field):
                self._events.skip()
            event = self._events.next()
            if isinstance(event, Epilogue):
                return
