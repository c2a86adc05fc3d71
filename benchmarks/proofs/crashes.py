"""Killed, or with a fault, at every named boundary; and killed three hundred times at random."""

from pathlib import Path
from typing import Any

from benchmarks.pieces import part_folder, piece
from benchmarks.proofs.proof import Proof, Result
from benchmarks.suite import Case, Suite, run_tests

TESTS = "tests/machines"
ON = (TESTS, "tests/houses.py", "tests/conftest.py", "tests/servers", "benchmarks/pieces.py")
PLACES = ("folder", "s3")
TURNS = (1, 2, 3)
MODES = ("500", "hang", "cut", "deaf")
KILLS, PAPERS, LEAST_POINTS = 300, 60, 40
TOGETHER = ("-n", "2")


def kill_at_each(folder: Path) -> Result:
    """Each point, three times, on a folder and on a real S3 server."""
    rows = []
    for place in PLACES:
        for turn in TURNS:
            name = f"{place} {turn}"
            thorough = {"DMS_TEST_FULL": "1", "DMS_TEST_PLACES": place, "DMS_TEST_TURNS": str(turn)}
            words = ("-k", "test_killed or undisturbed", *TOGETHER)
            rows.append(_piece("crash_points", name, folder, (f"{TESTS}/test_crash_points.py",), thorough, words))
    fewest = min(row["points"] for row in rows)
    bad = sum(row["violations"] for row in rows)
    return Result(
        all(row["passed"] for row in rows) and fewest >= LEAST_POINTS,
        f"{fewest} to {max(row['points'] for row in rows)} points, {sum(row['cases'] for row in rows)} kills, "
        f"{bad} violations",
        {"kills": sum(row["cases"] for row in rows), "violations": bad, "runs": rows},
    )


def faults(folder: Path) -> Result:
    """A failing and a full disk, a full database and a time-out at each point; a server that misbehaves from there."""
    rows = []
    for place in PLACES:
        thorough = {"DMS_TEST_FULL": "1", "DMS_TEST_PLACES": place}
        disk = (f"{TESTS}/test_crash_points.py",)
        words = ("-k", "test_a_failing_disk", *TOGETHER)
        rows.append(_piece("crash_faults", f"disk {place}", folder, disk, thorough, words))
        for fault in ("io_error", "disk_full", "database_full", "time_out"):
            words = ("-k", fault, *TOGETHER)
            anywhere = (f"{TESTS}/test_faults_anywhere.py",)
            rows.append(_piece("crash_faults", f"{fault} {place}", folder, anywhere, thorough, words))
    for mode in MODES:
        thorough = {"DMS_TEST_FULL": "1", "DMS_TEST_MODES": mode}
        server = (f"{TESTS}/test_faulty_server.py",)
        rows.append(_piece("crash_faults", f"server {mode}", folder, server, thorough, TOGETHER))
    down = ("tests/storage/test_s3_store.py",)
    rows.append(_piece("crash_faults", "server down", folder, down, {}, ()))
    bad = sum(row["violations"] for row in rows)
    return Result(
        all(row["passed"] for row in rows),
        f"{sum(row['cases'] for row in rows)} faults, {bad} violations",
        {"cases": sum(row["cases"] for row in rows), "violations": bad, "runs": rows},
    )


def random_kills(folder: Path) -> Result:
    """Kill -9 at random moments while sixty files come in and are read, again and again."""
    thorough = {"DMS_TEST_FULL": "1", "DMS_TEST_KILLS": str(KILLS)}
    suite = run_tests(folder, [f"{TESTS}/test_random_kills.py"], thorough=thorough)
    kills, papers = int(suite.told("kills") or 0), int(suite.told("papers") or 0)
    return Result(
        suite.green and kills >= KILLS,
        f"{kills} kills over intakes of {PAPERS} files, {papers} in all; "
        + ("0 lost, 0 twice" if suite.green else "NOT each exactly once"),
        {"kills": kills, "files": papers, "files_in_an_intake": PAPERS, "faults": suite.faults},
    )


def _piece(
    proof: str, name: str, folder: Path, paths: tuple[str, ...], thorough: dict[str, str], words: tuple[str, ...]
) -> dict[str, Any]:
    def measure() -> dict[str, Any]:
        return _row(name, run_tests(part_folder(folder, name), paths, thorough=thorough, words=words))

    return piece(proof, name, (*ON, "tests/storage", "benchmarks/proofs/crashes.py", "benchmarks/suite.py"), measure)


def _row(name: str, suite: Suite) -> dict[str, Any]:
    """The figures of a run. Skipped are the points that a server passes where nobody can look."""
    failed, passed = suite.count("failed"), suite.count("passed")
    return {
        "run": name,
        "points": len({_point(x) for x in suite.cases if x.name.startswith("test_killed[") and x.outcome == "passed"}),
        "cases": passed + failed,
        "violations": failed,
        "faults": suite.faults if failed or not passed else [],
        "passed": failed == 0 and passed > 0,
    }


def _point(case: Case) -> str:
    """The boundary in a test's name: `test_killed[receive.begun-1-folder]`."""
    return case.name.partition("[")[2].partition("-")[0]


POINTS = Proof(
    "crash_points",
    "Killed at every named boundary",
    f"≥ {LEAST_POINTS} points × {len(TURNS)} runs × (folder, S3): 0 violations; a second recovery changes nothing",
    kill_at_each,
    ON,
)
FAULTS = Proof(
    "crash_faults",
    "A fault at every named boundary",
    "I/O error, disk full, database full, time-out, and a server that answers 500, hangs, hangs up or does it without"
    " saying so: 0 violations",
    faults,
    (*ON, "tests/storage"),
)
RANDOM = Proof(
    "crash_random",
    "Killed at random moments",
    f"{KILLS} random kill -9 over an intake of {PAPERS} files: 0 lost, 0 twice",
    random_kills,
    ON,
)
