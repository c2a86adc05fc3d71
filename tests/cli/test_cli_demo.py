"""The demo: loaded once, and its papers in a folder to try `dms ingest` with."""

import csv
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dms.db import pulse
from tests.cli.small_school import BRIN, Installation, furnish
from tests.servers.processes import lives

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


def test_the_papers_go_to_a_folder_with_the_truth_beside_them(empty: Installation) -> None:
    pile = empty.folder / "stapel"
    done = empty.dms("demo", "--export", pile, "--json")
    assert done.code == 0, done.err
    answer = done.json
    assert (answer["loaded"], answer["pupils"], answer["papers"], answer["exported"]) == (True, 350, 0, 40)
    with (pile / "truth.csv").open(encoding="utf-8", newline="") as file:
        truth = list(csv.DictReader(file, delimiter=";"))
    assert {x["bestand"] for x in truth} == {x.name for x in pile.iterdir()} - {"truth.csv"}
    note = empty.folder / "var" / "demo.txt"
    assert stat.S_IMODE(note.stat().st_mode) == 0o600
    assert answer["password"] in note.read_text("utf-8")
    with empty.app() as app:
        for login in answer["logins"]:
            assert app.accounts.by_email(login["email"]).name == login["name"]
        app.accounts.sign_in("anouk@deregenboog.example", answer["password"])
    again = empty.dms("demo", "--export", empty.folder / "nog eens", "--json")
    assert again.code == 0
    assert again.json["loaded"] is False


def test_many_files_are_read_by_helpers_that_end_with_the_command(tmp_path: Path) -> None:
    made = furnish(tmp_path, DMS_WORKERS="2")
    pile = tmp_path / "stapel"
    pile.mkdir()
    for number in range(8):
        (pile / f"{number}.pdf").write_bytes(made.letter(number, seed=50 + number))
    before = children()
    made.more["PYTHONPATH"] = str(ROOT)
    done = made.dms("ingest", pile, "--school", BRIN, "--wait", "--json")
    assert done.code == 0, done.err
    assert [Path(x["path"]).name for x in done.lines] == [f"{x}.pdf" for x in range(8)]
    assert not any(x["status"] == "waiting" for x in done.lines)
    assert children() == before
    with made.app() as app:
        assert pulse.living(app.database, "worker") == ()
    assert made.dms("check", "--full").code == 0


def test_helpers_do_not_outlive_a_command_that_is_killed(tmp_path: Path) -> None:
    made = furnish(tmp_path, DMS_WORKERS="1")
    pile = tmp_path / "stapel"
    pile.mkdir()
    for number in range(10):
        (pile / f"{number}.pdf").write_bytes(made.letter(number, seed=70 + number))
    command = subprocess.Popen(
        [sys.executable, "-m", "dms", "ingest", str(pile), "--school", BRIN, "--wait"],
        env={"PATH": os.defpath, "PYTHONPATH": str(ROOT), **made.environment},
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
    )
    until(lambda: children(command.pid))
    helpers = children(command.pid)
    command.send_signal(signal.SIGKILL)
    command.wait()
    until(lambda: not any(lives(x) for x in helpers))
    finished = made.dms("ingest", pile, "--school", BRIN, "--wait", "--json")
    assert finished.code == 0
    assert made.dms("check", "--full").code == 0


def children(parent: int | None = None) -> list[int]:
    """The processes that `parent` (this one) started and that live."""
    number = parent or os.getpid()
    found = Path(f"/proc/{number}/task/{number}/children").read_text().split()
    return [int(x) for x in found if lives(int(x))]


def until(what, seconds: float = 120.0) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.05)
