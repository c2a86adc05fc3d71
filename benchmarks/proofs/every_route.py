"""Every route × everybody × every object, every forged form in every way, and the headers of every answer."""

from pathlib import Path

from benchmarks.proofs.proof import Proof, Result
from benchmarks.suite import run_tests

ROUTES = "tests/shape"
FORGED = ("tests/security/test_security_forms.py", "tests/security/test_security_headers.py")


def measure(folder: Path) -> Result:
    """The tests of all routes, where the daily ones ask for a part by turns."""
    suite = run_tests(folder, [ROUTES, *FORGED], thorough={"DMS_TEST_FULL": "1"})
    asked = sum(int(x.told["requests"]) for x in suite.cases if "requests" in x.told)
    return Result(
        suite.green and asked > 0,
        f"{len(suite.cases)} tests, at least {asked} requests, {'as the rule says' if suite.green else 'with faults'}",
        {"tests": len(suite.cases), "requests": asked, "faults": suite.faults},
    )


PROOF = Proof(
    "every_route",
    "Every route answers everybody for every object as the rule says, and obeys no forged form",
    "every person, every route, every object; each forgery in each of four ways; each address with each method",
    measure,
    (ROUTES, "tests/security", "tests/houses.py", "tests/conftest.py"),
)
