"""A package of another school: quarantine, review, accept or reject; nothing in a dossier before a person says so."""

import json
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import func, select

from dms.db.tables import (
    AuditEventRow,
    DocumentRow,
    ItemRow,
    PlacementRow,
    PupilRow,
    ReceivedPackageRow,
    ReceivedPartRow,
    RenditionRow,
)
from dms.kernel.errors import BadInput, Conflict, NotFound, Refused
from dms.kernel.ids import new_id
from dms.model.documents import ItemState, Rendition, Source
from dms.model.events import EventKind
from dms.model.received import PartChoice, ReceivedState
from dms.model.transfer_package import PackageCarer, PackagePlace
from dms.services.destroying.documents import shrink_documents
from tests.backup.backup_world import paper
from tests.houses import OPERATOR, House
from tests.received.received_world import NEW_PUPIL, document, package, papers, take


def documents(house: House) -> int:
    with house.app.database.read() as session:
        return session.scalar(select(func.count()).select_from(DocumentRow)) or 0


@pytest.mark.slow
def test_accepted_into_a_new_dossier_with_all_that_was_sent(school: House) -> None:
    sent = papers("zilvermeeuw", "kokmeeuw")
    secret = replace(NEW_PUPIL, address_secret=True, email="noor@wijngaarden.example")
    carer = PackageCarer("P. van Wijngaarden", "vader", legal_representative=True, town="Elders", phone="0201234567")
    before = documents(school)
    receipt = take(school, package(sent, secret, carers=(carer,)))
    by, room = school.by("anouk"), school.app.received
    assert documents(school) == before, "what is in quarantine is in no dossier"
    view = room.review.view(by, receipt)
    assert (view.state, view.sender_brin, len(view.parts)) == (ReceivedState.QUARANTINED, "99ZZ", 2)
    assert [(x.category, x.title, x.pages, x.mine) for x in view.parts] == [
        ("OND-03", "Rapport 1", 1, True),
        ("OND-03", "Rapport 2", 1, True),
    ]
    assert view.told is not None
    assert (view.told.pupil.email, view.told.carers[0].phone, view.told.carers[0].town) == ("", "", "")
    assert view.told.carers[0].address_secret
    assert view.candidates == ()
    assert view.pupil is None
    page = room.review.page(by, receipt, view.parts[0].id, 1)
    assert b"".join(page.chunks).startswith(b"\xff\xd8")
    with pytest.raises(BadInput):
        room.decisions.accept(by, receipt)
    pupil_id = room.enrolling.enrol(by, receipt, view.row_version)
    done = room.decisions.accept(by, receipt)
    school.work()
    assert (len(done.documents), done.waiting, done.state) == (2, 0, ReceivedState.ACCEPTED)
    with school.app.database.read() as session:
        pupil = session.get_one(PupilRow, pupil_id)
        assert (pupil.surname, pupil.gender, pupil.address_secret, pupil.number) == ("Wijngaarden", "V", True, "K-77")
        for (told, data), document_id in zip(sent, done.documents, strict=True):
            row = session.get_one(DocumentRow, document_id)
            placed = session.scalars(select(PlacementRow).where(PlacementRow.document_id == document_id)).one()
            assert (row.title, row.document_date, row.source) == (told.title, told.document_date, Source.TRANSFER)
            assert (placed.category, placed.pupil_id, placed.confirmed) == (told.category, pupil_id, True)
            content = school.app.documents.content(by, document_id, Rendition.ORIGINAL)
            assert b"".join(content.chunks) == data
        package_row = session.get_one(ReceivedPackageRow, receipt)
        assert package_row.content_sealed is None
        assert session.scalar(select(RenditionRow.id).where(RenditionRow.document_id == receipt)) is None
    assert school.app.vault.left_of(receipt) == []
    assert school.app.search.search(by, "zilvermeeuw").total == 1
    answer = json.loads(room.decisions.answer(by, receipt))
    assert (answer["uitkomst"], answer["controle"]) == ("aangenomen", view.mark)
    assert [x["uitkomst"] for x in answer["stukken"]] == ["overgenomen", "overgenomen"]
    assert "Wijngaarden" not in json.dumps(answer)


def test_sent_again_does_nothing_and_says_so(school: House) -> None:
    raw = package(papers("scholekster"), replace(NEW_PUPIL, bsn="", number="K-78", surname="Duin"))
    first = school.app.received.packages.receive(OPERATOR, "99XX", [raw])
    again = school.app.received.packages.receive(OPERATOR, "99XX", [raw])
    assert (first.again, again.again, again.id) == (False, True, first.id)
    with school.app.database.read() as session:
        count = select(func.count()).select_from(ItemRow).where(ItemRow.intake_id == first.intake_id)
        assert session.scalar(count) == 1
    school.app.received.decisions.reject(school.by("anouk"), first.id, "Dubbel verstuurd pakket")
    third = school.app.received.packages.receive(OPERATOR, "99XX", [raw])
    assert (third.again, third.state) == (True, ReceivedState.REJECTED)


def test_rejected_leaves_nothing_but_the_reason(school: House) -> None:
    receipt = take(school, package(papers("wulp"), replace(NEW_PUPIL, bsn="", surname="Duinker")))
    by, room = school.by("anouk"), school.app.received
    with pytest.raises(BadInput):
        room.decisions.reject(by, receipt, "nee")
    with pytest.raises(Conflict):
        room.decisions.answer(by, receipt)
    room.decisions.reject(by, receipt, "Deze leerling komt niet op onze school.")
    school.settle()
    with school.app.database.read() as session:
        row = session.get_one(ReceivedPackageRow, receipt)
        item = session.scalars(select(ItemRow).where(ItemRow.intake_id == row.intake_id)).one()
        assert (row.state, item.state) == (ReceivedState.REJECTED, ItemState.DISCARDED)
        assert school.app.vault.left_of(item.document_id) == []
    answer = json.loads(room.decisions.answer(by, receipt))
    assert (answer["uitkomst"], answer["reden"]) == ("geweigerd", "Deze leerling komt niet op onze school.")
    with pytest.raises(Conflict):
        room.decisions.accept(by, receipt)


def test_matrix_and_levels_hold(school: House) -> None:
    """What is for the care team the administration neither sees nor files; the care coordinator files the rest."""
    sent = [*papers("tureluur"), (document(2, "ZRG-01", title="Zorgplan"), paper("grutto"))]
    receipt = take(school, package(sent, replace(NEW_PUPIL, bsn="", number="K-80", surname="Plas")))
    room = school.app.received
    anouk, carla = school.by("anouk"), school.by("carla")
    seen = room.review.view(anouk, receipt)
    assert ([x.title for x in seen.parts], seen.hidden) == (["Rapport 1"], 1)
    care = next(x for x in room.review.view(carla, receipt).parts if x.title == "Zorgplan")
    with pytest.raises(NotFound):
        room.review.page(anouk, receipt, care.id, 1)
    room.enrolling.enrol(anouk, receipt, room.review.view(anouk, receipt).row_version)
    first = room.decisions.accept(anouk, receipt)
    assert (len(first.documents), first.waiting, first.state) == (1, 1, ReceivedState.QUARANTINED)
    with pytest.raises(Refused):
        room.decisions.accept(anouk, receipt)
    with pytest.raises(Conflict):
        room.decisions.reject(carla, receipt, "Toch maar niet, dank u wel.")
    second = room.decisions.accept(carla, receipt)
    assert (len(second.documents), second.waiting, second.state) == (1, 0, ReceivedState.ACCEPTED)
    for name in ("mees", "gijs", "bram", "esra"):
        with pytest.raises(NotFound):
            room.review.view(school.by(name), receipt)


def test_who_it_is_a_number_tells_and_a_name_only_suggests(school: House) -> None:
    with school.app.database.read() as session:
        board = next(x for x in school.app.schools.list() if x.brin == "99XX")
        known = session.scalars(
            select(PupilRow).where(PupilRow.school_id == board.id, PupilRow.bsn_sealed.is_not(None)).limit(1)
        ).one()
        bsn = school.app.vault.unseal(known.id, "bsn", known.bsn_sealed or b"").decode()
    room, by = school.app.received, school.by("anouk")
    named = replace(NEW_PUPIL, bsn="", surname=known.surname, birth_date=known.birth_date, given_name="X")
    view = room.review.view(by, take(school, package(papers("bergeend"), named)))
    assert view.pupil is None
    assert known.id in [x.pupil_id for x in view.candidates]
    assert not any(x.sure for x in view.candidates)
    sure = room.review.view(by, take(school, package(papers("slobeend"), replace(NEW_PUPIL, bsn=bsn))))
    assert sure.pupil is not None
    assert (sure.pupil.pupil_id, sure.pupil.sure) == (known.id, True)
    done = room.decisions.accept(by, sure.id)
    assert len(done.documents) == 1
    same = package([(document(1, title="Anders"), paper("slobeend"))], replace(NEW_PUPIL, bsn=bsn))
    again = room.decisions.accept(by, take(school, same))
    assert (again.documents, again.duplicates, again.state) == ((), 1, ReceivedState.ACCEPTED)


def test_a_paper_can_be_left_or_renamed(school: House) -> None:
    receipt = take(
        school, package(papers("fuut", "dodaars"), replace(NEW_PUPIL, bsn="", number="K-90", surname="Veen"))
    )
    room, by = school.app.received, school.by("anouk")
    view = room.review.view(by, receipt)
    one, other = view.parts
    room.review.change_part(
        by, receipt, view.row_version, one.id, choice=PartChoice.LEAVE, category=None, title="", document_date=None
    )
    with pytest.raises(Conflict):
        room.review.change_part(
            by, receipt, view.row_version, other.id, choice=PartChoice.TAKE, category=None, title="", document_date=None
        )
    version = room.review.view(by, receipt).row_version
    room.review.change_part(
        by,
        receipt,
        version,
        other.id,
        choice=PartChoice.TAKE,
        category="OND-01",
        title="Andere naam",
        document_date=other.document_date,
    )
    room.enrolling.enrol(by, receipt, version + 1)
    done = room.decisions.accept(by, receipt)
    assert len(done.documents) == 1
    with school.app.database.read() as session:
        assert session.get_one(DocumentRow, done.documents[0]).title == "Andere naam"


def test_refused_whole_leaves_no_byte(school: House) -> None:
    whole = package(papers("kluut"), package_id=new_id())
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 1
    elsewhere = package(papers("kluut"), receiver=PackagePlace("00YY"))
    keys_before = {x.key for x in school.app.vault.store.keys()}
    for raw, code in (
        (bytes(flipped), "file_changed"),
        (whole[: len(whole) // 2], "package_unreadable"),
        (elsewhere, "package_other_school"),
        (b"geen pakket", "package_unknown"),
        (b"", "empty_file"),
    ):
        with pytest.raises(BadInput) as fault:
            school.app.received.packages.receive(OPERATOR, "99XX", [raw])
        assert fault.value.code == code
    assert {x.key for x in school.app.vault.store.keys()} == keys_before
    with school.app.database.read() as session:
        kinds = session.scalars(
            select(AuditEventRow.details).where(AuditEventRow.kind == EventKind.RECEIVED_PACKAGE_REFUSED)
        ).all()
        assert "file_changed" in {x["reason"] for x in kinds}


def test_strangers_receive_and_see_nothing(school: House) -> None:
    with pytest.raises(NotFound):
        school.app.received.packages.receive(school.by("mees"), "99XX", [b"x"])
    with pytest.raises(NotFound):
        school.app.received.packages.receive(school.by("bram"), "99XX", [b"x"])
    with pytest.raises(NotFound):
        school.app.received.review.view(school.by("anouk"), UUID(int=7))


def test_a_destroyed_document_is_told_of_no_more(school: House) -> None:
    other = replace(NEW_PUPIL, bsn="", number="K-95", surname="Meerkoet")
    receipt = take(school, package(papers("waterhoen"), other))
    room, by = school.app.received, school.by("anouk")
    room.enrolling.enrol(by, receipt, room.review.view(by, receipt).row_version)
    made = room.decisions.accept(by, receipt).documents
    with school.app.database.begin() as uow:
        shrink_documents(uow, made)
    with school.app.database.read() as session:
        part = session.scalars(select(ReceivedPartRow).where(ReceivedPartRow.received_id == receipt)).one()
        assert (part.name, part.title, part.document_date, part.fields) == ("", "", None, {})
