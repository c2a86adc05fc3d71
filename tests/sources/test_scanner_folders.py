"""Scanner folders: a file is taken when it is whole, once, and is gone only when it is kept."""

import os
import struct
from pathlib import Path

import pytest
from sqlalchemy import func, select

from dms.app import App
from dms.db.tables import IntakeRow, ItemRow, ScanFolderRow, SchoolRow
from dms.jobs.scanner_folders import PATIENCE, ScannerFolders
from dms.kernel.crashpoints import watched
from dms.kernel.errors import BadInput, Conflict, NotFound, Refused
from dms.model.documents import Source
from dms.model.sources import SourceDesk
from dms.settings import load
from ingest.sources.scanner_folder import DONE, REFUSED
from tests.houses import BRIN, House, settings_of

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
KILLED = 42


class Scans:
    """A house with one scanner folder, and a clock that the test turns."""

    def __init__(self, house: House, root: Path) -> None:
        root.mkdir()
        self.house, self.root, self.seconds = house, root, 0.0
        self.app = replace_root(house.app, root)
        room, gijs = self.app.administration.scan_folders, house.by("gijs")
        made = room.add(gijs, school(house), {"name": "Balie", "folder": "balie", "quiet_seconds": "5"}, apply=True)
        assert made.object_id is not None
        self.id = made.object_id
        self.folders = ScannerFolders(self.app, lambda: self.seconds)
        self.place = root / BRIN / "balie"
        self.turn()

    def turn(self, seconds: float = 3) -> int:
        self.seconds += seconds
        return self.folders.turn()

    def put(self, name: str, data: bytes = PDF) -> Path:
        path = self.place / name
        path.write_bytes(data)
        return path

    def taken(self) -> int:
        with self.app.database.read() as session:
            query = select(func.count()).select_from(IntakeRow).where(IntakeRow.source == Source.SCANNER)
            return session.scalar(query) or 0

    def row(self) -> ScanFolderRow:
        with self.app.database.read() as session:
            return session.get_one(ScanFolderRow, self.id)


def replace_root(app: App, root: Path) -> App:
    app.scanner.root = root
    return app


def school(house: House, brin: str = BRIN) -> object:
    with house.app.database.read() as session:
        return session.scalars(select(SchoolRow.id).where(SchoolRow.brin == brin)).one()


@pytest.fixture
def scans(house: House, tmp_path: Path) -> Scans:
    return Scans(house, tmp_path / "scans")


def test_a_file_is_taken_once_it_is_quiet_and_then_removed(scans: Scans) -> None:
    path = scans.put("scan0001.pdf")
    assert (scans.turn(), scans.turn()) == (0, 0), "it may still be written"
    assert scans.turn() == 1
    assert not path.exists()
    assert scans.row().taken == 1
    assert scans.row().taken_at is not None
    with scans.app.database.read() as session:
        intake = session.scalars(select(IntakeRow).where(IntakeRow.source == Source.SCANNER)).one()
        assert intake.hints["origin"] == {"scan_folder": str(scans.id), "duplex": False, "separators": True}
        item = session.scalars(select(ItemRow).where(ItemRow.intake_id == intake.id)).one()
    with scans.app.vault.open(item.document_id, item.object_key, 1) as pieces:
        assert b"".join(pieces) == PDF


def test_what_grows_hides_or_points_elsewhere_stays(scans: Scans, tmp_path: Path) -> None:
    growing = scans.put("groeit.pdf")
    for name in (".verborgen.pdf", "half.pdf.part", "~slot.pdf", "Thumbs.db"):
        scans.put(name)
    scans.put("leeg.pdf", b"")
    secret = tmp_path / "geheim.pdf"
    secret.write_bytes(PDF)
    (scans.place / "wijst.pdf").symlink_to(secret)
    (scans.place / "map").mkdir()
    for _ in range(4):
        growing.write_bytes(growing.read_bytes() + b"% meer\n%%EOF\n")
        assert scans.turn() == 0
    assert (scans.turn(), scans.turn()) == (0, 1)
    assert sum(scans.turn() for _ in range(5)) == 0
    assert sorted(x.name for x in scans.place.iterdir()) == [
        ".verborgen.pdf", "Thumbs.db", "half.pdf.part", "leeg.pdf", "map", "wijst.pdf", "~slot.pdf",
    ]  # fmt: skip


def test_a_file_that_somebody_has_open_for_writing_waits(scans: Scans) -> None:
    path = scans.put("open.pdf")
    with path.open("ab"):
        assert sum(scans.turn() for _ in range(5)) == 0
    assert sum(scans.turn() for _ in range(3)) == 1


@pytest.mark.parametrize(
    "half",
    [
        PDF[:-8],
        b"\xff\xd8\xff\xe0" + b"x" * 5000,
        b"\x89PNG\r\n\x1a\n" + b"x" * 50,
        b"PK\x03\x04" + b"x" * 50,
        b"II*\0" + struct.pack("<I", 5000) + b"x" * 50,
        b"II*\0" + struct.pack("<IH", 8, 2) + struct.pack("<HHII", 273, 4, 1, 50) + struct.pack("<HHII", 279, 4, 1, 900)
        + bytes(4) + b"x" * 100,
    ],
    ids=["pdf", "jpeg", "png", "zip", "tiff", "tiff strips"],
)  # fmt: skip
def test_half_a_file_waits_and_is_shown_in_the_end(scans: Scans, half: bytes) -> None:
    path = scans.put("half", half)
    assert sum(scans.turn(100) for _ in range(6)) == 0
    assert path.exists()
    assert scans.turn(PATIENCE) == 1, "never lost: the reader says what is wrong with it"


def test_a_whole_tiff_is_known() -> None:
    from io import BytesIO

    from PIL import Image

    from ingest.sources.scanner_whole import looks_whole

    pages = [Image.new("L", (200, 300), 255 - x) for x in range(3)]
    out = BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:])
    data = out.getvalue()
    read, write = os.pipe()
    os.close(read), os.close(write)
    descriptor = os.memfd_create("tiff")
    os.write(descriptor, data)
    assert looks_whole(descriptor, len(data))
    os.truncate(descriptor, len(data) - 40)
    assert not looks_whole(descriptor, len(data) - 40)
    os.close(descriptor)


def test_the_same_name_again_is_another_file_and_kept_ones_are_moved(scans: Scans) -> None:
    with scans.app.database.begin() as uow:
        uow.session.get_one(ScanFolderRow, scans.id).keep = True
    for nth in range(2):
        scans.put("scan0001.pdf", PDF + b"%" * nth)
        assert sum(scans.turn() for _ in range(4)) == 1
    assert sorted(x.name for x in (scans.place / DONE).iterdir()) == ["scan0001 (2).pdf", "scan0001.pdf"]
    assert scans.taken() == 2


@pytest.mark.slow
def test_what_can_never_come_in_is_put_aside_and_told(scans: Scans) -> None:
    path = scans.put("groot.bin", b"x")
    os.truncate(path, scans.app.settings.limits.file_bytes + 1)  # a file with a hole: large, and no room taken
    assert sum(scans.turn() for _ in range(4)) == 0
    assert not path.exists()
    aside = scans.place / REFUSED / "groot.bin"
    assert aside.exists()
    assert (scans.row().trouble_code, scans.row().failed) == ("file_refused", 1)
    aside.unlink()
    scans.turn()
    assert scans.row().trouble_code == ""


def test_a_share_that_vanishes_is_told_and_comes_back(scans: Scans) -> None:
    scans.put("scan.pdf")
    away = scans.root.with_name("weg")
    scans.root.rename(away)
    assert sum(scans.turn() for _ in range(3)) == 0
    assert scans.row().trouble_code == "folder_away"
    assert not scans.root.exists(), "a share that is gone is not made anew on the machine's own disk"
    away.rename(scans.root)
    assert sum(scans.turn() for _ in range(3)) == 1
    assert scans.row().trouble_code == ""


def test_a_folder_that_leads_elsewhere_is_not_followed(scans: Scans, tmp_path: Path) -> None:
    other = tmp_path / "ander"
    other.mkdir()
    (other / "geheim.pdf").write_bytes(PDF)
    scans.place.rmdir()
    scans.place.symlink_to(other)
    assert sum(scans.turn() for _ in range(4)) == 0
    assert scans.row().trouble_code == "folder_outside"


def test_a_source_that_is_off_takes_nothing(scans: Scans) -> None:
    gijs, room = scans.house.by("gijs"), scans.app.administration
    path = scans.put("scan.pdf")
    room.sources.change(gijs, school(scans.house), "scanner", 0, {"open": "nee"}, apply=True)
    assert sum(scans.turn() for _ in range(4)) == 0
    assert path.exists()
    room.sources.change(gijs, school(scans.house), "scanner", 1, {"open": "ja"}, apply=True)
    view = room.scan_folders.view(gijs, scans.id)
    room.scan_folders.change(gijs, scans.id, view.row_version, {**view.values, "open": "nee"}, apply=True)
    assert sum(scans.turn() for _ in range(4)) == 0
    room.scan_folders.change(gijs, scans.id, view.row_version + 1, {**view.values, "open": "ja"}, apply=True)
    assert sum(scans.turn() for _ in range(4)) == 1


@pytest.mark.parametrize(
    "folder", ["../elders", "/tmp", "a//b", ".geheim", "verwerkt", "a/../b", "x" * 300, "", "a\\b"]
)
def test_no_folder_leads_out(scans: Scans, folder: str) -> None:
    room, gijs = scans.app.administration.scan_folders, scans.house.by("gijs")
    with pytest.raises(BadInput):
        room.add(gijs, school(scans.house), {"name": "Fout", "folder": folder}, apply=True)


def test_only_who_administers_sources_sets_folders_up(scans: Scans) -> None:
    room, house = scans.app.administration.scan_folders, scans.house
    for name, fault in (("anouk", Refused), ("bram", Refused)):
        with pytest.raises(fault):
            room.list(house.by(name), school(house))
    with pytest.raises(NotFound):
        room.list(house.by("gijs"), school(house, "99ZZ"))
    with pytest.raises(Conflict):
        room.add(house.by("gijs"), school(house), {"name": "Twee", "folder": "balie"}, apply=True)


def test_the_care_desk_of_a_folder_is_a_hint(scans: Scans) -> None:
    with scans.app.database.begin() as uow:
        uow.session.get_one(ScanFolderRow, scans.id).desk = SourceDesk.CARE
    scans.put("scan.pdf")
    assert sum(scans.turn() for _ in range(4)) == 1
    with scans.app.database.read() as session:
        assert session.scalars(select(IntakeRow).where(IntakeRow.source == Source.SCANNER)).one().hints["level"] == 3


def test_a_file_that_may_not_be_removed_is_kept_once(scans: Scans, monkeypatch: pytest.MonkeyPatch) -> None:
    scans.put("scan.pdf")

    def refuse(path: Path, missing_ok: bool = False) -> None:
        raise PermissionError

    with monkeypatch.context() as closed:
        closed.setattr(Path, "unlink", refuse)
        for _ in range(6):
            scans.turn()
    assert scans.taken() == 1
    assert scans.row().trouble_code == "cannot_remove"
    scans.folders = ScannerFolders(scans.app, lambda: scans.seconds)
    for _ in range(4):
        scans.turn()
    assert (scans.taken(), list(scans.place.iterdir())) == (1, [])


@pytest.mark.slow
@pytest.mark.parametrize(
    "point", ["scanner.taking", "receive.stored", "receive.committed", "scanner.taken", "scanner.removed"]
)
def test_killed_anywhere_the_scan_is_taken_once_and_never_lost(scans: Scans, point: str) -> None:
    path = scans.put("scan.pdf")
    process = os.fork()
    if not process:

        def kill(name: str) -> None:
            if name == point:
                os._exit(KILLED)

        app = replace_root(App.open(load(settings_of(scans.house.folder), scans.house.folder)), scans.root)
        clock = iter(range(0, 1000, 10))
        dying = ScannerFolders(app, lambda: float(next(clock)))
        with watched(kill):
            for _ in range(4):
                dying.turn()
        os._exit(0)
    _, status = os.waitpid(process, 0)
    assert os.waitstatus_to_exitcode(status) == KILLED
    assert path.exists() or scans.taken() == 1
    for _ in range(4):
        scans.turn()
    assert not path.exists()
    assert scans.taken() == 1
