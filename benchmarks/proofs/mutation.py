"""Every small fault in the pure rules of rights is noticed by their own tests, or stands here with the reason."""

import subprocess
import sys
from pathlib import Path

from benchmarks import machine
from benchmarks.proofs.proof import Proof, Result

MODULES = tuple(f"rights.rules.{x}" for x in ("matrix", "scope", "decide", "family", "drafting", "changes", "table"))
TESTS = (
    "tests/rights/test_rights_scope.py",
    "tests/rights/test_rights_family.py",
    "tests/rights/test_rights_drafting.py",
    "tests/rights/test_default_matrix.py",
)
EXPLAINED: dict[tuple[str, str, str], str] = {}
"""(module, the line's text, the change) → why no test can notice it."""


def run() -> tuple[int, list[tuple[str, int, str, str]]]:
    """How many mutants there were, and those that lived: (module, line, its text, the change)."""
    import hypothesis  # noqa: F401 - heavy: paid once, before the forks
    import pytest  # noqa: F401

    from benchmarks.mutants import killed, mutants

    lived = []
    count = 0
    for module in MODULES:
        text = (machine.ROOT / (module.replace(".", "/") + ".py")).read_text("utf-8").splitlines()
        for mutant in mutants(module):
            count += 1
            if not killed(mutant, TESTS):
                lived.append((module, mutant.line, text[mutant.line - 1].strip() if mutant.line else "", mutant.what))
    return count, lived


def measure(folder: Path) -> Result:
    """In a process of its own, where nothing of the rules is imported yet."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.proofs.mutation"],
        cwd=machine.ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    lines = done.stdout.splitlines()
    count = int(lines[0])
    lived = [tuple(x.split("\t")) for x in lines[1:]]
    unexplained = [x for x in lived if (x[0], x[2], x[3]) not in EXPLAINED]
    return Result(
        not unexplained and count > 100,
        f"{count} mutants, {count - len(lived)} killed, {len(lived) - len(unexplained)} explained, "
        f"{len(unexplained)} not",
        {
            "mutants": count,
            "killed": count - len(lived),
            "lived": [
                {"module": x[0], "line": int(x[1]), "text": x[2], "change": x[3],
                 "explained": EXPLAINED.get((x[0], x[2], x[3]))}
                for x in lived
            ],
        },
    )  # fmt: skip


PROOF = Proof(
    "rights_mutants",
    "Small faults in the rules of rights are noticed",
    "every mutant of rights/rules killed, or explained",
    measure,
    ("tests/rights", "benchmarks/mutants.py"),
)

if __name__ == "__main__":
    total, found = run()
    print(total)
    for one in found:
        print("\t".join(str(x) for x in one))
