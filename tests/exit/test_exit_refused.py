"""An export that is not what was made is refused whole, with the reason; nobody takes a school along alone."""

import hashlib
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from dms.app import App
from dms.kernel.errors import BadInput, Conflict, NotFound, Refused
from dms.services.exit.layout import ExitBroken, NotOrdered
from dms.services.exit.load import ExitImport
from dms.services.exit.source import Source
from dms.settings import load
from tests import houses
from tests.exit.conftest import Leaving
from tests.houses import BRIN, OPERATOR, House


def _flip(folder: Path) -> None:
    path = next((folder / "dossiers").rglob("*.pdf"))
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)


def _drop(folder: Path) -> None:
    next((folder / "dossiers").rglob("*.pdf")).unlink()


def _extra(folder: Path) -> None:
    (folder / "overzichten/extra.csv").write_text("a;b")


def _link(folder: Path) -> None:
    path = next((folder / "dossiers").rglob("*.pdf"))
    path.unlink()
    path.symlink_to("/etc/hostname")


def _manifest(folder: Path) -> None:
    path = folder / "manifest.json"
    path.write_text(path.read_text().replace('"documenten": 3', '"documenten": 2'))


def _signed_manifest(folder: Path) -> None:
    """Changed by somebody who made the sum of it anew: then the mark that was told apart speaks."""
    _manifest(folder)
    mark = hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest()
    (folder / "manifest.sha256").write_text(f"{mark}  manifest.json\n")


def _list(folder: Path) -> None:
    path = folder / "bestanden.csv"
    path.write_text("\r\n".join(path.read_text().splitlines()[:-1]))


def _newer(folder: Path) -> None:
    path = folder / "manifest.json"
    found = json.loads(path.read_text())
    path.write_text(json.dumps({**found, "revisie": "9999"}))
    mark = hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / "manifest.sha256").write_text(mark)


HARM: dict[str, tuple[Callable[[Path], None], str]] = {
    "a flipped bit": (_flip, "exit_changed"),
    "a missing file": (_drop, "exit_missing"),
    "an extra file": (_extra, "exit_extra"),
    "a link in its place": (_link, "exit_extra"),
    "a changed manifest": (_manifest, "exit_manifest_changed"),
    "a manifest changed with its sum": (_signed_manifest, "exit_mark"),
    "a shortened list": (_list, "exit_list_changed"),
    "of a newer release": (_newer, "exit_newer"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HARM)
def test_what_was_changed_is_refused(name: str, leaving: Leaving, tmp_path: Path) -> None:
    harm, code = HARM[name]
    folder = shutil.copytree(leaving.folder, tmp_path / "school", symlinks=True)
    mark = hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest()
    harm(folder)
    with pytest.raises(ExitBroken) as fault, Source(folder) as source:
        source.verify(mark if code == "exit_mark" else "")
    assert fault.value.code == code
    assert fault.value.advice


def test_a_refused_export_leaves_nothing(leaving: Leaving, tmp_path: Path) -> None:
    folder = shutil.copytree(leaving.folder, tmp_path / "school")
    _flip(folder)
    there = tmp_path / "nieuw"
    there.mkdir()
    settings = load(houses.settings_of(there), there)
    bare = App.bare(settings)
    with pytest.raises(ExitBroken):
        ExitImport(bare.restoring(), folder).run(OPERATOR)
    assert next(iter(bare.vault.store.keys()), None) is None
    bare.close()
    assert not App.initialised(settings)


def test_a_zip_with_a_way_out_is_refused(leaving: Leaving, tmp_path: Path) -> None:
    file = tmp_path / "school.zip"
    shutil.copy(leaving.file, file)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("../buiten.txt", "x")
    with pytest.raises(ExitBroken) as fault, Source(file) as source:
        source.verify()
    assert fault.value.code == "exit_extra"


def test_what_is_no_export_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "iets.zip"
    file.write_bytes(b"geen zip")
    with pytest.raises(ExitBroken), Source(file) as source:
        source.verify()


def test_the_head_orders_and_the_operator_makes(leaving: Leaving, tmp_path: Path) -> None:
    house: House = leaving.house
    exits = house.app.exit
    with pytest.raises(NotOrdered):
        exits.exports.make(OPERATOR, BRIN, tmp_path / "zomaar")
    for name in ("anouk", "gijs", "femke"):
        with pytest.raises(Refused):
            exits.orders.order(house.by(name), BRIN)
    with pytest.raises(NotFound):
        exits.orders.order(house.by("mees"), BRIN)
    with pytest.raises(NotFound):
        exits.orders.order(OPERATOR, BRIN)
    order = exits.orders.order(house.by("dirk"), BRIN)
    with pytest.raises(Conflict):
        exits.orders.order(house.by("dirk"), BRIN)
    taken = tmp_path / "bezet"
    taken.mkdir()
    with pytest.raises(BadInput):
        exits.exports.make(OPERATOR, BRIN, taken)
    exits.orders.withdraw(house.by("dirk"), order.id)
    with pytest.raises(NotOrdered):
        exits.exports.make(OPERATOR, BRIN, tmp_path / "toch")
    assert [x.name for x in tmp_path.iterdir()] == ["bezet"], "nothing half-made lies about"
