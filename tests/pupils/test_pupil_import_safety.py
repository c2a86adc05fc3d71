"""Who may import, what may not leak, and what happens when two want the same."""

import json
import sqlite3
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import update
from structlog.testing import capture_logs

from dms.db.leases import take
from dms.db.tables import AuditEventRow, DossierRow, GroupRow, PersonRow, PupilRow, RoleHeldRow, UserRow
from dms.kernel.errors import BadInput, Conflict, NotFound, Refused
from dms.kernel.ids import new_id
from dms.model.events import ActorKind, By, EventKind
from dms.services.pupil_import import PupilImport
from dms.services.pupil_import.judge import Judge
from dms.services.tools import digest_scope
from tests.pupils.conftest import OPERATOR, Office

HEADING = "leerlingnummer;roepnaam;achternaam;geboortedatum;bsn;onderwijsnummer;brin;groep"
SEM = "1307;Sem;Berg;03-01-2015;111222333;101222331;99XX;groep 7"
Listed = Callable[..., str]


def staff(office: Office, role: str, until: date | None = None, disabled: bool = False) -> By:
    """A new account with a role at the school."""
    with office.tools.database.begin() as uow:
        user = UserRow(
            id=new_id(),
            email=f"{new_id().hex}@deregenboog.example",
            name="Anouk",
            created_at=uow.now,
            disabled_at=uow.now if disabled else None,
        )
        uow.session.add(user)
        uow.session.flush()
        uow.session.add(
            RoleHeldRow(
                user_id=user.id, role=role, board_id=office.school.board_id, school_id=office.school.id, until=until
            )
        )
    return By(ActorKind.USER, user.id)


def test_who_may_import(office: Office, listed: Listed) -> None:
    content = listed(HEADING, SEM)
    for role in ("administratie", "applicatiebeheerder"):
        assert office.run(content, apply=False, by=staff(office, role)).counts["new"] == 1
    for role in ("mentor", "intern_begeleider", "directeur", "ouder"):
        with pytest.raises(Refused):
            office.run(content, by=staff(office, role))
    strangers = (
        staff(office.another("99ZZ"), "administratie"),
        staff(office, "administratie", until=office.clock.day),
        staff(office, "administratie", disabled=True),
        By(ActorKind.SYSTEM),
        By(ActorKind.TOKEN, new_id()),
    )
    for by in strangers:
        with pytest.raises(NotFound):
            office.run(content, by=by)
    assert office.rows(PupilRow) == []
    with pytest.raises(NotFound):
        PupilImport(office.tools).run(OPERATOR, "12AB", office.file(content), apply=True)


def test_a_preview_changes_nothing(office: Office, listed: Listed) -> None:
    report = office.run(listed(HEADING, SEM), apply=False)
    assert (report.applied, report.counts["new"]) == (False, 1)
    for kind in (PupilRow, PersonRow, GroupRow, DossierRow, AuditEventRow):
        assert office.rows(kind) == []
    assert list(office.tools.vault.keys.ids()) == []


def test_national_numbers_are_nowhere_in_the_open(sqlite_office: Office, listed: Listed) -> None:
    office = sqlite_office
    with capture_logs() as logs:
        report = office.run(listed(HEADING, SEM))
    (pupil,) = office.rows(PupilRow)
    vault = office.tools.vault
    assert vault.unseal(pupil.id, "bsn", pupil.bsn_sealed) == b"111222333"
    assert vault.unseal(pupil.id, "education_number", pupil.education_number_sealed) == b"101222331"
    assert pupil.bsn_digest == vault.keyed_digest(digest_scope("99XX"), [b"111222333"])
    changed = office.run(listed(HEADING, SEM.replace("111222333", "123456782")), apply=False)
    shown = json.dumps([report.as_dict(), changed.as_dict(), logs], default=str) + repr(changed)
    office.tools.database.close()
    raw = b"".join(x.read_bytes() for x in office.folder.rglob("*") if x.is_file() and x.suffix != ".csv")
    for number in ("111222333", "123456782", "101222331"):
        assert number not in shown
        assert number.encode() not in raw
    assert b"Berg" in raw  # the search does look where the data is
    assert "Berg" not in json.dumps(logs, default=str)


def test_another_school_has_other_digests_and_other_pupils(office: Office, listed: Listed) -> None:
    office.run(listed(HEADING, SEM))
    other = office.another("99ZZ")
    report = other.run(listed(HEADING, SEM.replace("99XX", "99ZZ")))
    assert report.counts["new"] == 1
    first, second = sorted(office.rows(PupilRow), key=lambda x: x.school_id != office.school.id)
    assert first.bsn_digest != second.bsn_digest
    assert first.person_id != second.person_id


def test_rows_of_another_school(sqlite_office: Office, listed: Listed) -> None:
    mixed = sqlite_office.run(listed(HEADING, SEM.replace("99XX", "99ZZ"), "2;Elif;Gümüş;;;;99xx.00;"))
    assert [x.outcome.value for x in mixed.rows] == ["error", "new"]
    with pytest.raises(BadInput) as refused:
        sqlite_office.run(listed(HEADING, SEM.replace("99XX", "99ZZ")))
    assert refused.value.code == "other_school"


def test_one_import_at_a_time(office: Office, listed: Listed) -> None:
    content = listed(HEADING, SEM)
    assert take(office.tools.database, "pupil-import:99XX", "someone", 60)
    with pytest.raises(Conflict) as busy:
        office.run(content)
    assert busy.value.code == "import_running"
    assert office.run(content, apply=False).counts["new"] == 1
    assert office.another("99ZZ").run(content.replace("99XX", "99ZZ")).applied


def test_what_was_agreed_to_is_what_is_applied(office: Office, listed: Listed) -> None:
    file = office.file(listed(HEADING, SEM))
    importing = PupilImport(office.tools)
    agreed = importing.run(OPERATOR, "99XX", file, apply=False)
    office.run(listed(HEADING, "2;Elif;Gümüş;;;;;"))
    with pytest.raises(Conflict) as changed:
        importing.run(OPERATOR, "99XX", file, apply=True, expected_base=agreed.base)
    assert changed.value.code == "base_changed"
    anew = importing.run(OPERATOR, "99XX", file, apply=False)
    assert importing.run(OPERATOR, "99XX", file, apply=True, expected_base=anew.base).applied


def test_a_change_in_between_is_seen(office: Office, listed: Listed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Someone changes a pupil after the list was judged: it is judged again, and nothing of theirs is lost."""
    office.run(listed(HEADING, SEM))
    judge, judged = Judge.judge, []

    def meddled(self: Judge, *rest: Any, **more: Any) -> object:
        result = judge(self, *rest, **more)
        if not judged:
            with office.tools.database.begin() as uow:
                uow.session.execute(update(PupilRow).values(email="x@post.example", row_version=9))
        judged.append(result)
        return result

    monkeypatch.setattr(Judge, "judge", meddled)
    office.run(listed(HEADING, SEM.replace("groep 7", "groep 8")))
    (pupil,) = office.rows(PupilRow)
    assert len(judged) == 2
    assert (pupil.email, pupil.row_version) == ("x@post.example", 10)


def test_all_or_nothing(sqlite_office: Office, listed: Listed) -> None:
    """A fault in the middle of the transaction leaves nothing behind, and the next import can run."""
    with sqlite3.connect(sqlite_office.tools.database.engine.url.database or "") as connection:
        connection.execute("CREATE TRIGGER full BEFORE INSERT ON audit_events BEGIN SELECT RAISE(ABORT, 'full'); END")
    content = listed(HEADING, SEM)
    with pytest.raises(Exception, match="full"):
        sqlite_office.run(content)
    for kind in (PupilRow, PersonRow, GroupRow, DossierRow):
        assert sqlite_office.rows(kind) == []
    with sqlite3.connect(sqlite_office.tools.database.engine.url.database or "") as connection:
        connection.execute("DROP TRIGGER full")
    assert sqlite_office.run(content).counts["new"] == 1


def test_every_pupil_has_its_event(office: Office, listed: Listed) -> None:
    by = staff(office, "administratie")
    office.run(listed(HEADING, SEM, "2;Elif;Gümüş;;;;;"), by=by)
    office.run(listed(HEADING, SEM.replace("groep 7", "groep 8"), "2;Elif;Gümüş;;;;;"), by=by)
    events = sorted(office.rows(AuditEventRow), key=lambda x: x.id)
    assert [x.kind for x in events] == [
        EventKind.PUPIL_CREATED,
        EventKind.PUPIL_CREATED,
        EventKind.PUPILS_IMPORTED,
        EventKind.PUPIL_CHANGED,
        EventKind.PUPILS_IMPORTED,
    ]
    assert events[3].details == {"fields": "groep"}
    assert events[3].subject in {events[0].subject, events[1].subject}
    assert events[4].details == {"new": 0, "changed": 1, "unchanged": 1, "conflict": 0, "error": 0}
    assert {(x.actor_id, x.school_id) for x in events} == {(by.user_id, office.school.id)}
    assert not {x.id for x in office.rows(PupilRow)} & {x.subject for x in events}


def test_files_that_are_refused(sqlite_office: Office) -> None:
    importing = PupilImport(sqlite_office.tools)
    for path in (sqlite_office.folder / "weg.csv", sqlite_office.folder):
        with pytest.raises(BadInput):
            importing.run(OPERATOR, "99XX", path, apply=True)
