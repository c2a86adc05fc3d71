"""What is open to carers and pupils by age, authority and consent (the module table)."""

from dataclasses import replace
from datetime import date

import pytest

from rights.rules.family import DEFAULT_MODULES, age_on, open_to_carer, open_to_pupil

TODAY = date(2026, 11, 22)
PROGRESS = {"ADM-02", "OND-03", "OND-04"}
OPENED = tuple(replace(x, is_open=True) for x in DEFAULT_MODULES)
ALL = {p.text for x in DEFAULT_MODULES for p in x.categories}


def born(age: int, days: int = 0) -> date:
    """A birth date with which one turns `age` `days` days after today."""
    return date(2026 - age, 11, 22 + days)


def carer(birth: date | None, *, authority: bool = True, consent: bool = False, modules=OPENED) -> set[str]:
    return {x.text for x in open_to_carer(birth, TODAY, modules, authority=authority, consent=consent)}


def pupil(birth: date | None, modules=OPENED) -> set[str]:
    return {x.text for x in open_to_pupil(birth, TODAY, modules)}


@pytest.mark.parametrize(
    ("birth", "today", "age"),
    [
        (date(2010, 11, 22), TODAY, 16),
        (date(2010, 11, 23), TODAY, 15),
        (date(2010, 11, 21), TODAY, 16),
        (date(2010, 12, 1), TODAY, 15),
        (date(2010, 10, 30), TODAY, 16),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2024, 2, 29), 16),
    ],
)
def test_ages(birth: date, today: date, age: int) -> None:
    assert age_on(birth, today) == age


def test_a_carer_with_authority_sees_all_that_is_open_until_the_day_of_sixteen() -> None:
    assert carer(born(16, 1)) == ALL
    assert carer(born(16)) == PROGRESS
    assert carer(born(8)) == ALL


def test_progress_stays_open_until_the_day_of_eighteen_and_then_asks_consent() -> None:
    assert carer(born(18, 1)) == PROGRESS
    assert carer(born(18)) == set()
    assert carer(born(18), consent=True) == PROGRESS
    assert carer(born(18), consent=True, authority=False) == PROGRESS
    assert carer(born(30), consent=True) == PROGRESS


def test_without_authority_nothing_whatever_the_consent_before_eighteen() -> None:
    for age in (8, 15, 16, 17):
        assert carer(born(age), authority=False) == set()
        assert carer(born(age), authority=False, consent=True) == set()


def test_an_unknown_birth_date_opens_nothing() -> None:
    assert carer(None) == set()
    assert carer(None, consent=True) == set()
    assert pupil(None) == set()


def test_a_pupil_inspects_from_the_day_of_sixteen() -> None:
    assert pupil(born(16, 1)) == set()
    assert pupil(born(16)) == ALL
    assert pupil(born(18)) == ALL


def test_a_school_closes_and_moves_modules() -> None:
    told = tuple(
        replace(
            x,
            is_open=x.code not in {"rapport", "advies"},
            carers_until=18 if x.code == "gesprekken" else x.carers_until,
        )
        for x in DEFAULT_MODULES
    )
    assert carer(born(8), modules=told) == ALL - {"OND-03", "OND-04"}
    assert carer(born(17), modules=told) == {"ADM-02", "GES-01"}
    assert carer(born(19), consent=True, modules=told) == {"ADM-02", "GES-01"}
    assert pupil(born(17), modules=told) == ALL - {"OND-03", "OND-04"}


def test_the_default_modules_hold_what_the_matrix_gives_families_and_no_category_twice() -> None:
    codes = [p.text for x in DEFAULT_MODULES for p in x.categories]
    assert len(codes) == len(set(codes))
    assert not any("*" in x for x in codes)
    assert {x.code: x.carers_until for x in DEFAULT_MODULES} == {
        "gegevens": 16, "verzuim": 18, "rapport": 18, "advies": 18, "gesprekken": 16, "ondersteuning": 16,
        "notities": 16, "onderwijs": 16,
    }  # fmt: skip
    assert not any(x.is_open for x in DEFAULT_MODULES), "nothing is open before the school says so"
    assert carer(born(8), modules=DEFAULT_MODULES) == pupil(born(17), modules=DEFAULT_MODULES) == set()
    assert {"OND-01", "OND-10", "GES-01", "ZRG-01", "ZRG-03", "ADM-01", "ADM-03"} <= set(codes)
    assert not {x for x in codes if x.startswith(("VEI", "SWV", "AVG"))}
