"""Work at the desks: taking back, one person at a time, giving away, several at once, the pupil that stays."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from dms.db.tables import AuditEventRow, DeskActRow, DeskClaimRow, DocumentRow, ItemRow, PlacementRow
from dms.kernel.errors import BadInput, Conflict, NotFound
from dms.model.documents import Desk, DeskActKind, ItemState, Source
from dms.model.events import ActorKind, By, EventKind
from dms.services.shapes import DeskItem, Hints, WordBox
from ingest.service.desk_marks import places
from ingest.service.desk_queue import Age, Asked
from tests.houses import BRIN, OPERATOR, PASSWORD, House
from tests.intake.test_intake_filing import letter

ORDINARY = Desk.ORDINARY


def at_desk(house: House, kind: str = "photo consent", seed: int = 1) -> UUID:
    """A paper whose pupil and category are clear, and that a person must look at all the same."""
    data, _ = letter(house, kind, 20 + seed)
    intake = house.app.receive.receive(
        OPERATOR, BRIN, Source.MAIL, [(f"brief {seed}.pdf", [data])], Hints(trusted=False)
    )
    house.work()
    [item] = house.items(intake)
    assert item.state is ItemState.DESK, item
    return item.item_id


def colleague(house: House) -> By:
    """Somebody who does the same work as Anouk."""
    mail = "petra@deregenboog.example"
    if mail not in {x.email for x in house.app.accounts.list_users()}:
        house.app.accounts.add_user(OPERATOR, mail, "administratie", BRIN, password=PASSWORD, name="Petra")
    return By(ActorKind.USER, house.app.accounts.by_email(mail).id)


def suggested(house: House, by: By, item_id: UUID) -> DeskItem:
    view = house.app.desk.item(by, item_id)
    assert len(view.pupils) == 1, view.pupils
    return view


def file(house: House, by: By, item_id: UUID) -> UUID:
    view = suggested(house, by, item_id)
    return house.app.desk.file(
        by, item_id, view.row_version, pupil_id=view.pupils[0].pupil_id, category=view.categories[0].code,
        document_date=view.item.document_date, title=view.item.title,
    )  # fmt: skip


@pytest.mark.slow
def test_filing_is_taken_back_and_done_again(any_house: House) -> None:
    house = any_house
    anouk, acts = house.by("anouk"), house.app.desk_room.acts
    item = at_desk(house)
    before = house.item_row(item)
    document = file(house, anouk, item)
    house.settle()
    house.app.archive_later.find()  # what the machine has planned for it does not keep it filed
    assert [(x.item_id, x.kind) for x in acts.recent(anouk, BRIN)] == [(item, DeskActKind.FILED)]
    assert acts.recent(colleague(house), BRIN) == ()
    with pytest.raises(NotFound):
        acts.undo_item(colleague(house), item)
    assert acts.undo_item(anouk, item) == item
    house.settle()
    row = house.item_row(item)
    for name in ("state", "desk", "pupil_id", "category", "level", "title", "document_date", "reason_code"):
        assert getattr(row, name) == getattr(before, name), name
    with house.app.database.read() as session:
        assert session.get(DocumentRow, document) is None
        assert session.scalars(select(PlacementRow).where(PlacementRow.document_id == document)).all() == []
        kinds = session.scalars(select(AuditEventRow.kind).where(AuditEventRow.object_id == item)).all()
    assert EventKind.ITEM_TAKEN_BACK in kinds
    assert house.app.checks.check(full=True).well
    assert house.app.search.search(anouk, "toestemming").total == 0
    with pytest.raises(NotFound):
        acts.undo_item(anouk, item)
    assert file(house, anouk, item) == document
    house.settle()
    assert house.app.search.search(anouk, "toestemming").total == 1
    assert house.app.checks.check(full=True).well


def test_what_was_worked_on_since_stays_filed(house: House) -> None:
    anouk = house.by("anouk")
    item = at_desk(house)
    document = file(house, anouk, item)
    seen = house.app.documents.show(anouk, document)
    house.app.documents.change(anouk, document, seen.row_version, title="Anders")
    with pytest.raises(Conflict):
        house.app.desk_room.acts.undo_item(anouk, item)
    assert house.app.documents.show(anouk, document).title == "Anders"


@pytest.mark.slow
def test_after_ten_minutes_it_stays(house: House) -> None:
    anouk, acts = house.by("anouk"), house.app.desk_room.acts
    item = at_desk(house)
    file(house, anouk, item)
    with house.app.database.begin() as uow:
        uow.session.execute(update(DeskActRow).values(expires_at=uow.now - timedelta(seconds=1)))
    assert acts.recent(anouk, BRIN) == ()
    with pytest.raises(Conflict) as fault:
        acts.undo_item(anouk, item)
    assert fault.value.code == "too_late"
    assert acts.forget() == 1
    assert acts.forget() == 0


def test_discarding_is_taken_back_while_the_bytes_are_there(house: House) -> None:
    anouk = house.by("anouk")
    item = at_desk(house)
    row = house.item_row(item)
    house.app.desk.discard(anouk, item, row.row_version, "reclame")
    assert house.app.desk_room.acts.undo_item(anouk, item) == item
    house.settle(in_time=True)  # the order to erase finds nothing to erase
    assert not house.app.vault.keys.missing([row.document_id])
    assert suggested(house, anouk, item).item.title == row.title
    assert house.app.checks.check(full=True).well


def test_one_person_at_a_time(any_house: House) -> None:
    house = any_house
    anouk, petra, claims = house.by("anouk"), colleague(house), house.app.desk_room.claims
    item = at_desk(house)
    view = suggested(house, anouk, item)
    assert claims.state(anouk, item).mine
    assert not claims.state(petra, item).mine
    assert claims.state(petra, item).name
    with pytest.raises(Conflict) as fault:
        file(house, petra, item)
    assert fault.value.code == "busy_colleague"
    with pytest.raises(Conflict):
        house.app.desk.discard(petra, item, view.row_version, "reclame")
    assert house.app.desk_room.queue.following(petra, BRIN, ORDINARY) == ()
    assert not claims.keep(petra, item).mine
    assert claims.keep(petra, item, take_over=True).mine
    with pytest.raises(Conflict):
        file(house, anouk, item)
    with house.app.database.begin() as uow:
        uow.session.execute(update(DeskClaimRow).values(until=uow.now - timedelta(seconds=1)))
    file(house, anouk, item)
    with house.app.database.read() as session:
        assert session.scalars(select(DeskClaimRow)).all() == []


def test_who_opens_another_item_lets_the_first_go(house: House) -> None:
    anouk, petra = house.by("anouk"), colleague(house)
    first, second = at_desk(house, seed=1), at_desk(house, seed=2)
    house.app.desk.item(anouk, first)
    house.app.desk.item(anouk, second, ahead=True)
    assert not house.app.desk_room.claims.state(petra, first).mine
    house.app.desk.item(anouk, second)
    assert house.app.desk_room.claims.state(petra, first).mine
    assert not house.app.desk_room.claims.state(petra, second).mine


@pytest.mark.slow
def test_an_item_is_given_to_a_colleague(house: House) -> None:
    anouk, petra, queue = house.by("anouk"), colleague(house), house.app.desk_room.queue
    first, second = at_desk(house, seed=1), at_desk(house, seed=2)
    assert petra.user_id in {x.user_id for x in queue.colleagues(anouk, BRIN, ORDINARY)}
    assert queue.assign(anouk, [first], petra.user_id) == 1
    page = queue.page(anouk, BRIN, ORDINARY)
    assert [(x.item.item_id, bool(x.assigned), x.mine) for x in page.lines] == [
        (first, True, False),
        (second, False, False),
    ]
    assert queue.page(petra, BRIN, ORDINARY, Asked(mine=True)).total == 1
    assert queue.following(anouk, BRIN, ORDINARY, most=5) == (second,)
    assert queue.following(petra, BRIN, ORDINARY, most=5) == (first, second)
    for other in ("mees", "bram"):
        with pytest.raises(BadInput) as fault:
            queue.assign(anouk, [first, second], house.by(other).user_id)
        assert fault.value.code == "not_theirs"
    with pytest.raises(BadInput):
        queue.assign(anouk, [], petra.user_id)
    assert queue.assign(anouk, [first], None) == 1
    assert queue.following(anouk, BRIN, ORDINARY, most=5) == (first, second)


def test_the_desk_is_counted_by_source_and_age(house: House) -> None:
    anouk, queue = house.by("anouk"), house.app.desk_room.queue
    first, _ = at_desk(house, seed=1), at_desk(house, seed=2)
    with house.app.database.begin() as uow:
        uow.session.execute(update(ItemRow).where(ItemRow.id == first).values(created_at=uow.now - timedelta(days=400)))
    page = queue.page(anouk, BRIN, ORDINARY)
    assert page.counts == {(Source.MAIL, Age.LATE): 1, (Source.MAIL, Age.TODAY): 1}
    assert queue.page(anouk, BRIN, ORDINARY, Asked(age=Age.LATE)).total == 1
    assert queue.page(anouk, BRIN, ORDINARY, Asked(age=Age.WEEK)).total == 0
    with pytest.raises(NotFound):
        queue.page(house.by("mees"), BRIN, ORDINARY)


@pytest.mark.slow
def test_several_at_once_are_filed_or_stay_with_the_reason(house: House) -> None:
    anouk, room = house.by("anouk"), house.app.desk_room
    clear = [at_desk(house, seed=x) for x in (1, 2)]
    intake = house.send([("raadsel.pdf", letter(house, "newsletter", 9)[0])], anouk)
    house.work()
    riddle = house.items(intake)[0].item_id
    done = room.queue.file_suggested(anouk, [*clear, riddle])
    assert done.done == 2
    assert [name for name, _ in done.left] == ["raadsel.pdf"]
    assert set(room.acts.undo(anouk, done.batch)) == set(clear)
    gone = room.queue.discard(anouk, [*clear, riddle], "Reclame of leeg blad")
    assert (gone.done, gone.left) == (3, ())
    assert len(room.acts.undo(anouk, gone.batch)) == 3


def test_a_pupil_stays_chosen_until_one_stops(house: House) -> None:
    anouk, sticky = house.by("anouk"), house.app.desk_room.sticky
    pupil = house.pupil_id("001307")
    assert sticky.of(anouk, BRIN) is None
    sticky.stay(anouk, BRIN, pupil)
    kept = sticky.of(anouk, BRIN)
    assert kept is not None
    assert kept.pupil_id == pupil
    assert sticky.of(colleague(house), BRIN) is None
    with pytest.raises(NotFound):
        sticky.stay(house.by("mees"), BRIN, pupil)
    sticky.stop(anouk)
    assert sticky.of(anouk, BRIN) is None


@pytest.mark.slow
def test_what_speaks_for_a_suggestion_is_found_on_the_page(house: House) -> None:
    view = suggested(house, house.by("anouk"), at_desk(house))
    words = {x.text for boxes in view.boxes.values() for x in boxes}
    assert any(view.pupils[0].number in x for x in words) or any(x in view.pupils[0].name for x in words), words


def test_words_are_found_one_after_another() -> None:
    line = [WordBox(x, 0, 0, 1, 1) for x in ["Over", "Sem", "van", "den", "Berg,", "(001307)", "geboren", "4-1-2015"]]
    assert list(places(line, "Sem van den Berg")) == [1, 2, 3, 4]
    assert list(places(line, "001307")) == [5]
    assert list(places(line, "Sem Berg")) == []
    assert list(places(line, "")) == []
