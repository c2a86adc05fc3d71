"""An S3 server that answers 500, hangs, hangs up, or does what was asked without saying so: at every kind of moment.

The server is real; a proxy in front of it misbehaves from a named boundary on, until the process is over.
"""

import functools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from dms.kernel.crashpoints import CrashPoint
from storage import s3 as s3_module
from tests.machines.conftest import FULL, NewWorld
from tests.machines.crash_world import Paper, World
from tests.machines.points import AGAIN, ERASING, ON_A_FOLDER_ONLY, POINTS, SCAN
from tests.machines.test_crash_points import recovered, states
from tests.servers.faulty_proxy import faulty_proxy
from tests.servers.s3 import S3Server

pytestmark = [pytest.mark.slow, pytest.mark.s3, pytest.mark.timeout(300)]
MODES = os.environ.get("DMS_TEST_MODES", "500 hang cut deaf").split()  # noqa: TID251 - how thorough this run is
UNSEEN = ERASING | ON_A_FOLDER_ONLY
"""Not on the way in, or done by the server itself."""
RECEIVING = [x for x in POINTS if x.value.startswith(("receive.", "key.", "object.", "vault.")) and x not in UNSEEN]
READING = [x for x in POINTS if x not in UNSEEN | AGAIN | SCAN and not x.value.startswith("receive.")]
CASES = [(mode, point) for mode in MODES for point in READING]
FEW = [
    ("500", CrashPoint.TEXT_PUT),
    ("hang", CrashPoint.PLAIN_WRITTEN),
    ("cut", CrashPoint.CLAIM_COMMITTED),
    ("deaf", CrashPoint.OBJECT_FULL),
]


@pytest.fixture
def mode(tmp_path: Path) -> Path:
    """What the proxy does."""
    return tmp_path / "mode.txt"


@pytest.fixture
def world(s3: S3Server, new_world: NewWorld, mode: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A house whose objects lie behind the proxy, with little patience."""
    quick = functools.partial(s3_module.Patience, connect=1.0, read=0.7, retries=1, backoff=0.05)
    monkeypatch.setattr(s3_module, "Patience", quick)
    made = new_world("s3")
    with faulty_proxy(s3.port, mode) as port:
        made.more["DMS_OBJECT_STORE"] = made.more["DMS_OBJECT_STORE"].replace(f":{s3.port}/", f":{port}/")
        yield made


@pytest.mark.parametrize("fault", MODES if FULL else ["deaf"])
@pytest.mark.parametrize("point", RECEIVING if FULL else [CrashPoint.OBJECT_FULL])
def test_while_receiving(world: World, sure: Paper, mode: Path, fault: str, point: CrashPoint) -> None:
    def misbehave(name: str) -> None:
        if name == point:
            mode.write_text(fault)

    code = world.child(lambda: world.run([sure]), misbehave)
    mode.write_text("")
    told = world.notes.read_text("ascii").splitlines()
    assert (code == 0) == (len(told) == 2)
    recovered(world)
    assert states(world) == ["desk", *(["filed"] if len(told) == 2 else [])]


@pytest.mark.parametrize(("fault", "point"), CASES if FULL else FEW)
def test_while_reading(world: World, sure: Paper, mode: Path, fault: str, point: CrashPoint) -> None:
    """The item waits, the worker lives on; when the server is back, it is filed once."""
    app = world.open()
    world.receive(app, [sure])
    app.close()

    def misbehave(name: str) -> None:
        if name == point:
            mode.write_text(fault)

    def read() -> None:
        opened = world.open()
        world.finish(opened)
        opened.close()

    assert world.child(read, misbehave) == 0
    mode.write_text("")
    recovered(world)
    assert states(world) == ["desk", "filed"]
