"""Private job folders: the only place where plaintext lies on a disk, and only while its job runs.

A folder is wiped before its job starts (a killed job may have left something) and when it ends; `sweep` removes what
jobs left that never come back. Wiping is removing: what the disk keeps in free blocks is a matter of disk encryption,
or of putting the folder in memory (tmpfs).
"""

import os
import re
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from dms.kernel.crashpoints import CrashPoint, reached
from storage.errors import DISK_FULL, StoreDown, StoreFull

_JOB_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")


@contextmanager
def job_folder(root: Path, job_id: str) -> Iterator[Path]:
    """An empty folder of mode 0700 under `root` for one job; gone afterwards, whatever the job left in it.

    `job_id`: small letters, digits and hyphens. Raises `StoreFull` or `StoreDown` when it cannot be made.
    """
    folder = root / _checked(job_id)
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        wipe(folder)
        folder.mkdir(mode=0o700)
    except OSError as error:
        raise StoreFull() if error.errno in DISK_FULL else StoreDown() from error
    try:
        reached(CrashPoint.SPOOL_MADE)
        yield folder
    finally:
        wipe(folder)
        reached(CrashPoint.SPOOL_WIPED)


def sweep(root: Path, live_ids: Callable[[], Iterable[str]]) -> int:
    """Remove the folders of jobs that are not in `live_ids()`; returns how many.

    `live_ids` is asked after the folders were listed, so that a job that starts meanwhile keeps its folder: a job's id
    must be in the answer before its folder is made.
    """
    if not root.is_dir():
        return 0
    found = [entry.name for entry in os.scandir(root)]
    live = set(live_ids())
    gone = [name for name in found if name not in live]
    for name in gone:
        wipe(root / name)
    return len(gone)


def wipe(path: Path) -> None:
    """Remove `path` with everything in it; links are removed, never followed. Absent is no error."""
    if path.is_symlink() or path.is_file():
        path.unlink(missing_ok=True)
        return
    if not path.exists():
        return
    try:
        shutil.rmtree(path)
    except PermissionError:  # a job took rights away from its own folders: give them back and try once more
        path.chmod(stat.S_IRWXU)
        for folder, names, _files in os.walk(path):
            for name in names:
                inner = os.path.join(folder, name)
                if not os.path.islink(inner):
                    os.chmod(inner, stat.S_IRWXU)
        shutil.rmtree(path)


def _checked(job_id: str) -> str:
    if _JOB_ID.fullmatch(job_id) is None:
        raise ValueError("a job id is made of small letters, digits and hyphens")
    return job_id
