"""What was destroyed after a backup stays gone wherever it is put back; and no database opens that shows it."""

import shutil
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from werkzeug.test import Client

from dms.app import App
from dms.cli.site import build
from dms.db.tables import BackupRow, PlacementRow, TombstoneRow
from dms.kernel.errors import DmsError, NotFound, SetupWrong
from dms.model.backups import BackupState
from dms.model.documents import ItemState, PlacementState, Source
from dms.services.backup.shapes import LedgerMissing
from dms.services.backup.step import NotReplayed, follow_whole
from dms.services.shapes import Hints
from storage.errors import KeyMissing
from storage.ledger import FILE_NAME, LedgerDamaged
from tests.backup.backup_world import Elsewhere
from tests.destruction.destroy_world import (
    Canary,
    Place,
    canaries,
    carried_out,
    current,
    finish,
    left,
    opened,
    pdf,
    started,
)
from tests.houses import BRIN, OPERATOR, House


def destroyed_since(place: Place, file: Path) -> tuple[list[Canary], Canary]:
    """Papers that were destroyed after a backup in `file`, and one that was not."""
    going = canaries(place, 2, mark="weg")
    (staying,) = canaries(place, 1, nth=1, mark="blijft", gone=None)
    place.app.backups.make(OPERATOR, file)
    progress = carried_out(place, started(place))
    assert (progress.destroyed, progress.failed) == (2, 0), progress
    return going, staying


def hints_of(place: Place) -> Hints:
    """What would let a paper of the first pupil file itself."""
    return Hints(pupil_number=current(place), category="OND-05", document_date=date(2019, 3, 1))


def stays_gone(place: Place, house: House, going: list[Canary], staying: Canary) -> None:
    """Nothing of what was destroyed is in this house, and everything of the rest is."""
    app = house.app
    for one in going:
        with pytest.raises(NotFound):
            app.documents.show(house.by("carla"), one.document_id)
        with pytest.raises(KeyMissing):
            app.keys.get(one.document_id)
        assert app.search.search(house.by("carla"), one.text).total == 0
    assert app.documents.show(house.by("carla"), staying.document_id).title == staying.title
    assert app.search.search(house.by("carla"), staying.text).total == 1
    assert not {x.document_id for x in app.retention.terms.due(place.clock.today())} & {x.document_id for x in going}
    with app.database.read() as session:
        states = dict(session.execute(select(PlacementRow.document_id, PlacementRow.state)).tuples().all())
        assert {states[x.document_id] for x in going} == {PlacementState.DESTROYED}
        assert len(session.scalars(select(TombstoneRow)).all()) == 2
    report = app.checks.check(full=True)
    assert report.well, report.details


@pytest.mark.slow
def test_a_backup_from_before_a_destruction(house: House, tmp_path: Path) -> None:
    file = tmp_path / "kopie.dk"
    with opened(house.folder) as place:
        going, staying = destroyed_since(place, file)
        there = Elsewhere(tmp_path / "elders", house.folder)
        done = there.restore(file, clock=place.clock)
        assert done.replayed == 2
        with closing(there.open(place.clock).app) as app:
            again = House(app, there.folder)
            stays_gone(place, again, going, staying)
            found = left(Place(again, place.clock), [word for x in going for word in x.words])
            assert found == {}, found
            # The same paper does not come in again without a reason.
            data = pdf((f"Woord {going[0].text} in de tekst.",), "weg0x0")
            intake = app.receive.receive(OPERATOR, BRIN, Source.UPLOAD, [("opnieuw.pdf", [data])], hints_of(place))
            finish(app)
            (item,) = again.items(intake)
            assert item.state is not ItemState.FILED
            with app.database.read() as session:
                known = session.scalars(select(BackupRow.state)).all()
                assert sorted(known) == sorted([BackupState.KEPT, BackupState.UNKNOWN])


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.s3
def test_the_same_on_a_server(house: House, tmp_path: Path, empty_postgres_url: str, s3_url: str) -> None:
    file = tmp_path / "kopie.dk"
    with opened(house.folder) as place:
        going, staying = destroyed_since(place, file)
        server = {"DMS_DATABASE_URL": empty_postgres_url, "DMS_OBJECT_STORE": s3_url}
        there = Elsewhere(tmp_path / "elders", house.folder, server)
        assert there.restore(file, clock=place.clock).replayed == 2
        with closing(there.open(place.clock).app) as app:
            stays_gone(place, House(app, there.folder), going, staying)


@pytest.mark.slow
def test_a_database_that_was_put_back_by_hand_does_not_open(house: House, tmp_path: Path) -> None:
    house.app.close()
    old = tmp_path / "oud.sqlite"
    database = house.folder / "var" / "dossierkluis.sqlite"
    with opened(house.folder) as place:
        going = canaries(place, 2)
        with closing(sqlite3.connect(database)) as standing, closing(sqlite3.connect(old)) as copied:
            standing.backup(copied)
        carried_out(place, started(place))
        clock = place.clock
    shutil.copy(old, database)
    here = Elsewhere(house.folder, house.folder)
    with pytest.raises(NotReplayed):
        App.open(here.settings(), clock)
    with closing(App.open(here.settings(), clock, in_step=False)) as app:
        answer = Client(build(app)).get("/readyz")
        assert answer.status_code == 503
        assert answer.get_json()["parts"]["ledger"] == {"ready": False, "code": "not_replayed"}
        done = follow_whole(app.restoring().tools, app.ledger, OPERATOR)
        assert done.documents == 2
        finish(app)
    with closing(App.open(here.settings(), clock)) as app:
        assert Client(build(app)).get("/readyz").get_json()["parts"]["ledger"] == {"ready": True}
        for one in going:
            with pytest.raises(NotFound):
                app.documents.show(House(app, house.folder).by("carla"), one.document_id)


@pytest.mark.slow
def test_a_ledger_that_is_not_the_one(house: House, tmp_path: Path) -> None:
    file, ledger = tmp_path / "kopie.dk", house.folder / "ledger" / FILE_NAME
    with opened(house.folder) as place:
        canaries(place, 2)
        carried_out(place, started(place))
        place.app.backups.make(OPERATOR, file)
        clock = place.clock
    whole = ledger.read_bytes()
    there = Elsewhere(tmp_path / "elders", house.folder)
    wrongs: list[tuple[bytes | None, type[DmsError]]] = [
        (None, LedgerMissing),
        (b"", LedgerMissing),
        (whole.splitlines(keepends=True)[0], LedgerMissing),
        (whole.replace(b'"number":1', b'"number":2', 1), LedgerDamaged),
    ]
    for content, error in wrongs:
        ledger.unlink(missing_ok=True)
        if content is not None:
            ledger.write_bytes(content)
        with pytest.raises(error):
            there.restore(file, clock=clock)
        assert there.is_empty
        if error is LedgerMissing:  # and the house itself does not go on without its ledger
            with pytest.raises(SetupWrong, match=r"korter"):
                App.open(Elsewhere(house.folder, house.folder).settings(), clock)
    ledger.write_bytes(whole)
    assert there.restore(file, clock=clock).replayed == 0
