"""Invented pupils as the lists of vendors, as CSV or XLSX."""

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import IO

from openpyxl import Workbook

from dms.demo.facts import DemoPupil
from dms.demo.pupil_list import neutral

Cell = str | int | date | None


@dataclass(frozen=True, slots=True)
class Vendor:
    """The form of one vendor's list. `cells` makes the row of a pupil."""

    headings: tuple[str, ...]
    delimiter: str
    encoding: str
    cells: Callable[[DemoPupil], tuple[Cell, ...]]


def _dutch(day: date | None) -> str:
    return f"{day:%d-%m-%Y}" if day else ""


def _number(text: str) -> int | None:
    return int(text) if text else None


VENDORS: dict[str, Vendor] = {
    "magister": Vendor(
        ("Stamnummer", "Roepnaam", "Tussenvoegsel", "Achternaam", "Klas", "Klassenmentor 1"),
        ",",
        "utf-8-sig",
        lambda x: (x.number, x.call_name, x.prefix, x.surname, x.group, "KVW"),
    ),
    "magister-decibel": Vendor(
        (
            "Stamnr",
            "INITIALS",
            "FIRSTNAME",
            "PREFIX",
            "LASTNAME",
            "EMAIL",
            "GENDER",
            "BIRTHDATE",
            "STREET",
            "HOUSENR",
            "HOUSENRSUFIX",
            "POSTALCODE",
            "CITY",
            "STUDYPERIOD",
            "CLASS",
            "studiebegindatum",
            "studieeinddatum",
            "vertrekdatum",
        ),
        ";",
        "cp1252",
        lambda x: (
            x.number,
            x.initials,
            x.call_name,
            x.prefix,
            x.surname,
            x.email,
            x.sex,
            _dutch(x.birth_date),
            x.address.street,
            "",
            "",
            x.address.postcode,
            x.address.town,
            "2526",
            x.group,
            _dutch(x.enrolled),
            "",
            _dutch(x.left),
        ),
    ),
    "somtoday": Vendor(
        (
            "Leerlingnummer",
            "Volledige Naam",
            "Stamgroep",
            "Geboortedatum",
            "BSN",
            "Onderwijsnummer",
            "Inschrijfdatum",
            "Uitschrijfdatum",
            "Plaatsing actief op peildatum",
            "Plaatsing Vanafdatum",
            "Plaatsing Totdatum",
        ),
        ";",
        "utf-8-sig",
        lambda x: (
            _number(x.number),
            x.sorting_name,
            x.group,
            x.birth_date,
            _number(x.bsn),
            _number(x.education_number),
            x.enrolled,
            x.left,
            "Ja" if x.left is None else "Nee",
            x.enrolled,
            x.left,
        ),
    ),
    "presentis": Vendor(
        ("leerlingid", "voornaam", "achternaam", "inschrijfdatum", "uitschrijfdatum", "schoollocatieid"),
        ";",
        "utf-8",
        lambda x: (x.number, x.call_name, x.family_name, x.enrolled.isoformat(), _iso(x.left), "1"),
    ),
    "social-schools": Vendor(
        (
            "Roepnaam",
            "Tussenvoegsel",
            "Achternaam",
            "Geboortedatum",
            "Klasnaam",
            "Leerjaar",
            "E-mailadres ouder/verzorger 1",
            "E-mailadres ouder/verzorger 2",
        ),
        ";",
        "utf-8-sig",
        lambda x: (
            x.call_name,
            x.prefix,
            x.surname,
            _dutch(x.birth_date),
            x.group,
            str(x.year),
            x.carers[0].email if x.carers else "",
            x.carers[1].email if len(x.carers) > 1 else "",
        ),
    ),
    "parnassys": Vendor(
        ("Leerlingnr", "Roepnaam", "Voorvoegsel", "Achternaam", "Geboortedatum", "Groep", "Datum in", "Datum uit"),
        ";",
        "cp1252",
        lambda x: (
            x.number,
            x.call_name,
            x.prefix,
            x.surname,
            _dutch(x.birth_date),
            x.group,
            _dutch(x.enrolled),
            _dutch(x.left),
        ),
    ),
    "esis": Vendor(
        ("Leerling ID", "Roepnaam", "Tussenvoegsel", "Achternaam", "Geb.datum", "Groep", "Instroomdatum"),
        ";",
        "utf-8",
        lambda x: (x.number, x.call_name, x.prefix, x.surname, _dutch(x.birth_date), x.group, _dutch(x.enrolled)),
    ),
}
"""Vendors' lists by the code of their preset."""


def write_list(out: IO[bytes], vendor: str, pupils: Iterable[DemoPupil]) -> None:
    """Write the pupils as the CSV of a vendor; a character that its encoding lacks becomes a question mark."""
    form = VENDORS[vendor]
    text = io.StringIO()
    writer = csv.writer(text, delimiter=form.delimiter, lineterminator="\r\n")
    writer.writerow(form.headings)
    for pupil in pupils:
        writer.writerow([neutral(_text(x)) for x in form.cells(pupil)])
    out.write(text.getvalue().encode(form.encoding, errors="replace"))


def write_worksheet(out: IO[bytes], vendor: str, pupils: Iterable[DemoPupil], title: str = "") -> None:
    """Write the pupils as the XLSX of a vendor: numbers as numbers (leading zeros are lost), days as days.

    With `title` a row with it stands above the headings.
    """
    form = VENDORS[vendor]
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Leerlingen")
    if title:
        sheet.append([title])
        sheet.append([])
    sheet.append(list(form.headings))
    for pupil in pupils:
        sheet.append([_moment(x) for x in form.cells(pupil)])
    book.save(out)


def _text(cell: Cell) -> str:
    return "" if cell is None else cell.isoformat() if isinstance(cell, date) else str(cell)


def _moment(cell: Cell) -> str | int | datetime | None:
    return datetime.combine(cell, time()) if isinstance(cell, date) else cell


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
