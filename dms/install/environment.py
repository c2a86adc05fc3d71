"""The virtual environment `.venv` and the locked packages in it."""

import hashlib
import json
import re
import sys
from pathlib import Path

from dms.install.needs import PIP_WHEELS
from dms.install.progress import Failed, Progress
from dms.install.shell import Shell
from dms.install.tools import unpacked, write_if_changed

RUN_LOCK = "requirements.lock"
DEV_LOCK = "requirements-dev.lock"
# The locks are complete and every file in them has its digest: nothing is resolved, built or taken on trust.
PIP_OPTIONS = ("--require-hashes", "--no-deps", "--only-binary=:all:", "--disable-pip-version-check")
FETCHED = re.compile(r"^(?:Collecting|Requirement already satisfied:) (?P<name>[\w.-]+)==")
PINNED = re.compile(r"^[\w.-]+==", re.MULTILINE)


def environment_folder(project: Path) -> Path:
    """Where the virtual environment of `project` lives."""
    return project / ".venv"


def interpreter(project: Path) -> Path:
    """The environment's Python."""
    return environment_folder(project) / "bin" / "python"


def is_sound(project: Path, shell: Shell) -> bool:
    """Whether the environment works here: made in this place, for a Python that is still the one it was made for."""
    settings = environment_folder(project) / "pyvenv.cfg"
    if not settings.is_file() or not interpreter(project).exists():
        return False
    known = dict(re.findall(r"^(\w+)\s*=\s*(.*?)\s*$", settings.read_text(encoding="utf-8"), re.MULTILINE))
    made_by = known.get("command")
    if made_by is not None and not made_by.endswith(f" {environment_folder(project).resolve()}"):
        return False  # the project was moved: its scripts point to where it was
    said = shell.run([interpreter(project), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"])
    return said.ok and known.get("version", "").startswith(said.output.strip() + ".")


def make(project: Path, shell: Shell, wheel: Path | None) -> None:
    """Make the environment anew; `wheel` is the pip to put in it where Python brings none itself.

    Raises `Failed` when there is no environment in the end.
    """
    folder = environment_folder(project).resolve()
    pip = () if wheel is None else ("--without-pip",)
    made = shell.run([sys.executable, "-m", "venv", "--clear", *pip, folder])
    if made.ok and wheel is not None:
        # A wheel of pip can be run as it is, so that it puts itself in the environment.
        made = shell.run([interpreter(project), f"{wheel}/pip", "install", "--no-index", "--no-compile", wheel])
    if not made.ok:
        raise Failed(f"De Python-omgeving kan niet worden gemaakt:\n{made.tail()}")


def unpacked_pip(project: Path) -> Path | None:
    """The wheel of pip that the system or the unpacked packages hold."""
    for base in (Path("/"), unpacked(project)):
        if wheels := sorted(base.glob(PIP_WHEELS)):
            return wheels[-1].resolve()
    return None


def is_installed(project: Path, lock: str) -> bool:
    """Whether the packages of `lock` were installed as the file now stands."""
    return _stamps(project).get(lock) == _digest(project / lock)


def install(project: Path, lock: str, shell: Shell, progress: Progress) -> None:
    """Install what `lock` lists. Raises `Failed` with pip's own words when that does not work."""
    total = len(PINNED.findall((project / lock).read_text(encoding="utf-8")))
    count = 0

    def follow(line: str) -> None:
        nonlocal count
        if found := FETCHED.match(line):
            count += 1
            progress.note(f"{count} van {total} ({found['name']})")

    done = shell.run(
        [interpreter(project), "-m", "pip", "install", "--progress-bar=off", *PIP_OPTIONS, "-r", project / lock],
        each_line=follow,
    )
    if not done.ok:
        raise Failed(
            "De Python-pakketten kunnen niet worden geïnstalleerd. Controleer de verbinding met internet en probeer "
            f"het opnieuw.\n{done.tail()}"
        )
    # The development lock holds all of the other one, in the same versions.
    stamps = _stamps(project) | {name: _digest(project / name) for name in {lock, RUN_LOCK}}
    write_if_changed(_stamp_file(project), json.dumps(stamps, indent=1, sort_keys=True) + "\n")


def _stamp_file(project: Path) -> Path:
    return environment_folder(project) / "locks.json"


def _stamps(project: Path) -> dict[str, str]:
    try:
        found = json.loads(_stamp_file(project).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
