"""Received files and previews, encrypted in the object store under the key of their import."""

import io
from collections.abc import Callable, Iterable, Iterator
from uuid import UUID

from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from dms.services.pupil_import.codec import Preview
from ingest.sources.pupil_file import MOST_XML_BYTES
from storage.vault import Vault, object_key_of

FILE, REPORT, NAME = "file", "report", "file-name"
MOST_REPORT_BYTES = 512 * 1024 * 1024
_PIECE = 256 * 1024


class SealedFiles:
    """Keeps, opens and destroys what belongs to an import."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def keep(self, import_id: UUID, chunks: Iterable[bytes]) -> str:
        """Encrypt a received file; the key under which it lies. Raises BadInput for an empty or too large one."""
        stored = self._vault.put(import_id, FILE, 1, _limited(chunks))
        if not stored.size_plain:
            self.destroy(import_id)
            raise BadInput(N_("Het bestand is leeg."), N_("Kies een ander bestand."), code="empty")
        return stored.object_key

    def open(self, object_key: str, import_id: UUID) -> io.BufferedReader:
        """The received file, to read and to seek in; nothing of it touches a disk."""
        size = self._vault.size(object_key)

        def piece(start: int, length: int) -> bytes:
            return b"".join(self._vault.read_range(import_id, object_key, 1, start, length))

        return io.BufferedReader(_Ranges(size, piece), _PIECE)

    def seal_name(self, import_id: UUID, name: str) -> bytes:
        """The file's name, which may hold the name of a person."""
        return self._vault.seal(import_id, NAME, name.encode()[:400])

    def name(self, import_id: UUID, sealed: bytes | None) -> str:
        """The file's name; empty when it is gone."""
        return self._vault.unseal(import_id, NAME, sealed).decode(errors="ignore") if sealed else ""

    def keep_report(self, import_id: UUID, version: int, data: bytes) -> str:
        """Encrypt a preview; the key under which it lies."""
        pieces = (data[x : x + _PIECE] for x in range(0, len(data), _PIECE))
        return self._vault.put(import_id, REPORT, version, pieces).object_key

    def report(self, import_id: UUID, object_key: str, version: int) -> Preview:
        """A preview."""
        return Preview(self._vault.read(import_id, object_key, version, MOST_REPORT_BYTES))

    def report_key(self, import_id: UUID, version: int) -> str:
        """Where the preview of that version lies."""
        return object_key_of(import_id, version, REPORT)

    def drop(self, object_key: str) -> None:
        """Remove one object."""
        self._vault.delete(object_key)

    def destroy(self, import_id: UUID) -> None:
        """Make everything of the import unreadable for ever, then remove it."""
        self._vault.destroy_key(import_id)
        self._vault.delete_all(import_id)


class _Ranges(io.RawIOBase):
    """A file out of pieces that are fetched when they are read."""

    def __init__(self, size: int, piece: Callable[[int, int], bytes]) -> None:
        super().__init__()
        self._size = size
        self._piece = piece
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(base + offset, 0)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        length = min(len(buffer), self._size - self._at)
        if length <= 0:
            return 0
        data = self._piece(self._at, length)
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


def _limited(chunks: Iterable[bytes]) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > MOST_XML_BYTES:
            raise BadInput(
                N_("Het bestand is groter dan %(most)d MB."),
                N_("Verdeel het over meer bestanden."),
                code="too_large",
                params={"most": MOST_XML_BYTES // (1024 * 1024)},
            )
        yield chunk
