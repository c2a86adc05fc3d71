"""Titles, names of files and fields lose a BSN and keep the rest."""

import pytest

from ingest.rules.numbers_masked import holds_number, name_without_numbers, without_numbers
from tests.redaction.papers import BSN, EDUCATION


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Brief 111.222.333 over Sanne", "Brief ••••••••••• over Sanne"),
        ("Brief\n111222333 over Sanne", "Brief\n••••••••• over Sanne"),
        ("Sanne111222333", "Sanne•••••••••"),
        ("verslag_111222333_2024", "verslag_•••••••••_2024"),
        ("BSN111222333", "BSN•••••••••"),
        ("BSN 111 222 333, 13 maart", "BSN ••• ••• •••, 13 maart"),
        ("BSN: 111222334 klopt niet", "BSN: ••••••••• klopt niet"),
        (f"onderwijsnummer {EDUCATION}", "onderwijsnummer •••••••••"),
        ("Rapport 3 maart 2026", "Rapport 3 maart 2026"),
        ("2026-03-03 toets 1, versie 2", "2026-03-03 toets 1, versie 2"),
        ("Tel. 06 12345678 en 010-1234567", "Tel. 06 12345678 en 010-1234567"),
        ("Factuur 123456789", "Factuur 123456789"),
        ("", ""),
    ],
)
def test_a_text_loses_the_number_and_keeps_the_rest(text: str, left: str) -> None:
    made = without_numbers(text)
    assert made == left
    assert without_numbers(made) == made
    assert holds_number(text) is (text != left)
    assert not holds_number(left)


@pytest.mark.parametrize("text", ["x111222333y", "1 1 1 2 2 2 3 3 3", "a1.1-1/2_2 2.333b", "1110111222333"])
def test_a_known_number_goes_however_it_is_cut_up(text: str) -> None:
    left = "".join(x for x in without_numbers(text, [BSN]) if x.isdigit())
    assert BSN not in left


def test_a_name_of_a_file_keeps_its_ending() -> None:
    assert name_without_numbers("rapport 111222333.pdf") == "rapport •••••••••.pdf"
    assert name_without_numbers("111222333.docx") == "•••••••••.docx"
    assert name_without_numbers("zonder.111222333") == "zonder.•••••••••", "a number is no ending"
    assert name_without_numbers("rapport.pdf") == "rapport.pdf"
