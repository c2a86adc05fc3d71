"""One house in which a stack was scanned and parted; shared by the tests that only look at it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from dms.db.tables import StackRow
from dms.demo.facts import DemoPupil
from dms.services.shapes import ItemView
from ingest.rules.splitting import Arrangement
from tests import houses
from tests.batches.stacks import as_pdf, letters, paper, scanned, sheets
from tests.houses import BRIN, House


@dataclass(frozen=True)
class Parted:
    """A stack as it was right after parting.

    A page before the first sheet, two pupils with cover sheets (front and blank back), one of them used twice.
    """

    house: House
    intake: UUID
    pdf: bytes
    pupils: tuple[DemoPupil, ...]
    items: tuple[ItemView, ...]
    stack: UUID
    ranges: dict[str, ItemView]
    arrangement: Arrangement


@pytest.fixture(scope="session")
def parted(house_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parted]:
    """Pages: 1 note, 2 sheet A, 3 its back, 4 paper A, 5 blank, 6 sheet B, 7 paper B, 8 sheet A again, 9-10 notes."""
    house = houses.copy(house_template, tmp_path_factory.mktemp("parted") / "house")
    found = letters(house, 2)
    ids = [house.pupil_id(x.number) for x, _ in found]
    covers = sheets(house.app.batches.sheets.covers(house.by("anouk"), BRIN, ids).pdf)
    first, second = (pages[0] for _, pages in found)
    note = paper("Aan de administratie\ngraag dit stuk bewaren\nmet vriendelijke groet\ndirectie")
    pages = [note, covers[0], paper(), first, paper(), covers[1], second, covers[0], note, paper("bladzijde twee")]
    pdf = as_pdf(scanned(pages))
    intake = house.send([("stapel van maandag.pdf", pdf)], house.by("anouk"))
    house.work()
    items = house.items(intake)
    stack = house.item_row(items[0].item_id).stack_id
    assert stack is not None
    with house.app.database.read() as session:
        arrangement = Arrangement.from_json(session.get_one(StackRow, stack).arrangement or {})
    ranges = {house.item_row(x.item_id).page_range: x for x in items}
    yield Parted(house, intake, pdf, tuple(x for x, _ in found), items, stack, ranges, arrangement)
    house.app.close()
