"""What comes in piece by piece, and never more of it than may come."""

from collections.abc import Iterable, Iterator

from dms.kernel.errors import BadInput
from dms.kernel.text import N_

MEGABYTE = 1024**2
GIGABYTE = 1024**3


def bounded_file(chunks: Iterable[bytes], most: int) -> Iterator[bytes]:
    """The pieces of a file. Raises BadInput when they are more than `most` bytes."""
    message, advice = N_("Het bestand is groter dan %(limit)d MB."), N_("Splits het bestand of scan op 300 dpi.")
    return _bounded(chunks, most, message, advice, MEGABYTE)


def bounded_archive(chunks: Iterable[bytes], most: int) -> Iterator[bytes]:
    """The pieces of an archive. Raises BadInput when they are more than `most` bytes."""
    message, advice = N_("Het archief is groter dan %(limit)d GB."), N_("Maak er delen van.")
    return _bounded(chunks, most, message, advice, GIGABYTE)


def _bounded(chunks: Iterable[bytes], most: int, message: str, advice: str, unit: int) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > most:
            raise BadInput(message, advice, code="too_many_bytes", params={"limit": most // unit})
        yield chunk
