"""The accessibility rules of axe over the pages in Chromium."""

import time
from pathlib import Path

from benchmarks.machine import ROOT
from benchmarks.proofs.proof import Proof, Result
from benchmarks.suite import run_tests

TESTS = ("tests/browser", "tests/web/test_screens_html.py")
SECONDS = 4 * 3600
PICTURES = ROOT / "build" / "screenshots"


def measure(folder: Path) -> Result:
    """The browser tests, every role's every page in every look; each look left a picture."""
    began = time.time()
    suite = run_tests(folder, TESTS, thorough={"DMS_TEST_FULL": "1"}, seconds=SECONDS)
    pictures = [x for x in PICTURES.glob("*.png") if x.stat().st_mtime >= began]
    pages = sorted({x.stem.rpartition("-")[0] for x in pictures})
    return Result(
        suite.green and len(pages) > 1,
        f"{len(pictures)} looks at {len(pages)} pages and states, "
        + ("axe found nothing" if suite.green else f"{suite.count('failed')} tests failed"),
        {
            "pages_and_states": len(pages),
            "looks_at_several_widths": len(pictures),
            "tests": len(suite.cases),
            "failed": suite.count("failed"),
            "pages": pages,
            "faults": suite.faults,
        },
    )


PROOF = Proof(
    "axe",
    "Accessible pages",
    "axe finds nothing on any role's any page in any look in Chromium, the Nu checker nothing in its HTML",
    measure,
    (*TESTS, "tests/web/screen_world.py", "tests/web/walk.py", "tests/web/html_rules.py"),
)
