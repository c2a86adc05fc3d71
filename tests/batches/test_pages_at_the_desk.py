"""People part, move, turn, remove and restore pages: in a draft, with a way back, and never out of somebody's sight."""

from uuid import UUID

import pytest
from sqlalchemy import select, update

from dms.db.tables import AuditEventRow, ItemRow, StackRow
from dms.kernel.errors import BadInput, Conflict, NotFound
from dms.model.batches import PartState
from dms.model.documents import Desk, ItemState
from dms.model.events import EventKind
from ingest.rules.splitting import Arrangement
from ingest.service.pages_desk import StackView
from tests.batches.stacks import as_tiff, paper, scanned
from tests.houses import House

pytestmark = pytest.mark.slow
WORDS = "Beste ouders\nop maandag is er zwemles\nneem een handdoek mee\ngroet van de school"


def _three_pages(house: House) -> ItemRow:
    """A file of three pages that waits at the desk: words, words sideways, a drawing of one line."""
    pages = [paper(WORDS), paper(f"Tweede blad\n{WORDS}"), paper("Derde blad\nhet einde")]
    intake = house.send([("drie.tif", as_tiff(scanned(pages)))], house.by("anouk"))
    house.work()
    (item,) = house.items(intake)
    assert item.state is ItemState.DESK, item.reason
    return house.item_row(item.item_id)


def _parts(house: House, stack: UUID) -> dict[int, ItemRow]:
    with house.app.database.read() as session:
        rows = session.scalars(select(ItemRow).where(ItemRow.stack_id == stack)).all()
        return {x.stack_part: x for x in rows if x.stack_part is not None}


def _pages(view: StackView) -> list[list[tuple[int, int]]]:
    return [list(x.pages) for x in view.parts]


def test_a_person_parts_turns_moves_and_restores_with_a_way_back(any_house: House) -> None:
    house, stacks = any_house, any_house.app.batches.stacks
    anouk = house.by("anouk")
    row = _three_pages(house)
    view = stacks.view(anouk, row.id)
    assert (view.page_count, _pages(view), view.changed) == (3, [[(1, 0), (2, 0), (3, 0)]], False)

    view = stacks.change(anouk, row.id, view.row_version, lambda a, closed: a.split(2, closed))
    view = stacks.change(anouk, row.id, view.row_version, lambda a, closed: a.turn([3], 90, closed))
    view = stacks.change(anouk, row.id, view.row_version, lambda a, closed: a.remove([1], closed))
    assert _pages(view) == [[(2, 0), (3, 90)]]
    assert [x.page for x in view.removed] == [1]
    view = stacks.undo(anouk, row.id, view.row_version)
    assert _pages(view) == [[(1, 0)], [(2, 0), (3, 90)]]
    assert house.item_row(row.id).state is ItemState.DESK, "nothing happens before it is carried out"
    with pytest.raises(Conflict):
        stacks.change(anouk, row.id, view.row_version - 1, lambda a, closed: a.remove([1], closed))
    with pytest.raises(BadInput):
        stacks.change(anouk, row.id, view.row_version, lambda a, closed: a.split(2, closed))

    assert stacks.carry_out(anouk, row.id, view.row_version) == 2
    assert house.item_row(row.id).state is ItemState.SPLIT
    house.work()
    parts = _parts(house, row.id)
    assert {k: (x.page_range, x.state, x.reason_code, x.pages) for k, x in parts.items()} == {
        1: ("1", ItemState.DESK, "pages_by_hand", 1),
        2: ("2-3", ItemState.DESK, "pages_by_hand", 2),
    }
    second = house.app.desk.item(anouk, parts[2].id)
    wide = second.page_views[1]
    assert (wide.width or 0) > (wide.height or 0), "the turned page lies on its side now"

    view = stacks.view(anouk, parts[2].id)
    assert view.stack_id == row.id
    view = stacks.change(anouk, row.id, view.row_version, lambda a, closed: a.move([2], 1, 1, closed))
    view = stacks.change(anouk, row.id, view.row_version, lambda a, closed: a.remove([3], closed))
    assert stacks.carry_out(anouk, row.id, view.row_version) == 1
    house.work()
    parts = _parts(house, row.id)
    assert (parts[1].page_range, parts[1].pages, parts[1].state) == ("2, 1", 2, ItemState.DESK)
    assert parts[2].state is ItemState.DISCARDED
    view = stacks.view(anouk, row.id)
    assert [(x.page, x.why) for x in view.removed] == [(3, "person")]
    view = stacks.change(anouk, row.id, view.row_version, lambda a, closed: a.restore(3, closed))
    stacks.carry_out(anouk, row.id, view.row_version)
    house.work()
    with house.app.database.read() as session:
        arrangement = Arrangement.from_json(session.get_one(StackRow, row.id).arrangement or {}).checked(3)
        kinds = set(session.scalars(select(AuditEventRow.kind)))
    assert [x.pages for x in arrangement.parts] == [(2, 1, 3)]
    assert {EventKind.STACK_DRAFTED, EventKind.STACK_SPLIT, EventKind.STACK_ARRANGED} <= kinds
    assert house.app.checks.check(full=True).well


def test_what_one_may_not_see_stays_unseen_and_as_it_is(house: House) -> None:
    stacks, anouk, carla = house.app.batches.stacks, house.by("anouk"), house.by("carla")
    row = _three_pages(house)
    view = stacks.change(anouk, row.id, stacks.view(anouk, row.id).row_version, lambda a, closed: a.split(2, closed))
    stacks.carry_out(anouk, row.id, view.row_version)
    house.work()
    parts = _parts(house, row.id)
    with house.app.database.begin() as uow:
        uow.session.execute(
            update(ItemRow).where(ItemRow.id == parts[2].id).values(category="ZRG-04", level=3, desk=Desk.CARE)
        )
    view = stacks.view(anouk, row.id)
    assert [(x.state, x.pages, x.count) for x in view.parts] == [
        (PartState.OPEN, ((1, 0),), 1),
        (PartState.COLLEAGUE, (), 2),
    ]
    for step in (
        lambda a, closed: a.merge(2, closed),
        lambda a, closed: a.move([2], 1, None, closed),
        lambda a, closed: a.remove([3], closed),
        lambda a, closed: a.move([2], 1),  # a step that forgets to ask what is closed
    ):
        with pytest.raises(BadInput):
            stacks.change(anouk, row.id, view.row_version, step)
    for page in (2, 3):
        with pytest.raises(NotFound):
            stacks.page(anouk, row.id, page)
    assert b"".join(stacks.page(anouk, row.id, 1).chunks)
    for name in ("mees", "gijs"):
        with pytest.raises(NotFound):
            stacks.view(house.by(name), row.id)
    view = stacks.view(carla, row.id)
    assert [x.count for x in view.parts if x.pages] == [1, 2]
    view = stacks.change(carla, row.id, view.row_version, lambda a, closed: a.move([3], None, closed=closed))
    stacks.carry_out(carla, row.id, view.row_version)
    new = _parts(house, row.id)[3]
    assert (new.category, new.level) == ("ZRG-04", 3), "what came out of a care paper is one until it is known"
    with pytest.raises(NotFound):
        stacks.page(anouk, row.id, 3)
    house.work()
    new = _parts(house, row.id)[3]
    assert (new.state, new.desk) == (ItemState.DESK, Desk.CARE)


def test_a_part_that_a_colleague_took_meanwhile_stops_the_draft(house: House) -> None:
    stacks, anouk = house.app.batches.stacks, house.by("anouk")
    row = _three_pages(house)
    view = stacks.change(anouk, row.id, stacks.view(anouk, row.id).row_version, lambda a, closed: a.split(3, closed))
    stacks.carry_out(anouk, row.id, view.row_version)
    house.work()
    view = stacks.change(anouk, row.id, stacks.view(anouk, row.id).row_version, lambda a, closed: a.merge(2, closed))
    second = _parts(house, row.id)[2]
    house.app.desk.discard(house.by("carla"), second.id, second.row_version, "Reclame")
    with pytest.raises(Conflict):
        stacks.carry_out(anouk, row.id, view.row_version)
    view = stacks.forget(anouk, row.id, view.row_version)
    assert not view.changed
    assert [x.state for x in view.parts] == [PartState.OPEN, PartState.GONE]


def test_a_file_of_one_page_has_nothing_to_part(house: House) -> None:
    intake = house.send([("een.tif", as_tiff(scanned([paper(WORDS)])))], house.by("anouk"))
    house.work()
    with pytest.raises(NotFound):
        house.app.batches.stacks.view(house.by("anouk"), house.items(intake)[0].item_id)
