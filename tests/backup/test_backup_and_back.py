"""A backup holds everything, on either kind of database and store and across them, also while people work."""

import os
import signal
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import NoReturn
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.app import App
from dms.db import dump
from dms.db.tables import AuditEventRow, BackupRow, SessionRow
from dms.kernel.errors import BadInput
from dms.model.backups import BackupState
from dms.model.events import EventKind
from dms.services.backup import content
from dms.services.fixity import ExpectedRef
from dms.settings import load
from tests import houses
from tests.backup.backup_world import Elsewhere, LaterClock, file_papers, readable, told
from tests.backup.conftest import Origin
from tests.houses import OPERATOR, PASSWORD, House


@pytest.mark.slow
def test_everything_comes_back(origin: Origin, elsewhere: Elsewhere) -> None:
    done = elsewhere.restore(origin.file)
    assert (done.contents.documents, done.replayed) == (3, 0)
    house = elsewhere.open()
    with closing(house.app) as app:
        assert told(app) == told(origin.house.app)
        assert len(readable(app)) == 3
        assert readable(app) == readable(origin.house.app)
        report = app.checks.check(full=True)
        assert report.well, report.details
        assert app.search.search(house.by("carla"), "kanarie").total == 1
        with app.database.read() as session:
            row = session.get_one(BackupRow, done.contents.head.id)
            assert (row.state, row.documents) == (BackupState.KEPT, 3)
            assert session.scalar(select(AuditEventRow.id).where(AuditEventRow.kind == EventKind.BACKUP_RESTORED))


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.s3
def test_across_kinds_of_database_and_store(
    origin: Origin, tmp_path: Path, empty_postgres_url: str, s3_url: str
) -> None:
    server = {"DMS_DATABASE_URL": empty_postgres_url, "DMS_OBJECT_STORE": s3_url}
    there = Elsewhere(tmp_path / "server", origin.house.folder, server)
    there.restore(origin.file)
    house = there.open()
    with closing(house.app) as app:
        assert told(app) == told(origin.house.app)
        assert app.checks.check(full=True).well
        file_papers(house, "nieuw")  # numbers that the database gives out go on where they were
        file = tmp_path / "dinsdag.dk"
        app.backups.make(OPERATOR, file)
        after, papers = told(app), readable(app)
    back = Elsewhere(tmp_path / "terug", origin.house.folder)
    back.restore(file)
    with closing(back.open().app) as app:
        assert told(app) == after
        assert len(papers) == 4
        assert readable(app) == papers
        assert app.checks.check(full=True).well


@pytest.mark.slow
def test_who_was_signed_in_signs_in_again(house: House, tmp_path: Path) -> None:
    house.app.accounts.sign_in("anouk@deregenboog.example", PASSWORD)
    house.app.backups.make(OPERATOR, tmp_path / "kopie.dk")
    with house.app.database.read() as session:
        assert session.scalars(select(SessionRow.id)).all()
    there = Elsewhere(tmp_path / "elders", house.folder)
    there.restore(tmp_path / "kopie.dk")
    with closing(there.open().app) as app, app.database.read() as session:
        assert session.scalars(select(SessionRow.id)).all() == []


@pytest.mark.slow
def test_made_while_papers_come_in_and_are_read_again(house: House, tmp_path: Path) -> None:
    documents = file_papers(house, "een", "twee")
    house.app.close()  # a process of its own has connections of its own
    worker = os.fork()
    if worker == 0:
        work_on(house.folder, documents)
    try:
        for turn in range(2):
            _, lost = house.app.backups.make(OPERATOR, tmp_path / f"{turn}.dk")
            assert lost == ()
            time.sleep(1)
    finally:
        os.kill(worker, signal.SIGKILL)
        os.waitpid(worker, 0)
    there = Elsewhere(tmp_path / "elders", house.folder)
    there.restore(tmp_path / "1.dk")
    again = there.open(LaterClock(1))
    with closing(again.app) as app:
        again.work()  # what was being read when the picture was taken
        assert set(documents) <= set(readable(app))
        report = app.checks.check(full=True)
        assert replace(report, objects_orphan=0).well, report.details


def work_on(folder: Path, documents: list[UUID]) -> NoReturn:
    """Read papers again and take new ones in, without end."""
    try:
        mine = House(App.open(load(houses.settings_of(folder), folder)), folder)
        for number in range(1000):
            mine.app.documents.read_again(mine.by("anouk"), documents[number % 2])
            file_papers(mine, f"stuk{number}")
    finally:
        os._exit(1)


def test_the_files_hold_no_word_of_what_they_hold(origin: Origin) -> None:
    names = [x.surname.encode() for x in origin.house.schools()[0].current_pupils[:40] if len(x.surname) > 5]
    secrets = [x.hex().encode() for x in origin.house.app.keys.get_many(origin.documents).values()]
    raw = list(origin.house.app.keys.get_many(origin.documents).values())
    for path in (origin.file, origin.file.with_name(origin.file.name + ".keys")):
        data = path.read_bytes()
        assert len(data) > 1000
        assert not [x for x in (*names, *secrets, *raw, b"Regenboog", b"kanarie") if x in data]
        assert path.stat().st_mode & 0o077 == 0


def test_every_column_of_every_table_can_be_dumped() -> None:
    shapes = dump.shapes()
    assert len(shapes) > 80
    assert {kind for x in shapes for _, kind in x.columns} == {
        "uuid", "json", "bool", "date", "instant", "bytes", "float", "int", "text",
    }  # fmt: skip
    order = [x.name for x in shapes]
    assert order.index("boards") < order.index("schools") < order.index("documents")


@pytest.mark.parametrize("days", [0, -1, 401])
def test_days_that_make_no_sense(origin: Origin, tmp_path: Path, days: int) -> None:
    with pytest.raises(BadInput):
        origin.house.app.backups.make(OPERATOR, tmp_path / "kopie.dk", days)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_replaced(origin: Origin, tmp_path: Path) -> None:
    (tmp_path / "kopie.dk.keys").write_text("van iemand anders")
    for name in ("kopie.dk", "geen-map/kopie.dk"):
        with pytest.raises(BadInput):
            origin.house.app.backups.make(OPERATOR, tmp_path / name)
    assert (tmp_path / "kopie.dk.keys").read_text() == "van iemand anders"
    assert [x.name for x in tmp_path.iterdir()] == ["kopie.dk.keys"]


def test_the_log_is_whole_when_it_was_sealed_while_the_backup_was_made(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = content.expected_objects

    def meanwhile(session: Session, part: str) -> list[ExpectedRef]:
        if not list(tmp_path.glob("gedaan")):
            (tmp_path / "gedaan").touch()
            house.app.accounts.sign_in("anouk@deregenboog.example", PASSWORD)
            house.app.checks.seal_audit()
        return real(session, part)

    monkeypatch.setattr(content, "expected_objects", meanwhile)
    house.app.checks.seal_audit()
    house.app.backups.make(OPERATOR, tmp_path / "kopie.dk")
    assert (tmp_path / "gedaan").exists()
    there = Elsewhere(tmp_path / "elders", house.folder)
    there.restore(tmp_path / "kopie.dk")
    with closing(there.open().app) as app:
        assert app.checks.verify_audit()[1] == []
