"""Six processes that write in one SQLite database for a minute."""

from pathlib import Path

from benchmarks.proofs.proof import Proof, Result
from benchmarks.suite import run_tests

TEST = "tests/db/test_contention.py"
SECONDS = 60
FASTEST = 100


def measure(folder: Path) -> Result:
    """The contention test at its full length."""
    suite = run_tests(folder, [TEST], thorough={"DMS_TEST_SECONDS": str(SECONDS)})
    written = int(suite.told("transactions") or 0)
    slowest = float(suite.told("slowest_seconds") or 0)
    return Result(
        suite.green and written > FASTEST,
        f"{written} transactions by six processes in {SECONDS} s, "
        + ("none refused or lost" if suite.green else "with refusals"),
        {
            "seconds": SECONDS,
            "processes": 6,
            "transactions": written,
            "transactions_per_second": round(written / SECONDS),
            "slowest_transaction_seconds": round(slowest, 2),
            "faults": suite.faults,
        },
    )


PROOF = Proof(
    "six_writers",
    "Six writers at once on SQLite",
    "0 “database is locked” in a minute",
    measure,
    (TEST, "tests/conftest.py"),
)
