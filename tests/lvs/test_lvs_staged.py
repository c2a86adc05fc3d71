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
    GroupPlacementRow,
    GroupStaffRow,
    PupilImportRow,
    PupilRow,
    UserRow,
)
from dms.demo.people import demo_schools
from dms.kernel.errors import Conflict, NotFound, Refused
from dms.kernel.schoolyear import SchoolYear
from dms.model.events import SYSTEM, EventKind
from dms.model.pupil_files import ChoiceKind, FileFormat, ImportState
from dms.services.fixity import expected_objects
from dms.services.pupil_import import PupilImport
from dms.services.pupil_import.reader import READING_SECONDS
from dms.services.pupil_import.shapes import SchoolRules
from dms.services.tools import Tools
from ingest.rules.pupils.choices import Choice
from ingest.rules.pupils.plan import Outcome
from tests.lvs.files import Desk, edex, leerling, outcomes, warned
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
