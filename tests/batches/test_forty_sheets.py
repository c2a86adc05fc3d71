"""A stack of forty sheets, scanned in duplex: as a proof only, for it is read with the real engine."""

import os
from collections.abc import Callable

import pytest

from dms.db.tables import StackRow
from dms.model.documents import ItemState
from ingest.rules.splitting import Arrangement, Why
from tests.batches.stacks import Image, as_pdf, letters, paper, scanned, sheets
from tests.houses import BRIN, House

FULL = os.environ.get("DMS_TEST_FULL") == "1"  # noqa: TID251 - how thorough this run is
PUPILS = 16
SHEETS = 40


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.skipif(not FULL, reason="a minute of reading; DMS_TEST_FULL=1 runs it")
def test_forty_sheets_become_their_documents(house: House, record_property: Callable[[str, object], None]) -> None:
    anouk = house.by("anouk")
    found = letters(house, PUPILS)
    ids = [house.pupil_id(x.number) for x, _ in found]
    covers = sheets(house.app.batches.sheets.covers(anouk, BRIN, ids).pdf)
    fronts: list[Image] = []
    wanted: list[tuple[str, list[int]]] = []
    for (pupil, pages), cover in zip(found, covers, strict=True):
        if len(fronts) + 1 + len(pages) > SHEETS:
            break
        first = len(fronts) + 1
        fronts += [cover, *pages]
        wanted.append((pupil.number, [2 * (first + n) + 1 for n in range(len(pages))]))
    while len(fronts) < SHEETS:  # the last pupil's stack is thicker
        wanted[-1][1].append(2 * len(fronts) + 1)
        fronts.append(paper(f"Bijlage\nbladzijde {len(fronts)}\nvervolg van het stuk"))
    both_sides = [side for front in fronts for side in (front, paper())]
    intake = house.send([("veertig bladen.pdf", as_pdf(scanned(both_sides, noise=6.0)))], anouk)
    house.work()
    items = house.items(intake)
    stack_id = house.item_row(items[0].item_id).stack_id
    with house.app.database.read() as session:
        stack = session.get_one(StackRow, stack_id)
        arrangement = Arrangement.from_json(stack.arrangement or {}).checked(2 * SHEETS)
    assert [list(x.pages) for x in arrangement.parts] == [x for _, x in wanted]
    assert {x.why for x in arrangement.removed} <= {Why.SHEET, Why.BLANK}
    filed = [x for x in items if x.state is ItemState.FILED]
    whose = {house.item_row(x.item_id).stack_part: x.pupil_number for x in filed}
    wrong = [n for n, pupil in whose.items() if n is not None and pupil != wanted[n - 1][0]]
    record_property("documents", len(items))
    record_property("filed", len(filed))
    record_property("wrong", len(wrong))
    record_property("sheets", len(fronts))
    assert wrong == []
    assert house.app.checks.check(full=True).well
