"""A small project to set up, and programs to do it with."""

import os
import shutil
from pathlib import Path

import pytest

from dms.install.command import Plan, set_up
from dms.install.progress import Progress
from dms.install.shell import Shell
from tests.servers.run import ROOT


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with nothing to install: set-up has all its steps, and needs no network for them."""
    return small_project(tmp_path / "een project")


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that was set up, with the packages for developers; tests leave it as it is."""
    folder = small_project(tmp_path_factory.mktemp("ready") / "een project")
    set_up(Plan(folder, dev=True, beside=True, user=os.geteuid()), Progress(4, quiet=True))
    return folder


def small_project(folder: Path) -> Path:
    """Make a project in `folder` with empty locks and a command that says how it was started."""
    folder.mkdir()
    shutil.copy(ROOT / "pyproject.toml", folder)
    shutil.copytree(ROOT / "dms/install", folder / "dms/install", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "dms/__init__.py").write_text("")
    (folder / "dms/__main__.py").write_text("import sys\nprint('started with', sys.argv[1:])\n")
    for lock in ("requirements.lock", "requirements-dev.lock"):
        (folder / lock).write_text("# nothing\n")
    if (ROOT / ".tools/root").is_dir():  # no permission to install here: borrow what was unpacked for the tests
        (folder / ".tools").mkdir()
        (folder / ".tools/root").symlink_to(ROOT / ".tools/root")
    return folder


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A shell with a log of its own."""
    return Shell(tmp_path / "install.log")
