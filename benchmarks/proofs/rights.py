"""Rule, database filter and search engine agree over random worlds; signing in is the same on both databases."""

from pathlib import Path

from benchmarks.proofs.proof import Proof, Result
from benchmarks.suite import run_tests

TESTS = "tests/rights"
WORLDS = 150
SIGN_IN_TESTS = "tests/sign_in"


def measure(folder: Path) -> Result:
    """The property on both databases."""
    suite = run_tests(folder, [f"{TESTS}/test_three_answers.py"], thorough={"DMS_TEST_WORLDS": str(WORLDS)})
    rows = [
        {"test": x.name, "outcome": x.outcome, "cases": int(x.told["cases"]) if "cases" in x.told else None}
        for x in suite.cases
    ]
    cases = sum(int(x.told.get("cases", 0)) for x in suite.cases)
    return Result(
        suite.green and cases > 0,
        f"{cases} cases, {'0 disagreements' if suite.green else 'with disagreements'}",
        {"worlds_on_each_database": WORLDS, "cases": cases, "faults": suite.faults, "tests": rows},
    )


PROOF = Proof(
    "rights_three_answers",
    "One description of rights, three equal answers",
    f"{WORLDS} random worlds on both databases, at least 5,000 cases each: 0 disagreements",
    measure,
    (TESTS, "tests/conftest.py", "tests/servers"),
)


def sign_in(folder: Path) -> Result:
    """All of signing in, on both databases: second step, lockout, sessions, passwords, a real identity provider."""
    suite = run_tests(folder, [SIGN_IN_TESTS], thorough={"DMS_TEST_FULL": "1"})
    kinds = {kind: sum(kind in x.name.partition("[")[2] for x in suite.cases) for kind in ("sqlite", "postgres")}
    return Result(
        suite.green and kinds["sqlite"] == kinds["postgres"] > 0,
        f"{suite.count('passed')} of {len(suite.cases)} tests green, {kinds['sqlite']} of them on each database",
        {"tests": len(suite.cases), "on_each_database": kinds, "faults": suite.faults},
    )


SIGN_IN = Proof(
    "sign_in_both",
    "Signing in is the same on SQLite and PostgreSQL",
    "every test of signing in green on both",
    sign_in,
    (SIGN_IN_TESTS, "tests/conftest.py", "tests/houses.py", "tests/servers"),
)
