"""Every small fault in the pure rules of rights is noticed by their own tests, or stands here with the reason."""

import ast
import gc
import hashlib
import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks import machine
from benchmarks.mutants import mutants
from benchmarks.proofs.proof import Proof, Result

RULES = machine.ROOT / "rights" / "rules"
SCOPE, FAMILY, DRAFTING, PATTERNS, LINKS, HANDING_OVER = (
    f"tests/rights/test_rights_{x}.py" for x in ("scope", "family", "drafting", "patterns", "links", "handing_over")
)
SHIPPED = "tests/rights/test_default_matrix.py"
JUDGES = {
    "family": (FAMILY, PATTERNS, SCOPE),
    "matrix": (PATTERNS, SCOPE, DRAFTING, SHIPPED),
    "scope": (SCOPE, SHIPPED),
    "decide": (SCOPE, SHIPPED),
    "drafting": (DRAFTING,),
    "changes": (DRAFTING,),
    "table": (DRAFTING,),
    "facts": (SCOPE,),
    "actions": (SCOPE,),
    "links": (LINKS,),
    "transfer_gate": (HANDING_OVER,),
}
"""Module of `rights.rules` → the tests that judge it: only such as need no database and end in seconds. All modules
stand here: one that is missing fails the proof."""
KEPT = machine.ROOT / "build" / "prove" / "rights_mutants"
"""What is known so far, a file for each module: a run that is broken off goes on where it was."""
EVERY = 10
CPU_SECONDS = 60
"""A mutant that works longer than this never ends."""
SECONDS = 1800
"""One that does not even work, waits for something that never comes."""
EXPLAINED: dict[tuple[str, str, str], str] = {
    (
        "matrix",
        "longer, shorter = (self, other) if len(self.text) >= len(other.text) else (other, self)",
        "GtE -> Gt",
    ): "of two patterns of one length both orders give the same: the pattern where they are equal, else none",
    (
        "scope",
        "",
        "case left out",
    ): "the reach of a link gives nothing, and without its case nothing is given either",
    (
        "transfer_gate",
        "def closed(when: bool, code: str, count: int = 0) -> None:",
        "one more",
    ): "who gives no count has a reason whose text tells none",
    (
        "links",
        "_STRENGTH = {Verification.EMAIL: 0, Verification.CODE: 1, Verification.ACCOUNT: 2}",
        "one more",
    ): "only the order counts: a code is asked at most, and who has it or an account has as much or more",
    ("links", "return False", "returns None"): "it is only asked whether it holds, and None does not either",
    (
        "links",
        'raw = base64.b64decode(text.removeprefix(PREFIX), altchars=b"-_", validate=True)',
        "True <-> False",
    ): "what decoding leaves out is missing when the token is made again and compared",
}
"""(module, the line's text, the change) → why no test can notice it."""


def run(name: str) -> None:
    """Judge the mutants of one module that are not judged yet, keeping what becomes known."""
    import hypothesis  # heavy, as the next: paid once, before the forks
    import pytest  # noqa: F401

    from benchmarks import mutants as making
    from benchmarks.mutants import Mutant, judged

    # The same examples each time, and no verdict by the clock: time in which others had the machine kills no mutant.
    hypothesis.settings.register_profile("mutants", deadline=None, derandomize=True, database=None)
    hypothesis.settings.load_profile("mutants")
    os.register_at_fork(after_in_child=lambda: resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS)))
    making.SECONDS = SECONDS
    gc.collect()
    gc.freeze()  # what is loaded by now need not be looked through in every child
    source = (RULES / f"{name}.py").read_text("utf-8")
    ((_, failing),) = judged([Mutant(f"rights.rules.{name}", 0, "unchanged", source)], JUDGES[name])
    if failing:
        raise SystemExit(f"{name}: its tests fail without any change, so they judge nothing")
    found = {f"{nth} {x.line} {x.what}": x for nth, x in enumerate(mutants(f"rights.rules.{name}"))}
    keys = {id(x): key for key, x in found.items()}
    known = verdicts(name)
    todo: list[Mutant] = [x for key, x in found.items() if key not in known]
    for nth, (mutant, killed) in enumerate(judged(todo, JUDGES[name]), start=1):
        known[keys[id(mutant)]] = killed
        if nth % EVERY == 0:
            _keep(name, known)
    _keep(name, known)


def verdicts(name: str) -> dict[str, bool]:
    """What is known of a module as it is now, with its tests as they are: mutant → killed."""
    try:
        kept = json.loads((KEPT / f"{name}.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return dict(kept["verdicts"]) if kept["of"] == _content(name) else {}


def measure(folder: Path) -> Result:
    """Each module that is not judged yet in a process of its own, where nothing of the rules is imported yet."""
    unjudged = sorted({x.stem for x in RULES.glob("*.py")} - {"__init__", *JUDGES})
    lived: list[dict[str, Any]] = []
    modules = {}
    for name in JUDGES:
        if len(verdicts(name)) < sum(1 for _ in mutants(f"rights.rules.{name}")):
            subprocess.run([sys.executable, "-m", "benchmarks.proofs.mutation", name], cwd=machine.ROOT, check=True)
        known = verdicts(name)
        lines = (machine.ROOT / f"rights/rules/{name}.py").read_text("utf-8").splitlines()
        for key in (x for x, killed in known.items() if not killed):
            _, number, change = key.split(" ", 2)
            text = lines[int(number) - 1].strip() if int(number) else ""
            why = EXPLAINED.get((name, text, change))
            lived.append({"module": name, "line": int(number), "text": text, "change": change, "explained": why})
        modules[name] = len(known)
    count, explained = sum(modules.values()), sum(x["explained"] is not None for x in lived)
    return Result(
        explained == len(lived) and count > 100 and not unjudged,
        f"{count} mutants, {count - len(lived)} killed, {explained} explained, {len(lived) - explained} not",
        {
            "mutants": count,
            "killed": count - len(lived),
            "of_each_module": modules,
            "lived": lived,
            "modules_not_judged": unjudged,
        },
    )


def _content(name: str) -> str:
    """What the verdicts hang on: the module and the rules that it uses, its tests, and how mutants are made."""
    files = [RULES / f"{x}.py" for x in sorted(_with_used({name}))] + [machine.ROOT / "benchmarks" / "mutants.py"]
    files += [machine.ROOT / x for x in JUDGES[name]]
    return hashlib.sha256(b"\0".join(x.read_bytes() for x in files)).hexdigest()


def _with_used(names: set[str]) -> set[str]:
    """The modules, and all of `rights.rules` that they import, directly or not."""
    trees = [ast.walk(ast.parse((RULES / f"{x}.py").read_text("utf-8"))) for x in names]
    used = {x.module.rpartition(".")[2] for y in trees for x in y if isinstance(x, ast.ImportFrom) and x.module
            and x.module.startswith("rights.rules.")}  # fmt: skip
    return names if used <= names else _with_used(names | used)


def _keep(name: str, known: dict[str, bool]) -> None:
    KEPT.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"of": _content(name), "verdicts": known}, indent=0)
    part = KEPT / f"{name}.part"
    part.write_text(text, "utf-8")
    part.replace(KEPT / f"{name}.json")


PROOF = Proof(
    "rights_mutants",
    "Small faults in the rules of rights are noticed",
    "every mutant of rights/rules killed, or explained",
    measure,
    (*sorted({y for x in JUDGES.values() for y in x}), "benchmarks/mutants.py"),
)

if __name__ == "__main__":
    run(sys.argv[1])
