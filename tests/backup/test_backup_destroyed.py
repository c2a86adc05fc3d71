"""What was destroyed after a backup stays gone wherever it is put back; and no database opens that shows it."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
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
from tests.backup.backup_world import Elsewhere, clone
from tests.backup.conftest import FULL
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
from tests.disposal.disposal_world import MovedClock
from tests.houses import BRIN, OPERATOR, House


@dataclass(frozen=True)
class After:
    """A closed house in which two papers were destroyed; what it was like before, and what is left of it."""

    folder: Path
    clock: MovedClock
    going: list[Canary]
    staying: Canary
    hints: Hints
    file: Path
    """A backup from before."""
    later: Path
    """A backup from after."""
    database: Path
    """The database's file from before."""


@pytest.fixture(scope="module")
def after(house_template: Path, tmp_path_factory: pytest.TempPathFactory) -> After:
    folder, aside = tmp_path_factory.mktemp("na") / "house", tmp_path_factory.mktemp("kopieën")
    shutil.copytree(house_template, folder)
    with opened(folder) as place:
        going = canaries(place, 2, mark="weg")
        (staying,) = canaries(place, 1, nth=1, mark="blijft", gone=None)
        place.app.backups.make(OPERATOR, aside / "voor.dk")
        standing = sqlite3.connect(folder / "var" / "dossierkluis.sqlite")
        with closing(standing), closing(sqlite3.connect(aside / "voor.sqlite")) as copied:
            standing.backup(copied)
        progress = carried_out(place, started(place))
        assert (progress.destroyed, progress.failed) == (2, 0), progress
        place.app.backups.make(OPERATOR, aside / "na.dk")
        hints = Hints(pupil_number=current(place), category="OND-05", document_date=date(2019, 3, 1))
        return After(
            folder, place.clock, going, staying, hints, aside / "voor.dk", aside / "na.dk", aside / "voor.sqlite"
        )


def stays_gone(after: After, house: House) -> None:
    """Nothing of what was destroyed is in this house, and everything of the rest is."""
    app, going, staying = house.app, after.going, after.staying
    for one in going:
        with pytest.raises(NotFound):
            app.documents.show(house.by("carla"), one.document_id)
        with pytest.raises(KeyMissing):
            app.keys.get(one.document_id)
        assert app.search.search(house.by("carla"), one.text).total == 0
    assert app.documents.show(house.by("carla"), staying.document_id).title == staying.title
    assert app.search.search(house.by("carla"), staying.text).total == 1
    assert not {x.document_id for x in app.retention.terms.due(after.clock.today())} & {x.document_id for x in going}
    with app.database.read() as session:
        states = dict(session.execute(select(PlacementRow.document_id, PlacementRow.state)).tuples().all())
        assert {states[x.document_id] for x in going} == {PlacementState.DESTROYED}
        assert len(session.scalars(select(TombstoneRow)).all()) == 2
    report = app.checks.check(full=True)
    assert report.well, report.details


@pytest.mark.slow
def test_a_backup_from_before_a_destruction(after: After, tmp_path: Path) -> None:
    there = Elsewhere(tmp_path / "elders", after.folder)
    assert there.restore(after.file, clock=after.clock).replayed == 2
    again = there.open(after.clock)
    with closing(again.app) as app:
        stays_gone(after, again)
        found = left(Place(again, after.clock), [word for x in after.going for word in x.words])
        assert found == {}, found
        # The same paper does not come in again without a reason.
        data = pdf((f"Woord {after.going[0].text} in de tekst.",), "weg0x0")
        intake = app.receive.receive(OPERATOR, BRIN, Source.UPLOAD, [("opnieuw.pdf", [data])], after.hints)
        finish(app)
        (item,) = again.items(intake)
        assert item.state is not ItemState.FILED
        with app.database.read() as session:
            known = session.scalars(select(BackupRow.state)).all()
            assert sorted(known) == sorted([BackupState.KEPT, BackupState.UNKNOWN])


@pytest.mark.slow
@pytest.mark.skipif(not FULL, reason="the same on servers: in full runs")
@pytest.mark.postgres
@pytest.mark.s3
def test_the_same_on_a_server(after: After, tmp_path: Path, empty_postgres_url: str, s3_url: str) -> None:
    server = {"DMS_DATABASE_URL": empty_postgres_url, "DMS_OBJECT_STORE": s3_url}
    there = Elsewhere(tmp_path / "elders", after.folder, server)
    assert there.restore(after.file, clock=after.clock).replayed == 2
    again = there.open(after.clock)
    with closing(again.app):
        stays_gone(after, again)


@pytest.mark.slow
def test_a_database_that_was_put_back_by_hand_does_not_open(after: After, tmp_path: Path) -> None:
    folder = clone(after.folder, tmp_path / "house")
    shutil.copy(after.database, folder / "var" / "dossierkluis.sqlite")
    here = Elsewhere(folder, folder)
    with pytest.raises(NotReplayed):
        App.open(here.settings(), after.clock)
    with closing(App.open(here.settings(), after.clock, in_step=False)) as app:
        answer = Client(build(app)).get("/readyz")
        assert answer.status_code == 503
        assert answer.get_json()["parts"]["ledger"] == {"ready": False, "code": "not_replayed"}
        assert follow_whole(app.restoring().tools, app.ledger, OPERATOR).documents == 2
        finish(app)
    with closing(App.open(here.settings(), after.clock)) as app:
        assert Client(build(app)).get("/readyz").get_json()["parts"]["ledger"] == {"ready": True}
        stays_gone(after, House(app, folder))


@pytest.mark.slow
def test_a_ledger_that_is_not_the_one(after: After, tmp_path: Path) -> None:
    folder = clone(after.folder, tmp_path / "house")
    ledger = folder / "ledger" / FILE_NAME
    whole = ledger.read_bytes()
    there = Elsewhere(tmp_path / "elders", folder)
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
            there.restore(after.later, clock=after.clock)
        assert there.is_empty
        if error is LedgerMissing:  # and the house itself does not go on without its ledger
            with pytest.raises(SetupWrong, match=r"korter"):
                App.open(Elsewhere(folder, folder).settings(), after.clock)
    ledger.write_bytes(whole)
    assert there.restore(after.later, clock=after.clock).replayed == 0
