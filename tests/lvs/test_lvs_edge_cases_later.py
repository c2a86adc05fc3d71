"""Rows of the table of edge cases that are about time: days, names, schools, older files, groups, two at once."""

from collections.abc import Callable
from datetime import date

import pytest

from dms.db.tables import (
    AuditEventRow,
    DestroyedPupilRow,
    DossierRow,
    EnrolmentRow,
    FormerNameRow,
    GroupPlacementRow,
    GroupRow,
    PupilIdentifierRow,
    PupilRow,
)
from dms.kernel.errors import Conflict
from dms.kernel.ids import new_id
from dms.model.documents import DossierState
from dms.model.events import EventKind
from dms.services.tools import digest_scope
from ingest.rules.pupils.identifiers import number_digest
from tests.lvs.files import Desk, edex, leerling, outcomes, sem, warned
from tests.pupils.conftest import Office

Listed = Callable[..., str]
HEADING = "leerlingnummer;roepnaam;voorvoegsel;achternaam;geboortedatum;bsn;groep;inschrijfdatum;uitschrijfdatum"


def kinds(office: Office) -> list[EventKind]:
    """Kinds of the log's lines, oldest first."""
    return [x.kind for x in sorted(office.rows(AuditEventRow), key=lambda x: x.id)]


def test_future_registration(office: Office, listed: Listed) -> None:
    """Dossier status aangemeld, no retention clock."""
    office.run(edex(sem(instroomdatum="2026-08-01")))
    office.run(listed(HEADING, "9;Elif;;Gümüş;04-05-2022;;;01-08-2026;"))
    dossiers = office.rows(DossierRow)
    assert [(x.state, x.opened_on, x.closed_on) for x in dossiers] == [(DossierState.REGISTERED, None, None)] * 2


def test_leaving_day_in_the_past_in_the_future_and_removed(office: Office) -> None:
    """The clock starts only on a reached date; it stops, and that is logged, on return."""
    office.run(edex(sem()))
    office.run(edex(sem(uitstroomdatum="2026-07-31")))
    (dossier,) = office.rows(DossierRow)
    assert (dossier.state, dossier.closed_on) == (DossierState.OPEN, None)
    office.run(edex(sem(uitstroomdatum="2026-03-06")))
    (dossier,) = office.rows(DossierRow)
    assert (dossier.state, dossier.closed_on) == (DossierState.CLOSED, date(2026, 3, 7))
    report = office.run(edex(sem()))
    assert "uitschrijfdatum" in {x.field for x in report.rows[0].changes}
    (dossier,) = office.rows(DossierRow)
    assert (dossier.state, dossier.closed_on) == (DossierState.OPEN, None)
    assert kinds(office)[-2] is EventKind.DOSSIER_OPENED


def test_a_missing_leaving_day_means_nothing_in_uwlr(office: Office) -> None:
    """UWLR leaves the day out: a pupil who left stays so."""
    office.run(edex(sem(uitstroomdatum="2026-03-06")))
    fields = {"achternaam": "Berg", "voorvoegsel": "van der", "roepnaam": "Sem", "geboortedatum": "2015-01-03"}
    report = office.run(edex(leerling("K1", **fields), uwlr=True))
    assert outcomes(report) == [("unchanged", "")]
    assert office.rows(DossierRow)[0].state is DossierState.CLOSED


def test_returns_after_leaving_with_a_new_number(office: Office, listed: Listed) -> None:
    """A second enrolment, the same dossier; the old number kept."""
    office.run(listed(HEADING, "1;Sem;;Berg;03-01-2015;111222333;groep 3;01-08-2020;31-07-2022"))
    back = office.run(listed(HEADING, "77;Sem;;Berg;03-01-2015;111222333;groep 7;01-08-2025;"))
    assert outcomes(back) == [("changed", "")]
    assert len(office.rows(DossierRow)) == 1
    assert sorted((x.since, x.until) for x in office.rows(EnrolmentRow)) == [
        (date(2020, 8, 1), date(2022, 8, 1)),
        (date(2025, 8, 1), None),
    ]
    assert [x.shown for x in office.rows(PupilIdentifierRow) if x.kind == "leerlingnummer"] == ["1"]


def test_returns_after_the_dossier_was_destroyed(office: Office, listed: Listed) -> None:
    """A new dossier, with a pointer to the record of the destruction."""
    key = office.tools.vault.keys.digest_key(digest_scope("99XX"))
    reference = new_id()
    with office.tools.database.begin() as uow:
        uow.session.add(
            DestroyedPupilRow(
                school_id=office.school.id,
                digest=number_digest(key, "111222333"),
                reference=reference,
                destroyed_on=date(2024, 8, 1),
            )
        )
    report = office.run(listed(HEADING, "77;Sem;;Berg;03-01-2015;111222333;groep 7;01-08-2025;"))
    assert outcomes(report) == [("new", "")]
    assert warned(report) == {"destroyed_before"}
    assert [x.destroyed_before for x in office.rows(PupilRow)] == [reference]


def test_name_change(office: Office, listed: Listed) -> None:
    """The old name in restricted history; what is shown has the new name only. By key, and by number."""
    office.run(edex(sem()))
    office.run(edex(sem(achternaam="Jansen", voorvoegsel="", roepnaam="Sam")))
    (pupil,) = office.rows(PupilRow)
    assert (pupil.given_name, pupil.prefix, pupil.surname, pupil.sort_name) == ("Sam", "", "Jansen", "jansen sam")
    assert [(x.given_name, x.surname) for x in office.rows(FormerNameRow)] == [("Sem", "Berg")]


def test_two_schools(office: Office) -> None:
    """Two dossiers where the controllers differ; nothing shared without a transfer."""
    other = office.another("99ZZ")
    office.run(edex(sem(bsn="111222333")))
    other.run(edex(sem(bsn="111222333"), brin="99ZZ"))
    pupils = office.rows(PupilRow)
    assert len({x.school_id for x in pupils}) == len({x.person_id for x in pupils}) == len(office.rows(DossierRow)) == 2
    assert len({x.bsn_digest for x in pupils}) == 2


def test_missing_from_the_newest_or_a_partial_file(office: Office, listed: Listed) -> None:
    """Reported, untouched."""
    elif_ = leerling("K2", achternaam="Gümüş", roepnaam="Elif", geboortedatum="2014-05-04")
    office.run(edex(sem(), elif_))
    before = {x.id: x.row_version for x in office.rows(PupilRow)}
    report = office.run(edex(sem(), made="2026-03-02"))
    assert report.absent == ("K2",)
    assert {x.id: x.row_version for x in office.rows(PupilRow)} == before
    assert {x.state for x in office.rows(DossierRow)} == {DossierState.OPEN}


def test_an_older_file_after_a_newer(desk: Desk) -> None:
    """Warned, explicit confirmation."""
    desk.imports.apply(desk.by, desk.preview(edex(sem(), made="2026-03-08")).id)
    older = desk.preview(edex(sem(roepnaam="Samuel"), made="2026-03-01"))
    assert (older.made_on, older.newer) == (date(2026, 3, 1), date(2026, 3, 8))
    with pytest.raises(Conflict) as asked:
        desk.imports.apply(desk.by, older.id)
    assert asked.value.code == "older_file"
    assert [x.given_name for x in desk.office.rows(PupilRow)] == ["Sem"]
    desk.imports.apply(desk.by, older.id, confirm_older=True)
    assert [x.given_name for x in desk.office.rows(PupilRow)] == ["Samuel"]
    with pytest.raises(Conflict) as at_once:
        desk.office.run(edex(sem(), made="2026-03-01"))
    assert at_once.value.code == "older_file"


def test_group_renamed_split_and_unknown_key(office: Office) -> None:
    """Placement history kept; an unknown key = warning."""
    both = {"G7": ("groep 7/8", "7"), "G8": ("groep 7/8", "8")}
    elif_ = {"achternaam": "Gümüş", "roepnaam": "Elif", "geboortedatum": "2014-05-04"}
    office.run(edex(sem(), leerling("K2", groups=["G8"], **elif_), groups=both))
    (group,) = office.rows(GroupRow)
    split = {"G7": ("groep 7", "7"), "G8": ("groep 8", "8")}
    office.clock.day = date(2026, 3, 12)
    office.run(edex(sem(), leerling("K2", groups=["G8"], **elif_), groups=split, made="2026-03-12"))
    names = {x.id: x.name for x in office.rows(GroupRow)}
    stays = sorted((names[x.group_id], x.until) for x in office.rows(GroupPlacementRow) if x.until)
    assert stays == [("groep 7/8", date(2026, 3, 12))] * 2
    renamed = {"G7": ("De Dolfijnen", "7"), "G8": ("groep 8", "8")}
    report = office.run(edex(sem(), leerling("K2", groups=["G9"], **elif_), groups=renamed, made="2026-03-12"))
    assert outcomes(report) == [("unchanged", ""), ("unchanged", "")]
    assert warned(report) == {"group_unknown"}
    assert {x.name for x in office.rows(GroupRow)} == {"groep 7/8", "De Dolfijnen", "groep 8"}
    assert group.id in names


def test_interrupted_upload(desk: Desk) -> None:
    """Rolled back: a file that stops in the middle is refused, and nothing changed."""
    whole = edex(sem(), leerling("K2", achternaam="Gümüş", roepnaam="Elif"))
    view = desk.preview(whole[: len(whole) // 2])
    assert view.state == "refused"
    assert view.refusal is not None
    assert view.refusal.code == "xml_broken"
    assert desk.office.rows(PupilRow) == []


def test_two_imports_at_once(desk: Desk) -> None:
    """One import per school at a time."""
    first, second = desk.preview(edex(sem())), desk.preview(edex(sem(roepnaam="Samuel")))
    with desk.imports._judge.alone(desk.office.school), pytest.raises(Conflict) as running:
        desk.imports.apply(desk.by, first.id)
    assert running.value.code == "import_running"
    desk.imports.apply(desk.by, first.id)
    with pytest.raises(Conflict) as changed:
        desk.imports.apply(desk.by, second.id)
    assert changed.value.code == "base_changed"
    assert desk.rows(desk.imports.view(desk.by, second.id)) == [("changed", "")]
