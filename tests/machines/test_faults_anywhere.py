"""A fault instead of a kill at every boundary: the disk, the database or the machine says no, and the work goes on.

Inside a store and the key store that is `test_crash_points.test_a_failing_disk`; behind an S3 server it is
`test_faulty_server`. Here it is everything else: what was acknowledged is kept, and nothing happens twice.
"""

import errno
import os
import sqlite3
from collections.abc import Callable

import pytest
from sqlalchemy.exc import OperationalError

from dms.kernel.crashpoints import CrashPoint
from tests.machines.conftest import FULL, PLACES, NewWorld
from tests.machines.crash_world import Hook
from tests.machines.points import FAILING, ON_A_FOLDER_ONLY, POINTS, Act, way_of
from tests.machines.test_crash_points import recovered, states

pytestmark = pytest.mark.slow
ELSEWHERE = [x for x in POINTS if x not in FAILING]
FEW = [
    CrashPoint.RECEIVE_ROWS,
    CrashPoint.RECEIVE_COMMITTED,
    CrashPoint.PLAIN_HALF,
    CrashPoint.RENDITIONS_WRITTEN,
    CrashPoint.FILING_OUTBOX,
    CrashPoint.INDEX_GATHERED,
]
Fault = Callable[[], Exception]


def io_error() -> Exception:
    return OSError(errno.EIO, os.strerror(errno.EIO))


def disk_full() -> Exception:
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def database_full() -> Exception:
    return OperationalError("INSERT", {}, sqlite3.OperationalError("database or disk is full"))


def time_out() -> Exception:
    return TimeoutError("timed out")


FAULTS = [io_error, disk_full, database_full, time_out]


def raise_at(point: CrashPoint, fault: Fault, times: int) -> Hook:
    left = times

    def hook(name: str) -> None:
        nonlocal left
        if name == point and left > 0:
            left -= 1
            raise fault()

    return hook


@pytest.mark.parametrize("kind", PLACES)
@pytest.mark.parametrize("fault", FAULTS if FULL else [time_out], ids=lambda x: x.__name__)
@pytest.mark.parametrize("point", ELSEWHERE if FULL else FEW)
def test_a_fault(
    point: CrashPoint, fault: Fault, kind: str, new_world: NewWorld, act_of: Callable[[CrashPoint], Act]
) -> None:
    if kind != "folder" and point in ON_A_FOLDER_ONLY:
        pytest.skip("the server does this where we cannot look")
    world = new_world(kind)
    code = world.child(lambda: act_of(point)(world), raise_at(point, fault, 1))
    assert code in (0, 1)  # a kill would be negative
    recovered(world)
    told = world.notes.read_text("ascii").splitlines()
    if way_of(point) in ("file", "scan"):  # the one at the desk, and the one that was sent if its sender heard so
        assert states(world) == ["desk", *["filed"] * (len(told) - 1)] or point is CrashPoint.RECEIVE_COMMITTED
