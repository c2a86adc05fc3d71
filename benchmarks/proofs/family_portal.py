"""Whether the portal of parents and pupils shows to each what is theirs, and nothing else at any of its routes."""

from pathlib import Path

from benchmarks.proofs.proof import Proof, Result
from benchmarks.suite import run_tests

TESTS = (
    "tests/portal/test_family_sees.py",
    "tests/portal/test_family_walk.py",
    "tests/portal/test_family_comes_in.py",
    "tests/portal/test_family_breach.py",
    "tests/portal/test_family_plan.py",
    "tests/shape/test_every_portal_route.py",
    "tests/browser/test_browser_family.py",
)


def measure(folder: Path) -> Result:
    """Every route of the portal, as everybody, over every object of others; what one sees of one's own."""
    suite = run_tests(folder, TESTS, thorough={"DMS_TEST_FULL": "1"})
    asked = sum(int(x.told.get("requests", "0") or 0) for x in suite.cases)
    return Result(
        suite.green and asked > 0,
        f"{asked} requests for things of others over every route of the portal: 0 answered;"
        " coming in, signing and reporting a change without scripts at 320 px: axe found nothing"
        if suite.green
        else f"{suite.count('failed')} tests failed",
        {"requests": asked, "tests": len(suite.cases), "failed": suite.count("failed"), "faults": suite.faults},
    )


PROOF = Proof(
    "family_portal",
    "The portal of parents and pupils",
    "every route × Hanna, Ivo, Karim, Lotte, staff, nobody × things of their own and others answers as the rule says;"
    " the golden paths of a parent in Chromium without scripts",
    measure,
    (*TESTS, "tests/portal/family_world.py", "tests/portal/conftest.py", "tests/houses.py", "tests/conftest.py"),
)
