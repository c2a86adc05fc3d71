"""`dms retention` and `dms hold` as programs use them, and the pinned days under a clock that is really another."""

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import structlog

from dms.cli.root import run
from tests.houses import BRIN, House, settings_of
from tests.retention.retention_world import enrol, file, numbers, placement


def dms(house: House, *arguments: str | Path, code: int = 0) -> list[Any]:
    """The JSON lines of a command."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        for name, value in settings_of(house.folder).items():
            patch.setenv(name, value)
        patch.chdir(house.folder)
        assert run([*(str(x) for x in arguments), "--json"]) == code, err.getvalue()
    structlog.reset_defaults()  # what it logged to is gone
    return [json.loads(x) for x in out.getvalue().splitlines()]


@pytest.fixture
def filed(house: House) -> UUID:
    """A document of a pupil who left on 1 August 2019."""
    pupil = house.pupil_id(numbers(house)[0])
    enrol(house, pupil, date(2019, 8, 1))
    return file(house, pupil, "OND-05")[0]


@pytest.mark.slow
def test_why_due_and_forecast(house: House, filed: UUID) -> None:
    (why,) = dms(house, "retention", "why", str(filed))
    (place,) = why["placements"]
    row = placement(house, filed)
    assert {k: place[k] for k in ("placement_id", "verdict", "due_from", "due_by", "rule_version")} == {
        "placement_id": str(row.id),
        "verdict": "due",
        "due_from": "2021-08-01",
        "due_by": "2021-08-01",
        "rule_version": 1,
    }
    assert place["reason"]
    (line,) = dms(house, "retention", "due", "--school", BRIN)
    assert set(line) == {
        "placement_id", "document_id", "pupil", "category", "due_from", "due_by", "rule_version", "reason",
    }  # fmt: skip
    assert (line["document_id"], line["pupil"], line["category"]) == (str(filed), numbers(house)[0], "OND-05")
    assert dms(house, "retention", "due", "--on", "2021-07-31") == []
    assert len(dms(house, "retention", "due", "--on", "2021-08-01")) == 1
    cells = dms(house, "retention", "forecast", "--school", BRIN)
    assert [x["count"] for x in cells if x["category"] == "OND-05"] == [1]
    assert dms(house, "retention", "undated") == []
    dms(house, "retention", "why", "00000000-0000-4000-8000-000000000000", code=2)
    dms(house, "retention", "due", "--on", "morgen", code=2)


def test_hold_add_list_release(house: House, filed: UUID) -> None:
    dirk = "dirk@deregenboog.example"
    words = ("--reason", "klacht loopt", "--user", dirk)
    (held,) = dms(house, "hold", "add", "--pupil", numbers(house)[0], *words)
    assert dms(house, "retention", "due") == []
    assert [x["hold_id"] for x in dms(house, "hold", "list")] == [held["hold_id"]]
    dms(house, "hold", "release", held["hold_id"], "--user", "bram@deregenboog.example", code=2)
    dms(house, "hold", "release", held["hold_id"], "--user", dirk, "--reason", "afgehandeld")
    assert len(dms(house, "retention", "due")) == 1
    assert dms(house, "hold", "list") == []
    dms(house, "hold", "add", *words, code=2)
    dms(house, "hold", "add", "--document", str(filed), "--category", "OND-05", *words, code=2)
    dms(
        house,
        "hold",
        "add",
        "--document",
        str(filed),
        "--reason",
        "x y z w",
        "--user",
        "mees@hetkompas.example",
        code=2,
    )
    assert (
        len(dms(house, "hold", "add", "--board", "--user", "femke@deregenboog.example", "--reason", "onderzoek")) == 1
    )
    assert dms(house, "retention", "due") == []


def test_what_if_draft_and_adopt(house: House, filed: UUID, tmp_path: Path) -> None:
    whole, some = tmp_path / "schema.csv", tmp_path / "anders.csv"
    rows = dms(house, "retention", "schedule", "--school", BRIN, "-o", str(whole))
    assert len(rows) == 37
    (same,) = dms(house, "retention", "what-if", whole, "--school", BRIN, "--whole")
    assert (same["changed"], same["later"], same["conflict"]) == ([], 0, 0)
    lines = whole.read_text("utf-8").splitlines()
    changed = [x.replace(";P2Y;", ";P90Y;") for x in lines if x.startswith("OND-05")]
    some.write_text("\n".join([lines[0], *changed]) + "\n", "utf-8")
    (found,) = dms(house, "retention", "what-if", some, "--school", BRIN)
    assert (found["changed"], found["later"], found["earlier"]) == (["OND-05"], 1, 0)
    assert len(dms(house, "retention", "due")) == 1
    some_bad = tmp_path / "fout.csv"
    some_bad.write_text(lines[0] + "\n" + changed[0].replace("P90Y", "negentig jaar") + "\n", "utf-8")
    dms(house, "retention", "what-if", some_bad, "--school", BRIN, code=2)
    dms(house, "retention", "draft", some, "--school", BRIN, "--user", "femke@deregenboog.example")
    words = ("--school", BRIN, "--reason", "besluit van het bestuur", "--user")
    dms(house, "retention", "adopt", *words, "femke@deregenboog.example", code=2)
    (adopted,) = dms(house, "retention", "adopt", *words, "dirk@deregenboog.example")
    assert adopted["rule_version"] == 2
    assert dms(house, "retention", "due") == []
    assert placement(house, filed).due_from == date(2109, 8, 1)


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.skipif(shutil.which("faketime") is None, reason="needs faketime")
def test_the_pinned_days_under_another_clock(house: House) -> None:
    """Last day in and first day out, 29 February, and midnight in Amsterdam, which is 22:00 UTC in summer."""
    pupils = [house.pupil_id(x) for x in numbers(house)[:2]]
    enrol(house, pupils[0], date(2024, 8, 1))
    enrol(house, pupils[1], date(2024, 2, 29))
    first, leap = file(house, pupils[0], "OND-05")[0], file(house, pupils[1], "OND-05")[0]
    assert due_at(house, "2026-02-27 22:40:00") == set()
    assert due_at(house, "2026-02-27 23:01:00") == {str(leap)}
    assert due_at(house, "2026-07-31 21:40:00") == {str(leap)}
    assert due_at(house, "2026-07-31 22:01:00") == {str(first), str(leap)}
    enrol(house, pupils[0], date(2024, 8, 1), None)
    assert due_at(house, "2040-01-01 12:00:00") == {str(leap)}


def due_at(house: House, moment: str) -> set[str]:
    """What the command finds due when it is started at this moment (UTC); a slow machine takes minutes over it."""
    environment = {**os.environ, **settings_of(house.folder), "TZ": "UTC"}  # noqa: TID251 - the command's surroundings
    done = subprocess.run(
        ["faketime", "-f", f"@{moment}", sys.executable, "-m", "dms", "retention", "due", "--json"],
        cwd=house.folder,
        env=environment | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {json.loads(x)["document_id"] for x in done.stdout.splitlines()}
