"""Pupil files: every edge case by its row, thousands of random sequences, and files that mean harm."""

from pathlib import Path

from benchmarks.proofs.proof import Proof, Result
from benchmarks.suite import run_tests

TESTS = "tests/lvs"
MODULES = ("edge_cases", "edge_cases_later", "sequences", "hostile", "staged", "lists", "carers")


def measure(folder: Path) -> Result:
    """The tests of this room at full counts, on both databases where they touch one."""
    paths = [f"{TESTS}/test_lvs_{x}.py" for x in MODULES]
    suite = run_tests(folder, paths, thorough={"DMS_TEST_FULL": "1"})
    rows = [{"test": x.name, "outcome": x.outcome} for x in suite.cases]
    return Result(
        suite.green and len(rows) > 0,
        f"{len(rows)} tests, {'all as the table says' if suite.green else 'with faults'}",
        {"tests": rows, "faults": suite.faults},
    )


PROOF = Proof(
    "pupil_files",
    "Pupil files do what the table of edge cases says, in any sequence, and hostile ones nothing",
    "every row of the table; 2,000 and 6,000 random sequences; every hostile file refused with a reason",
    measure,
    (TESTS, "tests/pupils", "tests/conftest.py", "tests/servers"),
)
