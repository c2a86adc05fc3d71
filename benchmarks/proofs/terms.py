"""Terms: the second calculator on its full counts, and every small fault in the rules noticed or explained."""

import subprocess
import sys
from pathlib import Path

from benchmarks import machine
from benchmarks.proofs.proof import Proof, Result
from benchmarks.suite import run_tests

MODULES = tuple(f"retention.rules.{x}" for x in ("term", "schedule", "due", "table", "compare"))
TESTS = (
    "tests/retention/test_rule_tables.py",
    "tests/retention/test_due_dates.py",
    "tests/retention/test_second_calculator.py",
)
EXPLAINED: dict[tuple[str, str, str], str] = {}
"""(module, the line's text, the change) → why no test can notice it."""
CASES = 12_000


def agree(folder: Path) -> Result:
    """The second calculator on CASES whole cases, and on as many terms."""
    suite = run_tests(folder, TESTS[1:], thorough={"DMS_TEST_FULL": "1"}, seconds=3600)
    said = f"{suite.count('passed')} of {len(suite.cases)} tests, {CASES} whole cases"
    return Result(suite.green, said, {"cases": CASES, "faults": suite.faults})


def run() -> tuple[int, list[tuple[str, int, str, str]]]:
    """How many mutants there were, and those that lived: (module, line, its text, the change)."""
    import hypothesis  # noqa: F401 - heavy: paid once, before the forks
    import pytest  # noqa: F401

    from benchmarks.mutants import judged, mutants

    lived = []
    count = 0
    for module in MODULES:
        text = (machine.ROOT / (module.replace(".", "/") + ".py")).read_text("utf-8").splitlines()
        for mutant, killed in judged(mutants(module), TESTS):
            count += 1
            if not killed:
                lived.append((module, mutant.line, text[mutant.line - 1].strip() if mutant.line else "", mutant.what))
    return count, lived


def mutate(folder: Path) -> Result:
    """In a process of its own, where nothing of the rules is imported yet."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.proofs.terms"], cwd=machine.ROOT, capture_output=True, text=True, check=True
    )
    lines = done.stdout.splitlines()
    count = int(lines[0])
    lived = [tuple(x.split("\t")) for x in lines[1:]]
    unexplained = [x for x in lived if (x[0], x[2], x[3]) not in EXPLAINED]
    explained = len(lived) - len(unexplained)
    told = f"{count} mutants, {count - len(lived)} killed, {explained} explained, {len(unexplained)} not"
    return Result(
        not unexplained and count > 100,
        told,
        {
            "mutants": count,
            "killed": count - len(lived),
            "lived": [
                {
                    "module": x[0],
                    "line": int(x[1]),
                    "text": x[2],
                    "change": x[3],
                    "explained": EXPLAINED.get((x[0], x[2], x[3])),
                }
                for x in lived
            ],
        },
    )


AGREE = Proof(
    "second_calculator",
    "Two calculators of terms agree",
    f"{CASES} generated whole cases, 10,000 terms",
    agree,
    ("tests/retention",),
)
MUTANTS = Proof(
    "retention_mutants",
    "Small faults in the rules of retention are noticed",
    "every mutant of retention/rules killed, or explained",
    mutate,
    ("tests/retention", "benchmarks/mutants.py"),
)

if __name__ == "__main__":
    total, found = run()
    print(total)
    for one in found:
        print("\t".join(str(x) for x in one))
