"""From paper to dossier: what is sure is filed, what is not waits at the right desk, and a person decides."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from dms.db.tables import AuditEventRow, DocumentRow, ItemRow, PlacementRow
from dms.demo.hostile import good_pdf
from dms.demo.letters.catalogue import KINDS, make_letter
from dms.kernel.errors import BadInput, Conflict, NotFound, Refused
from dms.model.documents import Desk, ItemState, Rendition, Source
from dms.model.events import EventKind
from dms.services.shapes import Hints
from tests.houses import BRIN, OPERATOR, House


def letter(house: House, kind: str, nth: int = 20) -> tuple[bytes, str]:
    """A paper about a current pupil, and that pupil's number."""
    school = house.schools()[0]
    pupil = [x for x in school.current_pupils if x.surname and x.birth_date][nth]
    made = make_letter(school, KINDS[kind], pupil, house.app.clock.today() - timedelta(days=20), 3)
    return made.data, pupil.number


@pytest.mark.slow
def test_a_sure_paper_files_itself_and_is_found_by_a_word(any_house: House) -> None:
    house = any_house
    data, number = letter(house, "photo consent")
    anouk = house.by("anouk")
    intake = house.send([("scan0001.pdf", data)], anouk)
    house.work()
    [item] = house.items(intake, anouk)
    assert item.state is ItemState.FILED, item
    assert item.pupil_number == number
    assert item.document_id is not None
    shown = house.app.documents.show(anouk, item.document_id)
    assert not shown.confirmed
    assert shown.pages
    assert b"".join(house.app.documents.content(anouk, item.document_id, Rendition.ORIGINAL).chunks) == data
    page = house.app.search.search(anouk, "toestemming")
    assert page.total == 1
    assert page.hits[0].document_id == item.document_id
    assert any(marked for _, marked in page.hits[0].snippet)
    assert house.app.search.search(house.by("mees"), "toestemming").total == 0
    confirmed = house.app.documents.confirm(anouk, item.document_id)
    assert confirmed.confirmed
    house.settle()
    assert house.app.checks.check(full=True).well


def test_the_same_bytes_in_the_same_dossier_are_a_duplicate(house: House) -> None:
    data, _ = letter(house, "photo consent")
    first = house.send([("a.pdf", data)])
    house.work()
    second = house.send([("b.pdf", data)])
    house.work()
    [one], [two] = house.items(first), house.items(second)
    assert (one.state, two.state) == (ItemState.FILED, ItemState.DUPLICATE)
    assert two.document_id == one.document_id


def test_an_idempotency_key_is_one_intake(any_house: House) -> None:
    def send():
        return any_house.app.receive.receive(
            any_house.by("anouk"), BRIN, Source.API, [("a.pdf", [good_pdf("Brief")])], idempotency_key="k1"
        )

    first = send()
    before = len(list(any_house.app.vault.store.keys()))
    assert send() == first
    assert len(list(any_house.app.vault.store.keys())) == before


def test_what_a_person_says_holds_and_counts_as_confirmed(house: House) -> None:
    number = house.schools()[0].current_pupils[5].number
    intake = house.app.receive.receive(
        house.by("anouk"),
        BRIN,
        Source.UPLOAD,
        [("los.pdf", [good_pdf("Een blad zonder enige aanwijzing.")])],
        Hints(pupil_number=number, category="ADM-08", document_date=date(2026, 9, 1)),
    )
    house.work()
    [item] = house.items(intake)
    assert item.state is ItemState.FILED, item
    assert (item.pupil_number, item.category_code, item.document_date) == (number, "ADM-08", date(2026, 9, 1))
    assert item.document_id is not None
    assert house.app.documents.show(house.by("anouk"), item.document_id).confirmed


@pytest.mark.slow
def test_the_desk_files_once_and_says_who_was_first(any_house: House) -> None:
    house = any_house
    anouk = house.by("anouk")
    intake = house.send([("los.pdf", good_pdf("Beste school, hierbij een bericht."))], anouk)
    house.work()
    [waiting] = house.items(intake, anouk)
    assert waiting.state is ItemState.DESK
    assert house.app.desk.counts(anouk, BRIN)[Desk.ORDINARY] == 1
    assert house.app.desk_room.queue.following(anouk, BRIN, Desk.ORDINARY) == (waiting.item_id,)
    item = house.app.desk.item(anouk, waiting.item_id)
    pupil = house.pupil_id(house.schools()[0].current_pupils[9].number)
    choice = {
        "pupil_id": pupil,
        "category": "GES-01",
        "document_date": date(2026, 9, 2),
        "title": " Bericht  van thuis ",
    }
    document = house.app.desk.file(anouk, waiting.item_id, item.row_version, **choice)
    shown = house.app.documents.show(anouk, document)
    assert (shown.title, shown.confirmed) == ("Bericht van thuis", True)
    assert [x.pupil_id for x in shown.placements] == [pupil]
    with pytest.raises(NotFound):
        house.app.desk.file(anouk, waiting.item_id, item.row_version, **choice | {"title": "x"})
    with house.app.database.read() as session:
        assert session.scalar(select(func.count()).select_from(DocumentRow)) == 1
        assert session.scalar(select(func.count()).select_from(PlacementRow)) == 1


def test_a_stale_desk_page_is_a_conflict(house: House) -> None:
    anouk = house.by("anouk")
    intake = house.send([("los.pdf", good_pdf("Bericht."))], anouk)
    house.work()
    [waiting] = house.items(intake, anouk)
    item = house.app.desk.item(anouk, waiting.item_id)
    pupil = house.pupil_id(house.schools()[0].current_pupils[9].number)
    with pytest.raises(Conflict):
        house.app.desk.file(
            anouk,
            waiting.item_id,
            item.row_version - 1,
            pupil_id=pupil,
            category="GES-01",
            document_date=None,
            title="x",
        )
    with pytest.raises(Conflict):
        house.app.desk.discard(anouk, waiting.item_id, item.row_version - 1, "reclame")


def test_care_papers_wait_where_the_ordinary_desk_does_not_look(house: House) -> None:
    data, _ = letter(house, "dyslexia research")
    anouk, carla = house.by("anouk"), house.by("carla")
    intake = house.send([("onderzoek.pdf", data)], anouk)
    house.app.worker().work_until_empty()
    row = house.item_row(house.items(intake)[0].item_id)
    if row.state is not ItemState.DESK:  # it was sure: let it wait all the same
        with house.app.database.begin() as uow:
            uow.session.execute(
                update(ItemRow)
                .where(ItemRow.id == row.id)
                .values(state=ItemState.DESK, desk=Desk.CARE, category="ZRG-04", level=3)
            )
    [own] = house.items(intake, anouk)
    assert own.desk is Desk.CARE
    assert (own.pupil_name, own.category_code, own.title, own.document_id) == (None, None, "", None)
    assert "zorgpostbak" in str(own.reason) or own.reason.code == "at_desk"
    with pytest.raises(NotFound):
        house.app.desk.item(anouk, own.item_id)
    with pytest.raises(NotFound):
        house.app.desk.page(anouk, own.item_id, 1)
    assert Desk.CARE not in house.app.desk.counts(anouk, BRIN)
    assert house.app.desk.counts(carla, BRIN)[Desk.CARE] == 1
    assert house.app.desk.item(carla, own.item_id).item.category_code == "ZRG-04"


def test_filing_needs_the_right_to_add_there(house: House) -> None:
    anouk = house.by("anouk")
    intake = house.send([("los.pdf", good_pdf("Bericht."))], anouk)
    house.work()
    [waiting] = house.items(intake, anouk)
    item = house.app.desk.item(anouk, waiting.item_id)
    pupil = house.pupil_id(house.schools()[0].current_pupils[9].number)
    elsewhere = house.pupil_id(house.schools()[1].pupils[3].number, "99ZZ")

    def file(**change):
        wanted = {"pupil_id": pupil, "category": "GES-01", "document_date": None, "title": "", **change}
        return house.app.desk.file(anouk, waiting.item_id, item.row_version, **wanted)

    with pytest.raises(Refused):
        file(category="ZRG-04")
    with pytest.raises(NotFound):
        file(pupil_id=elsewhere)
    with pytest.raises(BadInput):
        file(category="ZZZ-99")
    with pytest.raises(BadInput):
        file(document_date=house.app.clock.today() + timedelta(days=2))
    assert house.item_row(waiting.item_id).state is ItemState.DESK


def test_not_for_a_dossier_destroys_the_bytes_and_keeps_the_line(house: House) -> None:
    anouk = house.by("anouk")
    intake = house.send([("reclame.pdf", good_pdf("Koop nu, canariewoord."))], anouk)
    house.work()
    [waiting] = house.items(intake, anouk)
    row = house.item_row(waiting.item_id)
    with pytest.raises(BadInput):
        house.app.desk.discard(anouk, waiting.item_id, row.row_version, "  ")
    house.app.desk.discard(anouk, waiting.item_id, row.row_version, "reclame")
    house.settle()
    assert not house.app.vault.keys.missing([row.document_id]), "it can still be taken back"
    house.settle(in_time=True)
    assert house.app.vault.keys.missing([row.document_id]) == {row.document_id}
    assert not any(str(row.document_id) in x.key for x in house.app.vault.store.keys())
    with house.app.database.read() as session:
        kinds = session.scalars(select(AuditEventRow.kind).where(AuditEventRow.object_id == waiting.item_id)).all()
    assert EventKind.ITEM_DISCARDED in kinds
    assert house.app.checks.check(full=True).well


@pytest.mark.slow
def test_a_change_by_a_colleague_is_not_overwritten(any_house: House) -> None:
    house = any_house
    data, _ = letter(house, "photo consent")
    intake = house.send([("a.pdf", data)])
    house.work()
    document = house.items(intake)[0].document_id
    assert document is not None
    anouk, carla = house.by("anouk"), house.by("carla")
    seen = house.app.documents.show(anouk, document)
    house.app.documents.change(anouk, document, seen.row_version, title="Toestemming beeldmateriaal")
    with pytest.raises((Conflict, NotFound, Refused)):
        house.app.documents.change(carla, document, seen.row_version, title="Iets anders")
    with pytest.raises(Conflict):
        house.app.documents.change(anouk, document, seen.row_version, title="Iets anders")
    moved = house.app.documents.change(anouk, document, seen.row_version + 1, category="GES-01")
    assert moved.placements[0].category_code == "GES-01"
    with pytest.raises(Refused):
        house.app.documents.change(anouk, document, moved.row_version, category="ZRG-04")
    assert house.app.search.search(anouk, "toestemming").total == 0, "not yet indexed: left out, never shown old"
    house.settle()
    assert house.app.search.search(anouk, "toestemming").total == 1


def test_a_right_withdrawn_works_at_the_next_read(house: House) -> None:
    data, _ = letter(house, "photo consent")
    house.send([("a.pdf", data)])
    house.work()
    anouk = house.by("anouk")
    [hit] = house.app.search.search(anouk, "toestemming").hits
    house.app.accounts.disable(OPERATOR, "anouk@deregenboog.example")
    assert house.app.search.search(anouk, "toestemming").total == 0
    with pytest.raises(NotFound):
        house.app.documents.show(anouk, hit.document_id)
    with pytest.raises(NotFound):
        house.app.documents.content(anouk, hit.document_id, Rendition.PAGE, page=1)
