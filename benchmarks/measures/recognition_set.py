"""A labelled set of papers about a school of 600: every kind in every look, in halves by look, and through noise."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import cycle, islice

import pypdfium2

from benchmarks.measures.ocr_noise import through_ocr
from dms.demo import families
from dms.demo.chance import repeatable
from dms.demo.enrol import Enroller
from dms.demo.facts import DemoPupil, Group, School
from dms.demo.letters.catalogue import DESK_KINDS, FILEABLE_KINDS, RARE_KINDS, Kind, make_letter
from dms.demo.letters.looks import all_looks
from dms.demo.letters.sheet import Look
from dms.demo.letters.truth import Truth
from dms.demo.people import regenboog
from dms.kernel.schoolyear import school_year_of
from ingest.readers.textlayer import read_layer
from ingest.rules.text import PageText

TODAY = date(2026, 5, 18)
PUPILS = 600
TWINS, NAMESAKES = 8, 8
FILEABLE = (*FILEABLE_KINDS, *RARE_KINDS)
TELLING_HALF = "test"


@dataclass(frozen=True)
class Paper:
    """What was read of one paper, with the truth. `rate`: the share of letters that the noise spoilt."""

    name: str
    kind: str
    look: str
    truth: Truth
    pages: tuple[PageText, ...]
    rate: float = 0.0


def school_of_600(seed: int) -> School:
    """De Regenboog twice as large: 600 pupils with twins, brothers and sisters, and namesakes."""
    school = regenboog(seed, school_year_of(TODAY))
    rng = repeatable("school of 600", seed)
    enroller = Enroller(rng, school.school_year, first_number=31000)
    more = tuple(
        Group(f"groep {year}{letter}", (year,), f"{rng.choice(families.names.DUTCH.women)} {surname}")
        for (year, letter), surname in zip(
            ((y, x) for y in range(3, 9) for x in "xy"), cycle(("Harkema", "Ossewaarde", "Kieft", "Tol")), strict=False
        )
    )
    wanted = PUPILS - len(school.pupils) - TWINS - NAMESAKES
    invented = enroller.fill(more, (), wanted // len(more) + 1)[:wanted]
    others = [x for x in invented if x.surname]
    twins = [_again(rng, x, nth, twin=True) for nth, x in enumerate(others[:TWINS])]
    namesakes = [_again(rng, x, TWINS + nth, twin=False) for nth, x in enumerate(others[-NAMESAKES:])]
    return replace(school, groups=(*school.groups, *more), pupils=(*school.pupils, *invented, *twins, *namesakes))


def _again(rng: random.Random, pupil: DemoPupil, nth: int, *, twin: bool) -> DemoPupil:
    """A twin (another call name) or a namesake (another birth date) of a pupil."""
    number = f"8{nth:04d}"
    if twin:
        pool = families.names.DUTCH.boys if pupil.is_boy else families.names.DUTCH.girls
        name = rng.choice([x for x in pool if x != pupil.call_name])
        initials = families.initials_of(name)
        return replace(
            pupil, number=number, call_name=name, given_names=name, initials=initials, bsn="", education_number="",
            eck_id="",
        )  # fmt: skip
    born = pupil.birth_date + timedelta(days=rng.randint(30, 200))
    return replace(pupil, number=number, birth_date=born, bsn="", education_number="", eck_id="")


def looks_of(kind: Kind, half: str) -> tuple[Look, ...]:
    """The looks of a kind in one half (`tune`, `test` or `all`): every second one by name is for the test."""
    found = all_looks(kind.looks)
    if half == "all":
        return found
    names = sorted(x.name for x in found)
    testing = frozenset(names[1::2])
    return tuple(x for x in found if (x.name in testing) == (half == TELLING_HALF))


def digital(school: School, seed: int, half: str, most_looks: int | None = None) -> Iterator[Paper]:
    """Every kind that can be filed in the looks of a half (at most so many, by chance), about a pupil by chance."""
    yield from _papers(school, seed, half, FILEABLE, most_looks)


def for_a_person(school: School, seed: int, half: str, most_looks: int | None = None) -> Iterator[Paper]:
    """Papers that a careful reader would ask about."""
    yield from _papers(school, seed, half, DESK_KINDS, most_looks)


def noisy(paper: Paper, rate: float, nth: int = 0) -> Paper:
    """The paper as OCR reads it; the same again for the same arguments."""
    if not rate:
        return paper
    chance = random.Random(f"{paper.name} {rate} {nth}")
    return replace(paper, name=f"{paper.name}~{rate}", pages=through_ocr(paper.pages, rate, chance), rate=rate)


def letter_of(school: School, kind: Kind, look: Look, seed: int, nth: int) -> tuple[bytes, Truth]:
    """One paper as a PDF, with its truth."""
    chance = repeatable("recognition", kind.name, look.name, str(seed))
    pupil = chance.choice(kind.pupils(school))
    day = _day(pupil, kind.joining, chance.random())
    letter = make_letter(school, kind, pupil, day, seed * 100 + nth, look)
    return letter.data, letter.truth


def _papers(school: School, seed: int, half: str, kinds: tuple[Kind, ...], most_looks: int | None) -> Iterator[Paper]:
    for kind in kinds:
        if not kind.pupils(school):
            continue
        looks = list(looks_of(kind, half))
        repeatable("looks", kind.name, seed).shuffle(looks)
        for nth, look in enumerate(islice(looks, most_looks)):
            data, truth = letter_of(school, kind, look, seed, nth)
            yield Paper(f"{seed}/{kind.name}/{look.name}", kind.name, look.name, truth, text_layer(data))


def _day(pupil: DemoPupil, joining: bool, share: float) -> date:
    if joining:
        return pupil.enrolled - timedelta(days=60 + round(share * 140))
    last = pupil.left or TODAY - timedelta(days=2)
    return last - timedelta(days=round(share * (20 if pupil.left else 180)))


def text_layer(data: bytes) -> tuple[PageText, ...]:
    """The pages of a born-digital PDF."""
    document = pypdfium2.PdfDocument(data)
    pages = tuple(PageText(n, read_layer(page, scan=False).text) for n, page in enumerate(document, 1))
    document.close()
    return pages
