"""A scanned stack becomes its documents, and nothing of it is lost or guessed."""

import os

import pytest
from sqlalchemy import select

from dms.db.tables import ItemRow, PlacementRow, SheetRow
from dms.model.documents import ItemState, Rendition
from dms.services.renditions import rendition_row, text_of
from ingest.rules.splitting import Why
from tests.batches.conftest import Parted
from tests.houses import OPERATOR

pytestmark = pytest.mark.slow


FULL = os.environ.get("DMS_TEST_FULL") == "1"  # noqa: TID251 - how thorough this run is


def test_each_document_comes_out_with_its_own_pages(parted: Parted) -> None:
    assert list(parted.ranges) == ["1", "4", "7", "9-10"]
    assert [x.part for x in parted.items] == [1, 2, 3, 4]
    assert [x.pages for x in parted.items] == [1, 1, 1, 2]


def test_a_cover_sheet_files_what_lies_behind_it_and_no_person_has_confirmed_it(parted: Parted) -> None:
    for pages, pupil in (("4", parted.pupils[0]), ("7", parted.pupils[1])):
        item = parted.ranges[pages]
        assert (item.state, item.pupil_number) == (ItemState.FILED, pupil.number), item.reason
        assert item.reason.code == "cover_sheet"
        assert item.document_id is not None
        with parted.house.app.database.read() as session:
            places = session.scalars(select(PlacementRow).where(PlacementRow.document_id == item.document_id)).all()
            assert [x.confirmed for x in places] == [False]


def test_a_sheet_that_was_used_parts_the_papers_and_asks_a_person(parted: Parted) -> None:
    item = parted.ranges["9-10"]
    assert (item.state, item.reason.code) == (ItemState.DESK, "sheet_used")
    shown = parted.house.app.desk.item(parted.house.by("anouk"), item.item_id)
    assert [x.number for x in shown.pupils][:1] == [parted.pupils[0].number]
    assert [x.text for x in shown.pupils[0].evidence] == ["volgens het voorblad"]


def test_what_lies_before_the_first_sheet_is_a_document_of_its_own(parted: Parted) -> None:
    assert parted.ranges["1"].state is ItemState.DESK


def test_every_page_is_in_one_part_or_listed_with_its_reason(parted: Parted) -> None:
    arrangement = parted.arrangement.checked(10)
    assert {x.page: x.why for x in arrangement.removed} == {
        2: Why.SHEET,
        3: Why.BLANK,
        5: Why.BLANK,
        6: Why.SHEET,
        8: Why.SHEET,
    }


def test_the_stack_stays_bit_for_bit_and_all_bytes_are_whole(parted: Parted) -> None:
    row = parted.house.item_row(parted.stack)
    assert (row.state, row.part) == (ItemState.SPLIT, -1)
    vault = parted.house.app.vault
    assert vault.read(row.document_id, row.object_key, 1, len(parted.pdf) + 1) == parted.pdf
    assert parted.house.app.checks.check(full=True).well


def test_text_and_boxes_are_carried_along_not_read_again(parted: Parted) -> None:
    item = parted.house.item_row(parted.ranges["7"].item_id)
    stack = parted.house.item_row(parted.stack)
    vault = parted.house.app.vault
    with parted.house.app.database.read() as session:
        text = rendition_row(session, item.document_id, 1, Rendition.TEXT)
        whole = rendition_row(session, stack.document_id, 1, Rendition.TEXT)
        mine = rendition_row(session, item.document_id, 1, Rendition.WORDS, 1)
        theirs = rendition_row(session, stack.document_id, 1, Rendition.WORDS, 7)
        assert text is not None
        assert whole is not None
        assert mine is not None
        assert theirs is not None
        assert text_of(vault, text) == text_of(vault, whole).split("\f")[6]
        assert vault.read(item.document_id, mine.object_key, 1, 1 << 24) == vault.read(
            stack.document_id, theirs.object_key, 1, 1 << 24
        )


def test_a_filed_part_is_found_by_a_word_that_stands_in_it(parted: Parted) -> None:
    item = parted.ranges["4"]
    house = parted.house
    found = house.app.search.search(house.by("anouk"), parted.pupils[0].surname or parted.pupils[0].call_name)
    assert item.document_id in {x.document_id for x in found.hits}


@pytest.mark.skipif(not FULL, reason="ten pages more to read; DMS_TEST_FULL=1 runs it")
def test_the_same_stack_once_more_is_recognised_as_what_was_there(parted: Parted) -> None:
    house = parted.house
    again = house.send([("nog eens.pdf", parted.pdf)], house.by("anouk"))
    house.work()
    states = [(x.state, x.reason.code) for x in house.items(again)]
    # the sheets are used up: nothing files itself by them any more
    assert [x for x, _ in states].count(ItemState.FILED) == 0, states
    assert all(x in (ItemState.DESK, ItemState.DUPLICATE) for x, _ in states)


def test_who_follows_the_intake_sees_the_documents_and_not_the_stack(parted: Parted) -> None:
    assert parted.stack not in {x.item_id for x in parted.house.app.status.intake(OPERATOR, parted.intake)}
    recent = parted.house.app.status.recent(parted.house.by("anouk"), "99XX")
    assert next(x for x in recent if x.item_id == parted.stack).state is ItemState.SPLIT


def test_sheets_remember_where_they_were_used(parted: Parted) -> None:
    with parted.house.app.database.read() as session:
        used = session.scalars(select(SheetRow.used_item).where(SheetRow.used_item.is_not(None))).all()
        assert set(used) == {parted.stack}
        assert session.get(ItemRow, parted.stack) is not None
