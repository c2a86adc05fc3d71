"""Puts the project itself in its environment: importable in place, with the command `dms`.

Written here rather than by `pip install -e`, which would first have to fetch a build tool that no lock covers: this way
set-up works without a network once the packages are there.
"""

import shlex
import shutil
import tomllib
from pathlib import Path

from dms.install.environment import environment_folder, interpreter
from dms.install.progress import Failed
from dms.install.tools import write_if_changed

INSTALLER = "dms.install"

_COMMAND = """#!/bin/sh
# Starts the project's command with the programs that set-up unpacked beside it, if any.
root={root}
if [ -r "$root/.tools/env.sh" ]; then . "$root/.tools/env.sh"; fi
exec {python} -P -m dms "$@"
"""


def link(project: Path) -> None:
    """Make `project` importable in its environment, known by name and version, and startable as `dms`."""
    packages = next(environment_folder(project).glob("lib/python3*/site-packages"), None)
    if packages is None:
        raise Failed("De Python-omgeving is niet compleet. Verwijder de map .venv en probeer het opnieuw.")
    with (project / "pyproject.toml").open("rb") as file:
        about = tomllib.load(file)["project"]
    name, version = str(about["name"]), str(about["version"])
    root = project.resolve()
    command = _COMMAND.format(root=shlex.quote(str(root)), python=shlex.quote(str(interpreter(root))))
    write_if_changed(packages / f"{name}.pth", f"{root}\n")
    write_if_changed(environment_folder(project) / "bin" / "dms", command, mode=0o755)
    _describe(packages, name, version, str(about["description"]))


def _describe(packages: Path, name: str, version: str, summary: str) -> None:
    """The record by which `importlib.metadata` and pip know an installed project."""
    folder = packages / f"{name}-{version}.dist-info"
    for other in packages.glob(f"{name}-*.dist-info"):
        if other != folder or not (other / "INSTALLER").is_file():
            shutil.rmtree(other)
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nSummary: {summary}\n"
    write_if_changed(folder / "METADATA", metadata)
    write_if_changed(folder / "INSTALLER", f"{INSTALLER}\n")
    files = [
        f"{name}.pth",
        "../../../bin/dms",
        *(f"{folder.name}/{part}" for part in ("METADATA", "INSTALLER", "RECORD")),
    ]
    write_if_changed(folder / "RECORD", "".join(f"{file},,\n" for file in files))
