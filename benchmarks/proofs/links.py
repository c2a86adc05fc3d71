"""Random histories under scoped links: what one opens is never more than what its maker may share at that moment."""

from pathlib import Path
from typing import Any

from benchmarks.pieces import part_folder, piece
from benchmarks.proofs.proof import Proof, Result
from benchmarks.suite import run_tests

TESTS = "tests/links"
NAME = "links_within_rights"
RULE = f"{TESTS}/test_links_rule.py"
SERVICES = f"{TESTS}/test_links_histories.py::test_the_right_of_a_link_is_never_more_than_its_makers"
HISTORIES, WORLDS = 3000, 40
AT_A_TIME = 4
"""Worlds in one run of the test: a run that is broken off loses no more than these."""
LONG = 3_600
ON = (TESTS, "rights/rules/links.py", "dms/services/links", "benchmarks/pieces.py")


def measure(folder: Path) -> Result:
    """The rule over thousands of histories of a machine of states; the services over some of thirty steps."""
    hangs_on = (*ON, "benchmarks/proofs/links.py", "benchmarks/suite.py")
    rule = piece(NAME, "rule", hangs_on, lambda: _rule(folder))
    services = [
        piece(NAME, f"worlds {first}", hangs_on, lambda f=first: _services(folder, f))
        for first in range(0, WORLDS, AT_A_TIME)
    ]
    opened, worlds = sum(x["opened"] for x in services), sum(x["worlds"] for x in services)
    green = rule["passed"] and all(x["passed"] for x in services) and opened > 0 and worlds == WORLDS
    return Result(
        green,
        f"{HISTORIES} histories of the rule, {worlds} of the services with {opened} openings looked at: "
        + ("never more than the maker's right" if green else "VIOLATED"),
        {"worlds": worlds, "opened": opened, "faults": [*rule["faults"], *(y for x in services for y in x["faults"])]},
    )


def _rule(folder: Path) -> dict[str, Any]:
    suite = run_tests(part_folder(folder, "rule"), [RULE], thorough={"DMS_TEST_FULL": "1"}, seconds=LONG)
    return {"faults": suite.faults, "passed": suite.green}


def _services(folder: Path, first: int) -> dict[str, Any]:
    suite = run_tests(
        part_folder(folder, f"worlds {first}"),
        [f"{SERVICES}[{x}]" for x in range(first, first + AT_A_TIME)],
        thorough={"DMS_TEST_WORLDS": str(WORLDS)},
        seconds=LONG,
    )
    return {
        "worlds": suite.count("passed"),
        "opened": sum(int(x.told.get("opened", 0)) for x in suite.cases),
        "faults": suite.faults,
        "passed": suite.green,
    }


PROOF = Proof(
    NAME,
    "A scoped link never opens more than its maker may share at that moment",
    f"{HISTORIES} random histories of the rule and {WORLDS} of the services: 0 violations",
    measure,
    ON,
)
