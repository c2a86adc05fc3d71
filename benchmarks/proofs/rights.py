"""Random worlds of boards, roles, shields and papers: the rule, the database's filter and the index's mask agree."""

from pathlib import Path

from benchmarks.proofs.proof import Proof, Result
from benchmarks.suite import run_tests

TESTS = "tests/rights"
WORLDS = 150


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
    f"{WORLDS} random worlds on both databases: 0 disagreements",
    measure,
    (TESTS, "tests/conftest.py", "tests/servers"),
)
