"""A document is read again from its untouched original: text and pages anew, everything else as it was."""

import pytest
from sqlalchemy import func, select, update

from dms.db import outbox
from dms.db.outbox import READ_AGAIN
from dms.db.tables import AuditEventRow, DocumentVersionRow, ItemRow, RenditionRow
from dms.demo.hostile import good_pdf
from dms.kernel.errors import Conflict, NotFound
from dms.model.documents import ItemState, Rendition, Source
from dms.model.events import EventKind
from dms.services.shapes import DocumentView, Hints
from tests.houses import BRIN, House

WORDS = "Het verslag van de leerkracht noemt een zonnebloem in de vensterbank van het lokaal."


@pytest.fixture
def document(any_house: House) -> DocumentView:
    """A filed document."""
    house, anouk = any_house, any_house.by("anouk")
    pupil = house.pupil_id(house.schools()[0].current_pupils[4].number)
    hints = Hints(pupil_id=pupil, category="OND-01", document_date=house.app.clock.today())
    house.app.receive.receive(anouk, BRIN, Source.UPLOAD, [("a.pdf", [good_pdf(WORDS)])], hints)
    house.work()
    with house.app.database.read() as session:
        document_id = session.scalars(select(ItemRow.document_id)).one()
    return house.app.documents.show(anouk, document_id)


def kinds(house: House, kind: EventKind) -> int:
    """How many lines of a kind the log has."""
    with house.app.database.read() as session:
        return session.scalar(select(func.count()).select_from(AuditEventRow).where(AuditEventRow.kind == kind)) or 0


@pytest.mark.slow
def test_text_and_pages_are_made_anew(any_house: House, document: DocumentView) -> None:
    house, anouk = any_house, any_house.by("anouk")
    original = b"".join(house.app.documents.content(anouk, document.document_id, Rendition.ORIGINAL).chunks)
    for row in _renditions(house, document):
        if row.kind is not Rendition.ORIGINAL:  # what an earlier version read badly
            house.app.vault.put(document.document_id, row.object_key.rpartition("/")[2], 1, [b"onleesbaar"])
    with house.app.database.begin() as uow:
        worse = update(DocumentVersionRow).values(text_confidence=3.0, pages=7)
        uow.session.execute(worse)
        uow.reindex(document.document_id)
    house.settle()
    assert house.app.search.search(anouk, "zonnebloem").total == 0

    house.app.documents.read_again(anouk, document.document_id)
    house.app.documents.read_again(anouk, document.document_id)  # a second click asks for nothing more
    assert outbox.open_count(house.app.database, READ_AGAIN) == 1
    house.settle()
    assert outbox.open_count(house.app.database, READ_AGAIN) == 1  # the relay leaves it to a worker
    house.work()
    assert outbox.open_count(house.app.database) == 0
    after = house.app.documents.show(anouk, document.document_id)
    assert (after.title, after.placements, after.document_date) == (
        document.title,
        document.placements,
        document.document_date,
    )
    assert (len(after.pages), after.text_source) == (len(document.pages), document.text_source)
    assert after.text_confidence == document.text_confidence
    assert b"".join(house.app.documents.content(anouk, document.document_id, Rendition.ORIGINAL).chunks) == original
    assert house.app.search.search(anouk, "zonnebloem").total == 1
    assert (kinds(house, EventKind.DOCUMENT_READ_AGAIN), kinds(house, EventKind.DOCUMENT_READ)) == (1, 1)
    assert house.app.checks.check(full=True).well
    with house.app.database.read() as session:
        item = session.scalars(select(ItemRow)).one()
    assert item.state is ItemState.FILED


def test_who_may_not_change_it_may_not_ask(any_house: House, document: DocumentView) -> None:
    with pytest.raises(NotFound):
        any_house.app.documents.read_again(any_house.by("mees"), document.document_id)
    assert outbox.open_count(any_house.app.database, READ_AGAIN) == 0


@pytest.mark.slow
def test_a_damaged_original_leaves_what_was_read(house: House) -> None:
    anouk = house.by("anouk")
    pupil = house.pupil_id(house.schools()[0].current_pupils[4].number)
    hints = Hints(pupil_id=pupil, category="OND-01", document_date=house.app.clock.today())
    house.app.receive.receive(anouk, BRIN, Source.UPLOAD, [("a.pdf", [good_pdf(WORDS)])], hints)
    house.work()
    [original] = (house.folder / "var" / "objects" / "objects").rglob("original.DK")
    original.write_bytes(original.read_bytes()[:-5])
    with house.app.database.read() as session:
        document_id = session.scalars(select(ItemRow.document_id)).one()
    house.app.documents.read_again(anouk, document_id)
    house.work()
    assert outbox.open_count(house.app.database, READ_AGAIN) == 1  # tried again later, for a backup may come
    assert "zonnebloem" in house.app.documents.text(anouk, document_id)[0]


def test_what_waits_at_the_desk_is_read_again(house: House) -> None:
    anouk = house.by("anouk")
    intake = house.send([("los.pdf", good_pdf(WORDS))], anouk)
    house.work()
    [waiting] = house.items(intake, anouk)
    row = house.item_row(waiting.item_id)
    with pytest.raises(Conflict):
        house.app.desk.read_again(anouk, waiting.item_id, row.row_version + 1)
    house.app.desk.read_again(anouk, waiting.item_id, row.row_version)
    assert house.item_row(waiting.item_id).state is ItemState.WAITING
    with pytest.raises(NotFound):
        house.app.desk.read_again(anouk, waiting.item_id, row.row_version)
    house.work()
    assert house.item_row(waiting.item_id).state is ItemState.DESK
    assert house.app.checks.check(full=True).well


def _renditions(house: House, document: DocumentView) -> list[RenditionRow]:
    with house.app.database.read() as session:
        return list(session.scalars(select(RenditionRow).where(RenditionRow.document_id == document.document_id)))
