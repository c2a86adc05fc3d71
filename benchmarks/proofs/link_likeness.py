"""Whether an unknown, an ended and a revoked link can be told apart, by bytes or by time."""

import json
from itertools import combinations
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.pieces import part_folder, piece
from benchmarks.proofs.proof import Proof, Result
from benchmarks.suite import run_tests
from tests.portal.ranks import p_of

TEST = "tests/portal/test_doors_likeness.py"
NAME = "link_likeness"
REQUESTS = 2000
KINDS = ("unknown", "ended", "revoked")
PARTS = {"fetch": 1000, "ask": 500, "enter": 400}
"""What is tried, and requests of each kind in one run of the test: a run that is broken off loses no more."""
LEAST_P = 0.001
ON = (
    TEST,
    "tests/portal/ranks.py",
    "tests/portal/doors_world.py",
    "tests/portal/conftest.py",
    "tests/houses.py",
    "tests/conftest.py",
    "benchmarks/pieces.py",
)


def measure(folder: Path) -> Result:
    """Fetching the page, asking for a code, and a wrong code; times of all parts are judged together."""
    rows = {what: _row(folder, what) for what in PARTS}
    smallest = min(row["p"] for row in rows.values())
    faults = [y for row in rows.values() for y in row["faults"]]
    whole = all(row["requests_of_each_kind"] == REQUESTS for row in rows.values())
    return Result(
        whole and not faults and smallest >= LEAST_P,
        f"{REQUESTS} of each kind: {'0 bytes differ' if not faults else 'NOT alike'}; times: smallest p of nine pairs"
        f" {smallest:.4f} (Mann-Whitney U)",
        {"requests_of_each_kind": REQUESTS, "runs": rows, "faults": faults},
    )


def _row(folder: Path, what: str) -> dict[str, Any]:
    hangs_on = (*ON, "benchmarks/proofs/link_likeness.py", "benchmarks/suite.py")
    parts = [
        piece(NAME, f"{what} {first}", hangs_on, lambda f=first: _part(folder, what, f))
        for first in range(0, REQUESTS, PARTS[what])
    ]
    took = {kind: [t for part in parts for t in part["microseconds"].get(kind, [])] for kind in KINDS}
    if not all(took.values()):
        return {"requests_of_each_kind": 0, "p": 0.0, "faults": [y for x in parts for y in x["faults"]]}
    pairs = {f"{x}, {y}": round(p_of(took[x], took[y]), 4) for x, y in combinations(KINDS, 2)}
    return {
        "requests_of_each_kind": min(len(x) for x in took.values()),
        "p": min(pairs.values()),
        "pairs": pairs,
        "medians_ms": {x: round(median(y) / 1000, 3) for x, y in took.items()},
        "faults": [y for x in parts for y in x["faults"]],
    }


def _part(folder: Path, what: str, first: int) -> dict[str, Any]:
    suite = run_tests(
        part_folder(folder, f"{what} {first}"),
        [TEST],
        thorough={"DMS_TEST_LIKENESS": str(PARTS[what])},
        words=("-k", f"dead_link and {what}"),
    )
    took = json.loads(suite.told("microseconds") or "{}")
    return {"microseconds": took, "faults": suite.faults, "passed": suite.green and bool(took)}


PROOF = Proof(
    NAME,
    "Unknown, ended and revoked links look alike",
    f"{REQUESTS} requests each: no byte differs, and by time no pair with p < {LEAST_P} (Mann-Whitney U, two-sided)",
    measure,
    ON,
)
