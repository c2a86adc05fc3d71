"""A school leaves and comes back; leavers arrive at another school: everything equal, and what was changed refused."""

from pathlib import Path

from benchmarks.proofs.proof import Proof, Result
from benchmarks.suite import run_tests

TESTS = ("tests/exit", "tests/received")


def measure(folder: Path) -> Result:
    """The tests of both rooms at full counts: the demo school with its papers, 40 leavers, both kinds of database."""
    suite = run_tests(folder, list(TESTS), thorough={"DMS_TEST_FULL": "1"})
    rows = [{"test": x.name, "outcome": x.outcome} for x in suite.cases]
    return Result(
        suite.green and len(rows) > 0,
        f"{len(rows)} tests, {'all equal or refused with the reason' if suite.green else 'with faults'}",
        {"tests": rows, "faults": suite.faults},
    )


PROOF = Proof(
    "exit_round_trip",
    "A school leaves with everything, and a package arrives whole",
    "demo school out and in: documents, hashes, rights of the cast, terms and rows equal; 40 leavers byte for byte with"
    " equal metadata; a flipped byte, a missing or extra file and a changed manifest refused with the reason",
    measure,
    (*TESTS, "tests/transfers/transfer_world.py", "tests/backup/backup_world.py", "tests/conftest.py", "tests/servers"),
)
