"""A school that leaves takes everything along: the same papers, rights, terms and log in another, empty house."""

import csv
import json
import os
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select

from dms.app import App
from dms.db.tables import Base, DocumentRow, PupilRow, UserRow
from dms.services.backup.shapes import NotEmpty
from dms.services.exit.facts import differences
from dms.services.exit.load import ExitImport
from dms.services.exit.scope import LEFT_OUT, SchoolScope
from dms.services.shapes import SchoolView
from dms.settings import load
from tests import houses
from tests.exit.conftest import Leaving
from tests.houses import BRIN, OPERATOR, House


def elsewhere(folder: Path, export: Path, **more: str) -> House:
    """The export read into an empty place."""
    folder.mkdir()
    settings = load(houses.settings_of(folder, **more), folder)
    bare = App.bare(settings)
    try:
        ExitImport(bare.restoring(), export).run(OPERATOR)
    finally:
        bare.close()
    return House(App.open(settings), folder)


@pytest.mark.slow
def test_nothing_is_lost_on_the_way(leaving: Leaving, tmp_path: Path) -> None:
    house = elsewhere(tmp_path / "nieuw", leaving.file)
    with closing(house.app) as app:
        found = app.exit.facts(BRIN)
        assert differences(leaving.facts, found) == []
        assert found["documents"]["count"] == 3
        reached = {x: found["rights"][f"{x}@deregenboog.example"]["read"]["count"] for x in ("dirk", "carla", "gijs")}
        assert reached == {"dirk": 3, "carla": 2, "gijs": 0}, "the shield holds in the new house"
        assert "mees@hetkompas.example" not in found["rights"], "another school's people stay where they are"
        assert [x.brin for x in app.schools.list()] == [BRIN]
        app.checks.seal_audit()
        app.indexing.ensure()
        report = app.checks.check(full=True)
        assert (report.objects_missing, report.keys_missing, report.fixity_bad, report.audit_bad) == (0, 0, 0, 0)
        with app.database.read() as session:
            assert not [x for x in session.scalars(select(UserRow.password_hash)) if x is not None]
            pupil = session.scalars(select(PupilRow).where(PupilRow.bsn_sealed.is_not(None)).limit(1)).one()
        with leaving.house.app.database.read() as session:
            same = session.get_one(PupilRow, pupil.id)
        assert pupil.bsn_sealed is not None
        assert same.bsn_sealed is not None
        opened = app.vault.unseal(pupil.id, "bsn", pupil.bsn_sealed)
        assert opened == leaving.house.app.vault.unseal(same.id, "bsn", same.bsn_sealed)


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.skipif(os.environ.get("DMS_TEST_FULL") != "1", reason="full run only")  # noqa: TID251 - how thorough
def test_from_a_folder_into_a_server(leaving: Leaving, tmp_path: Path, empty_postgres_url: str) -> None:
    house = elsewhere(tmp_path / "server", leaving.folder, DMS_DATABASE_URL=empty_postgres_url)
    with closing(house.app) as app:
        assert differences(leaving.facts, app.exit.facts(BRIN)) == []


def test_only_into_an_empty_house(leaving: Leaving) -> None:
    with pytest.raises(NotEmpty):
        ExitImport(leaving.house.app.restoring(), leaving.file).run(OPERATOR)


def test_a_person_can_use_the_files_without_us(leaving: Leaving) -> None:
    folder = leaving.folder
    assert "UITVOER VAN" in (folder / "LEESMIJ.txt").read_text()
    with (folder / "overzichten/documenten.csv").open(encoding="utf-8-sig", newline="") as file:
        papers = list(csv.DictReader(file, delimiter=";"))
    assert len(papers) == 3
    for one in papers:
        assert (folder / one["bestand"]).read_bytes().startswith(b"%PDF"), one["bestand"]
        assert one["bestand"].startswith(f"dossiers/{one['leerlingnummer']}_{one['achternaam']}")
    with (folder / "overzichten/leerlingen.csv").open(encoding="utf-8-sig", newline="") as file:
        pupils = list(csv.DictReader(file, delimiter=";"))
    assert any(x["bsn"].isdecimal() and len(x["bsn"]) == 9 for x in pupils)
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["documenten"] == 3
    assert manifest["tabellen"]["pupils"] == len(pupils)
    tables = {x["tabel"]: x for x in json.loads((folder / "gegevens/tabellen.json").read_text())}
    with (folder / "gegevens/documents.jsonl").open() as file:
        row = json.loads(next(file))
    assert set(row) == {x["naam"] for x in tables["documents"]["kolommen"]}


def test_every_table_goes_along_or_says_why_not() -> None:
    """What stays is named with its reason, or is bound to an account alone, or to the installation itself."""
    names = {x.name for x in Base.metadata.sorted_tables}
    assert {x for x in LEFT_OUT if x not in names} <= {"portal_sessions"}
    scope = SchoolScope(_some_school())
    along = {x.name for x in scope.tables()}
    apart = names - along - LEFT_OUT.keys()
    for name in apart:
        columns = set(Base.metadata.tables[name].columns.keys())
        assert not columns & {"school_id", "board_id", "pupil_id", "document_id", "placement_id", "dossier_id"}, name
    assert {"documents", "placements", "audit_events", "tombstones", "holds", "users", "retention_rules"} <= along


def test_what_is_of_another_school_stays(leaving: Leaving) -> None:
    text = (leaving.folder / "gegevens/pupils.jsonl").read_text()
    with leaving.house.app.database.read() as session:
        others = [x for x in leaving.house.app.schools.list() if x.brin != BRIN]
        ids = session.scalars(select(PupilRow.id).where(PupilRow.school_id.in_([x.id for x in others]))).all()
        documents = session.scalars(select(DocumentRow.id)).all()
    assert len(ids) > 5
    assert not [x for x in ids if x.hex in text]
    assert len(documents) == 3


def _some_school() -> SchoolView:
    return SchoolView(uuid4(), BRIN, "De Regenboog", uuid4(), "Stichting Horizon")
