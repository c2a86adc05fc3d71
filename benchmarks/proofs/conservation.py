"""The law of conservation over thousands of steps, and backups in full: kills, failing disks, spoiled files."""

from pathlib import Path

from benchmarks.proofs.proof import Proof, Result
from benchmarks.suite import run_tests

STEPS = 2_000
WHOLE_DAY = 86_400


def keep(folder: Path) -> Result:
    """A machine of states over many houses; every document is one of three after each step."""
    thorough = {"DMS_TEST_FULL": "1", "DMS_TEST_STEPS": str(STEPS + STEPS // 2)}  # some rules find nothing to do
    suite = run_tests(folder, ["tests/conservation"], thorough=thorough, seconds=WHOLE_DAY)
    steps = int(suite.told("steps") or 0)
    counts = {k: int(v) for k, _, v in (x.partition("=") for x in suite.told("counts").split())}
    said = f"{steps} steps, " + ("0 violations" if suite.green else "VIOLATED")
    return Result(
        suite.green and steps >= STEPS,
        f"{said}; {counts.get('execute', 0)} executions, {counts.get('restore', 0)} lost houses put back",
        {"steps": steps, "counts": counts, "faults": suite.faults},
    )


def back(folder: Path) -> Result:
    """All tests of backups with their full counts, on both kinds of database and store."""
    suite = run_tests(folder, ["tests/backup"], thorough={"DMS_TEST_FULL": "1"}, seconds=WHOLE_DAY)
    passed = suite.count("passed")
    return Result(
        suite.green,
        f"{passed} of {len(suite.cases)} tests",
        {"tests": len(suite.cases), "passed": passed, "faults": suite.faults},
    )


CONSERVATION = Proof(
    "conservation",
    "Every document is present, destroyed with proof, or handed over with a receipt",
    f"≥ {STEPS} steps of intake, hold, list, execution, kill, backup and lost house: 0 violations",
    keep,
    ("tests/conservation", "tests/backup", "tests/destruction/destroy_world.py"),
)
RESTORE = Proof(
    "backup_restore",
    "A backup comes back whole or not at all, without what was destroyed",
    "killed and failing at every boundary, every place of the files spoiled, across databases and stores",
    back,
    ("tests/backup", "tests/destruction/destroy_world.py"),
)
