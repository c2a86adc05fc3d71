"""The root key in a real installation: from outside, replaced under load and killed, lost and typed back from paper."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import delete

from dms.db.tables import LeaseRow
from dms.services.rotation import LEASE
from storage.keys.root import new_root, parse_roots
from tests.cli.fixtures import logging_as_it_was
from tests.cli.small_school import ADMIN, Installation
from tests.golden.running import ROOT, surroundings
from tests.machines.conftest import tiny_pdf

__all__ = ["logging_as_it_was"]
pytestmark = pytest.mark.slow
SCHOOL = "99XX"
KEYS = 3_000


@pytest.fixture
def made(crash_template, tmp_path: Path) -> Installation:
    """An installation with a paper in it."""
    shutil.copytree(crash_template.folder, tmp_path / "house")
    return Installation(tmp_path / "house", {"DMS_WORKERS": "0"})


def root_file(house: Installation) -> Path:
    return house.folder / "keys" / "root.key"


def well(house: Installation) -> bool:
    done = house.dms("check", "--full")
    return done.code == 0 or pytest.fail(done.out + done.err)


def test_a_command_gives_the_root(made: Installation, tmp_path: Path) -> None:
    """`DMS_ROOT_KEY=command:…`, through intake, reading and rotation; without it nothing opens."""
    (old,) = parse_roots(root_file(made).read_text())
    root_file(made).unlink()
    vault = tmp_path / "een kluis"
    vault.write_text(old.hex())
    made.more["DMS_ROOT_KEY"] = f"command:cat '{vault}'"
    assert well(made)
    paper = tmp_path / "brief.pdf"
    paper.write_bytes(tiny_pdf("via opdracht"))
    done = made.dms("ingest", paper, "--school", SCHOOL, "--wait", "--json")
    assert done.json["status"] == "desk", done.err
    newer = new_root()
    vault.write_text(f"{newer.hex()} {old.hex()}")
    assert made.dms("keys", "rotate", "--json").json["old_root_stays"]
    vault.write_text(newer.hex())
    assert well(made)
    vault.unlink()
    assert made.dms("check").code == 3
    made.more["DMS_ROOT_KEY"] = "command:/niet/hier"
    assert made.dms("check").code == 2


def test_a_lost_root_comes_back_from_paper(made: Installation, tmp_path: Path) -> None:
    sheet, typed = tmp_path / "blad.txt", tmp_path / "getypt.txt"
    assert made.dms("keys", "rotate", "--recovery-sheet", sheet).code == 0
    lines = [x for x in sheet.read_text("utf-8").splitlines() if x.strip()[:2] in {f"{n}:" for n in range(1, 6)}]
    typed.write_text("\n".join(lines).lower().replace("-", " "))
    root_file(made).unlink()
    assert made.dms("check").code == 2
    wrong = tmp_path / "fout.txt"
    wrong.write_text(typed.read_text().replace(lines[2].lower().split()[1][:4], "0000", 1))
    assert made.dms("keys", "recover", wrong).code == 2
    assert not root_file(made).exists()
    done = made.dms("keys", "recover", typed, "--json")
    assert done.code == 0, done.err
    assert done.json["root"] in sheet.read_text("utf-8")
    assert root_file(made).stat().st_mode & 0o777 == 0o600
    assert well(made)
    assert made.dms("keys", "recover", typed).code == 2  # never over one that is there


def test_a_sheet_of_another_root_is_refused(made: Installation, tmp_path: Path) -> None:
    other = Installation(tmp_path / "other")
    sheet = tmp_path / "ander.txt"
    other.folder.mkdir()
    init = ("init", "--school", "99ZZ", "--name", "Het Kompas", "--admin", ADMIN)
    assert other.dms(*init, "--recovery-sheet", sheet).code == 0
    root_file(made).unlink()
    answer = made.dms("keys", "recover", sheet)
    assert answer.code == 2
    assert "herstelblad" in answer.err
    assert not root_file(made).exists()


def test_a_lost_key_store_comes_back_from_its_copy(made: Installation) -> None:
    made.more["DMS_KEYS_COPY"] = str(made.folder / "keys-copy")
    made.dms("check", "--repair")
    assert well(made)
    for file in (made.folder / "keys").glob("keys.sqlite3*"):
        file.unlink()
    made.dms("check", "--repair")
    assert well(made)


def test_rotation_is_killed_while_papers_come_in(made: Installation, tmp_path: Path) -> None:
    """Kill -9 at random moments of `dms keys rotate` while `dms ingest` brings papers in: taken up, nothing is lost."""
    _many_keys(made, KEYS)
    papers = tmp_path / "papers"
    papers.mkdir()
    for nth in range(12):
        (papers / f"{nth}.pdf").write_bytes(tiny_pdf(f"tijdens {nth}"))
    (old,) = parse_roots(root_file(made).read_text())
    command = [sys.executable, "-m", "dms"]
    intake = subprocess.Popen(
        [*command, "ingest", str(papers), "--school", SCHOOL, "--wait", "--json"],
        cwd=ROOT,
        env=surroundings() | made.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    chance, killed = random.Random(5), 0
    for _ in range(2):
        rotating = subprocess.Popen(
            [*command, "keys", "rotate", "--json"],
            cwd=ROOT,
            env=surroundings() | made.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + 60
        while rotating.poll() is None and len(_roots(made)) < 2 and time.monotonic() < until:
            time.sleep(0.002)
        time.sleep(chance.uniform(0.0, 0.05))
        if rotating.poll() is None:
            os.kill(rotating.pid, signal.SIGKILL)
            killed += 1
        rotating.wait()
        _let_go(made)
    out, said = intake.communicate(timeout=300)
    assert intake.returncode == 0, said[-800:]
    assert killed >= 1
    assert made.dms("keys", "rotate").code == 0
    assert old not in _roots(made)
    assert len(_roots(made)) == 1
    assert len(out.splitlines()) == 12
    assert well(made)


def _roots(house: Installation) -> list[bytes]:
    try:
        return parse_roots(root_file(house).read_text())
    except OSError:
        return []


def _many_keys(house: Installation, count: int) -> None:
    with house.app() as app:
        app.vault.keys.create_many(uuid4() for _ in range(count))


def _let_go(house: Installation) -> None:
    """The lease of a rotation that was killed runs out after five minutes; here at once."""
    with house.app() as app, app.database.begin() as uow:
        uow.session.execute(delete(LeaseRow).where(LeaseRow.name == LEASE))
