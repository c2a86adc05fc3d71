"""Words quoted from a paper read well apart from it: no half pair of brackets, nothing told twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.rules.quoted import tidy
from ingest.service.desk_why import why_category, why_pupil


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Wojciech Nowak (1/2 b", "Wojciech Nowak"),
        ("Niels) van den Heuvel", "Niels van den Heuvel"),
        ("(Groepsplan", "Groepsplan"),
        ("Niels (Nils) van den Heuvel", "Niels (Nils) van den Heuvel"),
        ("[b(c] d", "bc d"),
        ("afspraken:\n", "afspraken"),
        ("- Thuis;", "Thuis"),
        ("J. de", "J. de"),
        ("16-06-2017", "16-06-2017"),
        (" ) (", ""),
        ("", ""),
        ("a{ ] }", "a{ }"),
    ],
)
def test_half_a_pair_of_brackets_is_not_shown(written: str, shown: str) -> None:
    assert tidy(written) == shown


@given(st.text(alphabet="ab ()[]{}-:.", max_size=14))
def test_every_bracket_that_is_shown_has_its_other_half(written: str) -> None:
    shown = tidy(written)
    opened: list[str] = []
    for char in shown:
        if char in "([{":
            opened.append(char)
        elif char in ")]}":
            assert opened
            assert opened.pop() + char in {"()", "[]", "{}"}
    assert not opened
    assert tidy(shown) == shown
    assert (shown != "") == any(x.isalnum() for x in written)


def test_a_surname_is_no_second_reason_beside_the_whole_name() -> None:
    found = [
        {"kind": "full_name", "text": "Zuzanna Nowak"},
        {"kind": "full_name", "text": "Zuzanna Nowak (1/2 b"},
        {"kind": "surname", "text": "Nowak"},
        {"kind": "surname", "text": "Nowak (1/2 b"},
        {"kind": "surname", "text": "Nowakowa"},
        {"kind": "carer", "text": ""},
        {"kind": "of-later", "text": "iets"},
    ]
    told = [x.text % x.params for x in why_pupil(found)]
    assert told == ["naam Zuzanna Nowak", "achternaam Nowakowa", "naam van een verzorger"]


def test_the_words_of_a_form_are_no_part_of_a_name() -> None:
    found = [{"kind": "full_name", "text": "Groot Voornamen: Mirthe"}, {"kind": "full_name", "text": "Naamsma, Roos"}]
    assert [x.params["text"] for x in why_pupil(found)] == ["Groot Mirthe", "Naamsma, Roos"]


def test_words_for_a_category_are_told_once_whatever_their_capitals() -> None:
    assert why_category([{"text": "Subgroep"}, {"text": "subgroep:"}, {"text": "("}, {}]) == ("Subgroep",)
