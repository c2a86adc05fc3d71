"""The accessibility rules of axe over the pages in Chromium, in pieces: a role in a state of the school each.

A piece that did not pass names the page, the role, the look and the rule.
"""

from pathlib import Path
from typing import Any

from benchmarks.machine import ROOT
from benchmarks.pieces import part_folder, piece
from benchmarks.proofs.proof import Proof, Result
from benchmarks.suite import Suite, run_tests

ACCESS = "tests/browser/test_browser_access.py"
ANSWERS = "tests/browser/test_browser_answers.py"
VALID = "tests/web/test_screens_html.py"
ROOMS = tuple(
    f"tests/{x}"
    for x in (
        "web", "portal", "shape", "corrections", "disposal", "letters", "links", "lvs", "received", "recognition",
        "redaction", "requests", "rights", "sign_in", "signing", "transfers", "batches", "formats",
    )
)  # fmt: skip
STATES = ("filled", "empty", "long")
PAIRS = (("anouk", "bram"), ("carla", "dirk"), ("esra", "femke"), ("gijs", "mees"))
SECONDS = 4 * 3600
LEAST_ANSWERS = 200
ON = (
    "tests/browser",
    "tests/web",
    "tests/conftest.py",
    "tests/houses.py",
    "benchmarks/pieces.py",
    "benchmarks/suite.py",
    "benchmarks/proofs/axe.py",
)


def measure(folder: Path) -> Result:
    """Each role in each state in every look; every kind of answer that the tests of the rooms get; work by hand."""
    runs = [_answers(folder)]
    for state in STATES:
        for pair in PAIRS:
            words = ("-n", "2", "-k", " or ".join(f"{state}-{who}" for who in pair))
            runs.append(_piece(folder, f"{state} {' '.join(pair)}", (ACCESS,), words))
    runs.append(_piece(folder, "html", (VALID,), ()))
    runs.append(_piece(folder, "forms", (ACCESS,), ("-k", "in_order or check_itself")))
    for file in sorted((ROOT / "tests" / "browser").glob("test_browser_*.py")):
        path = f"tests/browser/{file.name}"
        if path not in (ACCESS, ANSWERS):
            runs.append(_piece(folder, f"work {file.stem.removeprefix('test_browser_')}", (path,), ()))
    looks, pages = sum(x["looks"] for x in runs), sum(x["pages"] for x in runs)
    wrong = [x["run"] for x in runs if not x["passed"]]
    told = f"{looks} looks at {pages} pages: {len(PAIRS) * 2} roles in {len(STATES)} states, every room's answers; "
    return Result(
        not wrong and runs[0]["pages"] >= LEAST_ANSWERS,
        told + (f"NOT in order: {', '.join(wrong)}" if wrong else "axe found nothing"),
        {"pages": pages, "looks": looks, "runs": runs},
    )


def _piece(folder: Path, name: str, paths: tuple[str, ...], words: tuple[str, ...]) -> dict[str, Any]:
    def look() -> dict[str, Any]:
        thorough = {"DMS_TEST_FULL": "1"}
        return _row(name, run_tests(part_folder(folder, name), paths, thorough=thorough, words=words, seconds=SECONDS))

    return piece("axe", name, ON, look)


def _answers(folder: Path) -> dict[str, Any]:
    """Let the tests of all rooms run, and look at the pages that they were answered with."""
    name = "answers"

    def look() -> dict[str, Any]:
        place = part_folder(folder, name)
        kept = {"DMS_TEST_ANSWERS": str(place / "kept")}
        run_tests(part_folder(place, "rooms"), ROOMS, thorough=kept, words=("-n", "2"))
        return _row(name, run_tests(place, (ANSWERS,), thorough=kept, words=("-k", "in_order"), seconds=SECONDS))

    return piece("axe", name, (*ON, *ROOMS), look)


def _row(name: str, suite: Suite) -> dict[str, Any]:
    wrong = [x for one in suite.cases for x in one.told.get("wrong", "").splitlines()]
    return {
        "run": name,
        "tests": len(suite.cases),
        "pages": sum(int(x.told.get("pages", "0")) for x in suite.cases),
        "looks": sum(int(x.told.get("looks", "0")) for x in suite.cases),
        "failed": suite.count("failed"),
        "faults": [] if suite.green else wrong or suite.faults,
        "passed": suite.green,
    }


PROOF = Proof(
    "axe",
    "Accessible pages",
    "axe finds nothing on any role's any page (filled, empty, long, in error) in any look, the Nu checker nothing",
    measure,
    (*ON, *ROOMS),
)
