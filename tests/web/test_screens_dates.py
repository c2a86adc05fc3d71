"""Dates as Dutch people type them."""

import contextlib
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader

from dms.web.dates import read_day, typed_day

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
TODAY = date(2026, 11, 22)
DAY = date(2026, 9, 3)


@pytest.mark.parametrize(
    "text",
    [
        "3-9-2026", "03-09-2026", "3/9/2026", "3.9.2026", "3-9-26", "03/09/26", "3 9 2026", "030926", "03092026",
        "3 sep 2026", "3 sept. 2026", "3 September 2026", "03-sep-2026", "3sep26", "do 3 september 2026",
        "donderdag 3 september 2026", "3e september 2026", "2026-09-03", "2026/9/3", " 3 - 9 - 2026 ", "3 sep '26",
    ],
)  # fmt: skip
def test_a_date_is_read_however_it_is_typed(text: str) -> None:
    assert read_day(text, TODAY) == DAY


@pytest.mark.parametrize(
    "text",
    ["", "gisteren", "31-2-2026", "2026-13-01", "3 sep", "9/31/2026", "3-9", "3 septober 2026", "3-9-202", "1-1-1815",
     "3-9-2026 en 4-9-2026", "١-٢-2026", "0-1-2026", "3 mei juni 2026"],
)  # fmt: skip
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_day(text, TODAY)


def test_a_short_year_is_of_a_pupil_or_of_a_letter_and_never_far_ahead() -> None:
    assert read_day("14-2-16", TODAY).year == 2016
    assert read_day("14-2-46", TODAY).year == 2046
    assert read_day("14-2-47", TODAY).year == 1947
    assert read_day("14-2-98", TODAY).year == 1998


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_what_is_written_is_read_back(day: date) -> None:
    assert read_day(typed_day(day), TODAY) == day
    assert read_day(day.isoformat(), TODAY) == day
    assert typed_day(day.isoformat()) == typed_day(day)


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_no_date(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert abs(read_day(text, TODAY) - TODAY) < timedelta(days=366 * 200)


@pytest.mark.parametrize(("given", "shown"), [(None, ""), ("", ""), ("3 sep", "3 sep"), ("2026-99-99", "2026-99-99")])
def test_what_was_typed_stays_as_it_was_typed(given: str | None, shown: str) -> None:
    assert typed_day(given) == shown


def test_no_field_is_left_to_the_browser_which_spells_a_day_in_its_own_language() -> None:
    pages = {x.relative_to(TEMPLATES): x.read_text("utf-8") for x in TEMPLATES.rglob("*.html")}
    assert [x for x, text in pages.items() if re.search(r"<input[^>]*type=.date", text)] == []
    parts = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True).get_template("portal/_family.html")
    field = str(parts.make_module({"_": str}).field("geboren", "Geboren", type="date"))
    assert 'type="text"' in field
    assert "Bijvoorbeeld 3-11-2015." in field
