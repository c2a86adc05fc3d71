"""A stack of forty sheets, and twenty thousand stacks that are parted and rearranged: no page is ever lost."""

from pathlib import Path

from benchmarks.proofs.proof import Proof, Result
from benchmarks.suite import run_tests

FORTY_TEST = "tests/batches/test_forty_sheets.py"
RULES_TEST = "tests/batches/test_splitting_rules.py"
SHEETS_TEST = "tests/batches/test_sheets.py"
SHEETS = 40


def forty(folder: Path) -> Result:
    """The test of forty sheets in duplex, read with the real engine."""
    suite = run_tests(folder, [FORTY_TEST], thorough={"DMS_TEST_FULL": "1"})
    sheets, documents, filed, wrong = (int(suite.told(x) or 0) for x in ("sheets", "documents", "filed", "wrong"))
    return Result(
        suite.green and sheets >= SHEETS and documents > 1 and not wrong,
        f"{sheets} sheets in duplex became {documents} documents, {filed} filed by themselves, {wrong} wrong",
        {"sheets": sheets, "documents": documents, "filed": filed, "wrong": wrong, "faults": suite.faults},
    )


def no_page_lost(folder: Path) -> Result:
    """Generated stacks and acts, spoilt codes, and a power cut at every point."""
    suite = run_tests(folder, [RULES_TEST, SHEETS_TEST], thorough={"DMS_TEST_FULL": "1"})
    return Result(
        suite.green,
        "0 pages lost over generated stacks and acts; sheets read through pen strokes; one set of parts after each cut"
        if suite.green
        else "NOT green",
        {"faults": suite.faults},
    )


FORTY = Proof(
    "forty_sheets",
    "A stack of forty sheets becomes its documents",
    f"{SHEETS} sheets scanned in duplex: every document with its own pages, nothing in a wrong dossier",
    forty,
    (FORTY_TEST, "tests/batches/stacks.py"),
)
NO_PAGE_LOST = Proof(
    "no_page_lost",
    "No page of a stack is lost",
    "20,000 generated stacks and 20,000 runs of acts: every page in one part or listed",
    no_page_lost,
    (RULES_TEST, SHEETS_TEST, "tests/batches/stacks.py"),
)
