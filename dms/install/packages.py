"""Debian packages: installed where that is permitted, else unpacked beside the project."""

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from dms.install.shell import Done, Shell
from dms.install.tools import finish_unpacked, tools_folder, unpacked

APT = ("apt-get", "-q", "-y", "-o", "Acquire::Retries=2", "-o", "Acquire::http::Timeout=20", "-o", "Dpkg::Use-Pty=0")
SYSTEM_LISTS = Path("/var/lib/apt/lists")
# A second C library beside the system's own breaks every program that meets the two; the system's is always there.
NEVER_UNPACKED = frozenset({"libc6", "libc-bin", "libc-l10n", "locales"})
# A test run may not leave a database server running on an administrator's machine.
CLUSTER_SETTING = Path("/etc/postgresql-common/createcluster.d/dossierkluis.conf")
# The same holds for these: they are only started by the tests, on ports of their own.
SERVICES = {
    "dovecot-imapd": ("dovecot.service", "dovecot.socket"),
    "clamav-daemon": ("clamav-daemon.service", "clamav-daemon.socket", "clamav-freshclam.service"),
}
START_POLICY = Path("/usr/sbin/policy-rc.d")
PLANNED = re.compile(r"^Inst (?P<name>\S+)(?: \[[^\]]*\])? \((?P<version>\S+) ")


class Permission(Enum):
    """How far this account may change the system."""

    ROOT = auto()
    SUDO = auto()
    NONE = auto()


@dataclass(frozen=True, slots=True)
class Planned:
    """One package that apt would install, in the version it would take."""

    name: str
    version: str

    def __str__(self) -> str:
        return f"{self.name}={self.version}"


def permission(shell: Shell, user: int) -> Permission:
    """What the account with id `user` may do without anything being asked."""
    if user == 0:
        return Permission.ROOT
    return Permission.SUDO if shell.run(["sudo", "-n", "true"]).ok else Permission.NONE


def command_line(names: Sequence[str]) -> str:
    """What an administrator types to install `names`."""
    return f"sudo apt-get update && sudo apt-get install -y --no-install-recommends {' '.join(names)}"


def install(shell: Shell, names: Sequence[str], allowed: Permission) -> Done:
    """Install `names` in the system; the package lists are fetched first when there are none or they are stale."""
    front = ("sudo", "-n", "env", "DEBIAN_FRONTEND=noninteractive") if allowed is Permission.SUDO else ()
    order = [*front, *APT, "install", "--no-install-recommends", *names]
    with_database = "postgresql" in names and not CLUSTER_SETTING.exists()
    if with_database:
        shell.run([*front, "mkdir", "-p", CLUSTER_SETTING.parent])
        shell.run([*front, "sh", "-c", f"echo create_main_cluster = false > {CLUSTER_SETTING}"])
    units = [unit for name in names for unit in SERVICES.get(name, ())]
    held = bool(units) and not START_POLICY.exists()
    if held:
        shell.run(
            [*front, "sh", "-c", f"printf '#!/bin/sh\\nexit 101\\n' > {START_POLICY} && chmod 755 {START_POLICY}"]
        )
    try:
        if _lists_present(SYSTEM_LISTS) and (done := shell.run(order)).ok:
            return done
        updated = shell.run([*front, *APT, "update"])
        return shell.run(order) if updated.ok else updated
    finally:
        if held:
            shell.run([*front, "rm", "-f", START_POLICY])
        if units and shutil.which("systemctl"):
            shell.run([*front, "systemctl", "disable", *units])
        if with_database:
            shell.run([*front, "rm", "-f", CLUSTER_SETTING])


def unpack(shell: Shell, names: Sequence[str], project: Path, installed: Path | None = None) -> Done:
    """Fetch `names` with all that the system lacks for them, and unpack them in `.tools/root`; needs no permission.

    `installed` is a dpkg status file to reckon with instead of the system's own.
    """
    try:
        if _lists_present(SYSTEM_LISTS) and (done := _unpack_with(shell, names, project, installed, [])).ok:
            return done
        own_lists = _own_lists(project)
        updated = shell.run([*APT, *own_lists, "update"])
        return _unpack_with(shell, names, project, installed, own_lists) if updated.ok else updated
    finally:
        shutil.rmtree(tools_folder(project) / "apt", ignore_errors=True)
        shutil.rmtree(_downloads(project), ignore_errors=True)


def _downloads(project: Path) -> Path:
    return tools_folder(project) / "packages"


def _unpack_with(
    shell: Shell, names: Sequence[str], project: Path, installed: Path | None, options: Sequence[str]
) -> Done:
    status = ["-o", f"Dir::State::status={installed}"] if installed else []
    simulated = shell.run([*APT, *options, *status, "install", "--simulate", "--no-install-recommends", *names])
    if not simulated.ok:
        return simulated
    downloads = _downloads(project)
    downloads.mkdir(parents=True, exist_ok=True)
    wanted = [str(one) for one in planned(simulated.output) if one.name not in NEVER_UNPACKED]
    # `apt-get download` drops to a user of its own when root calls it, and that user may not write here.
    fetched = shell.run([*APT, "-o", "APT::Sandbox::User=root", *options, "download", *wanted], folder=downloads)
    if not fetched.ok:
        return fetched
    done = fetched
    for package in sorted(downloads.glob("*.deb")):
        done = shell.run(["dpkg", "-x", package, unpacked(project)])
        if not done.ok:
            return done
    finish_unpacked(project)
    return done


def planned(simulation: str) -> tuple[Planned, ...]:
    """The packages that `apt-get install --simulate` says it would install."""
    found = (PLANNED.match(line) for line in simulation.splitlines())
    return tuple(Planned(match["name"], match["version"]) for match in found if match)


def _lists_present(folder: Path) -> bool:
    return next(folder.glob("*_Packages*"), None) is not None


def _own_lists(project: Path) -> list[str]:
    """Options for lists and cache of our own, where the system has none and this account cannot fetch them for it."""
    state = tools_folder(project).resolve() / "apt"
    (state / "lists" / "partial").mkdir(parents=True, exist_ok=True)
    (state / "cache" / "archives" / "partial").mkdir(parents=True, exist_ok=True)
    return ["-o", f"Dir::State::Lists={state / 'lists'}", "-o", f"Dir::Cache={state / 'cache'}"]
