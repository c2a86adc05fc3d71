"""Papers about a pupil of the demo school, as a scanner gives them and as Word does."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from dms.demo import scan_files
from dms.demo.facts import DemoPupil, School
from dms.demo.letters.catalogue import KINDS, make_letter
from dms.demo.load import SEED
from dms.demo.people import demo_schools
from dms.demo.scans import ScanStyle, rasterise, scan_page
from dms.kernel.clock import SystemClock
from dms.kernel.schoolyear import school_year_of


def today() -> date:
    """The present legal date."""
    return SystemClock().today()


def regenboog() -> School:
    """The demo school as `dms demo` makes it today."""
    return demo_schools(SEED, school_year_of(today()))[0]


@dataclass(frozen=True, slots=True)
class Paper:
    """A file about a pupil. `word` stands in it, and in few other papers."""

    data: bytes
    pupil: DemoPupil
    word: str


def digital(kind: str = "absence report", nth: int = 0, seed: int = 1) -> Paper:
    """A born-digital letter of a month ago about the `nth` pupil for whom such letters are written."""
    school = regenboog()
    pupils = KINDS[kind].pupils(school)
    pupil = pupils[nth % len(pupils)]
    letter = make_letter(school, KINDS[kind], pupil, today() - timedelta(days=30), seed)
    return Paper(letter.data, pupil, pupil.surname or pupil.call_name)


def scan(kind: str = "absence report", nth: int = 0, seed: int = 1, dpi: int = 300) -> Paper:
    """The same on paper, put a little skew on a scanner: pictures only."""
    made = digital(kind, nth, seed)
    style = ScanStyle(dpi=dpi, skew=0.8)
    pages = [scan_page(x, style, np.random.default_rng(seed)) for x in rasterise(made.data, dpi)]
    return Paper(scan_files.scanned_pdf(pages, dpi, style.quality), made.pupil, made.word)
