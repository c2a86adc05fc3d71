"""Objects in a folder of this machine.

A put writes a file of its own in `incoming/`, syncs it, renames it into `objects/` and syncs the folder, so that after
a power cut an object is there whole or not at all. Files end in `.DK`: capitals do not occur in keys, so the object `a`
and the folder of `a/b` never meet. The folder is the service's alone (0700, files 0600).

Left to others: encryption (`storage.envelope`) and the disk's own; a file removed here leaves its ciphertext in free
blocks until the disk reuses them, which is why destruction destroys the key.
"""

import os
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from dms.kernel.crashpoints import CrashPoint, reached
from storage.errors import DISK_FULL, ObjectMissing, StoreDown, StoreFull
from storage.port import READ_SIZE, StoredObject, checked_folder, checked_key, checked_prefix

SUFFIX = ".DK"
_TRIES = 20


class LocalStore:
    """An `ObjectStore` in the folder `root` (made when absent)."""

    def __init__(self, root: Path) -> None:
        self._objects = root / "objects"
        self._incoming = root / "incoming"
        with _outside():
            for folder in (root, self._objects, self._incoming):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def put(self, key: str, chunks: Iterable[bytes]) -> int:
        """Store whole and synced, or not at all (see `ObjectStore.put`)."""
        target = self._path(key)
        temporary = self._incoming / f"{_mark(key)}@{uuid.uuid4().hex}"
        try:
            size = _write(temporary, chunks)
            with _outside():
                self._move(temporary, target)
                reached(CrashPoint.OBJECT_PUT)
        except BaseException:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise
        return size

    @contextmanager
    def open(self, key: str) -> Iterator[Iterator[bytes]]:
        """The object as pieces of at most `READ_SIZE` bytes."""
        with self._file(key) as file:
            yield _pieces(file)

    def read_range(self, key: str, start: int, length: int) -> bytes:
        """At most `length` bytes from byte `start`."""
        with self._file(key) as file, _outside():
            file.seek(start)
            return file.read(length)

    def size(self, key: str) -> int:
        """Size in bytes."""
        path = self._path(key)
        with _outside():
            try:
                return path.stat().st_size
            except (FileNotFoundError, NotADirectoryError):
                raise ObjectMissing(key) from None

    def exists(self, key: str) -> bool:
        """Whether there is an object under `key` now."""
        try:
            self.size(key)
        except ObjectMissing:
            return False
        return True

    def delete(self, key: str) -> None:
        """Remove the object, and what a killed put of it left behind."""
        path = self._path(key)
        with _outside():
            for unfinished in self._incoming.glob(f"{_mark(key)}@*"):
                unfinished.unlink(missing_ok=True)
            try:
                path.unlink()
            except (FileNotFoundError, NotADirectoryError):
                return
            reached(CrashPoint.OBJECT_DELETED)
            self._sync(path.parent)
            self._prune(path.parent)

    def delete_under(self, folder: str) -> int:
        """Remove all objects in `folder`, and what killed puts left behind."""
        mark = _mark(checked_folder(folder))
        with _outside():
            for unfinished in self._incoming.glob(f"{mark}*"):
                unfinished.unlink(missing_ok=True)
        found = [stored.key for stored in self.keys(folder)]
        for key in found:
            self.delete(key)
        return len(found)

    def keys(self, prefix: str = "") -> Iterator[StoredObject]:
        """All objects whose key starts with `prefix`."""
        checked_prefix(prefix)
        head = prefix.rpartition("/")[0]
        start = self._objects / head if head else self._objects
        with _outside():
            for found in _walk(start, f"{head}/" if head else ""):
                if found.key.startswith(prefix):
                    yield found

    def left(self, folder: str) -> list[str]:
        """Objects in `folder` and what killed puts of them left behind."""
        mark = _mark(checked_folder(folder))
        with _outside():
            unfinished = [x.name for x in self._incoming.glob(f"{mark}*")]
        return [*(x.key for x in self.keys(folder)), *unfinished]

    def everything(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """All objects, and all files in `incoming/`."""
        for stored in self.keys():
            with suppress(ObjectMissing), self.open(stored.key) as pieces:
                yield stored.key, pieces
        with _outside():
            unfinished = list(os.scandir(self._incoming))
        for entry in unfinished:
            with suppress(FileNotFoundError), open(entry.path, "rb") as file:
                yield entry.name, _pieces(file)

    def sweep_unfinished(self, before: datetime) -> int:
        """Remove files in `incoming/` last written before `before`."""
        swept = 0
        with _outside():
            for entry in list(os.scandir(self._incoming)):
                with suppress(FileNotFoundError):
                    if entry.stat().st_mtime < before.timestamp():
                        os.unlink(entry.path)
                        swept += 1
        return swept

    def probe(self) -> None:
        """Make and remove a small file."""
        trial = self._incoming / f"@{uuid.uuid4().hex}"
        with _outside():
            try:
                with _new_file(trial) as file:
                    file.write(b"\0" * 4096)
            finally:
                trial.unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self._objects / (checked_key(key) + SUFFIX)

    @contextmanager
    def _file(self, key: str) -> Iterator[BinaryIO]:
        path = self._path(key)
        with _outside():
            try:
                file = path.open("rb")
            except (FileNotFoundError, NotADirectoryError):
                raise ObjectMissing(key) from None
        with file:
            yield file

    def _move(self, temporary: Path, target: Path) -> None:
        """Rename into place; folders on the way may be pruned meanwhile by the delete of a neighbour."""
        for attempt in range(_TRIES):
            try:
                self._make_folders(target.parent)
                temporary.replace(target)
                break
            except FileNotFoundError:
                if attempt == _TRIES - 1 or not temporary.exists():
                    raise
        reached(CrashPoint.OBJECT_RENAMED)
        self._sync(target.parent)

    def _sync(self, folder: Path) -> None:
        """Make names in `folder` durable; where it was pruned meanwhile, its removal."""
        while True:
            try:
                _sync_folder(folder)
                return
            except FileNotFoundError:
                if folder == self._objects:
                    raise
                folder = folder.parent

    def _make_folders(self, folder: Path) -> None:
        if folder.is_dir():
            return
        self._make_folders(folder.parent)
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        _sync_folder(folder.parent)

    def _prune(self, folder: Path) -> None:
        """Remove folders that became empty; another put may fill one at the same time, then it stays."""
        while folder != self._objects:
            try:
                folder.rmdir()
            except OSError:
                return
            folder = folder.parent


def _write(path: Path, chunks: Iterable[bytes]) -> int:
    with _outside():
        file = _new_file(path)
    try:
        return _fill(file, chunks)
    finally:
        with suppress(OSError):  # all was synced, or the write failed already and closing would fail again
            file.close()


def _fill(file: BinaryIO, chunks: Iterable[bytes]) -> int:
    size = 0
    with _outside():
        reached(CrashPoint.OBJECT_OPENED)
    for chunk in chunks:  # outside `_outside`: an OSError of the source is not ours
        with _outside():
            file.write(chunk)
            if size == 0:
                file.flush()
                reached(CrashPoint.OBJECT_HALF)
        size += len(chunk)
    with _outside():
        file.flush()
        reached(CrashPoint.OBJECT_FULL)
        os.fsync(file.fileno())
        reached(CrashPoint.OBJECT_SYNCED)
    return size


def _new_file(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb")


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while True:
        with _outside():
            piece = file.read(READ_SIZE)
        if not piece:
            return
        yield piece


def _walk(folder: Path, prefix: str) -> Iterator[StoredObject]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path), f"{prefix}{entry.name}/")
        elif entry.name.endswith(SUFFIX):
            with suppress(FileNotFoundError):  # removed while we looked
                facts = entry.stat(follow_symlinks=False)
                key = prefix + entry.name.removesuffix(SUFFIX)
                yield StoredObject(key, facts.st_size, datetime.fromtimestamp(facts.st_mtime, UTC))


def _mark(key: str) -> str:
    """What a file in `incoming/` starts with: the key it is for, in one segment."""
    return key.replace("/", "=")


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _outside() -> Iterator[None]:
    """Turn errors of the disk into errors for people."""
    try:
        yield
    except OSError as error:
        raise StoreFull() if error.errno in DISK_FULL else StoreDown() from error
