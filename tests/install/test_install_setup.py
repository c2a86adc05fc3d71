"""Set-up, tried on a small project: it brings all in place, once, and says what it could not do."""

import ast
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from dms.install import environment
from dms.install.command import Plan, set_up
from dms.install.progress import Failed, Progress
from dms.install.shell import Shell


def _set_up(project: Path, **more: bool) -> str:
    out = io.StringIO()
    set_up(Plan(project, beside=True, user=os.geteuid(), **more), Progress(4, out=out))
    return out.getvalue()


def _state(project: Path) -> dict[str, int]:
    """When each file was last written; the log, the lock and what Python keeps for itself left out."""
    return {
        str(file.relative_to(project)): file.stat().st_mtime_ns
        for file in project.rglob("*")
        if file.is_file() and file.name != "install.log" and "__pycache__" not in file.parts
    }


@pytest.mark.slow
def test_the_command_starts_from_any_folder(ready, tmp_path):
    elsewhere = tmp_path / "elders"
    (elsewhere / "dms").mkdir(parents=True)
    (elsewhere / "dms/__init__.py").write_text("raise ImportError('the wrong dms')")
    command = [ready / ".venv/bin/dms", "serve", "--web-only"]
    done = subprocess.run(command, cwd=elsewhere, capture_output=True, text=True)
    assert done.stdout.strip() == "started with ['serve', '--web-only']", done.stderr


def test_the_project_is_known_by_name_and_version(ready):
    question = "from importlib.metadata import version; print(version('dossierkluis'))"
    done = subprocess.run([ready / ".venv/bin/python", "-c", question], cwd="/", capture_output=True, text=True)
    assert done.stdout.strip() == "0.1.0", done.stderr


def test_a_second_run_changes_nothing_and_shows_each_step(ready):
    before = _state(ready)
    said = _set_up(ready, dev=True)
    assert _state(ready) == before
    assert re.findall(r"^\[./.\]", said, re.MULTILINE) == ["[1/4]", "[2/4]", "[3/4]", "[4/4]"]
    assert re.search(r"^Alles staat klaar\. \(\d,\d s\)$", said, re.MULTILINE)


def test_the_packages_for_developers_count_for_running_too(ready):
    assert environment.is_installed(ready, environment.RUN_LOCK)
    assert environment.is_installed(ready, environment.DEV_LOCK)


@pytest.mark.slow
def test_a_changed_lock_is_installed_again_and_a_broken_one_is_not_stamped(project):
    _set_up(project)
    lock = project / environment.RUN_LOCK
    assert environment.is_installed(project, environment.RUN_LOCK)
    lock.write_text("# nothing, said otherwise\n")
    assert not environment.is_installed(project, environment.RUN_LOCK)
    lock.write_text("iniconfig==2.3.1\n")  # no digest: pip refuses before it looks anywhere
    with pytest.raises(Failed, match="Python-pakketten"):
        _set_up(project)
    assert not environment.is_installed(project, environment.RUN_LOCK)


@pytest.mark.slow
def test_an_environment_that_does_not_fit_is_made_anew(project, shell, tmp_path):
    _set_up(project)
    assert environment.is_sound(project, shell)
    moved = tmp_path / "verhuisd"
    project.rename(moved)
    assert not environment.is_sound(moved, shell)
    _set_up(moved)
    assert environment.is_sound(moved, shell)
    done = subprocess.run([moved / ".venv/bin/dms"], cwd="/", capture_output=True, text=True)
    assert done.stdout.startswith("started"), done.stderr
    (moved / ".venv/bin/python").unlink()
    (moved / ".venv/bin/python").symlink_to("/usr/bin/python0")  # as after an upgrade of the system
    assert not environment.is_sound(moved, shell)


@pytest.mark.slow
def test_without_means_the_service_is_set_up_and_the_administrator_gets_a_line(project, tmp_path, monkeypatch):
    _set_up(project)
    (project / ".tools/root").unlink(missing_ok=True)
    (tmp_path / "leeg").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "leeg"))  # no tesseract, and no apt to bring it in
    said = _set_up(project)
    assert "- tesseract-ocr (tekst in scans herkennen)" in said
    assert "wacht op tekstherkenning" in said
    assert "sudo apt-get install -y --no-install-recommends tesseract-ocr" in said.replace(
        "apt-get update && sudo ", ""
    )
    assert "Alles staat klaar." in said
    assert (project / ".venv/bin/dms").exists()


@pytest.mark.slow
def test_two_at_once_wait_for_each_other(project):
    words = [sys.executable, "-m", "dms.install", "--beside", "--quiet"]
    both = [subprocess.Popen(words, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) for _ in range(2)]
    for one in both:
        said, _ = one.communicate(timeout=120)
        assert one.returncode == 0, said
    assert environment.is_installed(project, environment.RUN_LOCK)
    assert (project / ".venv/bin/dms").exists()


@pytest.mark.slow
def test_pip_can_come_from_a_wheel(project, shell):
    wheel = environment.unpacked_pip(project)
    if wheel is None:
        pytest.skip("the system keeps no wheel of pip")
    environment.make(project, shell, wheel)
    done = subprocess.run([project / ".venv/bin/python", "-m", "pip", "--version"], capture_output=True, text=True)
    assert str(project / ".venv") in done.stdout, done.stderr


def test_an_old_python_can_read_the_first_lines_and_is_refused_in_words(project):
    for file in ("__init__.py", "__main__.py"):
        ast.parse((project / "dms/install" / file).read_text(), feature_version=(3, 7))
    words = "import runpy, sys; sys.version_info = (3, 9, 2); runpy.run_module('dms.install', run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", words], cwd=project, capture_output=True, text=True)
    assert done.returncode == 1
    assert "Python 3.11 of nieuwer" in done.stderr


def test_a_program_that_is_not_there_is_a_failure_not_a_crash(shell: Shell):
    done = shell.run(["bestaat-niet"])
    assert not done.ok
    assert "bestaat-niet" in shell.log.read_text()
