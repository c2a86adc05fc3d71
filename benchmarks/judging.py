"""The mutants of a room of pure rules, judged by the tests of its modules; verdicts are kept, so that a long run that
is broken off goes on where it was.
"""

import ast
import gc
import hashlib
import json
import os
import resource
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from benchmarks import machine
from benchmarks.mutants import mutants
from benchmarks.proofs.proof import Result

EVERY = 10
CPU_SECONDS = 60
"""A mutant that works longer than this never ends."""
SECONDS = 1800
"""One that does not even work, waits for something that never comes."""
LEAST = 100

Judges = Mapping[str, tuple[str, ...]]
"""Module → the tests that judge it, the quickest first: only such as need no database."""
Explained = Mapping[tuple[str, str, str], str]
"""(module, the line's text, the change) → why no test can notice it."""


@dataclass(frozen=True)
class Judging:
    """The rules in `package`, say `rights.rules`. `proof`: the module that is run for one module of them, in a process
    of its own. `also`: files besides that the verdicts hang on.
    """

    package: str
    proof: str
    judges: Judges
    explained: Explained
    also: tuple[str, ...] = ()

    @cached_property
    def hangs_on(self) -> tuple[str, ...]:
        """What a proof of these mutants hangs on besides the product."""
        tests = sorted({y for x in self.judges.values() for y in x})
        return (*tests, *self.also, "benchmarks/mutants.py", "benchmarks/judging.py")

    def run(self, name: str) -> None:
        """Judge the mutants of one module that are not judged yet, keeping what becomes known."""
        import hypothesis  # heavy, as the next: paid once, before the forks
        import pytest  # noqa: F401

        from benchmarks import mutants as making
        from benchmarks.mutants import Mutant, judged

        # The same examples each time, and no verdict by the clock: a busy machine kills no mutant.
        hypothesis.settings.register_profile("mutants", deadline=None, derandomize=True, database=None)
        hypothesis.settings.load_profile("mutants")
        os.register_at_fork(after_in_child=lambda: resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS)))
        making.SECONDS = SECONDS
        gc.collect()
        gc.freeze()  # what is loaded by now need not be looked through in every child
        of, tests = self._content(name), self.judges[name]
        unchanged = Mutant(f"{self.package}.{name}", 0, "unchanged", self._file(name).read_text("utf-8"))
        ((_, failing),) = judged([unchanged], tests)
        if failing:
            raise SystemExit(f"{name}: its tests fail without any change, so they judge nothing")
        found = {f"{nth} {x.line} {x.what}": x for nth, x in enumerate(mutants(f"{self.package}.{name}"))}
        keys = {id(x): key for key, x in found.items()}
        known = self.verdicts(name)
        todo = [x for key, x in found.items() if key not in known]
        for nth, (mutant, killed) in enumerate(judged(todo, tests), start=1):
            known[keys[id(mutant)]] = killed
            if nth % EVERY == 0:
                self._keep(name, of, known)
        self._keep(name, of, known)

    def verdicts(self, name: str) -> dict[str, bool]:
        """What is known of a module as it is now, with its tests as they are: mutant → killed."""
        try:
            kept = json.loads((self._kept / f"{name}.json").read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return dict(kept["verdicts"]) if kept["of"] == self._content(name) else {}

    def measure(self, folder: Path) -> Result:
        """Every module; those that are not judged yet each in a process where nothing of the rules is imported yet."""
        unjudged = sorted({x.stem for x in self._rules.glob("*.py")} - {"__init__", *self.judges})
        lived: list[dict[str, Any]] = []
        counts = {}
        for name in self.judges:
            if len(self.verdicts(name)) < sum(1 for _ in mutants(f"{self.package}.{name}")):
                subprocess.run([sys.executable, "-m", self.proof, name], cwd=machine.ROOT, check=True)
            counts[name] = len(self.verdicts(name))
            lived += self._lived(name)
        count, explained = sum(counts.values()), sum(x["explained"] is not None for x in lived)
        return Result(
            explained == len(lived) and count > LEAST and not unjudged,
            f"{count} mutants, {count - len(lived)} killed, {explained} explained, {len(lived) - explained} not",
            {
                "mutants": count,
                "killed": count - len(lived),
                "of_each_module": counts,
                "lived": lived,
                "modules_not_judged": unjudged,
            },
        )

    @property
    def _rules(self) -> Path:
        return machine.ROOT / self.package.replace(".", "/")

    @property
    def _kept(self) -> Path:
        return machine.ROOT / "build" / "mutants" / self.package

    def _file(self, name: str) -> Path:
        return self._rules / f"{name}.py"

    def _lived(self, name: str) -> list[dict[str, Any]]:
        """Of one module the mutants that no test noticed, with why none can."""
        lines = self._file(name).read_text("utf-8").splitlines()
        found = []
        for key in (x for x, killed in self.verdicts(name).items() if not killed):
            _, number, change = key.split(" ", 2)
            text = lines[int(number) - 1].strip() if int(number) else ""
            why = self.explained.get((name, text, change))
            found.append({"module": name, "line": int(number), "text": text, "change": change, "explained": why})
        return found

    def _content(self, name: str) -> str:
        """What the verdicts hang on: the module and the rules that it uses, its tests, and how mutants are made."""
        files = [self._file(x) for x in sorted(self._with_used({name}))]
        files += [machine.ROOT / x for x in ("benchmarks/mutants.py", *self.judges[name], *self.also)]
        return hashlib.sha256(b"\0".join(x.read_bytes() for x in files)).hexdigest()

    def _with_used(self, names: set[str]) -> set[str]:
        """The modules, and all of the package that they import, directly or not."""
        trees = [ast.walk(ast.parse(self._file(x).read_text("utf-8"))) for x in names]
        used = {
            x.module.rpartition(".")[2]
            for tree in trees
            for x in tree
            if isinstance(x, ast.ImportFrom) and x.module and x.module.startswith(f"{self.package}.")
        }
        return names if used <= names else self._with_used(names | used)

    def _keep(self, name: str, of: str, known: dict[str, bool]) -> None:
        self._kept.mkdir(parents=True, exist_ok=True)
        part = self._kept / f"{name}.part"
        part.write_text(json.dumps({"of": of, "verdicts": known}, indent=0), "utf-8")
        part.replace(self._kept / f"{name}.json")
