"""Runs tests of the project with larger counts, and gives what they measured."""

import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.machine import ROOT
from tests.golden.running import surroundings

MOST_TOLD = 10


@dataclass(frozen=True, slots=True)
class Case:
    """One test: how it ended (`passed`, `failed`, `skipped`) and what it recorded."""

    suite: str
    name: str
    outcome: str
    told: Mapping[str, str]
    fault: str


@dataclass(frozen=True, slots=True)
class Suite:
    """A run of tests."""

    cases: tuple[Case, ...]
    output: str

    def count(self, outcome: str) -> int:
        """How many tests ended like this."""
        return sum(x.outcome == outcome for x in self.cases)

    @property
    def green(self) -> bool:
        """Whether something ran, nothing failed and nothing was skipped."""
        return bool(self.cases) and self.count("passed") == len(self.cases)

    @property
    def faults(self) -> list[str]:
        """The first lines of what failed or did not run, at most ten."""
        if not self.cases:
            return [self.output[-600:]]
        return [f"{x.name}: {x.fault[:200]}" for x in self.cases if x.outcome != "passed"][:MOST_TOLD]

    def told(self, name: str) -> str:
        """What a test recorded under `name`; empty when none did."""
        return next((x.told[name] for x in self.cases if name in x.told), "")


def run_tests(
    folder: Path,
    paths: Sequence[str],
    *,
    thorough: Mapping[str, str] | None = None,
    words: Sequence[str] = (),
    seconds: float = 3600,
) -> Suite:
    """Run the tests at `paths` with the settings in `thorough`; all that they make lands in `folder`."""
    report = folder / "report.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--timeout={seconds:.0f}"]
    command += [f"--junitxml={report}", f"--basetemp={folder / 'tests'}", "-o", "junit_family=xunit1", *words, *paths]
    done = subprocess.run(
        command, cwd=ROOT, env={**surroundings(), **(thorough or {})}, capture_output=True, text=True, check=False
    )
    output = done.stdout + done.stderr
    if not report.exists():
        return Suite((), output)
    return Suite(tuple(_case(x) for x in ElementTree.parse(report).iter("testcase")), output)


def _case(found: ElementTree.Element) -> Case:
    outcome, fault = "passed", ""
    for kind in ("failure", "error", "skipped"):
        if (part := found.find(kind)) is not None:
            outcome, fault = ("skipped" if kind == "skipped" else "failed"), part.get("message", "")
            break
    told = {x.get("name", ""): x.get("value", "") for x in found.iter("property")}
    return Case(found.get("classname", ""), found.get("name", ""), outcome, told, fault)
