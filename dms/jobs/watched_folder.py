"""The watched place: a folder per school, named by its BRIN. An export that is put there is taken when it is whole.

The file goes last: only when what it became is kept, it is removed or moved aside. What can never come in is moved to
`geweigerd` and stays there. Links and hidden files are left alone.
"""

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import structlog

from dms.kernel.crashpoints import reached
from dms.kernel.errors import BadInput, DmsError, OutsideDown
from dms.services.schools import Schools
from ingest.service.watched import Watched

DONE, REFUSED = "verwerkt", "geweigerd"
UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart", ".partial", "~", ".swp")
PIECE = 1 << 20
Seen = tuple[int, int, int]
"""Number, size and time of change of a file: the same twice means that nobody writes to it."""

log = structlog.get_logger(__name__)


class House(Protocol):
    """The parts of the application that the watched place uses."""

    @property
    def schools(self) -> Schools:
        """The schools."""
        ...

    @property
    def watched(self) -> Watched:
        """The way in for exports."""
        ...


class WatchedFolder:
    """Looks in the folders of all schools. `keep`: move what was taken to `verwerkt` instead of removing it."""

    def __init__(self, house: House, folder: Path, keep: bool) -> None:
        self._house = house
        self._folder = folder
        self._keep = keep
        self._seen: dict[Path, Seen] = {}

    def turn(self) -> int:
        """Take every file that has not changed since the last turn; returns how many. Raises OutsideDown."""
        taken = 0
        still: dict[Path, Seen] = {}
        for brin, folder in self._folders():
            for path, seen in _files(folder):
                if self._seen.get(path) != seen:
                    still[path] = seen
                elif self._take(brin, path, seen):
                    taken += 1
        self._seen = still
        return taken

    def _folders(self) -> Iterator[tuple[str, Path]]:
        for school in self._house.schools.list():
            folder = self._folder / school.brin
            folder.mkdir(mode=0o770, parents=True, exist_ok=True)
            yield school.brin, folder

    def _take(self, brin: str, path: Path, seen: Seen) -> bool:
        mark = _mark(path.name, seen)
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError as fault:
            log.warning("watched_unreadable", school=brin, error=type(fault).__name__)
            return False
        try:
            with os.fdopen(descriptor, "rb") as file:
                if _state(os.fstat(file.fileno())) != seen:
                    return False
                self._house.watched.take(brin, path.name, mark, _whole(file.fileno(), seen))
        except StillWritten:
            return False
        except OutsideDown:
            raise
        except BadInput as fault:
            log.warning("watched_refused", school=brin, code=fault.code)
            _move(path, REFUSED)
            self._house.watched.release(brin, mark)
            return False
        except DmsError as fault:  # a person must look at the folder or the rights; the file stays
            log.warning("watched_failed", school=brin, code=fault.code)
            return False
        if _state(os.stat(path, follow_symlinks=False)) == seen:  # another file in its place is not ours to remove
            if self._keep:
                _move(path, DONE)
            else:
                path.unlink()
        reached("watched.removed")
        self._house.watched.release(brin, mark)
        return True


class StillWritten(Exception):
    """The file changed while it was read."""


def _files(folder: Path) -> Iterator[tuple[Path, Seen]]:
    for entry in sorted(os.scandir(folder), key=lambda x: x.name):
        name = entry.name.casefold()
        if name.startswith((".", "~")) or name.endswith(UNFINISHED) or not entry.is_file(follow_symlinks=False):
            continue
        try:
            state = entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            continue
        if stat.S_ISREG(state.st_mode) and state.st_size:
            yield Path(entry.path), _state(state)


def _state(found: os.stat_result) -> Seen:
    return found.st_ino, found.st_size, found.st_mtime_ns


def _mark(name: str, seen: Seen) -> str:
    return hashlib.sha256("\n".join([name, *(str(x) for x in seen)]).encode()).hexdigest()


def _whole(descriptor: int, seen: Seen) -> Iterator[bytes]:
    """The bytes of the file, as long as nobody writes to it. Raises StillWritten."""
    while piece := os.read(descriptor, PIECE):
        yield piece
    if _state(os.fstat(descriptor)) != seen:
        raise StillWritten


def _move(path: Path, place: str) -> None:
    """Move a file to a folder beside it, under a name that is free there."""
    folder = path.parent / place
    folder.mkdir(mode=0o770, exist_ok=True)
    target, nth = folder / path.name, 1
    while target.exists():
        nth += 1
        target = folder / f"{path.stem} ({nth}){path.suffix}"
    path.rename(target)
