"""Papers of pupils who left: so that in the demo terms are over, run, and end one after another."""

from dataclasses import dataclass
from datetime import date, timedelta

from dms.demo.facts import DemoPupil, School


@dataclass(frozen=True, slots=True)
class LeaverPaper:
    """One paper. `nth`: of whom, counting the leavers from the one who left first; `days`: before the last day."""

    nth: int
    kind: str
    title: str
    days: int


LEAVER_PAPERS = (
    # all is over, also the pupil's own data
    LeaverPaper(0, "deregistration", "Uitschrijving", 5),
    LeaverPaper(0, "report card", "Laatste rapport", 40),
    LeaverPaper(0, "parent talk", "Verslag van het laatste gesprek", 25),
    # to be handed over first
    LeaverPaper(2, "transfer report sent", "Onderwijskundig rapport", 20),
    LeaverPaper(2, "test results", "Toetsen", 90),
    # over for two years, over for one, and care that may not stay at all
    LeaverPaper(4, "support plan", "Handelingsplan", 200),
    LeaverPaper(4, "incident report", "Verslag van een voorval", 120),
    LeaverPaper(5, "dyslexia research", "Onderzoek naar dyslexie", 300),
    LeaverPaper(7, "medication statement", "Medicijnen op school", 150),
    # they run
    LeaverPaper(7, "absence report", "Verzuim", 300),
    LeaverPaper(9, "report card", "Laatste rapport", 40),
    LeaverPaper(-1, "support plan", "Handelingsplan", 100),
)


def leaver_papers(school: School) -> list[tuple[DemoPupil, LeaverPaper, date]]:
    """The papers of a school with whom they are about and their day; none where nobody left."""
    left = sorted(((x.left, x.number, x) for x in school.pupils if x.left is not None), key=lambda x: x[:2])
    found = []
    for paper in LEAVER_PAPERS:
        if -len(left) <= paper.nth < len(left):
            last_day, _, pupil = left[paper.nth]
            found.append((pupil, paper, last_day - timedelta(days=paper.days)))
    return found
