"""A pile of papers for a demo school: born-digital and scanned, with the truth beside each.

File names say as much as those of scanners and people do: nothing.
"""

import csv
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

import numpy as np

from dms.demo import scan_files
from dms.demo.chance import repeatable
from dms.demo.facts import DemoPupil, School
from dms.demo.letters.catalogue import DESK_KINDS, FILEABLE_KINDS, Kind, make_letter
from dms.demo.letters.truth import Letter, Truth
from dms.demo.scans import ScanStyle, fax_page, photo_page, rasterise, scan_page

TRUTH_FILE = "truth.csv"
TRUTH_HEADER = ("bestand", "leerlingnummer", "categorie", "documentdatum", "verwacht")
DESK_OF_FORTY = 6

# how forty papers come in; more than forty start again
FORMS = (
    *("digital",) * 20,
    *("gray pdf",) * 6,
    *("colour pdf",) * 2,
    "upside-down pdf",
    "sideways pdf",
    "gray jpeg",
    "gray jpeg",
    "phone",
    "phone sideways",
    "png",
    "png",
    "tiff",
    "tiff",
    "fax",
    "fax",
)
ENDINGS = {"jpeg": "jpg", "phone": "jpg", "png": "png", "tiff": "tif", "fax": "tif"}
ONE_PAGE_FORMS = ("gray jpeg", "phone", "phone sideways", "png")
PEOPLE_NAMES = (
    "Brief ouders", "document", "Document1", "bijlage", "Scan van school", "definitief", "versie 2 (def)", "naamloos",
    "Brief", "verstuurd", "kopie", "ingevuld formulier", "gescand", "post", "mail van gisteren", "printje", "nieuw",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DemoDocument:
    """One file of the pile. `form` says how it came in (a key of `FORMS`), `kind` what it is; for reports only."""

    file_name: str
    data: bytes
    truth: Truth
    kind: str
    form: str


def demo_documents(school: School, *, seed: int, today: date, count: int = 40) -> Iterator[DemoDocument]:
    """`count` papers as they reach the school until `today`, half of them scans, six in forty for the desk.

    The same arguments give the same texts, names and truth. Papers are dated in the school year of `school`; those
    that belong to joining or leaving lie around that day.
    """
    rng = repeatable("collection", school.brin, seed, today.isoformat(), count)
    kinds = _kinds(school, rng, count)
    forms = [FORMS[nth % len(FORMS)] for nth in range(count)]
    rng.shuffle(forms)
    names = _FileNames(rng, today)
    for nth, (kind, form) in enumerate(zip(kinds, forms, strict=True)):
        pupil = _pupil(kind, school, rng)
        letter = make_letter(school, kind, pupil, _day(kind, pupil, school, today, rng), seed * 1000 + nth)
        fitting = "gray pdf" if form in ONE_PAGE_FORMS and letter.pages > 1 else form
        data = _as_form(letter, fitting, np.random.default_rng([seed, nth]), rng)
        yield DemoDocument(names.new(fitting), data, letter.truth, kind.name, fitting)


def write_collection(folder: Path, school: School, *, seed: int, today: date, count: int = 40) -> int:
    """Write the pile into `folder` (made when missing) with `truth.csv` beside it; the number of papers."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / TRUTH_FILE).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\n")
        writer.writerow(TRUTH_HEADER)
        for document in demo_documents(school, seed=seed, today=today, count=count):
            (folder / document.file_name).write_bytes(document.data)
            truth = document.truth
            writer.writerow(
                (document.file_name, truth.pupil_number or "", truth.category, truth.document_date, truth.must_be)
            )
    return count


def _kinds(school: School, rng: random.Random, count: int) -> list[Kind]:
    """Mostly papers that can be filed, the common ones more often; every kind before one comes a third time."""
    desk = count * DESK_OF_FORTY // 40
    chosen = [
        *islice(_dealt(FILEABLE_KINDS, school, rng), count - desk),
        *islice(_dealt(DESK_KINDS, school, rng), desk),
    ]
    rng.shuffle(chosen)
    return chosen


def _dealt(kinds: Sequence[Kind], school: School, rng: random.Random) -> Iterator[Kind]:
    possible = [kind for kind in kinds if kind.pupils(school)]
    while True:
        deck = [*possible, *(kind for kind in possible if kind.common)]
        rng.shuffle(deck)
        yield from deck


def _pupil(kind: Kind, school: School, rng: random.Random) -> DemoPupil:
    """Any pupil it can be about; one in three from those with a difficult name or a twin."""
    pupils = kind.pupils(school)
    difficult = [p for p in pupils if p.prefix or not p.surname or not p.full_name.isascii() or _has_twin(p, school)]
    return rng.choice(difficult if difficult and rng.random() < 0.33 else pupils)


def _has_twin(pupil: DemoPupil, school: School) -> bool:
    return sum(p.birth_date == pupil.birth_date and p.surname == pupil.surname for p in school.pupils) > 1


def _day(kind: Kind, pupil: DemoPupil, school: School, today: date, rng: random.Random) -> date:
    """A working day on which this paper may have been written, before `today`."""
    if kind.joining:
        day = pupil.enrolled - timedelta(days=rng.randint(60, 200))
    elif pupil.left:
        day = pupil.left - timedelta(days=rng.randint(0, 25))
    else:
        lessons = school.school_year.first_day + timedelta(days=25)
        first = min(max(lessons, today - timedelta(days=200)), today - timedelta(days=10))
        day = first + timedelta(days=rng.randrange((today - first).days))
    day = min(day, today - timedelta(days=1))
    return day - timedelta(days=max(0, day.weekday() - 4))


def _as_form(letter: Letter, form: str, noise: np.random.Generator, rng: random.Random) -> bytes:
    """The file of a paper that came in as `form`; those of `ONE_PAGE_FORMS` hold the first page only."""
    style = ScanStyle(
        colour=form == "colour pdf",
        dpi=200 if form == "colour pdf" else 300,
        skew=rng.uniform(-2, 2),
        noise=rng.uniform(2, 7),
        blur=rng.uniform(0.4, 0.9),
        shade=rng.uniform(0.02, 0.1),
        holes=rng.random() < 0.4,
        staple=rng.random() < 0.3,
        quarter_turns={"upside-down pdf": 2, "sideways pdf": rng.choice((1, 3))}.get(form, 0),
        quality=rng.choice((60, 75, 85)),
    )
    if form == "digital":
        return letter.data
    if form.startswith("phone"):
        page = rasterise(letter.data, 220, colour=True)[0]
        return scan_files.phone_jpeg(photo_page(page, noise), sideways=form.endswith("sideways"))
    if form == "fax":
        return scan_files.fax_tiff([fax_page(page, noise, style.skew / 2) for page in rasterise(letter.data, 200)])
    pages = [scan_page(page, style, noise) for page in rasterise(letter.data, style.dpi, colour=style.colour)]
    if form.endswith("pdf"):
        return scan_files.scanned_pdf(pages, style.dpi, style.quality)
    if form == "tiff":
        return scan_files.tiff(pages, style.dpi)
    return scan_files.png(pages[0], style.dpi) if form == "png" else scan_files.jpeg(pages[0], style.dpi, style.quality)


class _FileNames:
    """Names as scanners, phones and people give them; never the same twice."""

    def __init__(self, rng: random.Random, today: date) -> None:
        self._rng, self._today = rng, today
        self._used: set[str] = set()
        self._counter = rng.randint(3, 400)

    def new(self, form: str) -> str:
        """A name with the ending that fits `form`."""
        ending = ENDINGS.get(form.split()[-1], ENDINGS.get(form.split()[0], "pdf"))
        self._counter += self._rng.randint(1, 4)
        if form.startswith("phone"):
            stem = f"IMG_{2000 + self._counter}"
        elif form == "digital":
            stem = self._rng.choice(PEOPLE_NAMES)
        else:
            stem = self._rng.choice(
                (
                    f"scan{self._counter:04d}",
                    f"Scan_{self._today:%Y%m%d}_{self._counter:04d}",
                    f"SKM_C{self._counter:05d}",
                )
            )
        name, again = f"{stem}.{ending}", 1
        while name.lower() in self._used:
            again += 1
            name = f"{stem} ({again}).{ending}"
        self._used.add(name.lower())
        return name
