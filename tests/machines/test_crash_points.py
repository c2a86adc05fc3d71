"""Killed, or with a failing disk, at every named boundary: what was acknowledged is kept, and nothing happens twice.

Every fifth point once on a folder by default, the others the days after; with DMS_TEST_FULL=1 each three times on a
folder and three times on a real S3 server, each time at another passage of the point where there are several.
"""

import errno
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from dms.kernel.clock import SystemClock
from dms.kernel.crashpoints import CrashPoint
from tests.machines.conftest import FULL, PLACES, TURNS, NewWorld
from tests.machines.crash_world import KILLED, Paper, World, fail_at, kill_at
from tests.machines.points import FAILING, ON_A_FOLDER_ONLY, POINTS, Act, way_of

pytestmark = pytest.mark.slow
TURN = SystemClock().today().toordinal()
SOME = POINTS if FULL else POINTS[TURN % 5 :: 5]
COUNTED: dict[tuple[str, str], Counter[str]] = {}
"""How often each act passes each point, for each kind of place: the same every time, so counted once."""


def recovered(world: World) -> None:
    """A process that opens the house again restores the invariants; a second one changes nothing."""
    assert world.child(world.recover) == 0
    world.check()
    before = world.snapshot()
    assert world.child(world.recover) == 0
    assert world.snapshot() == before


def test_there_are_enough_points_and_each_has_its_own_name() -> None:
    assert len(POINTS) >= 60
    assert len({x.value for x in CrashPoint}) == len(CrashPoint)


@pytest.mark.parametrize("kind", PLACES)
@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("point", SOME)
def test_killed(
    point: CrashPoint,
    turn: int,
    kind: str,
    new_world: NewWorld,
    act_of: Callable[[CrashPoint], Act],
) -> None:
    if kind != "folder" and point in ON_A_FOLDER_ONLY:
        pytest.skip("the server does this where we cannot look")
    world = new_world(kind)
    nth = 1 if turn == 1 else 1 + (turn - 1) % passages(world, act_of(point), point, new_world, kind)
    assert world.child(lambda: act_of(point)(world), kill_at(point, nth)) == KILLED, "the point was not reached"
    recovered(world)


def passages(world: World, act: Act, point: CrashPoint, new_world: NewWorld, kind: str) -> int:
    """How often an undisturbed run passes the point; the world is as new afterwards."""
    way = way_of(point), kind
    if way not in COUNTED:
        seen = world.folder.with_name("seen.txt")

        def note(name: str) -> None:
            with seen.open("a") as file:
                file.write(f"{name}\n")

        assert world.child(lambda: act(world), note) == 0
        COUNTED[way] = Counter(seen.read_text().split())
        remade(world, new_world, kind)
    return COUNTED[way][point]


def remade(world: World, new_world: NewWorld, kind: str) -> None:
    """The same place as it was at first."""
    app = world.open()
    for stored in list(app.vault.store.keys()):
        app.vault.store.delete(stored.key)
    app.close()
    shutil.rmtree(world.folder)
    new_world(kind)


@pytest.mark.parametrize("kind", PLACES)
@pytest.mark.parametrize("times", [1, 10**9] if FULL else [10**9])
@pytest.mark.parametrize("fault", [errno.EIO, errno.ENOSPC] if FULL else [errno.ENOSPC])
@pytest.mark.parametrize("point", FAILING if FULL else FAILING[TURN % 3 :: 3])
def test_a_failing_disk(
    point: CrashPoint, fault: int, times: int, kind: str, new_world: NewWorld, sure: Paper, crash_template: World
) -> None:
    """An error instead of a kill: while receiving (refused, nothing kept) and while reading (waits, goes on later)."""
    if kind != "folder" and point in ON_A_FOLDER_ONLY:
        pytest.skip("the server does this where we cannot look")
    world = new_world(kind)
    code = world.child(lambda: world.run([sure]), fail_at(point, fault, times))
    assert code == 1  # the sender hears it
    recovered(world)
    assert states(world) == ["desk"]

    def read() -> None:
        app = world.open()
        world.finish(app)
        app.close()

    app = world.open()
    world.receive(app, [sure])
    app.close()
    if point is not CrashPoint.KEY_WRITTEN:  # no key is made any more
        assert world.child(read, fail_at(point, fault, times)) == 0
        assert states(world) == ["desk", "waiting"]
    recovered(world)
    assert states(world) == ["desk", "filed"]


def states(world: World) -> list[str]:
    """The states of all items."""
    return sorted(str(x[1]) for x in world.snapshot()["items"])  # type: ignore[attr-defined]


def test_the_undisturbed_way_passes_every_point(new_world: NewWorld, sure: Paper, scan: Paper, tmp_path: Path) -> None:
    world, seen = new_world("folder"), tmp_path / "seen.txt"

    def note(name: str) -> None:
        with seen.open("a") as file:
            file.write(f"{name}\n")

    assert world.child(lambda: world.read_again([sure]), note) == 0
    assert world.child(lambda: world.run([scan]), note) == 0
    assert world.child(world.discard, note) == 0
    assert set(seen.read_text().split()) == {x.value for x in POINTS}
    world.check()
