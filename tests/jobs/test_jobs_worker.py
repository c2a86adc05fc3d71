"""Workers: what a dead one held is taken up, and a stop in the middle of an item gives it back."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from dms.cli.service import worker_process
from dms.db import pulse
from dms.db.tables import ItemRow
from dms.jobs import child
from dms.model.documents import ItemState, Source
from dms.model.events import SYSTEM
from dms.settings import load
from tests.cli.small_school import BRIN, Installation, furnish
from tests.web.screen_world import scanned

SLOW = '#!/bin/sh\ncase "$*" in *version*|*list-langs*) exec tesseract "$@";; esac\nsleep 60\n'


@pytest.fixture
def fresh(tmp_path: Path) -> Installation:
    return furnish(tmp_path)


def rows(made: Installation) -> list[ItemRow]:
    with made.app() as app, app.database.read() as session:
        return list(session.scalars(select(ItemRow).order_by(ItemRow.created_at)))


def until(what, seconds: float = 120.0) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.1)


@pytest.mark.slow
def test_a_worker_reads_what_comes_in_and_ends_when_asked(fresh: Installation) -> None:
    with fresh.app() as app:
        app.receive.receive(SYSTEM, BRIN, Source.COMMAND, [("a.pdf", [fresh.letter()])])
    number = child.start(worker_process(load(fresh.environment, fresh.folder), "worker-1"))
    until(lambda: rows(fresh)[0].state not in (ItemState.WAITING, ItemState.WORKING))
    with fresh.app() as app:
        assert pulse.living(app.database, "worker") == ("worker-1",)
    os.kill(number, signal.SIGTERM)
    _, status = os.waitpid(number, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    with fresh.app() as app:
        assert pulse.living(app.database, "worker") == ()


@pytest.mark.slow
def test_what_a_killed_worker_held_is_read_by_its_next_life(fresh: Installation) -> None:
    with fresh.app() as app:
        app.receive.receive(SYSTEM, BRIN, Source.COMMAND, [("a.pdf", [fresh.letter()])])
        from ingest.service.claims import claim

        assert claim(app.database, "worker-1") is not None  # and then it was killed
        assert claim(app.database, "worker-2") is None
        assert pulse.living(app.database, "worker") == ("worker-1",)
        assert pulse.let_go(app.database, "worker-1") == 1
        again = claim(app.database, "worker-1")
        assert again is not None
        assert again.attempts == 2, "a file that kills its reader must not be tried for ever"
        assert pulse.let_go(app.database, "worker-2") == 0


@pytest.fixture
def slow_reader(tmp_path: Path) -> Installation:
    """An installation where recognising text takes a minute."""
    sleeper = tmp_path / "slow-tesseract"
    sleeper.write_text(SLOW)
    sleeper.chmod(0o755)
    return furnish(tmp_path, DMS_TESSERACT=str(sleeper))


@pytest.mark.slow
def test_a_stop_in_the_middle_of_an_item_gives_it_back_long_before_it_is_read(
    slow_reader: Installation, tmp_path: Path
) -> None:
    made = slow_reader
    with made.app() as app:
        app.receive.receive(SYSTEM, BRIN, Source.COMMAND, [("scan.pdf", [scanned(made.letter())])])
    number = child.start(worker_process(load(made.environment, made.folder), "worker-1"))
    until(lambda: rows(made)[0].state is ItemState.WORKING)
    time.sleep(1.5)
    began = time.monotonic()
    os.kill(number, signal.SIGTERM)
    _, status = os.waitpid(number, 0)
    assert time.monotonic() - began < 40, "reading it takes a minute"
    assert os.waitstatus_to_exitcode(status) == 0
    (row,) = rows(made)
    assert (row.state, row.lease_owner, row.attempts) == (ItemState.WAITING, None, 0)
    assert list((tmp_path / "var" / "jobs").iterdir()) == []


@pytest.mark.slow
def test_a_command_that_is_ended_gives_back_what_it_was_reading(slow_reader: Installation, tmp_path: Path) -> None:
    paper = tmp_path / "scan.pdf"
    paper.write_bytes(scanned(slow_reader.letter()))
    command = subprocess.Popen(
        [sys.executable, "-m", "dms", "ingest", str(paper), "--school", BRIN, "--wait"],
        env={"PATH": os.defpath, "PYTHONPATH": str(Path(__file__).parents[2]), **slow_reader.environment},
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
    )
    until(lambda: rows(slow_reader) and rows(slow_reader)[0].state is ItemState.WORKING)
    time.sleep(1.5)
    command.terminate()
    _, said = command.communicate(timeout=15)
    assert command.returncode == 130
    assert "Traceback" not in said
    (row,) = rows(slow_reader)
    assert (row.state, row.lease_owner) == (ItemState.WAITING, None)
    assert list((tmp_path / "var" / "jobs").iterdir()) == []
