"""Destruction killed at every named boundary, and absence on both kinds of database and store."""

from pathlib import Path

from benchmarks.proofs.proof import Proof, Result
from benchmarks.suite import run_tests

TESTS = "tests/destruction"
ON = (TESTS, "tests/houses.py", "tests/conftest.py", "tests/servers", "tests/machines/crash_world.py")
LEAST_POINTS = 28


def kill_at_each(folder: Path) -> Result:
    """Every boundary once, then on to the end, twice."""
    suite = run_tests(folder, [f"{TESTS}/test_killed.py"], thorough={"DMS_TEST_FULL": "1"})
    points = len([x for x in suite.cases if x.name.startswith("test_killed_and_gone_on[") and x.outcome == "passed"])
    bad = suite.count("failed")
    return Result(
        suite.green and points >= LEAST_POINTS,
        f"{points} boundaries, {bad} violations",
        {"points": points, "violations": bad, "faults": suite.faults},
    )


def nothing_left(folder: Path) -> Result:
    """Words of destroyed documents in raw bytes, and planted survivors."""
    suite = run_tests(folder, [f"{TESTS}/test_absence_places.py", f"{TESTS}/test_kept_and_failed.py"], thorough={})
    planted = len([x for x in suite.cases if "survivor" in x.name and x.outcome == "passed"])
    return Result(
        suite.green and planted > 0,
        f"{suite.count('passed')} cases, {planted} planted survivors found, {suite.count('failed')} violations",
        {"cases": suite.count("passed"), "planted": planted, "faults": suite.faults},
    )


POINTS = Proof(
    "destruction_points",
    "Destruction killed at every named boundary",
    f"≥ {LEAST_POINTS} boundaries: the same end, nothing destroyed twice or without a line, certified after verifying",
    kill_at_each,
    ON,
)
ABSENCE = Proof(
    "destruction_absence",
    "Nothing is left of what was destroyed",
    "SQLite with a folder, PostgreSQL with S3: no word in any raw byte; every planted survivor is found",
    nothing_left,
    ON,
)
