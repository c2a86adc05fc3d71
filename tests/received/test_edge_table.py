"""The page on receiving names a test for each edge case: they are there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("received", "transfers")
LEAST = 12


def test_every_edge_case_of_the_page_has_its_test() -> None:
    table = (ROOT / "docs/receiving.md").read_text("utf-8").partition("## Randgevallen")[2]
    rows = [x for x in table.splitlines() if x.startswith("| ")][1:]
    files = (path for room in ROOMS for path in (ROOT / "tests" / room).glob("test_*.py"))
    known = {x for path in files for x in re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)}
    named = [re.findall(r"`(test_\w+)`", x) for x in rows]
    assert len(rows) >= LEAST
    assert [x for x, tests in zip(rows, named, strict=True) if not tests] == []
    assert {x for tests in named for x in tests} - known == set()
