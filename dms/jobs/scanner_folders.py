"""Looks into the scanner folders of all schools and takes every file that is whole. The file goes last."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import structlog

from dms.kernel.crashpoints import reached
from dms.kernel.errors import BadInput, DmsError, OutsideDown, SetupWrong
from dms.kernel.text import N_
from ingest.service.scanner import ScanFolder, ScannerIntake
from ingest.service.source_runs import Run
from ingest.sources import scanner_folder as disk

PATIENCE = 600.0
"""Seconds after which a file that nobody writes to is taken although it does not end as its kind must: then people
see in the list what is wrong with it.
"""

log = structlog.get_logger(__name__)


class House(Protocol):
    """The part of the application that the scanner folders use."""

    @property
    def scanner(self) -> ScannerIntake:
        """The way in for scans."""
        ...


@dataclass(frozen=True, slots=True)
class _Known:
    """A file as it was seen first in this state, and when (monotonic)."""

    seen: disk.Seen
    since: float


class ScannerFolders:
    """Looks in turn. What it remembers is only since when each file is quiet: nothing is lost with it."""

    def __init__(self, house: House, clock: Callable[[], float] = time.monotonic) -> None:
        self._house = house
        self._clock = clock
        self._known: dict[Path, _Known] = {}
        self._left: dict[Path, disk.Seen] = {}

    def turn(self) -> int:
        """Take all that is whole, in all folders; returns how many. A folder with a fault keeps no other waiting."""
        scanner = self._house.scanner
        taken, still = 0, set[Path]()
        for folder in scanner.folders():
            run = self._look(folder, still)
            taken += run.taken
            if run.trouble is not None:
                log.warning("scan_folder_waits", school=folder.brin, object_id=str(folder.id), code=run.trouble.code)
            scanner.ran(folder.id, run)
        for path in self._known.keys() - still:
            del self._known[path]
        return taken

    def _look(self, folder: ScanFolder, still: set[Path]) -> Run:
        scanner, taken, failed = self._house.scanner, 0, 0
        trouble: DmsError | None = None
        try:
            path = disk.place_of(scanner.root, folder.brin, folder.folder)
            if folder.fresh and scanner.root is not None:
                disk.make_place(scanner.root, path)
            for file, seen in disk.files(path):
                still.add(file)
                if not self._quiet(file, seen, folder.quiet_seconds):
                    continue
                try:
                    taken += self._take(folder, file, seen)
                except disk.StillWritten:
                    self._known[file] = _Known(seen, self._clock())
                except BadInput as fault:
                    log.warning("scan_refused", school=folder.brin, code=fault.code)
                    disk.put_away(file, seen, disk.REFUSED)
                    failed += 1
            if disk.refused_count(path):
                trouble = FILE_REFUSED
        except (OutsideDown, SetupWrong) as fault:
            trouble = fault
        except OSError as fault:
            log.warning("scan_folder_fault", school=folder.brin, error=type(fault).__name__)
            trouble = CANNOT_REMOVE
        except DmsError as fault:
            trouble = fault
        return Run(taken, failed, trouble)

    def _quiet(self, file: Path, seen: disk.Seen, seconds: int) -> bool:
        known = self._known.get(file)
        if known is None or known.seen != seen:
            self._known[file] = _Known(seen, self._clock())
            return False
        return self._clock() - known.since >= seconds

    def _take(self, folder: ScanFolder, file: Path, seen: disk.Seen) -> bool:
        if self._left.get(file) == seen:  # it is kept already, and may not be removed
            raise PermissionError
        try:
            with disk.opened(file, seen) as descriptor:
                waited = self._clock() - self._known[file].since
                if not disk.whole(descriptor, seen) and waited < PATIENCE:
                    return False
                fresh = self._house.scanner.take(
                    folder, file.name, (seen.inode, seen.changed), lambda: disk.pieces(descriptor, seen)
                )
        except FileNotFoundError:
            return False
        try:
            disk.put_away(file, seen, disk.DONE if folder.keep else "")
        except OSError:
            self._left[file] = seen
            raise
        reached("scanner.removed")
        return fresh


FILE_REFUSED = BadInput(
    N_("Een bestand kan niet binnenkomen. Het staat in de map geweigerd."),
    N_("Kijk wat het is: te groot, misschien. Haal het daar weg als u het niet meer nodig hebt."),
    code="file_refused",
)
CANNOT_REMOVE = SetupWrong(
    N_("Een bestand in deze scanmap is niet te lezen of niet weg te halen."),
    N_("Geef het account van de dienst lees- en schrijfrechten op de map en de bestanden."),
    code="cannot_remove",
)
