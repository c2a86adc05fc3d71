"""The objects that a backup has to hold: a list on disk, so that memory does not grow with the archive."""

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import UUID, uuid4

from storage.reconcile import ExpectedRef


class Listing:
    """Object keys with their document, and whether they were copied. Holds ids only; gone when it is closed."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path = folder / f"backup-{uuid4().hex}.list"
        self._rows = sqlite3.connect(self._path, isolation_level=None)
        self._rows.execute("PRAGMA journal_mode=OFF")
        self._rows.execute("PRAGMA synchronous=OFF")
        self._rows.execute("CREATE TABLE wanted (key TEXT PRIMARY KEY, document BLOB, copied INT) WITHOUT ROWID")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._rows.close()
        self._path.unlink(missing_ok=True)

    def add(self, refs: Iterable[ExpectedRef]) -> None:
        """Ask for these too; what was copied stays copied."""
        rows = ((ref.object_key, ref.document_id.bytes) for ref in refs)
        self._rows.execute("BEGIN")
        self._rows.executemany("INSERT OR IGNORE INTO wanted VALUES (?, ?, 0)", rows)
        self._rows.execute("COMMIT")

    def again(self, document_id: UUID) -> None:
        """Copy everything of a document once more, and only what is asked for from now on: it changed."""
        self._rows.execute("DELETE FROM wanted WHERE document = ?", (document_id.bytes,))

    def open(self) -> Iterator[tuple[str, UUID]]:
        """What was not copied yet, in order; each counts as copied once the next is asked for."""
        after = ""
        while True:
            row = self._rows.execute(
                "SELECT key, document FROM wanted WHERE copied = 0 AND key > ? ORDER BY key LIMIT 1", (after,)
            ).fetchone()
            if row is None:
                return
            after = row[0]
            yield row[0], UUID(bytes=row[1])
            self._rows.execute("UPDATE wanted SET copied = 1 WHERE key = ?", (after,))
