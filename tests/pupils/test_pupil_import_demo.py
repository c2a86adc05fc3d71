"""The list of the demo school: in once, and nothing the second time."""

from dms.db.tables import AuditEventRow, DossierRow, GroupRow, PupilRow
from dms.demo.people import regenboog, write_pupils_csv
from dms.kernel.schoolyear import SchoolYear
from dms.model.documents import DossierState
from dms.model.events import EventKind
from dms.services.pupil_import import PupilImport
from tests.pupils.conftest import OPERATOR, Office


def test_the_demo_school_goes_in_once(office: Office) -> None:
    school = regenboog(20, SchoolYear(2025))
    path = office.folder / "regenboog.csv"
    write_pupils_csv(school, path)
    importing = PupilImport(office.tools)

    preview = importing.run(OPERATOR, "99XX", path, apply=False)
    assert preview.counts == {"new": 300, "changed": 0, "unchanged": 0, "conflict": 0, "error": 0}
    assert not preview.applied
    assert office.rows(PupilRow) == []

    done = importing.run(OPERATOR, "99XX", path, apply=True)
    assert done.applied
    assert done.counts == preview.counts
    assert len(office.rows(PupilRow)) == 300
    assert len(office.rows(GroupRow)) == 12
    states = [x.state for x in office.rows(DossierRow)]
    assert states.count(DossierState.CLOSED) == 24
    assert states.count(DossierState.OPEN) == 276
    created = office.rows(AuditEventRow, AuditEventRow.kind == EventKind.PUPIL_CREATED)
    assert len({x.subject for x in created}) == 300

    again = importing.run(OPERATOR, "99XX", path, apply=True)
    assert again.counts == {"new": 0, "changed": 0, "unchanged": 300, "conflict": 0, "error": 0}
    assert len(office.rows(AuditEventRow)) == 302
    assert again.absent == ()
