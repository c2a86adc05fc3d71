"""Lists of vendors and of schools: presets, columns that a person names, end days, places, sheets, samples."""

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dms.db.tables import (
    EnrolmentRow,
    GroupPlacementRow,
    PupilRow,
)
from dms.demo.people import demo_schools
from dms.demo.vendor_files import VENDORS, EdexForm, write_edexml, write_list, write_samples, write_worksheet
from dms.kernel.errors import BadInput, Conflict
from dms.kernel.schoolyear import SchoolYear
from dms.model.pupil_files import EndDay, FileFormat, ImportState
from dms.services.pupil_import import PupilImport
from dms.services.pupil_import.shapes import ImportOptions
from ingest.rules.pupils.columns import Column
from ingest.rules.pupils.guess import Certainty
from ingest.rules.pupils.plan import Outcome
from tests.lvs.files import Desk, edex, leerling, worksheet
from tests.pupils.conftest import OPERATOR, Office

Listed = Callable[..., str]
HEADING = "leerlingnummer;roepnaam;achternaam;geboortedatum;groep"
SEM = leerling("K1", achternaam="Berg", roepnaam="Sem", geboortedatum="2015-01-03")
SCHOOL = demo_schools(2026, SchoolYear(2025))[0]


def written(write: Callable[..., Any], *words: Any, **more: Any) -> bytes:
    """What a writer of vendors' files writes."""
    out = io.BytesIO()
    write(out, *words, **more)
    return out.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize("vendor", sorted(VENDORS))
@pytest.mark.parametrize("write", [write_list, write_worksheet])
def test_lists_of_vendors(sqlite_desk: Desk, vendor: str, write: Callable[..., Any]) -> None:
    pupils = SCHOOL.current_pupils[:12]
    import_id = sqlite_desk.put(written(write, vendor, pupils))
    look = sqlite_desk.imports.look(sqlite_desk.by, import_id)
    sure = next(x.sure for x in sqlite_desk.imports.presets() if x.code == vendor)
    assert (look.preset, look.check) == (vendor, not sure)
    view = sqlite_desk.imports.read(sqlite_desk.by, import_id)
    if not sure:
        assert view.state is ImportState.COLUMNS
        view = sqlite_desk.imports.read(sqlite_desk.by, import_id, ImportOptions(preset=vendor))
    assert view.state is ImportState.READY
    if vendor == "social-schools":  # no number in it: nobody is made of a name
        assert view.counts[Outcome.ERROR] == len(pupils)
        return
    assert view.counts[Outcome.NEW] == len(pupils)
    sqlite_desk.imports.apply(sqlite_desk.by, view.id)
    found = {x.number_key: x.surname for x in sqlite_desk.office.rows(PupilRow)}
    if write is write_worksheet:
        assert found == {x.number.lstrip("0"): x.surname for x in pupils}
    again = sqlite_desk.preview(written(write, vendor, pupils), ImportOptions(preset=vendor))
    assert again.counts[Outcome.UNCHANGED] == len(pupils)


def test_the_same_pupils_out_of_edexml_uwlr_and_a_list(office: Office) -> None:
    """By key, by BSN and by the last digits: three formats, one pupil each."""
    pupils = tuple(x for x in SCHOOL.current_pupils if x.surname)[:60]
    year, day = SchoolYear(2025), date(2026, 3, 1)
    first = written(write_edexml, "99XX", year, SCHOOL.groups, pupils, day, EdexForm(additions=True))
    report = office.run(first)
    assert (report.counts["new"], report.notes) == (60, ())
    assert office.run(first).counts["unchanged"] == 60
    uwlr = written(write_edexml, "99XX", year, SCHOOL.groups, pupils, day, EdexForm(uwlr=True, key_prefix="#"))
    with_number = sum(bool(x.bsn or x.education_number) for x in pupils)
    assert office.run(uwlr).counts["unchanged"] == with_number
    assert len(office.rows(PupilRow)) == 60


@pytest.mark.slow
def test_columns_that_nobody_knows_are_named_by_a_person_and_kept(desk: Desk) -> None:
    content = "Nr;Kind;Familie;Geboren op;Lokaal\n1;Sem;Berg;03-01-2015;groep 7\n2;Elif;Gümüş;04-05-2014;groep 7\n"
    import_id = desk.put(content)
    assert desk.imports.read(desk.by, import_id).state is ImportState.COLUMNS
    look = desk.imports.look(desk.by, import_id)
    assert [x.samples for x in look.columns][1] == ("Sem", "Elif")
    born = look.columns[3]
    assert (born.column, born.suggestion, born.certainty) == (None, Column.BIRTH_DATE, Certainty.POSSIBLE)
    named = ImportOptions(
        columns={
            0: Column.NUMBER,
            1: Column.GIVEN_NAME,
            2: Column.SURNAME,
            3: Column.BIRTH_DATE,
            4: Column.GROUP,
        },
        end_day=EndDay.FIRST_DAY_OUT,
    )
    view = desk.imports.read(desk.by, import_id, named)
    assert desk.rows(view) == [("new", ""), ("new", "")]
    mapping = desk.imports.save_mapping(desk.by, import_id, "Onze lijst", named)
    desk.imports.apply(desk.by, import_id)
    moved = "LOKAAL;geboren op;familie;kind;nr\ngroep 8;03-01-2015;Berg;Sem;1\n"
    second = desk.preview(moved)
    assert desk.rows(second) == [("changed", "")]
    again = desk.imports.look(desk.by, second.id)
    assert (again.mapping.name if again.mapping else "", again.end_day) == ("Onze lijst", EndDay.FIRST_DAY_OUT)
    assert [x.certainty for x in again.columns] == [Certainty.SURE] * 5
    assert [x.id for x in desk.imports.mappings(desk.by, "99XX")] == [mapping]
    desk.imports.forget_mapping(desk.by, mapping)
    assert desk.imports.read(desk.by, desk.put(moved)).state is ImportState.COLUMNS


def test_samples_hide_national_numbers(sqlite_desk: Desk) -> None:
    look = sqlite_desk.imports.look(
        sqlite_desk.by, sqlite_desk.put("leerlingnummer;roepnaam;iets\n1;Sem;111222333\n2;Elif;101222331\n")
    )
    assert look.columns[2].samples == ("•••", "•••")
    assert look.columns[2].suggestion is Column.BSN


@pytest.mark.parametrize(
    "end_day, until", [(EndDay.LAST_DAY, date(2026, 8, 1)), (EndDay.FIRST_DAY_OUT, date(2026, 7, 31))]
)
def test_the_end_date_is_the_last_day_or_the_first_day_out(sqlite_desk: Desk, end_day: EndDay, until: date) -> None:
    content = "leerlingnummer;roepnaam;inschrijfdatum;uitschrijfdatum\n1;Sem;01-08-2019;31-07-2026\n"
    view = sqlite_desk.preview(content, ImportOptions(end_day=end_day))
    sqlite_desk.imports.apply(sqlite_desk.by, view.id)
    assert [x.until for x in sqlite_desk.office.rows(EnrolmentRow)] == [until]


def test_places_of_their_own_end_no_enrolment_while_another_is_open(sqlite_office: Office) -> None:
    heading = "Stamnr;INITIALS;FIRSTNAME;PREFIX;LASTNAME;CLASS;studiebegindatum;studieeinddatum;vertrekdatum"
    rows = "1;S.;Sem;;Berg;1B;01-08-2024;31-07-2025;", "1;S.;Sem;;Berg;2B;01-08-2025;31-07-2026;"
    sqlite_office.run("\n".join((heading, *rows)) + "\n")
    assert [(x.since, x.until) for x in sqlite_office.rows(EnrolmentRow)] == [(date(2024, 8, 1), None)]
    stays = sorted((x.since, x.until) for x in sqlite_office.rows(GroupPlacementRow))
    assert stays == [(date(2024, 8, 1), date(2025, 8, 1)), (date(2025, 8, 1), date(2026, 8, 1))]
    left = heading, *rows, "1;S.;Sem;;Berg;2B;01-08-2025;31-07-2026;06-03-2026"
    sqlite_office.run("\n".join((left[0], rows[0] + "06-03-2026", left[3])) + "\n")
    assert [x.until for x in sqlite_office.rows(EnrolmentRow)] == [date(2026, 3, 7)]


def test_sheets_headers_and_refusals_on_screen(sqlite_desk: Desk) -> None:
    refused = sqlite_desk.preview("<html></html>")
    assert (refused.state, refused.refusal.code if refused.refusal else "") == (ImportState.REFUSED, "not_edex")
    assert refused.refusal is not None
    assert refused.refusal.advice
    with pytest.raises(Conflict):
        sqlite_desk.imports.read(sqlite_desk.by, refused.id)
    sqlite_desk.imports.discard(sqlite_desk.by, refused.id)
    with pytest.raises(BadInput):
        sqlite_desk.put("")
    book = sqlite_desk.put(worksheet(("Lijst",), (), ("Leerlingnummer", "Roepnaam"), (1, "Sem")))
    look = sqlite_desk.imports.look(sqlite_desk.by, book)
    assert (look.sheets, look.sheet, look.header_row, look.format) == (
        ("Leerlingen",),
        "Leerlingen",
        3,
        FileFormat.XLSX,
    )
    with pytest.raises(BadInput):
        sqlite_desk.imports.look(sqlite_desk.by, sqlite_desk.put(edex(SEM)))


@pytest.mark.slow
def test_the_samples_of_the_demo_school(sqlite_office: Office, tmp_path: Path) -> None:
    """This week's file brings the pupils, next week's changes four of them, the lists know them again by number."""
    first, later, magister, somtoday = write_samples(SCHOOL, tmp_path / "voorbeelden", sqlite_office.clock.day)
    assert sqlite_office.run(first.read_bytes()).counts["new"] == len(SCHOOL.pupils)
    report = sqlite_office.run(later.read_bytes())
    assert (report.counts["new"], report.counts["changed"]) == (1, 3)
    assert {y.field for x in report.rows for y in x.changes} >= {"groep", "uitschrijfdatum", "achternaam"}
    assert sqlite_office.run(magister.read_bytes(), apply=False).counts["error"] == 0
    assert sqlite_office.run(somtoday.read_bytes(), apply=False).preset == "somtoday"


def test_a_form_that_is_only_guessed_is_not_applied_by_itself(sqlite_office: Office) -> None:
    data = written(write_list, "parnassys", SCHOOL.current_pupils[:3])
    assert sqlite_office.run(data, apply=False).counts["new"] == 3
    with pytest.raises(BadInput) as unsure:
        sqlite_office.run(data)
    assert unsure.value.code == "columns_unsure"
    path = sqlite_office.file(data)
    options = ImportOptions(preset="parnassys")
    assert PupilImport(sqlite_office.tools).run(OPERATOR, "99XX", path, True, options=options).applied
