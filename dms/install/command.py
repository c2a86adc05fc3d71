"""The steps of set-up in their order, and the command line that starts them."""

import argparse
import fcntl
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dms.install import checker, environment, needs, packages
from dms.install import project as own
from dms.install.progress import Failed, Progress
from dms.install.shell import Shell
from dms.install.tools import inherited_environment, tool_environment, tools_folder, write_environment

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked of set-up: for running only, for developing, or for the whole of the tests."""

    project: Path
    dev: bool = False
    tests: bool = False
    office: bool = False
    beside: bool = False
    user: int = 0

    @property
    def lock(self) -> str:
        """The lock file whose packages are wanted."""
        return environment.DEV_LOCK if self.dev or self.tests else environment.RUN_LOCK

    @property
    def system_needs(self) -> tuple[needs.Need, ...]:
        """What the system must offer for this plan."""
        more = needs.TESTS if self.tests else needs.OFFICE if self.office else ()
        return needs.RUNTIME + more


def main(words: Sequence[str] | None = None) -> int:
    """Run set-up with command-line words; 0 when the service can start, 1 when it cannot."""
    parser = argparse.ArgumentParser(prog="python3 -m dms.install", description="Zet Dossierkluis klaar voor gebruik.")
    parser.add_argument("--dev", action="store_true", help="ook de Python-pakketten voor ontwikkelaars")
    parser.add_argument(
        "--tests", action="store_true", help="ook alles wat de tests nodig hebben (PostgreSQL, Chromium)"
    )
    parser.add_argument("--office", action="store_true", help="ook LibreOffice, om Office-bestanden te tonen (325 MB)")
    parser.add_argument(
        "--beside", action="store_true", help="laat het systeem met rust: pak programma's uit in .tools"
    )
    parser.add_argument("--quiet", action="store_true", help="toon alleen wat iemand moet doen")
    parser.add_argument("--print-env", action="store_true", help="toon de omgeving voor de uitgepakte programma's")
    given = parser.parse_args(words)
    if given.print_env:
        for name, value in tool_environment(PROJECT).items():
            print(f"{name}={value}")
        return 0
    plan = Plan(PROJECT, dev=given.dev, tests=given.tests, office=given.office, beside=given.beside, user=os.geteuid())
    try:
        with _alone(plan.project):
            set_up(plan, Progress(4, quiet=given.quiet))
    except Failed as fault:
        print(f"\n{fault}", file=sys.stderr)
        return 1
    return 0


def set_up(plan: Plan, progress: Progress) -> None:
    """Bring everything in place that `plan` asks for. Raises `Failed` when the service could not start afterwards."""
    shell = Shell(tools_folder(plan.project) / "install.log")
    shell.start_over()
    with progress.step("Systeemprogramma's"):
        sound = environment.is_sound(plan.project, shell)
        _system(plan, shell, progress, with_venv=not sound)
    with progress.step("Python-omgeving"):
        if not sound:
            _environment(plan, shell)
    with progress.step("Python-pakketten"):
        if not environment.is_installed(plan.project, plan.lock):
            environment.install(plan.project, plan.lock, shell, progress)
    with progress.step("Dossierkluis"):
        own.link(plan.project)
        write_environment(plan.project)
        if plan.tests and not checker.bring_in(plan.project, shell):
            progress.note("zonder de HTML-controle van Nu (npm ontbreekt)")
    progress.finish("Alles staat klaar.")


def _system(plan: Plan, shell: Shell, progress: Progress, *, with_venv: bool) -> None:
    """Bring in missing system programs. Without them the service still starts, so that this never stops set-up."""
    lacking = _lacking(plan, with_venv=with_venv)
    if not lacking:
        return
    names = [need.package for need in lacking]
    progress.note(", ".join(names))
    allowed = packages.Permission.NONE if plan.beside else packages.permission(shell, plan.user)
    if allowed is not packages.Permission.NONE and packages.install(shell, names, allowed).ok:
        return
    beside = [need.package for need in lacking if need is not needs.PYTHON_VENV]
    if beside:
        packages.unpack(shell, beside, plan.project)
    if still := _lacking(plan, with_venv=False):
        progress.say("Deze programma's ontbreken en konden niet worden geïnstalleerd:")
        for need in still:
            progress.say(f"  - {need.package} ({need.purpose})")
        if needs.READING & {need.package for need in still}:
            progress.say("Dossierkluis start wel; scans blijven staan als 'wacht op tekstherkenning'.")
        progress.say(
            f"Een beheerder kan ze installeren met:\n  {packages.command_line([need.package for need in still])}"
        )


def _lacking(plan: Plan, *, with_venv: bool) -> tuple[needs.Need, ...]:
    surroundings = inherited_environment()
    place = needs.place_of(plan.project, surroundings | tool_environment(plan.project, surroundings))
    wanted = plan.system_needs + ((needs.PYTHON_VENV,) if with_venv else ())
    return needs.missing(wanted, place)


def _environment(plan: Plan, shell: Shell) -> None:
    place = needs.place_of(plan.project, inherited_environment())
    if not needs.missing([needs.PYTHON_VENV], place):
        environment.make(plan.project, shell, None)
        return
    if needs.missing([needs.PIP_WHEEL], place):
        packages.unpack(shell, [needs.PIP_WHEEL.package], plan.project)
    wheel = environment.unpacked_pip(plan.project)
    if wheel is None:
        raise Failed(
            "Python kan hier geen pakketten installeren. Een beheerder kan dat verhelpen met:\n  "
            + packages.command_line([needs.PYTHON_VENV.package])
        )
    environment.make(plan.project, shell, wheel)


@contextmanager
def _alone(project: Path) -> Iterator[None]:
    """Wait until no other set-up of this project runs: two at once would write in one environment."""
    folder = tools_folder(project)
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
