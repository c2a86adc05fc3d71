"""Writes a demo school's pupils as the canonical pupil list (CSV) that `dms import pupils` reads."""

import csv
from datetime import date
from pathlib import Path

from dms.demo.facts import Carer, DemoPupil, School

HEADER = (
    "leerlingnummer;roepnaam;voornamen;voorletters;voorvoegsel;achternaam;geboortedatum;geslacht;bsn;onderwijsnummer;"
    "eckid;brin;vestiging;groep;leerjaar;inschrijfdatum;uitschrijfdatum;email;adres_geheim;verzorger1_naam;"
    "verzorger1_email;verzorger1_relatie;verzorger1_gezag;verzorger2_naam;verzorger2_email;verzorger2_relatie;"
    "verzorger2_gezag"
)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_pupils_csv(school: School, path: Path) -> int:
    """Write all pupils of `school` to `path` (UTF-8 with BOM, `;`, ISO dates, ja/nee); the number of pupils.

    Cells that a spreadsheet would take for a formula get an apostrophe in front.
    """
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(HEADER.split(";"))
        for pupil in school.pupils:
            writer.writerow([neutral(cell) for cell in _row(school, pupil)])
    return len(school.pupils)


def neutral(cell: str) -> str:
    """`cell`, harmless in a spreadsheet."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def _row(school: School, pupil: DemoPupil) -> list[str]:
    row = [
        pupil.number,
        pupil.call_name,
        pupil.given_names,
        pupil.initials,
        pupil.prefix,
        pupil.surname,
        pupil.birth_date.isoformat(),
        pupil.sex,
        pupil.bsn,
        pupil.education_number,
        pupil.eck_id,
        school.brin,
        "00",
        pupil.group,
        str(pupil.year),
        pupil.enrolled.isoformat(),
        _day(pupil.left),
        pupil.email,
        _yes(pupil.secret_address),
    ]
    for place in range(2):
        row.extend(_carer(pupil.carers[place]) if place < len(pupil.carers) else [""] * 4)
    return row


def _carer(carer: Carer) -> list[str]:
    return [carer.name, carer.email, carer.relation, _yes(carer.authority)]


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _yes(value: bool) -> str:
    return "ja" if value else "nee"
