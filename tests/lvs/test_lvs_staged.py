"""Files that wait between looking and applying: columns, presets, saved mappings, choices, terms, rights."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from dms.db.tables import (
    AuditEventRow,
    EnrolmentRow,
    GroupPlacementRow,
    GroupStaffRow,
    PupilImportRow,
    PupilRow,
    UserRow,
)
from dms.demo.people import demo_schools
from dms.demo.vendor_files import VENDORS, EdexForm, write_edexml, write_list, write_samples, write_worksheet
from dms.kernel.errors import BadInput, Conflict, NotFound, Refused
from dms.kernel.schoolyear import SchoolYear
from dms.model.events import SYSTEM, EventKind
from dms.model.pupil_files import ChoiceKind, EndDay, FileFormat, ImportState
from dms.services.fixity import expected_objects
from dms.services.pupil_import import PupilImport
from dms.services.pupil_import.reader import READING_SECONDS
from dms.services.pupil_import.shapes import ImportOptions, SchoolRules
from dms.services.tools import Tools
from ingest.rules.pupils.choices import Choice
from ingest.rules.pupils.columns import Column
from ingest.rules.pupils.guess import Certainty
from ingest.rules.pupils.plan import Outcome
from tests.lvs.files import Desk, edex, leerling, outcomes, warned, worksheet
from tests.pupils.conftest import OPERATOR, Office
from tests.pupils.test_pupil_import_safety import staff

Listed = Callable[..., str]
HEADING = "leerlingnummer;roepnaam;achternaam;geboortedatum;groep"
SEM = leerling("K1", achternaam="Berg", roepnaam="Sem", geboortedatum="2015-01-03")
SCHOOL = demo_schools(2026, SchoolYear(2025))[0]


def written(write: Callable[..., Any], *words: Any, **more: Any) -> bytes:
    """What a writer of vendors' files writes."""
    out = io.BytesIO()
    write(out, *words, **more)
    return out.getvalue()


def test_from_receipt_to_result(desk: Desk) -> None:
    office, imports, by = desk.office, desk.imports, desk.by
    import_id = desk.put(edex(SEM), name="Leerlingen Sem Berg.xml")
    assert imports.view(by, import_id).state is ImportState.WAITING
    assert imports.read_waiting() == 1
    view = imports.view(by, import_id)
    assert (view.state, view.format, view.file_name) == (
        ImportState.READY,
        FileFormat.EDEXML,
        "Leerlingen Sem Berg.xml",
    )
    assert (view.counts[Outcome.NEW], view.progress, view.absent, view.stale) == (1, 100, 0, False)
    assert office.rows(PupilRow) == []
    stored = b"".join(x.read_bytes() for x in (office.folder / "objects").rglob("*") if x.is_file())
    (row,) = office.rows(PupilImportRow)
    assert b"Berg" not in stored
    assert "Berg" not in repr(vars(row))
    done = imports.apply(by, import_id, expected_base=view.base)
    assert (done.state, done.rows_kept) == (ImportState.APPLIED, True)
    assert imports.apply(by, import_id).state is ImportState.APPLIED
    assert [x.given_name for x in office.rows(PupilRow)] == ["Sem"]
    assert imports.rows(by, import_id, Outcome.NEW).rows[0].name == "Sem Berg"
    assert imports.rows(by, import_id, Outcome.ERROR).total == 0
    kinds = [x.kind for x in sorted(office.rows(AuditEventRow), key=lambda x: x.id)]
    assert kinds == [
        EventKind.PUPIL_FILE_RECEIVED,
        EventKind.PUPIL_FILE_JUDGED,
        EventKind.PUPIL_CREATED,
        EventKind.PUPILS_IMPORTED,
    ]
    with office.tools.database.read() as session:
        assert [x.object_key.rpartition("/")[2] for x in expected_objects(session)] == ["report"]
    assert [x.id for x in imports.history(by, "99XX")] == [import_id]


def test_next_weeks_file_changes_only_what_changed(desk: Desk) -> None:
    elif_ = {"achternaam": "Gümüş", "roepnaam": "Elif", "geboortedatum": "2014-05-04"}
    desk.imports.apply(desk.by, desk.preview(edex(SEM, leerling("K2", **elif_))).id)
    desk.office.clock.day += timedelta(days=7)
    view = desk.preview(edex(SEM, leerling("K2", groups=["G8"], **elif_), made="2026-03-08"))
    assert desk.rows(view) == [("unchanged", ""), ("changed", "")]
    (row,) = desk.imports.rows(desk.by, view.id, Outcome.CHANGED).rows
    assert [(x.field, x.old, x.new) for x in row.changes] == [("groep", "groep 7", "groep 8")]
    assert row.line is not None
    assert row.line > 5
    desk.imports.apply(desk.by, view.id)
    assert sorted((x.since, x.until) for x in desk.office.rows(GroupPlacementRow) if x.until) == [
        (date(2026, 3, 10), date(2026, 3, 17))
    ]


def test_a_preview_that_is_no_longer_true_is_made_again(desk: Desk) -> None:
    view = desk.preview(edex(SEM))
    desk.office.run(f"{HEADING}\n9;Elif;Gümüş;04-05-2014;groep 7\n")
    assert desk.imports.view(desk.by, view.id).stale
    with pytest.raises(Conflict) as stale:
        desk.imports.apply(desk.by, view.id, expected_base=view.base)
    assert stale.value.code == "base_changed"
    again = desk.imports.view(desk.by, view.id)
    assert (again.state, again.stale, again.absent) == (ImportState.READY, False, 1)
    assert [x.number for x in desk.imports.absent(desk.by, view.id)] == ["9"]
    with pytest.raises(Conflict):
        desk.imports.apply(desk.by, view.id, expected_base=view.base)
    desk.imports.apply(desk.by, view.id, expected_base=again.base)


def test_choices_are_offered_taken_and_taken_back(desk: Desk) -> None:
    desk.office.run(f"{HEADING}\n9;Sem;Berg;03-01-2015;groep 7\n")
    (known,) = desk.office.rows(PupilRow)
    view = desk.preview(edex(SEM))
    assert (desk.rows(view), view.open_conflicts) == ([("conflict", "looks_known")], 1)
    (row,) = desk.imports.rows(desk.by, view.id).rows
    assert [(x.kind, x.pupil_id) for x in row.offers] == [
        (ChoiceKind.LINK, known.id),
        (ChoiceKind.NEW, None),
        (ChoiceKind.SKIP, None),
    ]
    skipped = desk.imports.choose(desk.by, view.id, {1: Choice(ChoiceKind.SKIP)})
    assert (desk.rows(skipped), skipped.open_conflicts) == ([("conflict", "skipped")], 0)
    back = desk.imports.choose(desk.by, view.id, {1: None})
    assert (desk.rows(back), back.open_conflicts) == ([("conflict", "looks_known")], 1)
    nonsense = desk.imports.choose(desk.by, view.id, {1: Choice(ChoiceKind.LINK, view.id)})
    assert desk.rows(nonsense) == [("conflict", "looks_known")]
    linked = desk.imports.choose(desk.by, view.id, {1: Choice(ChoiceKind.LINK, known.id)})
    assert desk.rows(linked) == [("changed", "")]
    desk.imports.apply(desk.by, view.id)
    assert [(x.number, x.id) for x in desk.office.rows(PupilRow)] == [("9", known.id)]
    assert desk.office.run(edex(SEM, made="2026-03-02")).counts["unchanged"] == 1


def test_two_people_with_one_identity_stay_two(desk: Desk) -> None:
    """A BSN that belongs to somebody else is not taken over, whatever a person chooses."""
    heading = "leerlingnummer;roepnaam;achternaam;geboortedatum;bsn"
    desk.office.run(f"{heading}\n1;Sem;Berg;03-01-2015;111222333\n2;Elif;Gümüş;04-05-2014;\n")
    view = desk.preview(f"{heading}\n2;Elif;Gümüş;04-05-2014;111222333\n".encode())
    assert desk.rows(view) == [("conflict", "numbers_disagree")]
    elif_ = next(x for x in desk.office.rows(PupilRow) if x.number == "2")
    linked = desk.imports.choose(desk.by, view.id, {2: Choice(ChoiceKind.LINK, elif_.id)})
    assert desk.rows(linked) == [("unchanged", "")]
    assert {y.code for x in desk.imports.rows(desk.by, view.id).rows for y in x.warnings} == {"number_in_use"}


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


def test_nobody_else_sees_or_touches_an_import(sqlite_desk: Desk) -> None:
    view = sqlite_desk.preview(edex(SEM))
    office, imports = sqlite_desk.office, sqlite_desk.imports
    for by, refusal in (
        (staff(office, "mentor"), Refused),
        (staff(office.another("99ZZ"), "administratie"), NotFound),
    ):
        assert not imports.may_import(by, "99XX")
        with pytest.raises(refusal):
            imports.receive(by, "99XX", "x.xml", [b"x"])
        with pytest.raises(refusal):
            imports.history(by, "99XX")
        for act in (imports.view, imports.read, imports.look, imports.absent, imports.rows, imports.discard):
            with pytest.raises(NotFound):
                act(by, view.id)
        with pytest.raises(NotFound):
            imports.apply(by, view.id)
        with pytest.raises(NotFound):
            imports.choose(by, view.id, {})
    assert imports.may_import(staff(office, "administratie"), "99XX")


def test_what_is_put_aside_or_old_is_destroyed(desk: Desk) -> None:
    office, imports, by = desk.office, desk.imports, desk.by
    aside, waiting, applied = (desk.preview(edex(SEM)).id for _ in range(3))
    imports.discard(by, aside)
    imports.apply(by, applied)
    assert imports.view(by, aside).file_name == ""
    with pytest.raises(NotFound):
        imports.rows(by, aside)
    assert imports.sweep() == 0
    office.clock.day += timedelta(days=8)
    assert imports.sweep() == 1
    assert imports.view(by, waiting).state is ImportState.DISCARDED
    office.clock.day += timedelta(days=30)
    assert imports.sweep() == 1
    assert (imports.view(by, applied).state, imports.view(by, applied).rows_kept) == (ImportState.APPLIED, False)
    assert [x for x in (office.folder / "objects").rglob("*") if x.is_file()] == []
    assert imports.sweep() == 0


def test_a_reading_that_died_is_taken_up(sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    office, imports = sqlite_desk.office, sqlite_desk.imports
    import_id = sqlite_desk.put(edex(SEM))
    with office.tools.database.begin() as uow:
        uow.session.execute(update(PupilImportRow).values(state=ImportState.READING))
    assert imports.read_waiting() == 0
    assert imports.read(sqlite_desk.by, import_id).state is ImportState.READING
    with office.tools.database.begin() as uow:
        long_ago = uow.now - timedelta(seconds=READING_SECONDS + 1)
        uow.session.execute(update(PupilImportRow).values(changed_at=long_ago))
    assert imports.read_waiting() == 1
    assert imports.view(SYSTEM, import_id).state is ImportState.READY
    broken = sqlite_desk.put(edex(SEM))

    def breaks(*_: Any, **__: Any) -> None:
        raise RuntimeError("something of ours")

    monkeypatch.setattr("dms.services.pupil_import.reader.read_pupil_file", breaks)
    for _ in range(3):
        with pytest.raises(RuntimeError):
            imports.read(SYSTEM, broken)
    view = imports.view(SYSTEM, broken)
    assert (view.state, view.refusal.code if view.refusal else "") == (ImportState.REFUSED, "unreadable")


def test_mentors_follow_the_file_only_where_the_school_asked(office: Office, listed: Listed) -> None:
    """Known mentors only, whatever `rol` says; who was placed by hand stays; absence ends nothing."""
    bram = staff(office, "mentor")
    with office.tools.database.read() as session:
        email = session.get_one(UserRow, bram.user_id).email
    form = (
        "<leerkracht key='T'><emailadres>%s</emailadres><rol>DIR</rol><groepen><groep key='%s'/></groepen></leerkracht>"
    )
    stranger = form % ("vreemd@school.example", "G8")
    both = edex(SEM, staff=form % (email, "G7") + stranger)
    assert warned(office.run(both)) == set()
    assert office.rows(GroupStaffRow) == []
    desk = Desk(office)
    desk.imports.set_rules(desk.by, "99XX", SchoolRules(mentors=True))
    assert desk.imports.rules(desk.by, "99XX") == SchoolRules(mentors=True)
    report = office.run(both)
    assert {x.code for x in report.notes} == {"staff_unknown"}
    assert [(x.user_id, x.until, x.origin) for x in office.rows(GroupStaffRow)] == [(bram.user_id, None, "edexml")]
    office.run(both)
    assert len(office.rows(GroupStaffRow)) == 1
    office.run(edex(SEM))
    assert [x.until for x in office.rows(GroupStaffRow)] == [None]
    office.clock.day += timedelta(days=1)
    office.run(edex(SEM, leerling("K2", achternaam="Mol", roepnaam="Saar", groups=["G8"]), staff=form % (email, "G8")))
    assert sorted((x.until or date.max) for x in office.rows(GroupStaffRow)) == [office.clock.day, date.max]


def test_eckid_matches_only_where_the_school_asked(sqlite_desk: Desk) -> None:
    eck = "https://ketenid.nl/201703/" + "c" * 128
    office = sqlite_desk.office
    office.run(edex(leerling("#1", eckid=eck, achternaam="Berg", roepnaam="Sem")))
    other = edex(leerling("#2", eckid=eck, achternaam="Berg", roepnaam="Sem"))
    assert outcomes(office.run(other)) == [("new", "")]
    with office.tools.database.begin() as uow:
        uow.session.execute(update(PupilRow).where(PupilRow.number == "N2").values(eckid_digest=None, row_version=9))
    sqlite_desk.imports.set_rules(sqlite_desk.by, "99XX", SchoolRules(match_eckid=True))
    assert outcomes(office.run(other)) == [("unchanged", "")]


def test_a_dummy_key_identifies_nobody(sqlite_office: Office) -> None:
    first = leerling("#1", achternaam="Berg", roepnaam="Sem", geboortedatum="2015-01-03")
    second = leerling("#1", achternaam="Gümüş", roepnaam="Elif", geboortedatum="2014-05-04")
    assert outcomes(sqlite_office.run(edex(first, second))) == [("new", ""), ("new", "")]
    assert outcomes(sqlite_office.run(edex(first))) == [("conflict", "looks_known")]
    assert {x.number for x in sqlite_office.rows(PupilRow)} == {"N1", "N2"}


def test_the_command_refuses_an_older_file_unless_asked(sqlite_office: Office, tmp_path: Path) -> None:
    importing = PupilImport(Tools(sqlite_office.tools.database, sqlite_office.tools.vault, sqlite_office.clock))
    newer, older = sqlite_office.file(edex(SEM, made="2026-03-08")), sqlite_office.file(edex(SEM, made="2026-03-01"))
    importing.run(OPERATOR, "99XX", newer, apply=True)
    assert importing.run(OPERATOR, "99XX", older, apply=False).newer == date(2026, 3, 8)
    with pytest.raises(Conflict):
        importing.run(OPERATOR, "99XX", older, apply=True)
    assert importing.run(OPERATOR, "99XX", older, apply=True, confirm_older=True).applied


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
