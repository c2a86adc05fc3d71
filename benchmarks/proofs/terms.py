"""Terms: the second calculator on its full counts, and every small fault in the rules noticed or explained."""

import sys
from pathlib import Path

from benchmarks.judging import Explained, Judges, Judging
from benchmarks.proofs.proof import Proof, Result
from benchmarks.suite import run_tests

TABLES, DAYS, SECOND = (f"tests/retention/test_{x}.py" for x in ("rule_tables", "due_dates", "second_calculator"))
LISTS, DESTROYING = "tests/disposal/test_list_rules.py", "tests/destruction/test_pure_rules.py"
JUDGES: Judges = {
    "schedule": (TABLES, DAYS, SECOND),
    "term": (TABLES, DAYS, SECOND),
    "due": (DAYS, TABLES, SECOND),
    "table": (TABLES, SECOND),
    "compare": (TABLES,),
    "disposal": (LISTS,),
    "disposal_items": (LISTS,),
    "disposal_consequences": (LISTS,),
    "own_data": (DESTROYING,),
    "certificate": (DESTROYING,),
}
EXPLAINED: Explained = {
    (
        "disposal_items",
        "if found.verdict is Verdict.HELD:",
        "never",
    ): "the branch below gives the same: its code is the verdict's own word",
    (
        "compare",
        "return Effect.EARLIER if becomes < was else Effect.LATER",
        "Lt -> LtE",
    ): "two equal spans were told to be unchanged before",
    (
        "compare",
        "return found.due_from or date.max, found.due_by or date.max",
        "operand 1 left out",
    ): "what has no first day was told to be dated or undated before",
    (
        "table",
        "return minimum != maximum and any(minimum.after(x) > maximum.after(x) for x in STARTS)",
        "operand 0 left out",
    ): "of two equal terms none is ever later: asked first only because it is quick",
    (
        "table",
        "STARTS = tuple(date(2023, 1, 1) + timedelta(days=x) for x in range(2 * 366))",
        "one more",
    ): "a stretch of days that begins or ends a little later has its leap year too",
    (
        "table",
        'raise _wrong(given["code"] or "?", column) from None',
        "operand 1 left out",
    ): "a line without a code was refused before",
    (
        "table",
        "",
        "condition 0 left out",
    ): "of the two names of no rounding the later counts",
}
CASES = 12_000


def agree(folder: Path) -> Result:
    """The second calculator on CASES whole cases, and on as many terms."""
    suite = run_tests(folder, (DAYS, SECOND), thorough={"DMS_TEST_FULL": "1"}, seconds=3600)
    said = f"{suite.count('passed')} of {len(suite.cases)} tests, {CASES} whole cases"
    return Result(suite.green, said, {"cases": CASES, "faults": suite.faults})


AGREE = Proof(
    "second_calculator",
    "Two calculators of terms agree",
    f"{CASES} generated whole cases, 10,000 terms",
    agree,
    ("tests/retention",),
)
RULES = Judging(
    "retention.rules", "benchmarks.proofs.terms", JUDGES, EXPLAINED, also=("tests/retention/second_calculator.py",)
)
MUTANTS = Proof(
    "retention_mutants",
    "Small faults in the rules of retention are noticed",
    "every mutant of every module of retention/rules killed, or explained",
    RULES.measure,
    RULES.hangs_on,
)

if __name__ == "__main__":
    RULES.run(sys.argv[1])
