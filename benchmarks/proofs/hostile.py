"""Files made to harm, through the whole product and watched from outside."""

import json
from pathlib import Path
from typing import Any

from benchmarks.pieces import part_folder, piece
from benchmarks.proofs.proof import Proof, Result
from benchmarks.suite import run_tests

TESTS = "tests/hostile"
NAME = "hostile_files"
RUNS = (1, 2, 3)
SECONDS, MEMORY = 60, 1024
ON = (TESTS, "tests/houses.py", "tests/golden", "benchmarks/pieces.py")


def measure(folder: Path) -> Result:
    """All files, three times, each time in a new house."""
    rows = [piece(NAME, f"run {turn}", (*ON, "benchmarks/suite.py"), lambda t=turn: _run(folder, t)) for turn in RUNS]
    peak, slowest = max(row["peak_mib"] for row in rows), max(row["slowest_seconds"] for row in rows)
    watched = all(row["sockets"] is not None for row in rows)
    return Result(
        all(row["passed"] for row in rows) and watched and peak <= MEMORY and slowest <= SECONDS,
        f"{rows[0]['files']} files × {len(rows)}: each a reason, slowest {slowest:.0f} s, at most {peak} MiB, "
        f"{sum(row['sockets'] or 0 for row in rows)} sockets, {sum(row['exit'] != 0 for row in rows)} dead workers, "
        f"{sum(row['files_outside_the_job'] or 0 for row in rows)} files outside the job",
        {"files": rows[0]["files"], "runs": rows},
    )


def _run(folder: Path, turn: int) -> dict[str, Any]:
    words = ("-k", f"test_each_ends_with_a_reason and {turn}")
    suite = run_tests(part_folder(folder, f"run {turn}"), [TESTS], thorough={"DMS_TEST_FULL": "1"}, words=words)
    told = json.loads(suite.told(f"run_{turn}") or "{}")
    nothing = dict.fromkeys(("files", "exit", "peak_mib", "slowest_seconds", "sockets", "files_outside_the_job"), 0)
    return {"run": turn, **nothing, **told, "faults": suite.faults, "passed": suite.green and bool(told)}


PROOF = Proof(
    NAME,
    "Hostile files cost their own job and nothing else",
    f"each ends with a reason in Dutch ≤ {SECONDS} s and ≤ 1 GiB; 0 sockets, 0 files outside its job's folder, 0 dead"
    f" workers; {len(RUNS)} runs",
    measure,
    ON,
)
