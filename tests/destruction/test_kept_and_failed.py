"""What stays, what fails and is done again, what is shared, what lies in the bin, and pupils' own data."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, update
from werkzeug.test import Client

from dms.db.tables import (
    AuditSubjectRow,
    DestroyedPupilRow,
    DestructionCertificateRow,
    DestructionItemRow,
    DestructionRunRow,
    DisposalItemRow,
    DocumentVersionRow,
    DossierRow,
    ItemRow,
    PlacementRow,
    PupilCarerRow,
    PupilRow,
    TombstoneRow,
)
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import BadInput, Conflict
from dms.model.destruction import RunKind, RunState
from dms.model.disposal import ListState
from dms.model.documents import ItemState, PlacementState, Source
from dms.model.events import Event, EventKind
from dms.model.retention import HoldOn
from dms.services.shapes import Hints
from dms.web.factory import create_app
from retention.service.holds_place import HoldTarget
from retention.service.signing import verify
from storage.errors import KeyDestroyed, StoreDown
from storage.ledger import Destroyed
from tests.destruction.destroy_world import (
    Canary,
    Place,
    canaries,
    carried_out,
    current,
    finish,
    left,
    list_state,
    opened,
    pdf,
    settle_runs,
    started,
)
from tests.houses import BRIN, OPERATOR, PASSWORD, copy
from tests.security.guarded_world import csrf, email, sign_in

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def place(house_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """One house for all that happens here, one thing after another."""
    folder = tmp_path_factory.mktemp("destroy")
    copy(house_template, folder).app.close()
    with opened(folder) as made:
        yield made


def reason_of(place: Place, canary: Canary) -> str:
    """Why the item of a document stayed, on the list that was carried out last."""
    with place.app.database.read() as session:
        asked = select(DisposalItemRow).where(DisposalItemRow.placement_id == canary.placement_id)
        return session.scalars(asked.order_by(DisposalItemRow.step_at.desc())).all()[0].state_reason


def state_of(place: Place, canary: Canary) -> PlacementState:
    """Where a placement is in its life."""
    with place.app.database.read() as session:
        return session.get_one(PlacementRow, canary.placement_id).state


def readable(place: Place, canary: Canary) -> bool:
    """Whether a document can still be opened with its key."""
    try:
        place.app.vault.keys.get(canary.document_id)
    except KeyDestroyed:
        return False
    return True


def touched(uow: UnitOfWork, placement_id: UUID) -> PlacementRow:
    """A placement that a test changes by hand, with a line in the log."""
    row = uow.session.get_one(PlacementRow, placement_id)
    uow.record(Event(EventKind.PUPIL_CHANGED, OPERATOR, row.board_id, pupil_id=row.pupil_id))
    return row


def test_a_hold_a_change_and_another_category_keep_and_say_so(place: Place) -> None:
    held, changed, moved, goes = canaries(place, 4, nth=0, mark="a")
    app = place.app
    made = started(place, [x.placement_id for x in (held, changed, moved, goes)], "Blijft en gaat")
    app.retention.holds.add(place.house.by("femke"), HoldTarget(HoldOn.DOCUMENT, str(held.document_id)), "Rechtszaak")
    with app.database.begin() as uow:
        touched(uow, moved.placement_id).category = "OND-03"
        uow.session.execute(
            update(DocumentVersionRow)
            .where(DocumentVersionRow.document_id == changed.document_id)
            .values(digest="anders")
        )
    progress = carried_out(place, made)
    assert (progress.destroyed, progress.kept, progress.failed) == (1, 3, 0), progress
    assert [reason_of(place, x) for x in (held, changed, moved)] == ["held", "changed", "reclassified"]
    assert {state_of(place, x) for x in (held, changed, moved)} == {PlacementState.ACTIVE}
    assert all(readable(place, x) for x in (held, changed, moved))
    assert not readable(place, goes)
    with app.database.begin() as uow:
        touched(uow, changed.placement_id)
        item = uow.session.scalars(select(ItemRow).where(ItemRow.document_id == changed.document_id)).one()
        uow.session.execute(
            update(DocumentVersionRow)
            .where(DocumentVersionRow.document_id == changed.document_id)
            .values(digest=item.digest)
        )
    body = app.destruction.certificates.of_list(OPERATOR, made).body
    assert (body["kept"], body["run"]["destroyed"]) == ({"held": 1, "changed": 1, "reclassified": 1}, 1)


def test_a_shared_document_leaves_one_dossier_only_and_its_key_dies_with_the_last(place: Place) -> None:
    (shared,) = canaries(place, 1, nth=1, mark="b")
    app, house = place.app, place.house
    other = house.pupil_id(current(place, 7))
    with app.database.begin() as uow:
        first = touched(uow, shared.placement_id)
        dossier = uow.session.scalars(select(DossierRow).where(DossierRow.pupil_id == other)).one()
        second = PlacementRow(
            document_id=first.document_id,
            dossier_id=dossier.id,
            board_id=first.board_id,
            school_id=first.school_id,
            pupil_id=other,
            category=first.category,
            category_version_id=first.category_version_id,
            level=first.level,
            created_at=uow.now,
            changed_at=uow.now,
        )
        uow.session.add(second)
        uow.reindex(first.document_id)
        uow.flush()
        second_id = second.id
    finish(app)
    made = started(place, [shared.placement_id], "Gedeeld stuk")
    assert carried_out(place, made).destroyed == 1
    assert readable(place, shared)
    assert state_of(place, shared) is PlacementState.DESTROYED
    last = list(app.ledger.read())[-1].entry
    assert (last.kind, last.id, last.tombstones) == (Destroyed.PLACEMENT, shared.placement_id, ())
    body = app.destruction.certificates.of_list(OPERATOR, made).body
    assert (body["destroyed"][0]["documents"], body["destroyed"][0]["places"]) == (0, 1)
    assert left(place, [shared.title]) != {}, "it lives on in the other dossier"

    enrol_ended(place, other)
    again = started(place, [second_id], "Het laatste exemplaar")
    assert carried_out(place, again).destroyed == 1
    assert not readable(place, shared)
    assert left(place, shared.words) == {}


def enrol_ended(place: Place, pupil_id: UUID) -> None:
    """The pupil left so long ago that most papers are due."""
    from tests.destruction.destroy_world import RECENTLY
    from tests.retention.retention_world import enrol

    enrol(place.house, pupil_id, RECENTLY)


def test_one_that_fails_holds_up_no_other_and_a_retry_does_only_what_is_left(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck, goes = canaries(place, 2, nth=2, mark="c")
    app, house = place.app, place.house
    made = started(place, [stuck.placement_id, goes.placement_id], "Deels")
    real = app.vault.delete_all
    asked: list[UUID] = []

    def locked(document_id: UUID) -> int:
        asked.append(document_id)
        if document_id == stuck.document_id and len(asked) < 100:
            raise StoreDown
        return real(document_id)

    monkeypatch.setattr(app.vault, "delete_all", locked)
    progress = carried_out(place, made)
    assert (progress.destroyed, progress.failed, progress.state) == (1, 1, RunState.PARTLY_FAILED), progress
    assert list_state(place, made) is ListState.PARTLY_FAILED
    assert app.destruction.certificates.of_list(OPERATOR, made).body["failed"] == {"store_down": 1}
    assert not readable(place, stuck), "after the key there is only forward"
    browser = Client(create_app(app))
    assert sign_in(browser, email("dirk"), PASSWORD).status_code == 303
    assert "De opslag gaf een fout." in browser.get(f"/vernietiging/{made}").text

    monkeypatch.undo()
    dirk = house.by("dirk")
    with pytest.raises(BadInput):
        app.destruction.execution.retry(dirk, made, "Iets anders")
    before = len(list(app.ledger.read()))
    app.destruction.execution.retry(dirk, made, "Deels")
    assert carried_out(place, made).state is RunState.COMPLETED
    assert len(list(app.ledger.read())) == before, "its line was there"
    assert left(place, stuck.words + goes.words) == {}
    first, second = app.destruction.certificates.all_of_list(OPERATOR, made)
    key = app.destruction.certificates.public_key()
    assert second.number == first.number + 1
    assert verify(second.text, key, first.text).holds
    assert [x.body["run"]["destroyed"] for x in (first, second)] == [1, 1]
    with pytest.raises(Conflict):
        app.destruction.execution.retry(dirk, made, "Deels")


@pytest.mark.parametrize("where", ["temp", "row", "object", "index"])
def test_a_survivor_stops_the_certificate(place: Place, where: str) -> None:
    (gone,) = canaries(place, 1, nth=3, mark=f"d{where}")
    app, made = place.app, started(place, [gone.placement_id], f"Overlevende {where}")
    certificates = len(all_certificates(place))
    planted = place.house.folder / "var" / "jobs" / "vergeten.tmp"
    if where == "temp":
        planted.parent.mkdir(exist_ok=True)
        planted.write_bytes(b"x" * 5000 + gone.title.encode() + b"y" * 70)
    elif where == "row":
        with app.database.begin() as uow:
            board = touched(uow, gone.placement_id).board_id
            uow.record(Event(EventKind.PUPIL_CHANGED, OPERATOR, board, note=f"Zie {gone.title}."))
    elif where == "object":
        app.vault.store.put("zz/vergeten", [b"plat: " + gone.name.encode()])
    else:
        (place.house.folder / "var" / "index" / "oud.trm").write_bytes(b"\0" + gone.field.encode())
    progress = carried_out(place, made)
    assert (progress.state, progress.fault) == (RunState.PARTLY_FAILED, "remains"), progress
    assert len(all_certificates(place)) == certificates
    with pytest.raises(Conflict):
        app.destruction.certificates.of_list(OPERATOR, made)

    planted.unlink(missing_ok=True)
    app.vault.store.delete("zz/vergeten")
    (place.house.folder / "var" / "index" / "oud.trm").unlink(missing_ok=True)
    if where == "row":
        with app.database.begin() as uow:
            touched(uow, gone.placement_id)
            from dms.db.tables import AuditNoteRow

            for note in uow.session.scalars(select(AuditNoteRow).where(AuditNoteRow.text.contains(gone.title))):
                uow.session.delete(note)
    app.destruction.execution.retry(place.house.by("dirk"), made, f"Overlevende {where}")
    assert carried_out(place, made).state is RunState.COMPLETED
    assert app.destruction.certificates.of_list(OPERATOR, made).body["run"]["destroyed"] == 1


def all_certificates(place: Place) -> list[DestructionCertificateRow]:
    """All that were made."""
    with place.app.database.read() as session:
        return list(session.scalars(select(DestructionCertificateRow).order_by(DestructionCertificateRow.number)))


def test_the_bin_goes_by_itself_after_its_days_unless_something_keeps_it(place: Place) -> None:
    thrown, held = canaries(place, 2, nth=4, mark="e", gone=date(2030, 8, 1))
    (obliged,) = canaries(place, 1, nth=5, mark="f", category="ADM-02", gone=date(2025, 8, 1))
    app, house = place.app, place.house
    anouk = house.by("anouk")
    for one in (thrown, held, obliged):
        with app.database.begin() as uow:
            from dms.services.filing import to_bin

            to_bin(uow, anouk, touched(uow, one.placement_id))
            uow.reindex(one.document_id)
    finish(app)
    assert app.destruction.bin.sweep() == 0, "it can still be put back"
    place.clock.ahead += timedelta(days=31)
    app.retention.holds.add(house.by("femke"), HoldTarget(HoldOn.DOCUMENT, str(held.document_id)), "Rechtszaak")
    assert app.destruction.bin.sweep() == 1
    assert app.destruction.bin.sweep() == 0, "the same again changes nothing"
    (run,) = settle_runs(place, RunKind.BIN)
    assert run.state is RunState.COMPLETED
    assert not readable(place, thrown)
    assert readable(place, held)
    assert readable(place, obliged), "the minimum of the schedule still runs"
    assert left(place, thrown.words) == {}
    certificate = app.destruction.certificates.of_school(OPERATOR, run.school_id)[-1]
    assert certificate.body["decision"] == {"kind": "bin"}
    assert verify(certificate.text, app.destruction.certificates.public_key()).holds


def test_pupils_own_data_go_with_the_last_document_or_when_they_become_due(place: Place) -> None:
    (paper,) = canaries(place, 1, nth=6, mark="g", gone=date(2019, 8, 1))
    app = place.app
    pupil_id = place.house.pupil_id(current(place, 6))
    with app.database.read() as session:
        pupil = session.get_one(PupilRow, pupil_id)
        name, digests = f"{pupil.given_name} {pupil.surname}", {pupil.bsn_digest} - {None}
        carers = session.scalars(select(PupilCarerRow.carer_id).where(PupilCarerRow.pupil_id == pupil_id)).all()
    assert carers
    made = started(place, [paper.placement_id], "Met de leerling zelf")
    progress = carried_out(place, made)
    assert (progress.destroyed, progress.pupils) == (1, 1), progress
    with app.database.read() as session:
        assert session.get(PupilRow, pupil_id) is None
        assert not session.scalars(select(AuditSubjectRow).where(AuditSubjectRow.pupil_id == pupil_id)).all()
        assert not session.scalars(select(PupilCarerRow).where(PupilCarerRow.pupil_id == pupil_id)).all()
        assert digests <= set(session.scalars(select(DestroyedPupilRow.digest)))
    assert app.vault.keys.missing([pupil_id]) == {pupil_id}
    assert {Destroyed.PUPIL, Destroyed.DOCUMENT} <= {x.entry.kind for x in app.ledger.read()}
    assert left(place, [name]) == {}
    body = app.destruction.certificates.of_list(OPERATOR, made).body
    assert body["pupils"]["count"] == 1
    assert name not in str(body)

    (later,) = canaries(place, 1, nth=8, mark="h")
    other = place.house.pupil_id(current(place, 8))
    assert carried_out(place, started(place, [later.placement_id], "Alleen het stuk")).pupils == 0
    assert app.destruction.pupils.sweep() == 0
    place.clock.ahead += timedelta(days=5 * 366)
    assert app.destruction.pupils.sweep() >= 1
    runs = settle_runs(place, RunKind.PUPILS)
    assert {x.state for x in runs} == {RunState.COMPLETED}, [(x.fault, x.report.get("remains")) for x in runs]
    with app.database.read() as session:
        assert session.get(PupilRow, other) is None
        assert session.scalars(select(DestructionItemRow).where(DestructionItemRow.pupil_id == other)).one()


def test_what_was_destroyed_does_not_come_in_again_without_a_reason(place: Place) -> None:
    (gone,) = canaries(place, 1, nth=9, mark="i")
    app, house = place.app, place.house
    carried_out(place, started(place, [gone.placement_id], "Komt niet terug"))
    number = current(place, 10)
    data = pdf((f"Woord {gone.text} in de tekst.",), "i9x0")
    hints = Hints(pupil_number=number, category="OND-05", document_date=date(2026, 3, 1))
    app.receive.receive(OPERATOR, BRIN, Source.UPLOAD, [("terug.pdf", [data])], hints)
    finish(app)
    with app.database.read() as session:
        item = session.scalars(select(ItemRow).where(ItemRow.name == "terug.pdf")).one()
    assert (item.state, item.reason_code) == (ItemState.DESK, "destroyed_before")
    anouk, pupil_id = house.by("anouk"), house.pupil_id(number)

    def filed() -> UUID:
        return app.desk.file(
            anouk,
            item.id,
            item.row_version,
            pupil_id=pupil_id,
            category="OND-05",
            document_date=date(2026, 3, 1),
            title="Terug",
        )

    with pytest.raises(Conflict) as told:
        filed()
    assert told.value.code == "destroyed_before"
    with pytest.raises(BadInput):
        app.destruction.tombstones.lift(anouk, item.id, " ")
    browser, page = Client(create_app(app)), f"/postbak/{item.id}"
    assert sign_in(browser, email("anouk"), PASSWORD).status_code == 303
    token, button = csrf(browser), "Toch toelaten"
    assert button in browser.get(page).text
    silent = browser.post(f"{page}/toch-toelaten", data={"csrf_token": token, "waarom": " "})
    assert (silent.status_code, button in silent.text) == (400, True)
    why = {"csrf_token": token, "waarom": "De rechter vraagt erom"}
    assert browser.post(f"{page}/toch-toelaten", data=why).location == page
    assert button not in browser.get(page).text
    assert browser.post(f"{page}/toch-toelaten", data=why).status_code == 409
    with pytest.raises(Conflict):
        app.destruction.tombstones.lift(anouk, item.id, "De rechter vraagt erom")
    assert filed()
    with app.database.read() as session:
        stones = session.scalars(select(TombstoneRow).where(TombstoneRow.overridden_at.is_not(None))).all()
        assert [x.digest for x in stones] == [item.digest]


def test_in_the_end_all_agrees(place: Place) -> None:
    """Rows, objects, keys, index, log and ledger are consistent after everything above."""
    report = place.app.checks.check(full=True)
    assert report.well, report.details
    count, faults = place.app.ledger.verify()
    assert (faults, count > 8) == ([], True)
    key = place.app.destruction.certificates.public_key()
    rows = all_certificates(place)
    assert [x.number for x in rows] == list(range(1, len(rows) + 1))
    for one, before in zip(rows[1:], rows, strict=False):
        assert verify(one.text, key, before.text).holds
    with place.app.database.read() as session:
        unfinished = select(DestructionRunRow).where(DestructionRunRow.state != RunState.COMPLETED)
        assert session.scalars(unfinished).all() == []
