"""Memory does not grow with what is copied: one large file goes through in pieces, there and back."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from dms.app import App
from dms.db.tables import RenditionRow
from dms.kernel.ids import new_id
from dms.model.documents import Rendition
from dms.model.events import Event, EventKind
from dms.settings import load
from tests import houses
from tests.backup.backup_world import Elsewhere, child
from tests.backup.conftest import FULL
from tests.houses import OPERATOR, House

MEGABYTE = 1024 * 1024
SIZE = (1024 if FULL else 64) * MEGABYTE
MOST = 40 * MEGABYTE
"""What may come on top of a process that stands ready."""


@pytest.mark.slow
def test_a_large_file(house: House, tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    piece = os.urandom(MEGABYTE)
    item_id = new_id()
    stored = house.app.vault.put(item_id, "archive", 1, (piece for _ in range(SIZE // MEGABYTE)))
    with house.app.database.begin() as uow:
        uow.session.add(
            RenditionRow(
                document_id=item_id,
                version=1,
                kind=Rendition.ARCHIVE,
                object_key=stored.object_key,
                media_type="application/pdf",
                size=stored.size_plain,
                created_at=uow.now,
            )
        )
        uow.record(Event(EventKind.REINDEXED, OPERATOR, None))
    house.app.close()
    there = Elsewhere(tmp_path / "elders", house.folder)
    grown = tmp_path / "grown.txt"

    def make() -> None:
        app = App.open(load(houses.settings_of(house.folder), house.folder))
        measured(lambda: app.backups.make(OPERATOR, tmp_path / "groot.dk"), grown)

    assert child(make, lambda _: None) == 0
    making = int(grown.read_text())
    assert child(lambda: measured(lambda: there.restore(tmp_path / "groot.dk"), grown), lambda _: None) == 0
    putting = int(grown.read_text())
    record_property("making", making)
    record_property("putting", putting)
    assert (tmp_path / "groot.dk").stat().st_size > SIZE
    assert making < MOST, making
    assert putting < 2 * MOST, putting  # it makes a schema too


def measured(act: Callable[[], object], into: Path) -> None:
    """Do it, and write down by how many bytes the most memory of this process rose."""
    Path("/proc/self/clear_refs").write_text("5")
    before = _most()
    act()
    into.write_text(str(_most() - before))


def _most() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(x.split()[1]) * 1024 for x in lines if x.startswith("VmHWM"))
