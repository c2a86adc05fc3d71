"""A paper in the wrong dossier that somebody outside opened: the record begins by itself, and is judged and closed."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from dms.db.tables import DataBreachRow, DocumentRow, LetterRow, ScopedLinkEventRow
from dms.kernel.errors import BadInput, Conflict, Refused
from dms.model.documents import Source
from dms.model.letters import LetterKind
from dms.model.links import LinkEventKind, Verification
from dms.model.portal import BreachCause, BreachState, Door, Look
from dms.services.links.shapes import Order
from dms.services.shapes import Hints
from dms.web.factory import create_app
from tests.houses import BRIN, PASSWORD
from tests.portal.family_world import FamilyWorld
from tests.shape.route_world import pdf


def version(world: FamilyWorld, document_id: object) -> int:
    """The row version of a document."""
    with world.house.app.database.read() as session:
        return session.get_one(DocumentRow, document_id).row_version


@pytest.mark.slow
def test_moving_what_a_parent_opened_begins_a_record_with_who_what_and_when(families: FamilyWorld) -> None:
    app, esra = families.house.app, families.house.by("esra")
    wrong, unopened = families.add("joris", "OND-03", "Rapport"), families.add("joris", "OND-03", "Niet geopend")
    client = families.enter("hanna")
    assert client.get(f"/portaal/documenten/{wrong}").status_code == 200
    before = app.clock.now()
    for document in (wrong, unopened):
        seen = version(families, document)
        app.documents.change(families.house.by("carla"), document, seen, pupil_id=families.pupils["other"])
    (breach,) = [x for x in app.portal.breaches.list(esra, BRIN) if x.document_id in {wrong, unopened}]
    assert breach.document_id == wrong
    assert (breach.state, breach.cause) == (BreachState.OPEN, BreachCause.MOVED)
    assert (breach.pupil, breach.about) == ("Joris Hazelhoff", "Łukasz Nowak")
    assert [(x.who, x.door, x.look) for x in breach.looks] == [("Hanna Kuipers", Door.PORTAL, Look.SEEN)]
    assert before - timedelta(minutes=5) < breach.looks[0].at <= before
    assert breach.due_at == breach.found_at + timedelta(hours=72)
    assert breach.found_by.startswith("Carla")
    assert client.get(f"/portaal/documenten/{wrong}").status_code == 404
    with app.database.read() as session:
        told = session.scalars(select(LetterRow).where(LetterRow.kind == LetterKind.BREACH_STARTED)).all()
    assert esra.user_id in {x.user_id for x in told}


def test_removing_and_taking_back_count_too(families: FamilyWorld) -> None:
    app, esra, carla = families.house.app, families.house.by("esra"), families.house.by("carla")
    removed, moved = families.add("joris", "GES-01", "Verslag"), families.add("other", "GES-01", "Brief")
    families.enter("ivo").get(f"/portaal/documenten/{removed}")
    dirk = families.house.by("dirk")
    who = next(x for x in (carla, dirk, families.house.by("anouk")) if may_remove(families, x, removed))
    app.placements.remove(who, removed, version(families, removed))
    done = app.documents.change(carla, moved, version(families, moved), pupil_id=families.pupils["joris"])
    assert done.undo is not None
    families.enter("ivo").get(f"/portaal/documenten/{moved}")
    app.undo.undo(carla, done.undo)
    found = {x.document_id: x for x in app.portal.breaches.list(esra, BRIN)}
    assert found[removed].cause is BreachCause.REMOVED
    assert (found[moved].cause, found[moved].pupil) == (BreachCause.MOVED, "Joris Hazelhoff")
    assert app.portal.breaches.waiting(esra, BRIN) >= 2
    assert app.portal.breaches.waiting(carla, BRIN) == 0


def may_remove(world: FamilyWorld, by: object, document_id: object) -> bool:
    """Whether this colleague may remove the document."""
    return "remove" in world.house.app.documents.facts(by, document_id).actions


def test_the_register_is_the_privacy_officers_and_closes_with_reasons(families: FamilyWorld) -> None:
    app, esra = families.house.app, families.house.by("esra")
    breaches = app.portal.breaches
    paper = families.add("joris", "OND-03", "=Rapport")
    families.enter("hanna").get(f"/portaal/documenten/{paper}")
    app.documents.change(families.house.by("carla"), paper, version(families, paper), pupil_id=families.pupils["other"])
    one = next(x for x in breaches.list(esra, BRIN) if x.document_id == paper)
    for name in ("anouk", "dirk", "gijs", "carla"):
        with pytest.raises(Refused):
            breaches.show(families.house.by(name), BRIN, one.id)
    with pytest.raises(BadInput):
        breaches.close(esra, BRIN, one.id, one.row_version, "klaar", none=False)
    words = {"nature": "=Verkeerd opgeborgen", "consequences": "Ouder zag cijfers", "measures": "Ouder gebeld"}
    breaches.save(esra, BRIN, one.id, one.row_version, reported=True, told=True, **words)
    with pytest.raises(Conflict):
        breaches.save(esra, BRIN, one.id, one.row_version, reported=True, told=True, **words)
    kept = breaches.show(esra, BRIN, one.id)
    assert kept.reported_at is not None
    breaches.close(esra, BRIN, one.id, kept.row_version, "Gemeld en opgelost", none=False)
    closed = breaches.show(esra, BRIN, one.id)
    assert (closed.state, closed.closed_by[:4]) == (BreachState.CLOSED, "Esra")
    with pytest.raises(Conflict):
        breaches.close(esra, BRIN, one.id, closed.row_version, "nog eens", none=True)
    lines = breaches.export(esra, BRIN, str).decode("utf-8-sig").splitlines()
    mine = next(x for x in lines if str(one.id) in x)
    assert "'=Verkeerd opgeborgen" in mine
    assert "Hanna Kuipers" in mine


def test_after_72_hours_it_is_late(families: FamilyWorld) -> None:
    app, esra = families.house.app, families.house.by("esra")
    paper = families.add("joris", "OND-03", "Rapport")
    families.enter("hanna").get(f"/portaal/documenten/{paper}")
    app.documents.change(families.house.by("carla"), paper, version(families, paper), pupil_id=families.pupils["other"])
    one = next(x for x in app.portal.breaches.list(esra, BRIN) if x.document_id == paper)
    assert not one.late
    with app.database.begin() as uow:
        early = uow.now - timedelta(hours=72, minutes=1)
        uow.session.execute(update(DataBreachRow).where(DataBreachRow.id == one.id).values(found_at=early))
    assert app.portal.breaches.show(esra, BRIN, one.id).late


def test_taking_back_a_filing_that_a_parent_opened_counts_too(families: FamilyWorld) -> None:
    house, anouk = families.house, families.house.by("anouk")
    intake = house.send([("brief.pdf", pdf("Een brief zonder naam en zonder kind."))], anouk)
    house.work()
    (item,) = house.items(intake)
    seen = house.item_row(item.item_id).row_version
    document = house.app.desk.file(
        anouk,
        item.item_id,
        seen,
        pupil_id=families.pupils["joris"],
        category="GES-01",
        document_date=house.app.clock.today() - timedelta(days=5),
        title="Brief",
    )
    assert families.enter("hanna").get(f"/portaal/documenten/{document}").status_code == 200
    house.app.desk_room.acts.undo_item(anouk, item.item_id)
    assert families.enter("hanna").get(f"/portaal/documenten/{document}").status_code == 404
    (breach,) = [x for x in house.app.portal.breaches.list(house.by("esra"), BRIN) if x.document_id == document]
    assert (breach.cause, breach.pupil, breach.title) == (BreachCause.REMOVED, "Joris Hazelhoff", "")
    assert [x.who for x in breach.looks] == ["Hanna Kuipers"]


def test_a_picture_asked_for_by_itself_is_a_look_too(families: FamilyWorld) -> None:
    house, day = families.house, families.house.app.clock.today()
    hints = Hints(families.pupils["joris"], None, "OND-03", day, "Rapport")
    data = pdf("Rapport van dit jaar.\nWat een bladzijde zegt, staat er.")
    intake = house.app.receive.receive(house.by("carla"), BRIN, Source.UPLOAD, [("rapport.pdf", [data])], hints)
    house.work()
    (item,) = house.items(intake)
    assert item.document_id is not None, item.reason
    paper = item.document_id
    client = families.enter("hanna")
    for _ in range(2):
        assert client.get(f"/portaal/documenten/{paper}/bladzijde/1").mimetype.startswith("image/")
    house.app.documents.change(house.by("carla"), paper, version(families, paper), pupil_id=families.pupils["other"])
    (breach,) = [x for x in house.app.portal.breaches.list(house.by("esra"), BRIN) if x.document_id == paper]
    assert [(x.who, x.look) for x in breach.looks] == [("Hanna Kuipers", Look.SEEN)], "once, however many pictures"


def test_what_the_service_cannot_notice_is_told_by_hand(families: FamilyWorld) -> None:
    breaches, esra = families.house.app.portal.breaches, families.house.by("esra")
    with pytest.raises(Refused):
        breaches.tell(families.house.by("dirk"), BRIN, "Mail naar het verkeerde adres")
    for nature, number in ((" ", ""), ("Papier kwijt", "99999")):
        with pytest.raises(BadInput):
            breaches.tell(esra, BRIN, nature, number)
    made = breaches.show(esra, BRIN, breaches.tell(esra, BRIN, "Mail naar het verkeerde adres", "10427"))
    assert (made.cause, made.state, made.nature) == (
        BreachCause.TOLD,
        BreachState.OPEN,
        "Mail naar het verkeerde adres",
    )
    assert (made.about, made.pupil, made.looks) == ("Joris Hazelhoff", "", ())
    assert made.due_at == made.found_at + timedelta(hours=72)
    staff = create_app(families.house.app).test_client()
    families.post(staff, "/inloggen", {"email": "esra@deregenboog.example", "wachtwoord": PASSWORD}, "/inloggen")
    assert families.post(staff, "/datalekken", {"aard": "", "nummer": ""}, "/datalekken").status_code == 400
    told = families.post(staff, "/datalekken", {"aard": "Tas gestolen", "nummer": ""}, "/datalekken")
    assert "Tas gestolen" in staff.get(told.location).get_data(as_text=True)


def test_who_opened_it_by_link_is_named(families: FamilyWorld) -> None:
    app, carla = families.house.app, families.house.by("carla")
    paper = families.add("joris", "OND-03", "Rapport voor een ander")
    order = Order("Nadia de Vries", "overleg over de aanpak", documents=(paper,), verification=Verification.CODE)
    made = app.links.create(carla, order)
    with app.database.begin() as uow:
        uow.session.add(
            ScopedLinkEventRow(link_id=made.link_id, kind=LinkEventKind.VIEWED, at=uow.now, place="", document_id=paper)
        )
    app.documents.change(carla, paper, version(families, paper), pupil_id=families.pupils["other"])
    (breach,) = [x for x in app.portal.breaches.list(families.house.by("esra"), BRIN) if x.document_id == paper]
    assert [(x.who, x.door, x.look) for x in breach.looks] == [("Nadia de Vries", Door.LINK, Look.SEEN)]
