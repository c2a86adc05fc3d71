"""The papers: every kind in every look opens, says who it is about, and says it again the same way."""

import io
from collections import Counter
from datetime import date

import pypdf
import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from dms.demo.facts import DemoPupil, School
from dms.demo.letters import fonts
from dms.demo.letters.catalogue import DESK_KINDS, FILEABLE_KINDS, KINDS, RARE_KINDS, Kind, make_letter
from dms.demo.letters.occasion import DATE_STYLES
from dms.demo.letters.truth import Expected
from dms.demo.people import DEFAULT_SEED, kompas, lyceum_noord, regenboog
from dms.kernel.schoolyear import SchoolYear

YEAR = SchoolYear(2026)
DAY = date(2026, 10, 9)


@pytest.fixture(scope="module")
def school() -> School:
    return regenboog(DEFAULT_SEED, YEAR)


def text_of(data: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages).split())


def dates(day: date) -> set[str]:
    return {style(day) for style in DATE_STYLES.values()}


def names(pupil: DemoPupil) -> list[list[str]]:
    """Ways to name a pupil: the words of each must all be there."""
    return [[pupil.call_name, pupil.surname or pupil.call_name], [pupil.given_names, pupil.surname or pupil.call_name]]


def test_enough_kinds_and_looks() -> None:
    assert len(KINDS) == len(FILEABLE_KINDS) + len(DESK_KINDS) + len(RARE_KINDS)
    assert len(FILEABLE_KINDS) >= 14
    assert len({kind.category for kind in KINDS.values()}) >= 20
    assert all(len({look.name for look in kind.looks}) >= 2 for kind in KINDS.values())


@pytest.mark.slow
@pytest.mark.parametrize("kind", FILEABLE_KINDS, ids=lambda kind: kind.name)
def test_a_careful_reader_can_file_it(school: School, kind: Kind) -> None:
    pupils = kind.pupils(school)
    assert pupils
    for nth, look in enumerate(kind.looks):
        for seed in (1, 2):
            pupil = pupils[(nth * 17 + seed * 5) % len(pupils)]
            letter = make_letter(school, kind, pupil, DAY, seed, look)
            text = text_of(letter.data)
            assert any(all(word in text for word in way) for way in names(pupil)), (look.name, pupil.full_name)
            assert pupil.number in text or any(day in text for day in dates(pupil.birth_date)), look.name
            assert any(day in text for day in dates(DAY)), look.name
            truth = letter.truth
            assert (truth.pupil_number, truth.document_date) == (pupil.number, DAY)
            assert truth.must_be is Expected.FILEABLE
            assert not truth.reason
            assert 1 <= letter.pages <= 3


@pytest.mark.parametrize("kind", DESK_KINDS, ids=lambda kind: kind.name)
def test_papers_for_the_desk_name_nobody_for_certain(school: School, kind: Kind) -> None:
    pupils = kind.pupils(school)
    assert pupils
    for look in kind.looks:
        for pupil in pupils[:3]:
            letter = make_letter(school, kind, pupil, DAY, 1, look)
            text = text_of(letter.data)
            assert letter.truth.pupil_number is None
            assert letter.truth.must_be is Expected.DESK
            assert letter.truth.reason
            assert not any(day in text for day in dates(pupil.birth_date))
            assert pupil.number not in text
            sure = [p for p in school.current_pupils if p.full_name in text]
            assert len(sure) != 1 or kind.name == "letter about two", [p.full_name for p in sure]


def test_the_unknown_child_is_unknown(school: School) -> None:
    letter = make_letter(school, KINDS["unknown child"], school.pupils[0], DAY, 1)
    text = text_of(letter.data)
    assert not [pupil for pupil in school.pupils if pupil.surname and pupil.full_name in text]


def test_same_arguments_same_bytes(school: School) -> None:
    for kind in (KINDS["parent talk"], KINDS["dyslexia research"], KINDS["group plan"]):
        pupil = kind.pupils(school)[0]
        one, two = (make_letter(school, kind, pupil, DAY, 3) for _ in range(2))
        assert one == two
        texts = {text_of(make_letter(school, kind, pupil, DAY, seed).data) for seed in range(4)}
        assert len(texts) > 1


def test_difficult_letters_survive(school: School) -> None:
    if fonts.find("LiberationSans-Regular.ttf") is None:
        pytest.skip("the machine has only the fallback typeface")
    for number in ("10702", "10321", "10901"):
        pupil = school.pupil(number)
        for look in KINDS["photo consent"].looks:
            text = text_of(make_letter(school, KINDS["photo consent"], pupil, DAY, 1, look).data)
            assert pupil.call_name in text


def test_letters_that_a_face_lacks_lose_their_accent() -> None:
    pdfmetrics.registerFont(TTFont("test-fallback", str(fonts.FALLBACK / "Vera.ttf")))
    assert fonts.fit("Łukasz Stępień, Gümüş €", "test-fallback") == "Łukasz Stepień, Gümüş €".replace("ń", "n")


def test_no_category_code_or_file_trace(school: School) -> None:
    for kind in FILEABLE_KINDS[:12]:
        letter = make_letter(school, kind, kind.pupils(school)[0], DAY, 1)
        assert kind.category not in text_of(letter.data)
        information = pypdf.PdfReader(io.BytesIO(letter.data)).metadata
        assert information is None or not (information.title or "").strip()


@pytest.mark.slow
def test_other_schools_write_too() -> None:
    for other in (kompas(DEFAULT_SEED, YEAR), lyceum_noord(DEFAULT_SEED, YEAR)):
        possible = [kind for kind in FILEABLE_KINDS if kind.pupils(other)]
        assert len(possible) >= 15
        for kind in possible:
            text = text_of(make_letter(other, kind, kind.pupils(other)[0], DAY, 1).data)
            assert "Regenboog" not in text
        counts = Counter(kind.category for kind in possible)
        assert counts["GES-01"]
