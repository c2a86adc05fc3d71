"""Lists of thousands of pupils, the picker among twenty thousand, and noisy papers by the thousand."""

from pathlib import Path

from benchmarks.proofs.proof import Proof, Result
from benchmarks.suite import run_tests

TESTS = (
    "tests/pupils/test_pupil_import_thousands.py",
    "tests/pupils/test_pupil_picker.py",
    "tests/rules/ingest/test_papers.py",
)


def measure(folder: Path) -> Result:
    """The tests at their full counts, on both databases where they touch one."""
    suite = run_tests(folder, TESTS, thorough={"DMS_TEST_FULL": "1"})
    rows = [{"test": x.name, "outcome": x.outcome} for x in suite.cases]
    return Result(
        suite.green,
        f"{len(rows)} tests, {'all as they should' if suite.green else 'with faults'}",
        {"tests": rows, "faults": suite.faults},
    )


PROOF = Proof(
    "pupils_at_scale",
    "Thousands of pupils are read in, found again, and never mistaken for each other",
    "5,000 pupils in few statements; 20,000 found by index in every way of typing; 2,000 noisy texts, no wrong pupil",
    measure,
    (*TESTS, "tests/houses.py", "tests/conftest.py", "tests/servers"),
)
