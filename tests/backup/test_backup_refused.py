"""What is not, byte for byte, the backup that was made opens nothing; what fails halfway leaves nothing behind."""

import errno
import os
import shutil
import signal
from contextlib import closing, suppress
from pathlib import Path

import pytest

from dms.app import App
from dms.kernel.crashpoints import BackupPoint, RestorePoint, watched
from dms.kernel.errors import DmsError
from dms.model.backups import BackupState
from dms.services.backup.backups import BROKEN_OFF
from dms.services.backup.shapes import BackupExpired, NotEmpty, WrongKey
from dms.settings import load
from storage.backup_file import BackupBroken
from storage.errors import StoreDown, StoreFull
from storage.keys.root import new_root
from tests import houses
from tests.backup.backup_world import Elsewhere, Hook, LaterClock, beside, child, told
from tests.backup.conftest import FULL, Origin
from tests.houses import OPERATOR, House

PLACES = 400 if FULL else 6
FAULTS = [(errno.ENOSPC, StoreFull), (errno.EIO, StoreDown)]
NAMES = {errno.ENOSPC: "full", errno.EIO: "broken"}
MAKING = list(BackupPoint) if FULL else [BackupPoint.FILES_MADE]
PUTTING = list(RestorePoint) if FULL else [RestorePoint.LOADED]
WRITES = ["object.half", "object.renamed", "key.written"]
UNDER = [(x, y) for x in WRITES for y in FAULTS] if FULL else [(WRITES[2], FAULTS[0])]
"""Where a disk fails under a restore, and how."""


def copies(origin: Origin, folder: Path) -> tuple[Path, Path]:
    """Both files of the backup, to spoil."""
    file = Path(shutil.copy(origin.file, folder / "kopie.dk"))
    return file, Path(shutil.copy(beside(origin.file), beside(file)))


def spread(size: int) -> list[int]:
    """Places over a whole file, its first and its last bytes among them."""
    return sorted({0, 5, 11, 14, 40, size - 1, size - 17, *(size * n // PLACES for n in range(PLACES))})


@pytest.mark.slow
@pytest.mark.parametrize("which", [0, 1], ids=["content", "keys"])
def test_a_flipped_bit_or_a_cut_anywhere(origin: Origin, elsewhere: Elsewhere, tmp_path: Path, which: int) -> None:
    files = copies(origin, tmp_path)
    path = files[which]
    whole = path.read_bytes()
    for place in spread(len(whole)):
        for spoiled in (
            whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :],
            whole[:place],
        ):
            path.write_bytes(spoiled)
            with pytest.raises((BackupBroken, WrongKey, DmsError)) as fault:
                elsewhere.restore(files[0])
            assert fault.value.code in {"backup_broken", "backup_key", "bad_input", "backup_expired"}, place
    path.write_bytes(whole + b"\0")
    with pytest.raises(BackupBroken):
        elsewhere.restore(files[0])
    assert elsewhere.is_empty
    path.write_bytes(whole)
    elsewhere.restore(files[0])


def test_keys_of_another_backup(origin: Origin, elsewhere: Elsewhere, tmp_path: Path) -> None:
    other = tmp_path / "ander.dk"
    origin.house.app.backups.make(OPERATOR, other)
    with pytest.raises(DmsError, match=r"niet het sleutelbestand") as fault:
        elsewhere.restore(origin.file, beside(other))
    assert fault.value.code == "bad_input"
    assert elsewhere.is_empty


def test_another_root_key(origin: Origin, tmp_path: Path) -> None:
    stranger = tmp_path / "root.key"
    stranger.write_text(new_root().hex())
    stranger.chmod(0o600)
    there = Elsewhere(tmp_path / "elders", origin.house.folder, {"DMS_ROOT_KEY": f"file:{stranger}"})
    with pytest.raises(WrongKey):
        there.restore(origin.file)
    assert there.is_empty


@pytest.mark.slow
def test_not_over_something(origin: Origin, elsewhere: Elsewhere) -> None:
    elsewhere.restore(origin.file)
    with closing(elsewhere.open().app) as app:
        before = told(app)
    with pytest.raises(NotEmpty):
        elsewhere.restore(origin.file)
    with closing(elsewhere.open().app) as app:
        assert told(app) == before


def test_an_expired_backup_is_unreadable(house: House, tmp_path: Path) -> None:
    app, file = house.app, tmp_path / "kopie.dk"
    made, _ = app.backups.make(OPERATOR, file, days=3)
    kept = Path(shutil.copy(beside(file), tmp_path / "bewaard.keys"))
    there = Elsewhere(tmp_path / "elders", house.folder)
    with pytest.raises(BackupExpired):
        there.restore(file, clock=LaterClock(3))
    assert app.backups.sweep() == 0
    later = App.open(load(houses.settings_of(house.folder), house.folder), LaterClock(3))
    with closing(later):
        assert later.backups.sweep() == 1
        assert later.backups.sweep() == 0
        (view,) = later.backups.all()
        assert view.state is BackupState.EXPIRED
        assert made.id in set(later.keys.destroyed_ids())
    assert not beside(file).exists()
    here = Elsewhere(house.folder, house.folder)
    with closing(App.unopened(here.settings())) as again:
        assert made.id not in set(again.keys.ids())
    # A key store that knows of the end refuses, whatever the clock says and whoever kept the file of keys.
    back = Elsewhere(tmp_path / "terug", house.folder, {"DMS_KEYS": str(house.folder / "keys")})
    with pytest.raises(BackupExpired):
        back.restore(file, kept)


@pytest.mark.slow
def test_without_its_key_in_the_file_nothing_but_a_key_store_opens_it(house: House, tmp_path: Path) -> None:
    file = tmp_path / "kopie.dk"
    made, _ = house.app.backups.make(OPERATOR, file, key_in_file=False)
    assert not made.key_in_file
    with pytest.raises(WrongKey):
        Elsewhere(tmp_path / "elders", house.folder).restore(file)
    kept = {"DMS_KEYS": str(house.folder / "keys")}
    there = Elsewhere(tmp_path / "terug", house.folder, kept)
    there.restore(file)
    with closing(there.open().app) as app:
        assert app.checks.check(full=True).well


@pytest.mark.parametrize(("number", "error"), FAULTS, ids=["full", "broken"])
@pytest.mark.parametrize("point", [BackupPoint.FILE_OPENED, BackupPoint.FILE_HALF, BackupPoint.FILE_WRITTEN])
def test_a_disk_that_fails_under_a_backup(
    origin: Origin, tmp_path: Path, point: BackupPoint, number: int, error: type[DmsError]
) -> None:
    app = origin.house.app

    def hook(name: str) -> None:
        if name == point:
            raise OSError(number, os.strerror(number))

    with watched(hook), pytest.raises(error):
        app.backups.make(OPERATOR, tmp_path / "kopie.dk")
    assert list(tmp_path.iterdir()) == []
    newest = app.backups.all()[0]
    assert newest.state is BackupState.FAILED
    assert newest.id in set(app.keys.destroyed_ids())


@pytest.mark.slow
@pytest.mark.parametrize(("point", "fault"), UNDER, ids=[f"{x}-{NAMES[y[0]]}" for x, y in UNDER])
def test_a_disk_that_fails_under_a_restore(
    origin: Origin, elsewhere: Elsewhere, point: str, fault: tuple[int, type[DmsError]]
) -> None:
    number, _ = fault
    seen = 0

    def hook(name: str) -> None:
        nonlocal seen
        seen += name == point
        if name == point and (seen == 3 or point == "key.written"):
            raise OSError(number, os.strerror(number))

    with watched(hook), pytest.raises(DmsError):
        elsewhere.restore(origin.file)
    assert elsewhere.is_empty
    elsewhere.restore(origin.file)
    with closing(elsewhere.open().app) as app:
        assert told(app) == told(origin.house.app)


@pytest.mark.slow
@pytest.mark.parametrize("point", MAKING)
def test_killed_while_a_backup_is_made(house: House, tmp_path: Path, point: BackupPoint) -> None:
    target = tmp_path / "kopieën"
    target.mkdir()
    house.app.close()

    def make() -> None:
        app = App.open(load(houses.settings_of(house.folder), house.folder))
        app.backups.make(OPERATOR, target / "kopie.dk")

    assert child(make, kills_at(point)) == -signal.SIGKILL
    assert not (target / "kopie.dk").exists() or point is BackupPoint.NAMED
    later = App.open(load(houses.settings_of(house.folder), house.folder), LaterClock(BROKEN_OFF.days + 1))
    with closing(later):
        assert later.backups.sweep() == 1
        (view,) = later.backups.all()
        assert view.state is BackupState.FAILED
        assert view.id not in set(later.keys.ids())


@pytest.mark.slow
@pytest.mark.parametrize("point", PUTTING)
def test_killed_while_a_backup_is_put_back(origin: Origin, elsewhere: Elsewhere, point: RestorePoint) -> None:
    assert child(lambda: elsewhere.restore(origin.file), kills_at(point)) == -signal.SIGKILL
    done = point in (RestorePoint.COMMITTED, RestorePoint.DONE)
    assert App.initialised(elsewhere.settings()) is done
    if not done:
        elsewhere.restore(origin.file)
    with closing(elsewhere.open().app) as app:
        app.checks.check(repair=True)
        assert told(app)["rows"] == told(origin.house.app)["rows"]
        report = app.checks.check(full=True)
        assert (report.objects_missing, report.keys_missing, report.fixity_bad, report.audit_bad) == (0, 0, 0, 0)


def kills_at(point: str) -> Hook:
    """Ends the process at a point as a power cut would."""

    def hook(name: str) -> None:
        if name == point:
            with suppress(ProcessLookupError):
                os.kill(os.getpid(), signal.SIGKILL)

    return hook
