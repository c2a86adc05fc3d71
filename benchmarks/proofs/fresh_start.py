"""A newcomer's first hour: a bare clone, an empty home, one word typed, a scan dropped and found again."""

import os
import re
import subprocess
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks.machine import ROOT
from benchmarks.proofs.proof import Proof, Result
from dms.install.needs import RUNTIME, missing, place_of
from tests.golden.papers import scan
from tests.golden.running import Person, stop, surroundings, until, wait_until_ready
from tests.servers.ports import HOST, free_port

MINUTES = 10
SECOND_START = 10.0
LINE = re.compile(r"Open (\S+) en log in als (\S+) met wachtwoord (\S+)")


def measure(folder: Path) -> Result:
    """From `git clone` to a scan that is found, and once more from `make run` to ready."""
    clone, home = folder / "clone", folder / "home"
    home.mkdir()
    subprocess.run(["git", "clone", "-q", "--no-hardlinks", ROOT, clone], check=True)
    there = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": str(home)}
    lacking = missing(RUNTIME, place_of(clone, there))
    paper = scan(nth=3)  # made before the clock starts: a newcomer has it on the desk
    began = time.monotonic()
    with ExitStack() as ending:
        run = Run.start(clone, home, folder / "first.log", ending)
        wait_until_ready(run.address, run.process, MINUTES * 60)
        ready = time.monotonic() - began
        said = run.said()
        person = Person(run.address)
        person.sign_in(said[2], said[3])
        intake = person.drop("Scan van school.pdf", paper.data)
        shown, _ = person.settled(intake, MINUTES * 60)
        settled = time.monotonic() - began
        document = until(lambda: _found(person, paper.word, paper.data), 60, "the scan cannot be found")
        found = time.monotonic() - began
    ended = time.monotonic()
    with ExitStack() as ending:
        again = Run.start(clone, home, folder / "second.log", ending)
        wait_until_ready(again.address, again.process, 120)
        second = time.monotonic() - ended
        person = Person(again.address)
        person.sign_in(said[2], said[3])
        still = document in person.found(paper.word)
    left = [x for x in _processes() if str(clone) in x]
    return Result(
        found <= MINUTES * 60 and second <= SECOND_START and still and not left,
        f"ready after {ready / 60:.1f} min, the scan found after {found / 60:.1f} min; second start {second:.1f} s "
        + (f"({len(lacking)} system programs installed too)" if lacking else "(the system programs were there)"),
        {
            "ready_seconds": round(ready, 1),
            "scan_settled_seconds": round(settled, 1),
            "scan_ended_as": [x.state for x in shown],
            "scan_found_seconds": round(found, 1),
            "second_start_seconds": round(second, 1),
            "still_found_after_second_start": still,
            "system_programs_that_were_missing": [x.package for x in lacking],
            "installed_megabytes": round(_size(clone / ".venv") / 1e6),
            "processes_left_behind": len(left),
        },
    )


@dataclass(frozen=True, slots=True)
class Run:
    """`make run` in a clone, as a person in a terminal starts and ends it."""

    process: "subprocess.Popen[bytes]"
    address: str
    log: Path

    @classmethod
    def start(cls, clone: Path, home: Path, log: Path, ending: ExitStack) -> "Run":
        """Type `make run`; it is ended with `ending`."""
        port = free_port()
        # what a person's shell has, and how this machine reaches packages; nothing of this project's own environment
        kept = {
            k: v for k, v in surroundings().items() if k.startswith(("PIP_", "SSL_")) or k.lower().endswith("_proxy")
        }
        environment = {
            **kept,
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "DMS_BIND": f"{HOST}:{port}",
            "DMS_PUBLIC_URL": f"http://{HOST}:{port}",
        }
        out = ending.enter_context(log.open("ab"))
        process = subprocess.Popen(
            ["make", "run"],
            cwd=clone,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
        ending.callback(_stopped, process)
        return cls(process, f"http://{HOST}:{port}", log)

    def said(self) -> re.Match[str]:
        """The line that tells where to go and how to sign in."""
        found = LINE.search(self.log.read_text("utf-8", errors="replace"))
        assert found, "make run did not say how to sign in"
        return found


def _stopped(process: "subprocess.Popen[bytes]") -> None:
    """Ctrl-C in a terminal reaches every process of the session."""
    if process.poll() is None:
        os.killpg(process.pid, 2)
    stop(process)


def _found(person: Person, word: str, data: bytes) -> str | None:
    """The document among the hits whose original is the very file that was dropped."""
    return next((x for x in person.found(f"verzuim {word}") if person.original(x) == data), None)


def _processes() -> list[str]:
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(file.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            continue
    return found


def _size(folder: Path) -> int:
    return sum(x.stat().st_size for x in folder.rglob("*") if x.is_file() and not x.is_symlink())


PROOF = Proof(
    "fresh_start",
    "From a bare clone to a scan that is found",
    f"≤ {MINUTES} minutes on 2 cores with installation; second start ≤ {SECOND_START:.0f} s",
    measure,
    ("tests/golden", "tests/servers"),
)
