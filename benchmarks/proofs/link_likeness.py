"""Whether an unknown, an ended and a revoked link can be told apart, by bytes or by time."""

from pathlib import Path

from benchmarks.proofs.proof import Proof, Result
from benchmarks.suite import run_tests

TEST = "tests/portal/test_doors_likeness.py"
REQUESTS = 2000
KINDS = 3
TRIES = ("fetch", "ask", "enter")


def measure(folder: Path) -> Result:
    """Fetching the page, asking for a code, and a wrong code (a fifth as often: each takes a quarter of a second)."""
    suite = run_tests(folder, [TEST], thorough={"DMS_TEST_LIKENESS": str(REQUESTS)})
    rows = {
        what: {x: case.told.get(x, "") for x in ("requests", "p", "medians")}
        for what in TRIES
        for case in suite.cases
        if f"[{what}]" in case.name
    }
    smallest = min((float(x["p"] or 0) for x in rows.values()), default=0.0)
    return Result(
        suite.green and len(rows) == len(TRIES) and rows["fetch"]["requests"] == str(KINDS * REQUESTS),
        f"{REQUESTS} of each kind: 0 bytes differ; times: smallest p of nine pairs {smallest:.3f} (Mann-Whitney U)",
        {"requests_of_each_kind": REQUESTS, "runs": rows, "faults": suite.faults},
    )


PROOF = Proof(
    "link_likeness",
    "Unknown, ended and revoked links look alike",
    f"{REQUESTS} requests each: no byte differs, and by time no pair with p < 0.001 (Mann-Whitney U, two-sided)",
    measure,
    (TEST, "tests/portal/doors_world.py", "tests/portal/conftest.py", "tests/houses.py", "tests/conftest.py"),
)
