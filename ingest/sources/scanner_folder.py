"""A folder that scanners write into: what lies there, whether somebody still writes, and moving what is done with.

Hidden and unfinished names, links and everything that is no plain file are left alone.
"""

import fcntl
import os
import signal
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from dms.kernel.errors import OutsideDown, SetupWrong
from dms.kernel.text import N_
from ingest.sources.scanner_whole import looks_whole

DONE, REFUSED = "verwerkt", "geweigerd"
OWN = frozenset({DONE, REFUSED})
UNFINISHED = (".part", ".tmp", ".temp", ".crdownload", ".filepart", ".partial", "~", ".swp", ".lock", ".lck")
NOT_OURS = frozenset({"thumbs.db", "desktop.ini"})
PIECE = 1 << 20


class Seen(NamedTuple):
    """Number, size and time of change of a file: the same twice means that nobody wrote to it in between."""

    inode: int
    size: int
    changed: int


class StillWritten(Exception):
    """The file changed while it was read, or somebody writes to it."""


class FolderAway(OutsideDown):
    """The folder cannot be reached now: a share that is not mounted, or that somebody renamed."""

    def __init__(self) -> None:
        super().__init__(
            N_("De scanmap is niet te bereiken."),
            N_("Kijk of de netwerkmap nog gekoppeld is en of de map nog zo heet. Daarna gaat het vanzelf verder."),
            code="folder_away",
        )


class FolderWrong(SetupWrong):
    """The folder is no place to take files from."""


def place_of(root: Path | None, brin: str, folder: str) -> Path:
    """Where a school's scanner folder is. Raises SetupWrong without a root, FolderWrong where it leads elsewhere."""
    if root is None:
        raise SetupWrong(
            N_("Op de server is nog geen plaats voor scanmappen gekozen."),
            N_("De beheerder van de server zet DMS_SCAN op een map en start de dienst opnieuw."),
            code="no_scan_root",
        )
    own = root / brin
    path = own / folder
    if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(own)):
        raise FolderWrong(
            N_("De scanmap wijst naar een plaats buiten de map van de school."),
            N_("Haal de koppeling (symbolic link) weg, of kies een andere map."),
            code="folder_outside",
        )
    return path


def make_place(root: Path, path: Path) -> None:
    """Make a new scanner folder below the root, which must be there. Raises FolderAway."""
    if not root.is_dir():
        raise FolderAway
    try:
        path.mkdir(mode=0o770, parents=True, exist_ok=True)
    except OSError as fault:
        raise FolderAway from fault


def probe(path: Path) -> int:
    """How many files wait. Raises FolderAway, and FolderWrong where files cannot be removed after they were taken."""
    count = sum(1 for _ in files(path))
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        raise FolderWrong(
            N_("De dienst mag in deze scanmap geen bestanden lezen en weghalen."),
            N_("Geef het account van de dienst lees- en schrijfrechten op de map."),
            code="folder_closed",
        )
    return count


def files(folder: Path) -> Iterator[tuple[Path, Seen]]:
    """The files that may be taken once they are whole, by name. Raises FolderAway."""
    try:
        entries = sorted(os.scandir(folder), key=lambda x: x.name)
    except OSError as fault:
        raise FolderAway from fault
    for entry in entries:
        name = entry.name.casefold()
        if name.startswith((".", "~")) or name.endswith(UNFINISHED) or name in NOT_OURS:
            continue
        try:
            state = entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            continue
        except OSError as fault:
            raise FolderAway from fault
        if stat.S_ISREG(state.st_mode) and state.st_size:
            yield Path(entry.path), state_of(state)


def refused_count(folder: Path) -> int:
    """How many files were put aside and wait for a person."""
    try:
        return sum(1 for x in os.scandir(folder / REFUSED) if x.is_file(follow_symlinks=False))
    except OSError:
        return 0


def state_of(found: os.stat_result) -> Seen:
    """What tells whether a file was written to."""
    return Seen(found.st_ino, found.st_size, found.st_mtime_ns)


@contextmanager
def opened(path: Path, seen: Seen) -> Iterator[int]:
    """The file, open for reading. Raises StillWritten when it is another by now, or open elsewhere for writing.

    Raises OSError where it cannot be read.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        if state_of(os.fstat(descriptor)) != seen or _in_hand(descriptor):
            raise StillWritten
        yield descriptor
    finally:
        os.close(descriptor)


def whole(descriptor: int, seen: Seen) -> bool:
    """Whether the file ends as its kind must."""
    return looks_whole(descriptor, seen.size)


def pieces(descriptor: int, seen: Seen) -> Iterator[bytes]:
    """The bytes from the start, as long as nobody writes. Raises StillWritten, FolderAway."""
    try:
        place = 0
        while piece := os.pread(descriptor, PIECE, place):
            place += len(piece)
            yield piece
        if place != seen.size or state_of(os.fstat(descriptor)) != seen:
            raise StillWritten
    except OSError as fault:
        raise FolderAway from fault


def put_away(path: Path, seen: Seen, place: str) -> None:
    """Remove a file that was taken, or move it to `place` beside it. Another file in its stead is left alone.

    Raises OSError where that may not be.
    """
    try:
        if state_of(os.stat(path, follow_symlinks=False)) != seen:
            return
    except FileNotFoundError:
        return
    if not place:
        path.unlink(missing_ok=True)
        return
    folder = path.parent / place
    folder.mkdir(mode=0o770, exist_ok=True)
    target, nth = folder / path.name, 1
    while target.exists():
        nth += 1
        target = folder / f"{path.stem} ({nth}){path.suffix}"
    path.rename(target)


def _in_hand(descriptor: int) -> bool:
    """Whether another process locks the file or has it open for writing, as far as the file system can tell."""
    for lock in (fcntl.flock, fcntl.lockf):
        try:
            lock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except PermissionError:
            return True
        except OSError:
            continue  # this file system knows no locks
        lock(descriptor, fcntl.LOCK_UN)
    try:
        # A read lease is refused while anybody has the file open for writing. Who opens it in the moment that we hold
        # one makes the kernel send a signal: one whose default is to do nothing.
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except BlockingIOError:
        return True
    except OSError:
        return False  # not ours, or a file system without leases: the other signs must do
    fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return False
