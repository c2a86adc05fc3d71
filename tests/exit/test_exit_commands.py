"""`dms exit` and `dms transfer import`: JSON, exit codes, and what is refused."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import structlog

from dms.cli.root import run
from tests.houses import House
from tests.received.received_world import package, papers

Answer = tuple[int, list[dict[str, Any]], str]
Command = Callable[..., Answer]
HEAD = ("--school", "99XX", "--user", "dirk@deregenboog.example")


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Command:
    """Runs a command in a folder, with nothing but the settings given."""

    def typed(folder: Path, *words: str) -> Answer:
        folder.mkdir(exist_ok=True)
        monkeypatch.chdir(folder)
        capfd.readouterr()
        code = run([*words, "--json"])
        structlog.reset_defaults()  # what it logged to is gone
        said = capfd.readouterr()
        return code, [json.loads(x) for x in said.out.splitlines()], said.err

    return typed


def code_of(said: str) -> str:
    """The code of the error that a command told."""
    (line,) = [x for x in said.splitlines() if x.startswith('{"error"')]
    return str(json.loads(line)["error"]["code"])


@pytest.mark.slow
@pytest.mark.skipif(os.environ.get("DMS_TEST_FULL") != "1", reason="full run only")  # noqa: TID251 - how thorough
def test_received_then_out_and_in(house: House, tmp_path: Path, command: Command) -> None:
    home, there, file = house.folder, tmp_path / "elders", tmp_path / "pakket.zip"
    file.write_bytes(package(papers("plevier")))
    house.app.close()
    code, (taken,), _ = command(home, "transfer", "import", str(file), "--school", "99XX")
    assert (code, taken["status"], taken["items"], taken["again"]) == (0, "quarantined", 1, False)
    code, (again,), _ = command(home, "transfer", "import", str(file), "--school", "99XX")
    assert (code, again["receipt_id"], again["again"]) == (0, taken["receipt_id"], True)
    file.write_bytes(file.read_bytes()[:-30])
    code, _, said = command(home, "transfer", "import", str(file), "--school", "99XX")
    assert (code, code_of(said)) == (2, "package_unreadable")
    who = ("--user", "anouk@deregenboog.example")
    code, (seen,), _ = command(home, "transfer", "review", taken["receipt_id"], *who)
    assert (code, seen["pupil"], [x["category"] for x in seen["items"]]) == (0, None, ["OND-03"])
    code, (done,), _ = command(home, "transfer", "accept", taken["receipt_id"], *who)
    assert (code, done["status"], len(done["documents"])) == (0, "accepted", 1)
    code, _, _ = command(home, "transfer", "answer", taken["receipt_id"], "-o", str(tmp_path / "antwoord.json"))
    assert code == 0
    assert json.loads((tmp_path / "antwoord.json").read_text())["uitkomst"] == "aangenomen"

    out = str(tmp_path / "school.zip")
    code, _, said = command(home, "exit", "export", "--school", "99XX", "-o", out)
    assert (code, code_of(said)) == (2, "exit_not_ordered")
    assert command(home, "exit", "order", *HEAD)[0] == 0
    code, (made,), _ = command(home, "exit", "export", "--school", "99XX", "-o", out)
    assert (code, made["documents"], made["lost"]) == (0, 1, [])
    assert command(home, "exit", "verify", out, "--mark", made["mark"])[0] == 0
    code, _, said = command(there, "exit", "import", out, "--mark", "0" * 64)
    assert (code, code_of(said)) == (2, "exit_mark")
    code, (read,), _ = command(there, "exit", "import", out, "--mark", made["mark"])
    assert (code, read["documents"]) == (0, 1)
    for folder in (home, there):
        assert command(folder, "exit", "facts", "--school", "99XX", "-o", str(tmp_path / f"{folder.name}.json"))[0] == 0
    one, other = str(tmp_path / f"{home.name}.json"), str(tmp_path / f"{there.name}.json")
    code, (compared,), _ = command(home, "exit", "compare", one, other)
    assert (code, compared["different"]) == (0, [])
