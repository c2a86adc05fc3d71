"""Random histories under scoped links: what one opens is never more than what its maker may share at that moment."""

from pathlib import Path

from benchmarks.proofs.proof import Proof, Result
from benchmarks.suite import run_tests

TESTS = "tests/links"
WORLDS = 40
LONG = 3_600


def measure(folder: Path) -> Result:
    """The rule over thousands of histories of a machine of states; the services over some of thirty steps."""
    for part in ("rule", "services"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    rule = run_tests(folder / "rule", [f"{TESTS}/test_links_rule.py"], thorough={"DMS_TEST_FULL": "1"}, seconds=LONG)
    services = run_tests(
        folder / "services",
        [f"{TESTS}/test_links_histories.py"],
        thorough={"DMS_TEST_WORLDS": str(WORLDS)},
        seconds=LONG,
    )
    opened = sum(int(x.told.get("opened", 0)) for x in services.cases)
    green = rule.green and services.green and opened > 0
    return Result(
        green,
        f"3000 histories of the rule, {len(services.cases)} of the services with {opened} openings looked at: "
        + ("never more than the maker's right" if green else "VIOLATED"),
        {"worlds": WORLDS, "opened": opened, "faults": [*rule.faults, *services.faults]},
    )


PROOF = Proof(
    "links_within_rights",
    "A scoped link never opens more than its maker may share at that moment",
    f"3000 random histories of the rule and {WORLDS} of the services: 0 violations",
    measure,
    (TESTS, "rights/rules/links.py", "dms/services/links"),
)
