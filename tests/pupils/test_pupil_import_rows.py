"""What rows come to: new, changed, conflict, error; each with row number, reason and advice."""

from collections.abc import Callable
from datetime import date

import pytest

from dms.db.tables import (
    CarerRow,
    DossierRow,
    EnrolmentRow,
    FormerNameRow,
    GroupPlacementRow,
    GroupRow,
    PupilCarerRow,
    PupilRow,
)
from dms.model.documents import DossierState
from dms.services.pupil_import import ImportReport
from ingest.rules.pupils.plan import Outcome
from tests.pupils.conftest import Office

HEADING = "leerlingnummer;roepnaam;voorvoegsel;achternaam;geboortedatum;bsn;groep;inschrijfdatum;uitschrijfdatum"
SEM = "1307;Sem;van der;Berg;03-01-2015;;groep 7;01-08-2019;"
Listed = Callable[..., str]


def outcomes(report: ImportReport) -> list[tuple[int, str, str]]:
    """Row, outcome and code of the reason."""
    return [(x.row, x.outcome.value, x.why[0].code if x.why else "") for x in report.rows]


def only(report: ImportReport) -> tuple[str, str]:
    """Outcome and code of the only row."""
    ((_, outcome, code),) = outcomes(report)
    return outcome, code


def test_one_number_for_two_pupils_blocks_both(sqlite_office: Office, listed: Listed) -> None:
    report = sqlite_office.run(
        listed(HEADING, SEM, "01307;Saar;van der;Berg;03-01-2015;;groep 7;;", "9;Elif;;Gümüş;04-05-2014;;;;")
    )
    assert outcomes(report) == [(2, "conflict", "number_twice"), (3, "conflict", "number_twice"), (4, "new", "")]
    assert report.rows[0].why[0].advice
    assert [x.given_name for x in sqlite_office.rows(PupilRow)] == ["Elif"]


def test_one_number_for_the_same_pupil_is_several_places(sqlite_office: Office, listed: Listed) -> None:
    report = sqlite_office.run(
        listed(
            HEADING,
            "1307;Sem;van der;Berg;03-01-2015;;groep 6;01-08-2024;31-07-2025",
            "1307;Sem;;van der Berg;03-01-2015;;groep 7;01-08-2025;",
        )
    )
    assert outcomes(report) == [(2, "new", ""), (3, "unchanged", "")]
    assert report.rows[1].warnings[0].code == "same_pupil_row"
    (enrolment,) = sqlite_office.rows(EnrolmentRow)
    assert (enrolment.since, enrolment.until) == (date(2024, 8, 1), None)
    days = sorted((x.since, x.until) for x in sqlite_office.rows(GroupPlacementRow))
    assert days == [(date(2024, 8, 1), date(2025, 8, 1)), (date(2025, 8, 1), None)]


def test_another_birth_date_and_surname_is_another_person(sqlite_office: Office, listed: Listed) -> None:
    sqlite_office.run(listed(HEADING, SEM))
    other = sqlite_office.run(listed(HEADING, "1307;Elif;;Gümüş;04-05-2014;;groep 6;;"))
    assert only(other) == ("conflict", "other_person")
    assert [x.surname for x in sqlite_office.rows(PupilRow)] == ["Berg"]


def test_a_corrected_birth_date_and_a_new_surname_are_changes(office: Office, listed: Listed) -> None:
    office.run(listed(HEADING, SEM))
    corrected = office.run(listed(HEADING, "001307;Sem;van der;Berg;04-01-2015;;groep 7;01-08-2019;"))
    assert [(x.field, x.old, x.new) for x in corrected.rows[0].changes] == [
        ("geboortedatum", "2015-01-03", "2015-01-04")
    ]
    renamed = office.run(listed(HEADING, "1307;Sem;;Jansen;04-01-2015;;groep 7;01-08-2019;"))
    assert [(x.field, x.old, x.new) for x in renamed.rows[0].changes] == [
        ("voorvoegsel", "van der", ""),
        ("achternaam", "Berg", "Jansen"),
    ]
    (pupil,) = office.rows(PupilRow)
    assert (pupil.number, pupil.prefix, pupil.surname, pupil.row_version) == ("1307", "", "Jansen", 3)
    (former,) = office.rows(FormerNameRow)
    assert (former.prefix, former.surname, former.until) == ("van der", "Berg", office.clock.day)


@pytest.mark.slow
def test_an_empty_cell_wipes_nothing_and_absence_removes_nothing(office: Office, listed: Listed) -> None:
    office.run(listed(HEADING, SEM, "9;Elif;;Gümüş;04-05-2014;111222333;groep 6;;"))
    before = {x.id: (x.surname, x.bsn_digest, x.row_version) for x in office.rows(PupilRow)}
    report = office.run(listed("leerlingnummer;roepnaam;achternaam;bsn;groep", "9;;Gümüş;;"))
    assert only(report) == ("unchanged", "")
    assert report.absent == ("1307",)
    assert {x.id: (x.surname, x.bsn_digest, x.row_version) for x in office.rows(PupilRow)} == before


def test_bsn_goes_before_the_number(sqlite_office: Office, listed: Listed) -> None:
    sqlite_office.run(
        listed(HEADING, "1;Sem;;Berg;03-01-2015;111222333;;01-08-2019;31-07-2021", "2;Elif;;Gümüş;04-05-2014;;;;")
    )
    back = sqlite_office.run(listed(HEADING, "77;Sem;;Berg;03-01-2015;111222333;groep 7;01-08-2025;"))
    assert only(back) == ("changed", "")
    assert {x.field for x in back.rows[0].changes} >= {"leerlingnummer", "inschrijfdatum", "dossier"}
    assert len([x for x in sqlite_office.rows(EnrolmentRow) if x.since and x.since.year in (2019, 2025)]) == 2
    wrong = sqlite_office.run(listed(HEADING, "2;Sem;;Berg;03-01-2015;111222333;;;"))
    assert only(wrong) == ("conflict", "numbers_disagree")


def test_onderwijsnummer_becomes_bsn(sqlite_office: Office, listed: Listed) -> None:
    heading = "leerlingnummer;roepnaam;achternaam;geboortedatum;bsn;onderwijsnummer"
    first = sqlite_office.run(listed(heading, "1;José;Fernández;01-02-2014;101222331;"))
    assert [x.code for x in first.rows[0].warnings] == ["bsn_swapped"]
    (pupil,) = sqlite_office.rows(PupilRow)
    assert pupil.bsn_digest is None
    assert pupil.education_number_digest
    later = sqlite_office.run(listed(heading, "1;José;Fernández;01-02-2014;111222333;"))
    assert [(x.field, x.old, x.new) for x in later.rows[0].changes] == [("bsn", "", "•••")]
    (same,) = sqlite_office.rows(PupilRow)
    assert same.id == pupil.id
    assert same.education_number_digest == pupil.education_number_digest


def test_a_name_with_a_birth_date_is_for_a_person_to_judge(sqlite_office: Office, listed: Listed) -> None:
    sqlite_office.run(listed(HEADING, SEM))
    twin = sqlite_office.run(listed(HEADING, "1308;Saar;van der;Berg;03-01-2015;;groep 7;;"))
    assert only(twin) == ("new", "")
    again = sqlite_office.run(listed(HEADING, "5000;Sem;;van der Berg;03-01-2015;;groep 7;;"))
    assert only(again) == ("conflict", "looks_known")
    assert "1307" in str(again.rows[0].why[0].reason)
    both = sqlite_office.run(listed(HEADING, SEM, "5000;Sem;;van der Berg;03-01-2015;;groep 7;;"))
    assert [x.outcome for x in both.rows] == [Outcome.UNCHANGED, Outcome.NEW]


@pytest.mark.slow
@pytest.mark.parametrize(
    "row, code",
    [
        (";Sem;;Berg;;;;;", "number_missing"),
        ("1;;;;;;;;", "name_missing"),
        ("1;Sem;;Berg;31-02-2015;;;;", "date_wrong"),
        ("1;Sem;;Berg;01-01-2090;;;;", "birth_date_impossible"),
        ("1;Sem;;Berg;;1.23E+08;;;", "bsn_wrong"),
        ("1;Sem;;Berg;;;;01-08-2025;31-07-2025", "end_before_start"),
        ("1;Sem;;Berg;;;;;;;iets", "too_many_cells"),
        (f"1;Sem;;{'x' * 201};;;;;", "too_long"),
    ],
)
def test_errors_leave_only_their_row_out(sqlite_office: Office, listed: Listed, row: str, code: str) -> None:
    report = sqlite_office.run(listed(HEADING, row, "9;Elif;;Gümüş;04-05-2014;;;;"))
    assert outcomes(report) == [(2, "error", code), (3, "new", "")]
    assert len(sqlite_office.rows(PupilRow)) == 1


def test_a_bsn_that_fails_its_check_is_a_warning(sqlite_office: Office, listed: Listed) -> None:
    report = sqlite_office.run(
        listed(HEADING, "1;Sem;;Berg;;123456789;;;", "2;Elif;;Gümüş;;123456789;;;", "3;Can;;Koç;;10000008;;;")
    )
    assert [x.outcome for x in report.rows] == [Outcome.NEW] * 3
    assert [[y.code for y in x.warnings] for x in report.rows] == [["bsn_check"], ["bsn_check"], []]


def test_groups_keep_their_history(office: Office, listed: Listed) -> None:
    office.run(listed(HEADING, SEM))
    office.clock.day = date(2026, 8, 24)
    moved = office.run(listed(HEADING, SEM.replace("groep 7", "Groep  8")))
    assert [(x.field, x.old, x.new) for x in moved.rows[0].changes] == [("groep", "groep 7", "Groep 8")]
    names = {x.id: x.name for x in office.rows(GroupRow)}
    days = sorted((names[x.group_id], x.since, x.until) for x in office.rows(GroupPlacementRow))
    assert days == [
        ("Groep 8", date(2026, 8, 24), None),
        ("groep 7", date(2025, 8, 1), date(2026, 8, 24)),
    ]
    assert only(office.run(listed(HEADING, SEM.replace("groep 7", "groep 8")))) == ("unchanged", "")


def test_leaving_closes_the_dossier_and_coming_back_opens_it(office: Office, listed: Listed) -> None:
    office.run(listed(HEADING, SEM))
    left = SEM + "06-03-2026"
    office.run(listed(HEADING, left))
    (dossier,) = office.rows(DossierRow)
    # the last day in is 6 March, so the first day out is the 7th
    assert (dossier.state, dossier.closed_on) == (DossierState.CLOSED, date(2026, 3, 7))
    assert office.rows(GroupPlacementRow)[0].until == date(2026, 3, 7)
    silent = office.run(listed(HEADING, SEM))
    assert only(silent) == ("unchanged", "")
    assert [x.code for x in silent.rows[0].warnings] == ["end_date_gone"]
    office.run(listed(HEADING, SEM + "geen"))
    (dossier,) = office.rows(DossierRow)
    assert (dossier.state, dossier.closed_on) == (DossierState.OPEN, None)
    assert office.rows(GroupPlacementRow)[0].until is None


def test_a_pupil_to_come_is_registered(sqlite_office: Office, listed: Listed) -> None:
    row = "20;Mila;van 't;Hof;01-05-2022;;1/2 a;01-05-2026;"
    sqlite_office.run(listed(HEADING, row))
    assert sqlite_office.rows(DossierRow)[0].state is DossierState.REGISTERED
    assert sqlite_office.rows(GroupPlacementRow)[0].since == date(2026, 5, 1)
    sqlite_office.clock.day = date(2026, 5, 1)
    assert only(sqlite_office.run(listed(HEADING, row))) == ("changed", "")
    assert sqlite_office.rows(DossierRow)[0].state is DossierState.OPEN


def test_carers_and_their_authority(office: Office, listed: Listed) -> None:
    heading = (
        "leerlingnummer;roepnaam;achternaam;verzorger1_naam;verzorger1_email;verzorger1_gezag;"
        "verzorger2_naam;verzorger2_email;verzorger2_gezag"
    )
    office.run(listed(heading, "1;Joris;Hazelhoff;Hanna Kuipers;h@post.example;ja;Ivo Hazelhoff;i@post.example;ja"))
    swapped = office.run(
        listed(heading, "1;Joris;Hazelhoff;Ivo Hazelhoff;i@post.example;nee;Hanna Kuipers;h@post.example;ja")
    )
    assert only(swapped) == ("changed", "")
    assert len(office.rows(CarerRow)) == 2
    office.run(listed(heading, "1;Joris;Hazelhoff;Piet Bos;i@post.example;;;;"))
    names = {x.id: x.name for x in office.rows(CarerRow)}
    links = {names[x.carer_id]: (x.authority, x.until) for x in office.rows(PupilCarerRow)}
    assert links == {
        "Hanna Kuipers": (True, None),
        "Ivo Hazelhoff": (False, office.clock.day),
        "Piet Bos": (False, None),
    }
    wrong = office.run(listed(heading, "1;Joris;Hazelhoff;Hanna Kuipers;;misschien;;;"))
    assert only(wrong) == ("error", "yes_no_wrong")


def test_partial_birth_dates_are_kept_as_they_are(office: Office, listed: Listed) -> None:
    office.run(listed(HEADING, "1;Nour;al;Masri;00-00-2015;;;;"))
    (pupil,) = office.rows(PupilRow)
    assert (pupil.birth_date, pupil.birth_date_partial) == (None, "2015")
    office.run(listed(HEADING, "1;Nour;al;Masri;04-05-2015;;;;"))
    office.run(listed(HEADING, "1;Nour;al;Masri;2015;;;;"))
    (pupil,) = office.rows(PupilRow)
    assert (pupil.birth_date, pupil.birth_date_partial) == (date(2015, 5, 4), "")
