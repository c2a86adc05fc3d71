"""A large file goes through the whole house in constant memory; `DMS_TEST_MEGABYTES` sets how large (bar: 500)."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import houses
from tests.golden.running import ROOT, surroundings
from tests.machines.conftest import NewWorld

MEGABYTES = int(os.environ.get("DMS_TEST_MEGABYTES") or 48)  # noqa: TID251 - how thorough this run is
MOST_GROWTH = 32
"""MiB: some parts of a transfer, whatever the size of the whole."""


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", ["folder", pytest.param("s3", marks=pytest.mark.s3)])
def test_in_and_out(kind: str, new_world: NewWorld, tmp_path: Path, record_property) -> None:
    world = new_world(kind)
    settings = houses.settings_of(world.folder, **world.more, DMS_MAX_FILE_MB=str(MEGABYTES + 100))
    done = subprocess.run(
        [sys.executable, "-m", "tests.machines.big_file", str(world.folder), str(MEGABYTES)],
        cwd=ROOT,
        env={**surroundings(), **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout.splitlines()[-1])
    record_property(f"house_{kind}", json.dumps(told))
    assert set(told["grown_mib"]) == {"in", "read", "out"}
    assert max(told["grown_mib"].values()) < MOST_GROWTH, told
