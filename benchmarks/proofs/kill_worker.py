"""A worker killed with SIGKILL at random moments, again and again, while it reads twenty files."""

from pathlib import Path

from benchmarks.proofs.proof import Proof, Result
from benchmarks.suite import run_tests

TEST = "tests/intake/test_intake_kill.py"
KILLS = 50


def measure(folder: Path) -> Result:
    """The kill test with fifty kills."""
    suite = run_tests(folder, [TEST], thorough={"DMS_TEST_KILLS": str(KILLS)})
    kills = int(suite.told("kills") or 0)
    states = suite.told("states")
    return Result(
        suite.green and kills >= KILLS,
        f"{kills} kills; {'each of 20 files exactly once' if suite.green else 'NOT each file exactly once'}",
        {"kills": kills, "files": 20, "ended_as": states, "faults": suite.faults},
    )


PROOF = Proof(
    "kill_worker",
    "A killed worker loses nothing",
    f"{KILLS} times kill -9 during an intake of 20 files: all 20 filed or at the desk, exactly once",
    measure,
    (TEST, "tests/houses.py", "tests/conftest.py"),
)
