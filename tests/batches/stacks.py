"""Stacks as a scanner delivers them: sheets of the house itself between papers, with what scanners do to both."""

from collections.abc import Sequence
from datetime import date
from itertools import cycle

import cv2
import numpy as np

from dms.demo import scan_files
from dms.demo.facts import DemoPupil
from dms.demo.letters.catalogue import FILEABLE_KINDS, make_letter
from dms.demo.scans import Image, ScanStyle, rasterise, scan_page
from tests.houses import House

DAY = date(2026, 3, 12)
DPI = 200


def letters(house: House, count: int, day: date = DAY) -> list[tuple[DemoPupil, list[Image]]]:
    """Papers about different pupils, as images of their pages."""
    school = house.schools()[0]
    made: dict[str, tuple[DemoPupil, list[Image]]] = {}
    for number, kind in enumerate(cycle([x for x in FILEABLE_KINDS if not x.former and not x.joining])):
        if len(made) == count:
            break
        pupil = next((x for x in kind.pupils(school) if x.number not in made and not x.left), None)
        if pupil is not None:
            made[pupil.number] = (pupil, rasterise(make_letter(school, kind, pupil, day, number).data, DPI))
    return list(made.values())


def paper(text: str = "", level: int = 30) -> Image:
    """A page of A4 with a few lines of large words; empty without `text`."""
    page = np.full((round(11.69 * DPI), round(8.27 * DPI)), 255, np.uint8)
    for place, line in enumerate(text.split("\n") if text else ()):
        cv2.putText(page, line, (150, 300 + 90 * place), cv2.FONT_HERSHEY_SIMPLEX, 1.4, level, 3, cv2.LINE_AA)
    return page


def sheets(pdf: bytes) -> list[Image]:
    """The sheets of a PDF as printed."""
    return rasterise(pdf, DPI)


def scanned(pages: Sequence[Image], seed: int = 1, **style: float) -> list[Image]:
    """Pages as a scanner sees them, each a little differently."""
    rng = np.random.default_rng(seed)
    return [
        scan_page(x, ScanStyle(dpi=DPI, skew=float(rng.uniform(-1.2, 1.2)), **style), rng)  # type: ignore[arg-type]
        for x in pages
    ]


def as_pdf(pages: Sequence[Image]) -> bytes:
    """One PDF of scans."""
    return scan_files.scanned_pdf(pages, DPI)


def as_tiff(pages: Sequence[Image]) -> bytes:
    """One TIFF of scans."""
    return scan_files.tiff(pages, DPI)
