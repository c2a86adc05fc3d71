"""Patterns of categories at their edges, and what a line and a module say when little is given."""

from rights.rules.actions import Condition
from rights.rules.family import Module
from rights.rules.matrix import CategoryPattern, line_from_row

ROW = {"rol": "mentor", "bereik": "school", "niveau": "L2", "categorieen": "OND-*", "acties": "read"}


def within(one: str, other: str) -> str | None:
    found = CategoryPattern(one).within(CategoryPattern(other))
    return found.text if found else None


def test_a_code_that_begins_a_pattern_does_not_fall_under_it() -> None:
    assert within("A", "AB*") is None
    assert within("AB*", "A") is None


def test_all_before_the_star_must_agree() -> None:
    assert not CategoryPattern("OND-*").matches("OND")
    assert not CategoryPattern("OND-*").matches("ONDX1")
    assert within("OND-*", "ONDX-*") is None
    assert within("OND-*", "OND-0*") == "OND-0*"


def test_cells_that_are_not_there_are_empty() -> None:
    line = line_from_row(1, {**ROW, "toelichting": None, "voorwaarde": None})  # type: ignore[dict-item]
    assert line.note == ""
    assert line.condition is Condition.NONE


def test_a_module_is_open_unless_it_says_otherwise() -> None:
    assert Module("nieuw", "Nieuw", ()).is_open
