"""`dms backup` and `dms restore`: JSON, exit codes, and nothing left of an attempt that was refused."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import structlog

from dms.cli.root import run
from storage.keys.recovery import recovery_sheet
from storage.keys.root import file_roots
from tests.backup.backup_world import beside
from tests.backup.conftest import Origin

Answer = tuple[int, list[dict[str, Any]], str]
Command = Callable[..., Answer]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Command:
    """Runs a command in a folder, with nothing but the settings given."""

    def typed(folder: Path, *words: str, **more: str) -> Answer:
        folder.mkdir(exist_ok=True)
        monkeypatch.chdir(folder)
        for name, value in more.items():
            monkeypatch.setenv(name, value)
        capfd.readouterr()
        code = run([*words, "--json"])
        structlog.reset_defaults()  # what it logged to is gone
        said = capfd.readouterr()
        return code, [json.loads(x) for x in said.out.splitlines()], said.err

    return typed


SENSELESS = [("backup",), ("backup", "--list", "-o", "x"), ("restore",), ("restore", "x", "--replay")]


def error_of(said: str) -> str:
    """The code of the error that a command told."""
    (line,) = [x for x in said.splitlines() if x.startswith('{"error"')]
    return str(json.loads(line)["error"]["code"])


@pytest.mark.slow
def test_there_and_back(origin: Origin, tmp_path: Path, command: Command) -> None:
    home, there = origin.house.folder, tmp_path / "elders"
    code, (made,), _ = command(home, "backup", "-o", str(tmp_path / "dinsdag.dk"), "--days", "7")
    assert (code, made["documents"], made["missing"], made["lost"]) == (0, 3, 0, [])
    assert made["keys_file"] == str(beside(tmp_path / "dinsdag.dk"))
    code, listed, _ = command(home, "backup", "--list")
    assert code == 0
    assert listed[0]["backup_id"] == made["backup_id"]
    code, _, said = command(home, "backup", "-o", str(tmp_path / "dinsdag.dk"))
    assert (code, error_of(said)) == (2, "bad_input")

    file = str(tmp_path / "dinsdag.dk")
    code, _, said = command(there, "restore", file)
    assert (code, error_of(said)) == (2, "backup_key")
    sheet = tmp_path / "blad.txt"
    sheet.write_text(recovery_sheet(file_roots(home / "keys" / "root.key")()[0]), "utf-8")
    code, _, said = command(there, "restore", file, "--recovery-sheet", str(sheet))
    assert (code, error_of(said)) == (2, "ledger_missing")
    assert list(there.iterdir()) == []
    code, (seen,), _ = command(there, "restore", file, "--verify", "--recovery-sheet", str(sheet))
    assert (code, seen["documents"]) == (0, 3)
    assert list(there.iterdir()) == []

    ledger = {"DMS_LEDGER": str(home / "ledger")}
    code, (done,), _ = command(there, "restore", file, "--recovery-sheet", str(sheet), **ledger)
    assert (code, done["backup_id"], done["documents"], done["replayed"]) == (0, made["backup_id"], 3, 0)
    code, (report,), _ = command(there, "check", "--full")
    assert (code, set(report.values())) == (0, {0})
    code, _, said = command(there, "restore", file)
    assert (code, error_of(said)) == (2, "not_empty")
    code, (followed,), _ = command(there, "restore", "--replay")
    assert (code, followed) == (0, {"documents": 0, "placements": 0, "pupils": 0})


@pytest.mark.parametrize(
    "words", [["backup"], ["backup", "--list", "-o", "x"], ["restore"], ["restore", "x", "--replay"]]
)
def test_what_makes_no_sense(tmp_path: Path, command: Command, words: tuple[str, ...]) -> None:
    code, _, said = command(tmp_path, *words)
    assert (code, error_of(said)) == (2, "bad_input")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_not_there(tmp_path: Path, command: Command) -> None:
    code, _, said = command(tmp_path, "restore", "weg.dk")
    assert (code, error_of(said)) == (2, "bad_input")
    assert list(tmp_path.iterdir()) == []
