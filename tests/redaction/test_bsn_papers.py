"""A few of the scans of the proof `bsn_redaction`; with DMS_TEST_FULL=1 a dozen."""

from pathlib import Path

import pytest

from benchmarks.measures.bsn_papers import papers
from ingest.readers.redact_session import PageToMake, Redactor
from ingest.readers.results import OcrEngine, ReadLimits
from ingest.rules.numbers_found import digits_left, find_in_words
from tests.redaction.conftest import FULL


@pytest.mark.slow
def test_numbers_in_letters_and_tables_are_found_and_gone(tmp_path: Path) -> None:
    some = [x for x in papers(12 if FULL else 2, 20261122) if x.kind != "hand"]
    for at, paper in enumerate(some):
        folder = tmp_path / str(at)
        folder.mkdir()
        scan = folder / "scan.png"
        scan.write_bytes(paper.data)
        redactor = Redactor(folder, ReadLimits(), OcrEngine())
        (page,) = redactor.look(scan, "png").pages
        hits = find_in_words(page.words)
        assert {x.digits for x in hits} >= set(paper.numbers)
        boxes = tuple((b.left, b.top, b.right, b.bottom) for x in hits for b in x.boxes)
        made = redactor.make(scan, "png", [PageToMake(1, page.rotation, page.skew, boxes)])
        read = " ".join(x.text for x in made.pages[0].words)
        assert digits_left(f"{made.pages[0].layer} {read}", paper.numbers) == ()
        assert not any(x.encode() in made.path.read_bytes() for x in paper.numbers)
