"""Cells: dates, numbers, names. Dutch habits in, one spelling out."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.rules.pupils.dates import Birth, parse_birth, parse_day
from ingest.rules.pupils.identifiers import clean_number, is_education_number, number_key, parse_bsn
from ingest.rules.pupils.names import FullName, core, settle_surname, split_full_name
from ingest.rules.pupils.values import clean, parse_email, parse_gender, parse_site, parse_yes_no

TODAY = date(2026, 3, 10)


@pytest.mark.parametrize(
    "text, day",
    [
        ("03-04-2015", date(2015, 4, 3)),
        ("3-4-15", date(2015, 4, 3)),
        ("3/4/2015", date(2015, 4, 3)),
        ("3.4.2015", date(2015, 4, 3)),
        ("2015-04-03", date(2015, 4, 3)),
        ("2015-04-03T00:00:00", date(2015, 4, 3)),
        ("03-04-2015 0:00:00", date(2015, 4, 3)),
        ("20150403", date(2015, 4, 3)),
        ("42097", date(2015, 4, 3)),
        ("29-02-2016", date(2016, 2, 29)),
        ("1-8-36", date(2036, 8, 1)),
        ("1-8-37", date(1937, 8, 1)),
    ],
)
def test_days(text: str, day: date) -> None:
    assert parse_day(text, TODAY) == day


@pytest.mark.parametrize("text", ["29-02-2015", "31-04-2015", "12/25/2015", "morgen", "1-2", "00-00-2015", "3-4-215"])
def test_days_that_do_not_exist(text: str) -> None:
    with pytest.raises(ValueError):
        parse_day(text, TODAY)


@given(st.dates(date(1930, 1, 1), date(2090, 12, 31)), st.sampled_from(["%d-%m-%Y", "%Y-%m-%d", "%Y%m%d", "%d/%m/%Y"]))
def test_every_day_comes_back(day: date, form: str) -> None:
    assert parse_day(day.strftime(form), TODAY) == day


@pytest.mark.parametrize(
    "text, birth",
    [
        ("04-03-2015", Birth(date(2015, 3, 4))),
        ("4-3-27", Birth(date(1927, 3, 4))),
        ("00-00-2015", Birth(partial="2015")),
        ("2015-00-00", Birth(partial="2015")),
        ("20150000", Birth(partial="2015")),
        ("2015", Birth(partial="2015")),
        ("00-03-2015", Birth(partial="2015-03")),
        ("03-2015", Birth(partial="2015-03")),
        ("04-03-2015?", Birth(partial="2015-03-04?")),
        ("ca. 2015", Birth(partial="2015")),
        ("onbekend", Birth()),
        ("00-00-0000", Birth()),
    ],
)
def test_birth_dates(text: str, birth: Birth) -> None:
    assert parse_birth(text, TODAY) == birth


def test_parts_of_a_birth_date_never_prove_that_it_is_the_same() -> None:
    known = Birth(date(2015, 3, 4))
    assert known.differs(Birth(partial="2015")) is None
    assert known.differs(Birth(partial="2015-03-04?")) is None
    assert known.differs(Birth(partial="2014")) is True
    assert known.differs(Birth(date(2015, 3, 4))) is False
    assert known.differs(Birth()) is None


def test_bsn_of_eight_digits_gets_its_zero_back() -> None:
    assert parse_bsn("111222333").valid
    assert parse_bsn("1112.22.333").value == "111222333"
    padded = parse_bsn("10000008")
    assert padded.value == "010000008"
    assert not parse_bsn("123456789").valid
    assert not parse_bsn("000000000").valid
    assert is_education_number(parse_bsn("101222331"))


@pytest.mark.parametrize("text", ["1.23E+08", "1,23E+08", "12345", "1112223334", "onbekend", "１１１２２２３３３"])
def test_what_is_no_bsn(text: str) -> None:
    with pytest.raises(ValueError):
        parse_bsn(text)


def test_numbers_of_pupils() -> None:
    assert clean_number(" 001 234 ") == "001234"
    assert clean_number("1234.0") == "1234"
    assert number_key("001234") == number_key("1234")
    assert number_key("A12") == number_key("a12")
    with pytest.raises(ValueError):
        clean_number("1,23E+05")


@pytest.mark.parametrize(
    "text, name",
    [
        ("Aartsen, Dae", FullName("Dae", "", "Aartsen")),
        ("Berg, van der, Jan", FullName("Jan", "van der", "Berg")),
        ("Berg, Jan van der", FullName("Jan", "van der", "Berg")),
        ("Jan van der Berg", FullName("Jan", "van der", "Berg")),
        ("Suparti", FullName("Suparti", "", "")),
    ],
)
def test_whole_names(text: str, name: FullName) -> None:
    assert split_full_name(text) == name


@pytest.mark.parametrize(
    "prefix, surname, settled",
    [
        ("", "van der Berg", ("van der", "Berg")),
        ("van der", "van der Berg", ("van der", "Berg")),
        ("van der", "Berg", ("van der", "Berg")),
        ("v.d.", "Heuvel", ("v.d.", "Heuvel")),
        ("", "v. d. Heuvel", ("v. d.", "Heuvel")),
        ("", "van 't Hof", ("van 't", "Hof")),
        ("", "Da Silva", ("Da", "Silva")),
        ("", "Bakker-Jansen", ("", "Bakker-Jansen")),
        ("", "Van", ("", "Van")),
        ("", "", ("", "")),
    ],
)
def test_prefixes(prefix: str, surname: str, settled: tuple[str, str]) -> None:
    assert settle_surname(prefix, surname) == settled


def test_surnames_compare_without_accents_and_prefix() -> None:
    assert core("Gümüş") == core("gumus")
    assert core("van der Berg") == core("Berg") == "berg"
    assert core("Łuczak") == core("Luczak")
    assert core("Bakker-Jansen") == core("Bakker Jansen")


def test_small_cells() -> None:
    assert clean("'=SOM(A1)") == "=SOM(A1)"
    assert clean("'t Hof") == "'t Hof"
    assert clean("  Zoe\u0308\u202e  van\tDijk ") == "Zoë van Dijk"
    assert [parse_gender(x) for x in ("M", "meisje", "J", "Man", "1", "?")] == ["M", "V", "M", "M", None, None]
    assert (parse_yes_no("Ja"), parse_yes_no("nee")) == (True, False)
    assert [parse_site(x) for x in ("00", "1", "99XX01", "99XX.02", "Noord")] == ["", "01", "01", "02", None]
    assert parse_email("Jan@Post.Example") == "Jan@post.example"
    assert parse_email("jan@post") is None
    assert parse_email("a@b.nl, c@d.nl") is None
    with pytest.raises(ValueError):
        parse_yes_no("misschien")
