"""The named boundaries by what passes them."""

from collections.abc import Callable

from dms.kernel.crashpoints import CrashPoint
from tests.machines.crash_world import World

Act = Callable[[World], None]
ROTATION = {
    CrashPoint.ROOTS_WRITTEN,
    CrashPoint.KEYS_REWRAPPED,
    CrashPoint.KEYS_ROTATED,
    CrashPoint.KEYS_ALL_ROTATED,
    CrashPoint.ROOTS_DROPPED,
}
"""Proven in tests/storage/test_rotation.py."""
SCAN = {CrashPoint.LEASE_EXTENDED, CrashPoint.ARCHIVE_MADE, CrashPoint.ARCHIVE_PUT}
AGAIN = {CrashPoint.AGAIN_READ, CrashPoint.AGAIN_WRITTEN, CrashPoint.AGAIN_COMMITTED}
ERASING = {
    CrashPoint.DISCARD_WRITTEN,
    CrashPoint.DISCARD_COMMITTED,
    CrashPoint.ERASE_BEGUN,
    CrashPoint.KEY_ERASED,
    CrashPoint.KEY_DESTROYED,
    CrashPoint.KEY_COPY_DESTROYED,
    CrashPoint.ERASE_KEY_GONE,
    CrashPoint.OBJECT_DELETED,
    CrashPoint.ERASE_OBJECTS_GONE,
    CrashPoint.ERASE_ROWS,
    CrashPoint.ERASE_COMMITTED,
}
ON_A_FOLDER_ONLY = {CrashPoint.OBJECT_SYNCED, CrashPoint.OBJECT_RENAMED, CrashPoint.OBJECT_DELETED}
POINTS = [x for x in CrashPoint if x not in ROTATION]
FAILING = [
    CrashPoint.KEY_WRITTEN,
    CrashPoint.OBJECT_OPENED,
    CrashPoint.OBJECT_HALF,
    CrashPoint.OBJECT_FULL,
    CrashPoint.OBJECT_SYNCED,
    CrashPoint.OBJECT_RENAMED,
    CrashPoint.OBJECT_PUT,
]
"""Inside a store: here a failing disk is met by the handling that a real one would meet."""


def way_of(point: CrashPoint) -> str:
    """The name of the act that passes a point."""
    if point in ERASING:
        return "erase"
    if point in AGAIN:
        return "again"
    return "scan" if point in SCAN else "file"
