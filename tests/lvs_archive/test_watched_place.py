"""Exports that come by themselves: taken when they are whole, once, and applied only where nothing is in doubt."""

import os
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import func, select

from dms.app import App
from dms.db.tables import PupilImportRow, PupilRow, WatchedFileRow
from dms.jobs.watched_folder import DONE, REFUSED, WatchedFolder
from dms.kernel.crashpoints import watched
from dms.kernel.errors import NotFound, Refused
from dms.model.pupil_files import ImportState
from dms.settings import load
from ingest.service.watched import DOSSIERS, WatchRule
from tests.houses import BRIN, House, settings_of
from tests.lvs_archive.archive_files import archive, pdf

HEAD = "leerlingnummer;roepnaam;achternaam;geboortedatum;groep;inschrijfdatum\n"
NEW = HEAD + "987001;Noor;Proefsma;03-03-2016;groep 5;01-08-2024\n"
KILLED = 42


def put(folder: Path, name: str, text: str | bytes) -> Path:
    """An export that an LVS wrote and renamed."""
    place = folder / BRIN
    place.mkdir(parents=True, exist_ok=True)
    path = place / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def settle(house: House) -> None:
    house.app.pupil_imports.read_waiting()
    while house.app.dossier_work.work():
        pass
    house.app.watched.follow()


def states(house: House) -> list[ImportState]:
    with house.app.database.read() as session:
        watched_ids = select(WatchedFileRow.import_id)
        rows = session.scalars(
            select(PupilImportRow).where(PupilImportRow.id.in_(watched_ids)).order_by(PupilImportRow.received_at)
        )
        return [x.state for x in rows]


def known(house: House, number: str = "987001") -> bool:
    with house.app.database.read() as session:
        return bool(session.scalar(select(func.count()).select_from(PupilRow).where(PupilRow.number == number)))


def test_a_file_waits_for_a_person_until_the_school_says_otherwise(house: House, tmp_path: Path) -> None:
    folder = WatchedFolder(house.app, tmp_path / "in", keep=True)
    path = put(tmp_path / "in", "lijst.csv", NEW)
    assert folder.turn() == 0, "it may still be written"
    assert folder.turn() == 1
    assert not path.exists()
    assert (path.parent / DONE / "lijst.csv").exists()
    settle(house)
    assert states(house) == [ImportState.READY]
    assert not known(house)
    assert house.app.watched.waiting(house.by("anouk"), BRIN) == 1
    assert house.app.watched.waiting(house.by("bram"), BRIN) is None
    house.app.watched.set_rule(house.by("anouk"), BRIN, WatchRule(apply_alone=True))
    settle(house)
    assert states(house) == [ImportState.APPLIED]
    assert known(house)
    assert house.app.watched.waiting(house.by("anouk"), BRIN) == 0


def test_what_is_in_doubt_waits_all_the_same(house: House, tmp_path: Path) -> None:
    house.app.watched.set_rule(house.by("anouk"), BRIN, WatchRule(apply_alone=True))
    folder = WatchedFolder(house.app, tmp_path / "in", keep=False)
    put(tmp_path / "in", "lijst.csv", NEW + "987001;Ander;Iemand;04-04-2011;groep 8;01-08-2024\n")
    path = put(tmp_path / "in", "datum.csv", HEAD + "987002;Bo;Proefsma;31-02-2016;groep 5;01-08-2024\n")
    assert (folder.turn(), folder.turn()) == (0, 2)
    assert not path.exists()
    settle(house)
    assert states(house) == [ImportState.READY, ImportState.READY]
    assert not known(house)
    assert not known(house, "987002")


def test_what_is_being_written_hidden_or_a_link_is_left(house: House, tmp_path: Path) -> None:
    folder = WatchedFolder(house.app, tmp_path / "in", keep=False)
    growing = put(tmp_path / "in", "groeit.csv", NEW)
    put(tmp_path / "in", ".verborgen.csv", NEW)
    put(tmp_path / "in", "half.csv.part", NEW)
    put(tmp_path / "in", "leeg.csv", "")
    secret = tmp_path / "geheim.csv"
    secret.write_text(NEW)
    (tmp_path / "in" / BRIN / "wijst.csv").symlink_to(secret)
    folder.turn()
    growing.write_text(NEW + "987003;Nog;Een;03-03-2016;groep 5;01-08-2024\n")
    assert folder.turn() == 0
    assert folder.turn() == 1
    assert folder.turn() == 0
    assert sorted(x.name for x in (tmp_path / "in" / BRIN).iterdir()) == [
        ".verborgen.csv", "half.csv.part", "leeg.csv", "wijst.csv",
    ]  # fmt: skip
    assert secret.exists()


def test_the_same_file_again_is_another_file(house: House, tmp_path: Path) -> None:
    folder = WatchedFolder(house.app, tmp_path / "in", keep=True)
    for _ in range(2):
        put(tmp_path / "in", "lijst.csv", NEW)
        folder.turn()
        assert folder.turn() == 1
    assert sorted(x.name for x in (tmp_path / "in" / BRIN / DONE).iterdir()) == ["lijst (2).csv", "lijst.csv"]
    assert len(states(house)) == 2


def test_an_archive_is_looked_over_and_always_waits(house: House, tmp_path: Path) -> None:
    house.app.watched.set_rule(house.by("anouk"), BRIN, WatchRule(apply_alone=True))
    folder = WatchedFolder(house.app, tmp_path / "in", keep=False)
    put(tmp_path / "in", "dossiers.zip", archive([("brief.pdf", pdf("Een brief."))]))
    folder.turn()
    assert folder.turn() == 1
    settle(house)
    assert house.app.dossiers.waiting(house.by("anouk"), BRIN) == 1
    with house.app.database.read() as session:
        assert session.scalars(select(WatchedFileRow)).one().kind == DOSSIERS


def test_what_can_never_come_in_is_moved_aside(house: House, tmp_path: Path) -> None:
    folder = WatchedFolder(house.app, tmp_path / "in", keep=False)
    path = put(tmp_path / "in", "groot.csv", b"")
    with path.open("r+b") as file:
        file.truncate(3 * 1024**3)  # a file with a hole: large, and no room taken
    folder.turn()
    folder.turn()
    assert not path.exists()
    assert (path.parent / REFUSED / "groot.csv").exists()


@pytest.mark.slow
@pytest.mark.parametrize("point", ["watched.taking", "watched.kept", "watched.taken", "watched.removed"])
def test_killed_anywhere_the_file_is_taken_once_and_never_lost(house: House, tmp_path: Path, point: str) -> None:
    path = put(tmp_path / "in", "lijst.csv", NEW)
    process = os.fork()
    if not process:

        def kill(name: str) -> None:
            if name == point:
                os._exit(KILLED)

        app = App.open(load(settings_of(house.folder), house.folder))
        with watched(kill):
            dying = WatchedFolder(app, tmp_path / "in", keep=False)
            dying.turn()
            dying.turn()
        os._exit(0)
    _, status = os.waitpid(process, 0)
    assert os.waitstatus_to_exitcode(status) == KILLED
    assert path.exists() or len(states(house)) == 1, "the file or what it became is there"
    folder = WatchedFolder(house.app, tmp_path / "in", keep=False)
    folder.turn()
    folder.turn()
    assert not path.exists()
    assert len(states(house)) == 1


def test_who_may_choose(house: House) -> None:
    for name, fault in (("bram", Refused), ("mees", NotFound)):
        with pytest.raises(fault):
            house.app.watched.set_rule(house.by(name), BRIN, WatchRule(apply_alone=True))
    assert not house.app.watched.rule(house.by("gijs"), BRIN).apply_alone


def test_a_program_may_send_an_export(house: House) -> None:
    house.app.watched.set_rule(house.by("anouk"), BRIN, WatchRule(apply_alone=True))
    taken = house.app.watched.receive(house.by("anouk"), BRIN, "lijst.csv", BytesIO(NEW.encode()))
    settle(house)
    assert house.app.pupil_imports.view(house.by("anouk"), taken.import_id).state is ImportState.APPLIED
