"""Bytes to rows: encodings, delimiters, headers where people put them."""

import unicodedata

import pytest

from dms.kernel.errors import BadInput
from ingest.rules.pupils.columns import Column
from ingest.rules.pupils.table import read_table


def test_byte_order_mark_is_no_part_of_the_first_heading() -> None:
    table = read_table("\ufeffStamnummer,Roepnaam,Achternaam\n1,Zoë,Gümüş\n".encode())
    assert table.header.places[Column.NUMBER] == 0
    assert table.encoding == "utf-8-sig"
    assert table.rows == ((2, ("1", "Zoë", "Gümüş")),)


def test_old_windows_text() -> None:
    table = read_table("leerlingnummer;roepnaam;achternaam\n1;Gümüz;Smit\n".encode("cp1252"))
    assert (table.encoding, table.rows[0][1][1]) == ("cp1252", "Gümüz")


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_delimiters(delimiter: str) -> None:
    text = delimiter.join(("leerlingnummer", "roepnaam", "achternaam")) + "\n" + delimiter.join(("1", "Jan", "Smit"))
    assert read_table(text.encode()).delimiter == delimiter


def test_delimiter_and_newline_within_quotes() -> None:
    table = read_table(b'leerlingnummer;roepnaam;achternaam\n1;"Jan; of ""Jantje""";"Smit\nJansen"\n2;Piet;Bos\n')
    assert table.rows == ((2, ("1", 'Jan; of "Jantje"', "Smit\nJansen")), (3, ("2", "Piet", "Bos")))


def test_title_above_the_header_and_empty_rows_below() -> None:
    table = read_table(b"Leerlingenlijst De Regenboog;;\n\nLeerling Nummer;Voornaam;ACHTERNAAM\n1;Jan;Smit\n;;\n\n;;\n")
    assert table.header_row == 3
    assert table.rows == ((4, ("1", "Jan", "Smit")),)


def test_aliases_do_not_depend_on_case_or_spaces() -> None:
    table = read_table(
        b"Stam nr;FIRSTNAME;Tussenv;LastName;P G N;klas;Datum Inschrijving;vertrekdatum;Huisdier\n1;a;b;c;d;e;f;g;h\n"
    )
    wanted = (Column.NUMBER, Column.GIVEN_NAME, Column.PREFIX, Column.SURNAME, Column.BSN, Column.GROUP)
    assert [table.header.places[x] for x in (*wanted, Column.SINCE, Column.UNTIL)] == list(range(8))
    assert table.header.unknown == ("Huisdier",)


@pytest.mark.parametrize(
    "data, code",
    [
        (b"", "empty"),
        (b"  \r\n \n", "empty"),
        (b"PK\x03\x04rest", "not_csv"),
        (b"a\0b;c", "not_text"),
        (b"leerlingnummer\n1\n", "header_missing"),
        (b"roepnaam;achternaam\nJan;Smit\n", "header_missing"),
        (b"%PDF-1.4 iets", "header_missing"),
        (b"leerlingnummer;roepnaam;achternaam\n;;\n", "empty"),
        (b"leerlingnummer;roepnaam;roepnaam\n1;Jan;Piet\n", "column_twice"),
        (b'leerlingnummer;roepnaam;achternaam\n1;"' + b"x" * 200_000, "broken_cells"),
    ],
)
def test_refused_as_a_whole(data: bytes, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_table(data)
    assert refused.value.code == code
    assert refused.value.advice


def test_utf16_as_a_spreadsheet_saves_it() -> None:
    table = read_table("leerlingnummer\troepnaam\tachternaam\r\n1\tŁukasz\tNowak\r\n".encode("utf-16"))
    assert table.rows[0][1] == ("1", "Łukasz", "Nowak")


def test_decomposed_headings_are_recognised() -> None:
    heading = unicodedata.normalize("NFD", "leerlingnummer;roepnaam;achternaam")
    assert read_table(f"{heading}\n1;a;b\n".encode()).header.usable
