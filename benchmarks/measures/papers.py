"""Papers to measure with: one page each, of all kinds that can be filed, never the same bytes twice."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count, islice

import numpy as np

from dms.demo import scan_files
from dms.demo.letters.catalogue import FILEABLE_KINDS, make_letter
from dms.demo.scans import ScanStyle, rasterise, scan_page
from tests.golden.papers import regenboog, today

DPI = 300


def letters(many: int, run: int) -> list[bytes]:
    """`many` born-digital letters of one page; another `run`, other letters."""
    return list(islice(_letters(run), many))


def scans(many: int, run: int) -> list[bytes]:
    """The same letters from a gray scanner at 300 dpi, up to 2° skew, in PDFs."""
    noise = np.random.default_rng([run, many])
    found = []
    for nth, letter in enumerate(letters(many, run)):
        style = ScanStyle(dpi=DPI, skew=(nth % 9 - 4) / 2, noise=4.0, quality=75)
        pages = [scan_page(x, style, noise) for x in rasterise(letter, DPI)]
        found.append(scan_files.scanned_pdf(pages, DPI, style.quality))
    return found


def _letters(run: int) -> Iterator[bytes]:
    school, day = regenboog(), today() - timedelta(days=40)
    for turn in count(run * 100):
        for nth, kind in enumerate(FILEABLE_KINDS):
            pupils = kind.pupils(school)
            if not pupils or kind.joining or kind.former:
                continue
            letter = make_letter(school, kind, pupils[(turn * 7 + nth) % len(pupils)], day, turn * 1000 + nth)
            if letter.pages == 1:
                yield letter.data
