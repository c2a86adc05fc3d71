"""The same tests on SQLite and on PostgreSQL, counted test by test."""

import re
from pathlib import Path

from benchmarks.proofs.proof import Proof, Result
from benchmarks.suite import Case, run_tests

FOLDERS = ("db", "rights", "pupils", "intake", "storage", "jobs", "cli", "api")
KINDS = ("sqlite", "postgres")
FEWEST = 50


def measure(folder: Path) -> Result:
    """Run what exists once for each database, and pair the runs."""
    paths = [f"tests/{x}" for x in FOLDERS]
    suite = run_tests(folder, paths, words=["-k", "sqlite or postgres", "-m", "not slow"])
    sides = {kind: {_twin(x, kind): x for x in suite.cases if _kind(x) == kind} for kind in KINDS}
    shared = sides["sqlite"].keys() & sides["postgres"].keys()
    green = [x for x in shared if all(sides[kind][x].outcome == "passed" for kind in KINDS)]
    rows = []
    for name in sorted({x.partition(".test_")[0] for x in shared}):
        here = [x for x in shared if x.partition(".test_")[0] == name]
        rows.append({"tests": name, "on_both": len(here), "green_on_both": len(set(here) & set(green))})
    return Result(
        suite.count("failed") == 0 and len(green) == len(shared) >= FEWEST,
        f"{len(green)} of {len(shared)} tests green on both databases",
        {
            "tests_on_both": len(shared),
            "green_on_both": len(green),
            "runs": len(suite.cases),
            "failed": suite.count("failed"),
            "faults": suite.faults,
            "by_folder": rows,
        },
    )


def _kind(case: Case) -> str | None:
    words = re.split(r"\W+", case.name.partition("[")[2])
    return next((x for x in KINDS if x in words), None)


def _twin(case: Case, kind: str) -> str:
    """The test's name without the database in it."""
    name, bracket, parameters = case.name.partition("[")
    others = re.sub(rf"\b{kind}\b", "", parameters)
    return f"{case.suite}.{name}{bracket}{others}"


PROOF = Proof(
    "same_tests",
    "The same tests on SQLite and PostgreSQL",
    "every test that runs on both is green on both",
    measure,
    (*(f"tests/{x}" for x in FOLDERS), "tests/conftest.py", "tests/houses.py", "tests/servers"),
)
