"""The files around set-up: locks, targets, the starter for continuous integration, and a whole clone."""

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.servers.run import ROOT

LOCKS = ["requirements.lock", "requirements-dev.lock"]
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==(\S+)(?: ;[^\\]*)? \\$", re.MULTILINE)


def _pins(lock: str) -> set[tuple[str, str]]:
    return set(PIN.findall((ROOT / lock).read_text()))


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_has_a_digest_and_no_address(lock):
    text = (ROOT / lock).read_text()
    assert "://" not in text
    entries = [block for block in re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE) if "==" in block]
    assert len(entries) == len(_pins(lock)) > 30
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_lock_for_developers_holds_the_one_for_running():
    assert _pins("requirements.lock") <= _pins("requirements-dev.lock")


def test_the_locks_hold_all_that_the_project_asks_for():
    about = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = {
        "requirements.lock": about["project"]["dependencies"],
        "requirements-dev.lock": about["dependency-groups"]["dev"],
    }
    for lock, needed in wanted.items():
        names = {re.match(r"[\w.-]+", one)[0].lower() for one in needed}
        assert names - {name for name, _ in _pins(lock)} == set()


def test_help_tells_what_every_public_target_does():
    said = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    told = set(re.findall(r"^  make ([a-z0-9-]+) +\S", said, re.MULTILINE))
    assert {"run", "test", "check", "bench", "prove", "lock", "setup", "clean", "i18n"} <= told


@pytest.fixture
def pipeline(tmp_path: Path) -> Path:
    """A tree in which `make test` only reports what is asked of it."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci/run", tmp_path / ".ci/run")
    (tmp_path / "Makefile").write_text("test:\n\t@mkdir -p build; cp outcome.xml build/tests.xml\n")
    return tmp_path


@pytest.mark.parametrize(
    ("tests", "skipped", "code"),
    [(120, 3, 0), (1, 0, 0), (0, 0, 1), (4, 4, 1)],
    ids=["many", "one", "none", "skipped"],
)
def test_a_run_without_tests_fails(pipeline, tests, skipped, code):
    suite = f'<testsuite name="p" errors="0" skipped="{skipped}" tests="{tests}"/>'
    report = f'<?xml version="1.0"?><testsuites>{suite}</testsuites>'
    (pipeline / "outcome.xml").write_text(report)
    done = subprocess.run([pipeline / ".ci/run"], capture_output=True, text=True)
    assert done.returncode == code, done.stderr


def test_a_run_that_leaves_no_report_fails_even_after_a_good_one(pipeline):
    (pipeline / "build").mkdir()
    (pipeline / "build/tests.xml").write_text('<testsuite name="p" skipped="0" tests="9"/>')
    assert subprocess.run([pipeline / ".ci/run"], capture_output=True).returncode != 0


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_bare_clone_with_an_empty_home_is_set_up_by_one_word(tmp_path):
    home, clone = tmp_path / "home", tmp_path / "kloon"
    home.mkdir()
    subprocess.run(["git", "clone", "-q", "--no-hardlinks", ROOT, clone], check=True)
    surroundings = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"} | {"HOME": str(home)}  # noqa: TID251 - a child's
    first = subprocess.run(["make", "setup"], cwd=clone, env=surroundings, capture_output=True, text=True)
    assert first.returncode == 0, first.stdout + first.stderr
    question = "import dms, storage, flask, sqlalchemy, cv2, whoosh; print(dms.__file__)"
    done = subprocess.run([clone / ".venv/bin/python", "-c", question], cwd=home, capture_output=True, text=True)
    assert done.stdout.strip() == str(clone / "dms/__init__.py"), done.stderr
    made = {x: x.stat().st_mtime_ns for x in (clone / ".venv").rglob("*") if "__pycache__" not in x.parts}
    subprocess.run(["make", "setup"], cwd=clone, env=surroundings, capture_output=True, check=True)
    again = {x: x.stat().st_mtime_ns for x in (clone / ".venv").rglob("*") if "__pycache__" not in x.parts}
    assert again == made, "a second time there is nothing to install"
    changed = subprocess.run(["git", "status", "--short"], cwd=clone, capture_output=True, text=True, check=True)
    assert changed.stdout == ""
