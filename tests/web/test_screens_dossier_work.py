"""Working in a dossier: many documents at once, the bin, undo, versions, places, clashes, histories."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select

from dms.db.tables import PlacementRow
from dms.model.documents import PlacementState, Rendition
from dms.model.events import EventKind
from dms.services.shapes import DocumentView
from dms.services.working_shapes import HistoryLine
from dms.web.desks.rights.kinds import kind_words
from dms.web.presenters.histories import happening
from tests.web.screen_world import BRIN, World, letter, token

Make = Callable[..., DocumentView]


SEEDS = count(2000)
NEEDED = {9: 17, 3: 1, 12: 5}
"""How many documents of each pupil the tests take, all read at once: a document is never taken twice."""


@pytest.fixture(scope="module")
def pool(world: World) -> dict[int, list[UUID]]:
    """Documents that filed themselves, by pupil."""
    sent: dict[str, int] = {}
    for nth, many in NEEDED.items():
        for _ in range(many):
            name = f"{uuid4()}.pdf"
            sent[name] = nth
            paper = letter(world.demo, "absence report", world.pupil(nth), world.today, seed=next(SEEDS))
            world.send("anouk", [(name, paper)])
    world.work()
    found: dict[int, list[UUID]] = {}
    for item in world.house.status.recent(world.by("anouk"), BRIN, limit=len(sent)):
        if item.name in sent and item.document_id is not None:
            found.setdefault(sent[item.name], []).append(item.document_id)
    assert {k: len(v) for k, v in found.items()} == NEEDED
    return found


@pytest.fixture
def make(world: World, pool: dict[int, list[UUID]]) -> Make:
    """Hands out documents."""

    def one(nth: int = 9) -> DocumentView:
        return world.house.documents.show(world.by("anouk"), pool[nth].pop())

    return one


def post(client: FlaskClient, address: str, **fields: object) -> tuple[int, str]:
    """Send a form with a good token; (status, page)."""
    data = {"csrf_token": token(client, "/hulp"), **fields}
    answer = client.post(address, data=data, follow_redirects=True)
    return answer.status_code, answer.get_data(as_text=True)


def undo_address(page: str) -> str:
    """The address in the notice that takes the last act back."""
    found = re.search(r'action="(/ongedaan/[0-9a-f-]{36})"', page)
    assert found, "no way back on the page"
    return found[1]


def states(world: World, document_id: UUID) -> set[PlacementState]:
    """The states of all placements of a document."""
    with world.house.database.read() as session:
        rows = session.scalars(select(PlacementRow.state).where(PlacementRow.document_id == document_id))
        return set(rows)


@pytest.mark.slow
def test_removed_together_put_back_by_the_notice(world: World, make: Make) -> None:
    first, second = make(), make()
    whose = first.placements[0].pupil_id
    client = world.client("anouk")
    chosen = [str(first.document_id), str(second.document_id)]
    status, page = post(client, f"/leerlingen/{whose}/documenten", doe="weg", document=chosen)
    assert status == 200
    assert "2 documenten liggen in de prullenbak." in page
    assert not any(x in page for x in chosen)
    assert client.get(f"/documenten/{first.document_id}").status_code == 404
    bin_page = client.get("/prullenbak").get_data(as_text=True)
    assert first.title in bin_page
    assert second.title in bin_page
    world.work()
    hits = world.house.search.search(world.by("anouk"), "verzuim", size=100).hits
    assert not {first.document_id, second.document_id} & {x.document_id for x in hits}
    _, page = post(client, undo_address(page))
    assert "Ongedaan gemaakt" in page
    assert all(x in page for x in chosen)
    assert states(world, first.document_id) == {PlacementState.ACTIVE}


def test_the_bin_gives_back_what_was_chosen_to_who_may_remove(world: World, make: Make) -> None:
    document = make()
    place = document.placements[0].placement_id
    client = world.client("anouk")
    post(client, f"/documenten/{document.document_id}/weg", versie=str(document.row_version), plaats=str(place))
    assert states(world, document.document_id) == {PlacementState.BIN}
    assert world.client("esra").get("/prullenbak").status_code == 403
    status, _ = post(world.client("mees"), "/prullenbak/terug", plaats=[str(place)])
    assert status in (403, 404)
    assert states(world, document.document_id) == {PlacementState.BIN}
    status, page = post(client, "/prullenbak/terug", plaats=[str(place)])
    assert status == 200, page
    assert "1 document is teruggezet." in page
    assert states(world, document.document_id) == {PlacementState.ACTIVE}
    assert post(client, "/prullenbak/terug", plaats=[str(place)])[0] == 404


def test_one_forbidden_document_refuses_the_whole(world: World, make: Make) -> None:
    document = make()
    whose = document.placements[0].pupil_id
    chosen = [str(document.document_id)]
    for what, name in (("weg", "dirk"), ("zip", "esra"), ("bevestig", "dirk")):
        assert post(world.client(name), f"/leerlingen/{whose}/documenten", doe=what, document=chosen)[0] == 403, name
    assert post(world.client("mees"), f"/leerlingen/{whose}/documenten", doe="weg", document=chosen)[0] == 404
    other = make(3)
    both = [str(document.document_id), str(other.document_id)]  # the second lies in another dossier
    for doe in ("weg", "zip", "bevestig", "verplaats"):
        answer = post(world.client("anouk"), f"/leerlingen/{whose}/documenten", doe=doe, document=both, naar="ADM-03")
        assert answer[0] == 404, doe
    assert states(world, document.document_id) == {PlacementState.ACTIVE}
    assert not world.house.documents.show(world.by("anouk"), document.document_id).confirmed


def test_moved_together_and_back(world: World, make: Make) -> None:
    documents = [make(), make()]
    whose = documents[0].placements[0].pupil_id
    client = world.client("anouk")
    chosen = [str(x.document_id) for x in documents]
    _, page = post(client, f"/leerlingen/{whose}/documenten", doe="verplaats", naar="OND-03", document=chosen)
    assert "2 documenten zijn verplaatst." in page
    section = page.partition('id="deel-OND-03"')[2].partition("</section>")[0]
    assert all(x in section for x in chosen)
    _, page = post(client, undo_address(page))
    for document in documents:
        now = world.house.documents.show(world.by("anouk"), document.document_id)
        assert now.placements[0].category_code == document.placements[0].category_code
        assert not now.confirmed


def test_a_zip_holds_every_original_byte_for_byte(world: World, make: Make) -> None:
    documents = [make(), make()]
    client = world.client("anouk")
    whose = documents[0].placements[0].pupil_id
    answer = client.post(
        f"/leerlingen/{whose}/documenten",
        data={"csrf_token": token(client, "/hulp"), "doe": "zip", "document": [str(x.document_id) for x in documents]},
    )
    assert answer.mimetype == "application/zip"
    packed = zipfile.ZipFile(io.BytesIO(answer.data))
    assert packed.testzip() is None
    originals = {
        b"".join(world.house.documents.content(world.by("anouk"), x.document_id, Rendition.ORIGINAL).chunks)
        for x in documents
    }
    assert {packed.read(x) for x in packed.namelist()} == originals
    assert all("/" not in x and ".." not in x and x.endswith(".pdf") for x in packed.namelist())
    for document in documents:
        lines = world.house.timeline.document(world.by("anouk"), document.document_id).lines
        assert EventKind.DOCUMENT_DOWNLOADED in {x.kind for x in lines}


def test_a_colleagues_change_is_shown_beside_ones_own(world: World, make: Make) -> None:
    document = make()
    address = f"/documenten/{document.document_id}"
    day = f"{document.document_date:%d-%m-%Y}"
    before = {
        "versie": str(document.row_version), "was_titel": document.title, "was_datum": day, "datum": day,
        "was_categorie": document.placements[0].category_code, "categorie": document.placements[0].category_code,
    }  # fmt: skip
    carla = world.by("carla")
    world.house.documents.change(carla, document.document_id, document.row_version, title="Van Carla")
    client = world.client("anouk")
    status, page = post(client, address, **before, titel="Van Anouk")
    assert status == 409
    assert "Carla" in page.partition('id="botsing"')[2][:200]
    clash = page.partition('class="clash"')[2].partition("</fieldset>")[0]
    assert "Van Carla" in clash
    assert "Van Anouk" in clash
    assert 'name="kies_datum"' not in page  # nobody else touched the date
    version = re.search(r'name="versie" value="(\d+)"', page)
    assert version
    again = {**before, "versie": version[1], "titel": "Van Anouk"}
    status, _ = post(client, address, **again, kies_titel="collega")
    assert status == 200
    now = world.house.documents.show(world.by("anouk"), document.document_id)
    assert now.title == "Van Carla"
    status, _ = post(client, address, **{**again, "versie": str(now.row_version)}, kies_titel="ik")
    assert world.house.documents.show(world.by("anouk"), document.document_id).title == "Van Anouk"


def test_a_field_that_only_the_colleague_touched_is_not_written_over(world: World, make: Make) -> None:
    document = make()
    day = f"{document.document_date:%d-%m-%Y}"
    world.house.documents.change(world.by("carla"), document.document_id, document.row_version, title="Van Carla")
    status, page = post(
        world.client("anouk"),
        f"/documenten/{document.document_id}",
        versie=str(document.row_version), was_titel=document.title, titel=document.title, was_datum=day,
        datum="1-9-2026",
    )  # fmt: skip
    assert status == 409
    assert 'class="clash"' not in page
    assert 'name="titel" value="Van Carla"' in page
    assert 'value="01-09-2026"' in page or 'value="1-9-2026"' in page


def test_an_edit_is_undone_from_the_history_later_but_not_over_a_colleague(world: World, make: Make) -> None:
    document = make()
    anouk, key = world.by("anouk"), document.document_id
    first = world.house.documents.change(anouk, key, document.row_version, title="Eerste")
    second = world.house.documents.change(anouk, key, first.row_version, title="Tweede")
    assert second.undo is not None
    client = world.client("anouk")
    page = client.get(f"/documenten/{key}/geschiedenis").get_data(as_text=True)
    assert page.count("De kenmerken zijn gewijzigd.") == 2
    post(client, undo_address(page))
    assert world.house.documents.show(anouk, key).title == "Eerste"
    page = client.get(f"/documenten/{key}/geschiedenis").get_data(as_text=True)
    earlier = undo_address(page)
    assert post(world.client("carla"), earlier)[0] == 404  # nobody takes back what another did
    now = world.house.documents.show(anouk, key)
    world.house.documents.change(world.by("carla"), key, now.row_version, title="Van Carla")
    status, page = post(client, earlier)
    assert status == 409
    assert world.house.documents.show(anouk, key).title == "Van Carla"


def test_in_a_second_dossier_and_out_again(world: World, make: Make) -> None:
    document = make()
    key = document.document_id
    other = world.house.pupils.find(world.by("anouk"), BRIN, world.pupil(4).number)[0]
    client = world.client("anouk")
    version = str(document.row_version)
    status, page = post(client, f"/documenten/{key}/plaatsen", versie=version, leerling=str(other.id))
    assert status == 200
    assert "ligt nu ook in het andere dossier" in page
    assert str(key) in client.get(f"/leerlingen/{other.id}").get_data(as_text=True)
    view = world.house.documents.show(world.by("anouk"), key)
    assert {x.pupil_id for x in view.placements} == {document.placements[0].pupil_id, other.id}
    again = post(client, f"/documenten/{key}/plaatsen", versie=str(view.row_version), leerling=str(other.id))
    assert again[0] == 409
    post(client, undo_address(page))
    view = world.house.documents.show(world.by("anouk"), key)
    assert {x.pupil_id for x in view.placements} == {document.placements[0].pupil_id}
    status, _ = post(client, f"/documenten/{key}/plaatsen", versie=str(view.row_version), leerling=str(other.id))
    assert status == 200
    assert len(world.house.documents.show(world.by("anouk"), key).placements) == 2


@pytest.mark.slow
def test_a_new_version_counts_once_read_and_the_old_one_stays(world: World, make: Make) -> None:
    document = make()
    key, anouk = document.document_id, world.by("anouk")
    old = b"".join(world.house.documents.content(anouk, key, Rendition.ORIGINAL).chunks)
    fresh = letter(world.demo, "report card", world.pupil(9), world.today, seed=4)
    client = world.client("anouk")
    status, page = post(client, f"/documenten/{key}/versies", file=(io.BytesIO(fresh), "nieuw.pdf"))
    assert status == 200
    assert "De nieuwe versie is binnen." in page
    assert world.house.documents.show(anouk, key).current_version == 1
    busy = post(client, f"/documenten/{key}/versies", file=(io.BytesIO(fresh), "nieuw.pdf"))
    assert busy[0] == 409
    world.work()
    view = world.house.documents.show(anouk, key)
    assert view.current_version == 2
    assert [x.number for x in view.versions] == [2, 1]
    assert b"".join(world.house.documents.content(anouk, key, Rendition.ORIGINAL).chunks) == fresh
    assert b"".join(world.house.documents.content(anouk, key, Rendition.ORIGINAL, version=1).chunks) == old
    page = client.get(f"/documenten/{key}?versie=1").get_data(as_text=True)
    assert "Dat is niet de nieuwste." in page
    assert client.get(f"/documenten/{key}/bladzijde/1?versie=1").status_code == 200
    assert client.get(f"/documenten/{key}?versie=9").status_code == 404
    post(client, f"/documenten/{key}/versies", file=(io.BytesIO(b"geen document"), "stuk.pdf"))
    world.work()
    page = client.get(f"/documenten/{key}").get_data(as_text=True)
    assert "De nieuwe versie stuk.pdf is geweigerd." in page
    assert world.house.documents.show(anouk, key).current_version == 2
    report = world.house.checks.check(full=True)
    assert (report.objects_missing, report.fixity_bad) == (0, 0), report.details
    world.house.documents.read_again(anouk, key)
    world.work()
    assert world.house.documents.text(anouk, key)[0].strip()
    assert world.house.documents.show(anouk, key).current_version == 2


def test_words_of_the_question_are_marked_in_text_and_on_the_image(world: World, make: Make) -> None:
    document = make()
    page = world.client("anouk").get(f"/documenten/{document.document_id}?q=verzuim").get_data(as_text=True)
    assert re.search(r"<mark>[Vv]erzuim", page)
    assert page.count("<rect ") >= 1
    assert "style=" not in page
    unread = world.client("esra").get(f"/documenten/{document.document_id}?q=verzuim").get_data(as_text=True)
    assert "<mark>" not in unread
    assert "<rect" not in unread


def test_who_looked_is_shown_to_who_watches_over_the_dossier(world: World, make: Make) -> None:
    document = make()
    key = document.document_id
    world.house.documents.show(world.by("dirk"), key)
    seen_by_anouk = world.house.timeline.document(world.by("anouk"), key).lines
    assert {x.who.split()[0] for x in seen_by_anouk if x.kind is EventKind.DOCUMENT_SEEN} == {"Anouk"}
    seen_by_esra = world.house.timeline.document(world.by("esra"), key).lines
    assert {"Anouk", "Dirk"} <= {x.who.split()[0] for x in seen_by_esra if x.kind is EventKind.DOCUMENT_SEEN}
    whose = document.placements[0].pupil_id
    page = world.client("anouk").get(f"/leerlingen/{whose}/tijdlijn").get_data(as_text=True)
    assert document.title in page
    assert "Dirk" not in page.partition("<main")[2]
    assert world.client("mees").get(f"/leerlingen/{whose}/tijdlijn").status_code == 404


def test_every_kind_of_happening_is_told_in_words(world: World) -> None:
    with world.app.test_request_context():
        for kind in EventKind:
            line = HistoryLine(
                1, datetime(2026, 9, 3, tzinfo=UTC), kind, "", None, "", "Verzuim", "Verlof", {"version": "2"}, None
            )
            told = happening(line, kind_words).text
            assert kind.value not in told
            assert told.endswith(".")
            assert "%(" not in told


def test_archive_text_and_print_are_for_who_may_read(world: World, make: Make) -> None:
    key = make().document_id
    client = world.client("anouk")
    text = client.get(f"/documenten/{key}/origineel?soort=tekst")
    assert "verzuim" in text.get_data(as_text=True).lower()
    assert text.headers["Content-Disposition"].startswith("attachment")
    assert "bladzijde/1" in client.get(f"/documenten/{key}/afdrukken").get_data(as_text=True)
    assert world.client("esra").get(f"/documenten/{key}/afdrukken").status_code == 403


def test_the_dossier_is_narrowed_and_sorted_by_its_address(world: World, make: Make) -> None:
    document = make()
    whose = document.placements[0].pupil_id
    client = world.client("anouk")
    key, code = str(document.document_id), document.placements[0].category_code
    assert key in client.get(f"/leerlingen/{whose}?categorie={code}&onbevestigd=1").get_data(as_text=True)
    assert key not in client.get(f"/leerlingen/{whose}?categorie=OND-01").get_data(as_text=True)
    assert key not in client.get(f"/leerlingen/{whose}?q=bestaatniet").get_data(as_text=True)
    assert key not in client.get(f"/leerlingen/{whose}?schooljaar=1999-2000").get_data(as_text=True)
    for sort in ("nieuw", "oud", "titel", "binnen", "onzin"):
        assert key in client.get(f"/leerlingen/{whose}?volgorde={sort}").get_data(as_text=True)


def test_questions_to_the_database_do_not_grow_with_the_dossier(world: World, make: Make) -> None:
    documents = [make(12) for _ in range(5)]
    whose = documents[0].placements[0].pupil_id
    many = asked(world, whose)
    batch = world.house.placements.remove_all(world.by("anouk"), whose, [x.document_id for x in documents[1:]])
    few = asked(world, whose)
    world.house.undo.undo(world.by("anouk"), batch)
    assert len(many) == len(few)


def asked(world: World, pupil_id: UUID) -> list[str]:
    """The statements that showing a dossier sends."""
    sent: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        sent.append(statement)

    event.listen(world.house.database.engine, "before_cursor_execute", note)
    try:
        world.house.pupils.dossier(world.by("anouk"), pupil_id)
    finally:
        event.remove(world.house.database.engine, "before_cursor_execute", note)
    return [x for x in sent if not x.startswith(("PRAGMA", "BEGIN"))]
