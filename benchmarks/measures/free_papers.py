"""Papers in other people's words: written by hand in the habits of different schools, not by the generator."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from benchmarks.measures.recognition_judge import Judge
from benchmarks.measures.recognition_set import Paper, school_of_600
from dms.demo.letters.truth import Expected, Truth
from ingest.rules.learned.combine import Weighing
from ingest.rules.learned.model import LinearModel
from ingest.rules.roster import Roster
from ingest.rules.route import RouteThresholds
from ingest.rules.text import PageText
from tests.rules.ingest.conftest import CAST, TODAY, pupil_id

FOLDER = Path(__file__).resolve().parents[2] / "tests" / "recognition" / "free"
TUNING = "tuning.txt"
_HEAD = re.compile(r"^=== (.+)\n((?:(?!=== ).*\n?)*)", re.MULTILINE)


def free_papers(*, tuning: bool) -> list[Paper]:
    """The papers for the test, or those on which the weighing is tuned."""
    files = sorted(x for x in FOLDER.glob("*.txt") if (x.name == TUNING) == tuning)
    return [paper for file in files for paper in papers_in(file)]


def papers_in(file: Path) -> Iterator[Paper]:
    """`=== name | pupil number or - | category | date or - | file or desk`, and the text below it."""
    for head, text in _HEAD.findall(file.read_text(encoding="utf-8")):
        name, number, category, day, verdict = (x.strip() for x in head.split("|"))
        truth = Truth(
            None if number == "-" else number,
            category,
            date.min if day == "-" else date.fromisoformat(day),
            (),
            Expected.FILEABLE if verdict == "file" else Expected.DESK,
        )
        yield Paper(name, category, file.stem, truth, (PageText(1, text),))


class FreeJudge(Judge):
    """Recognises them among the cast and 600 others."""

    def __init__(
        self, model: LinearModel | None, weighing: Weighing, thresholds: RouteThresholds | None = None
    ) -> None:
        school = school_of_600(3)
        super().__init__(school, model, weighing, thresholds, TODAY)
        self.roster = Roster([*CAST, *self.people])
        self.id_of = pupil_id
