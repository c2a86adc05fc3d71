"""Numbers among words: however they are written, misread or cut up; and what only resembles them."""

import random
from uuid import uuid4

import pytest

from ingest.rules.numbers_found import (
    NumberKind,
    digits_left,
    find_in_text,
    find_in_words,
    is_bsn,
    is_education_number,
)
from ingest.rules.people_found import People, Person
from ingest.rules.plain_words import PlainWord, words_in

BSN, EDUCATION = "111222333", "101222331"


@pytest.mark.parametrize(
    "text",
    [
        "BSN: 111222333",
        "bsn 111.222.333",
        "Burgerservicenummer 1112 22 333",
        "burger service nummer: 111 222 333",
        "B5N: lll222333",
        "BSN l1l2Z2333",
        "1 1 1 2 2 2 3 3 3",
        "1.1.1.2.2.2.3.3.3",
        "bsn111222333",
        "nr 111222333",
        "111-222-333",
        "(111222333)",
        "BSN\n111222333",
        "BSN: \uff11\uff11\uff11222333",
        "het BSN van het kind is 111\u2011222\u2011333.",
    ],
)
def test_a_bsn_is_found_however_it_is_written(text: str) -> None:
    assert [(x.kind, x.digits) for x in find_in_text(text)] == [(NumberKind.BSN, BSN)]


@pytest.mark.parametrize(
    "text",
    [
        "tel 0612345678",
        "06-12345678",
        "020-1112223",
        "datum 12-03-2015 en 123456",
        "NL91ABNA0417164300",
        "order 123456789",
        "111222334",
        "van 1 tot 9",
        "000000000",
    ],
)
def test_what_is_something_else_is_left(text: str) -> None:
    assert find_in_text(text) == ()


def test_an_education_number_has_its_own_check() -> None:
    (hit,) = find_in_text(f"onderwijsnummer {EDUCATION}")
    assert (hit.kind, hit.sure) == (NumberKind.EDUCATION, True)


def test_beside_a_label_also_what_only_looks_like_one_is_shown() -> None:
    (hit,) = find_in_text("BSN: 111222334")
    assert (hit.kind, hit.sure) == (NumberKind.LOOKS_LIKE, False)


def test_a_known_number_is_found_with_two_digits_misread_or_one_lost() -> None:
    for text in ("111222338", "111272338", "11122333", "1112223333", "x 9111222333999"):
        (hit,) = find_in_text(text, [BSN])
        assert (hit.digits, hit.own) == (BSN, True), text


def test_a_label_of_a_form_with_nothing_readable_behind_it_is_pointed_at() -> None:
    words = [PlainWord("BSN:", 0.1, 0.2, 0.15, 0.212), PlainWord("Groet", 0.1, 0.5, 0.16, 0.512)]
    (hit,) = find_in_words(words)
    assert hit.kind is NumberKind.LABEL
    assert hit.boxes[0].left == pytest.approx(0.15)


def test_under_the_heading_of_a_column_every_row_counts() -> None:
    words = [PlainWord("Naam", 0.1, 0.1, 0.2, 0.112), PlainWord("BSN", 0.6, 0.1, 0.65, 0.112)]
    for row in range(10):
        top = 0.14 + 0.03 * row
        words += [PlainWord("Kind", 0.1, top, 0.15, top + 0.012), PlainWord("9294688433", 0.6, top, 0.72, top + 0.012)]
    hits = find_in_words(words)
    assert [x.digits for x in hits] == ["929468843"] * 10, "one digit was read twice"
    assert all(x.beside for x in hits)


def test_what_is_left_is_seen_however_it_is_cut_up() -> None:
    for text in ("111 222 333", "1.1.1.2.2.2.3.3.3", "lll222333", "x111222333y"):
        assert digits_left(text, [BSN]) == (BSN,), text
    assert digits_left("111222 en verder niets", [BSN]) == ()


def test_the_checks_are_the_sums_of_the_standard() -> None:
    chance, weights = random.Random(7), (9, 8, 7, 6, 5, 4, 3, 2, -1)
    for _ in range(3_000):
        digits = f"{chance.randrange(10**9):09d}"
        rest = sum(w * int(d) for w, d in zip(weights, digits, strict=True)) % 11
        assert is_bsn(digits) == (rest == 0 and len(set(digits)) > 1)
        assert is_education_number(digits) == (rest == 5 and digits.startswith("10"))


def test_whole_names_of_others_are_found_and_first_names_are_not() -> None:
    person = Person(uuid4(), "Zoë van Dijk", "pupil")
    people = People([person])
    for text in ("Zoe van Dijk was er", "en Z. van Dijk", "Dijk, van, Zoë"):
        assert [x.person for x in people.find(words_in(text))] == [person], text
    for text in ("Zoë was er", "de familie van Dijk", "Dijk"):
        assert people.find(words_in(text)) == (), text
