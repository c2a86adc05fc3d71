"""Finding back: pupils, dossiers, documents, changing them, and search."""

import re
from itertools import count
from uuid import uuid4

import pytest

from dms.services.shapes import DocumentView
from tests.web.screen_world import BRIN, World, letter, token

SEEDS = count(1000)


@pytest.fixture
def document(world: World) -> DocumentView:
    """A document that filed itself, fresh for this test."""
    name = f"{uuid4()}.pdf"
    paper = letter(world.demo, "absence report", world.pupil(7), world.today, seed=next(SEEDS))
    world.send("anouk", [(name, paper)])
    world.work()
    sent = next(x for x in world.house.status.recent(world.by("anouk"), BRIN) if x.name == name)
    assert sent.document_id is not None, sent.reason
    return world.house.documents.show(world.by("anouk"), sent.document_id)


def test_pupils_are_listed_filtered_and_paged(world: World) -> None:
    client = world.client("anouk")
    page = client.get("/leerlingen").get_data(as_text=True)
    everyone = world.house.pupils.list(world.by("anouk"), BRIN, size=100)
    assert f"{everyone.total} leerlingen" in page
    assert page.count('<th scope="row">') == min(50, everyone.total)
    group = client.get("/leerlingen?groep=groep+7").get_data(as_text=True)
    assert group.count('<th scope="row">') == sum(x.group == "groep 7" for x in everyone.rows)
    former = client.get("/leerlingen?oud=1").get_data(as_text=True)
    gone = world.house.pupils.list(world.by("anouk"), BRIN, former=True)
    assert former.count('<th scope="row">') == gone.total >= 5
    assert all(x.sort_name not in former for x in everyone.rows[:5])
    one = client.get(f"/leerlingen?q={world.pupil().number}").get_data(as_text=True)
    assert "1 leerling<" in one
    assert "Geen leerling gevonden" in client.get("/leerlingen?q=zzzz").get_data(as_text=True)
    if everyone.total > 50:
        assert "bladzijde=2" in page
        assert client.get("/leerlingen?bladzijde=2").get_data(as_text=True).count('<th scope="row">') > 0


def test_a_mentor_sees_her_own_group_only(world: World) -> None:
    page = world.client("bram").get("/leerlingen").get_data(as_text=True)
    mine = world.house.pupils.list(world.by("bram"), BRIN, size=100)
    assert {x.group for x in mine.rows} == {"groep 7"}
    assert page.count('<th scope="row">') == min(50, mine.total)


def test_the_picker_gives_choices_as_a_piece_of_a_page(world: World) -> None:
    pupil = world.pupil(3)
    page = world.client("anouk").get("/leerlingen/kies", query_string={"q": pupil.surname}).get_data(as_text=True)
    assert "<html" not in page
    assert pupil.number in page
    assert 'type="radio" name="leerling"' in page
    assert "Geen leerling gevonden" in world.client("anouk").get("/leerlingen/kies?q=zzzz").get_data(as_text=True)


def test_a_dossier_shows_documents_by_category(world: World, document: DocumentView) -> None:
    place = document.placements[0]
    page = world.client("anouk").get(f"/leerlingen/{place.pupil_id}").get_data(as_text=True)
    assert place.pupil_name in page
    section = page.partition(f'id="deel-{place.category_code}"')[2].partition("</section>")[0]
    assert f"/documenten/{document.document_id}" in section
    assert document.title in section
    assert "Niet bevestigd" in section


def test_the_page_of_a_document_shows_pages_text_and_where_it_came_from(world: World, document: DocumentView) -> None:
    client = world.client("anouk")
    page = client.get(f"/documenten/{document.document_id}").get_data(as_text=True)
    assert document.title in page
    assert document.placements[0].pupil_name in page
    assert "Gestuurd op het scherm" in page
    assert document.file_name in page
    words = world.house.documents.text(world.by("anouk"), document.document_id)[0].split()
    assert words[5] in page.partition('<pre class="read">')[2]
    for piece in ("bladzijde", "miniatuur"):
        image = client.get(f"/documenten/{document.document_id}/{piece}/1")
        assert image.mimetype in {"image/jpeg", "image/png"}
        assert int(image.headers["Content-Length"]) == len(image.data)
        assert "attachment" not in image.headers.get("Content-Disposition", "")
        assert client.get(f"/documenten/{document.document_id}/{piece}/99").status_code == 404


def test_the_original_is_only_ever_saved(world: World, document: DocumentView) -> None:
    answer = world.client("anouk").get(f"/documenten/{document.document_id}/origineel")
    assert answer.data.startswith(b"%PDF")
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def edit(world: World, document: DocumentView, **fields: str) -> tuple[int, str]:
    """Post the form of the document's page with these fields changed."""
    client = world.client("anouk")
    page = client.get(f"/documenten/{document.document_id}").get_data(as_text=True)
    version = re.search(r'name="versie" value="(\d+)"', page)
    assert version
    whole = {
        "csrf_token": token(client, f"/documenten/{document.document_id}"),
        "versie": version[1],
        "titel": document.title,
        "datum": document.document_date.isoformat(),
        "categorie": document.placements[0].category_code,
        **fields,
    }
    answer = client.post(f"/documenten/{document.document_id}", data=whole, follow_redirects=True)
    return answer.status_code, answer.get_data(as_text=True)


def test_changing_title_date_category_and_pupil(world: World, document: DocumentView) -> None:
    other = next(
        x for x in world.house.pupils.list(world.by("anouk"), BRIN).rows if x.id != document.placements[0].pupil_id
    )
    status, page = edit(
        world, document, titel="Verlofbrief", datum="2026-10-01", categorie="ADM-03", leerling=str(other.id)
    )
    assert status == 200
    assert "De wijziging is opgeslagen." in page
    after = world.house.documents.show(world.by("anouk"), document.document_id)
    assert (after.title, after.document_date.isoformat()) == ("Verlofbrief", "2026-10-01")
    assert (after.placements[0].pupil_id, after.placements[0].category_code) == (other.id, "ADM-03")
    assert after.confirmed


def test_who_was_second_is_told_and_loses_nothing(world: World, document: DocumentView) -> None:
    assert edit(world, document, titel="De eerste was sneller")[0] == 200
    status, page = edit(world, document, titel="Mijn versie", versie=str(document.row_version))
    assert status == 409
    assert "Een collega heeft dit document intussen gewijzigd." in page
    assert 'value="Mijn versie"' in page
    assert "De eerste was sneller" in page
    assert world.house.documents.show(world.by("anouk"), document.document_id).title == "De eerste was sneller"


def test_a_wrong_field_comes_back_with_what_was_typed(world: World, document: DocumentView) -> None:
    status, page = edit(world, document, titel="Nog niet opgeslagen", datum="2199-01-01")
    assert status == 400
    assert "kan niet in de toekomst" in page
    assert 'value="Nog niet opgeslagen"' in page


def test_confirming_what_filed_itself(world: World, document: DocumentView) -> None:
    client = world.client("anouk")
    address = f"/documenten/{document.document_id}"
    assert "Dit stuk borg zichzelf op" in client.get(address).get_data(as_text=True)
    answer = client.post(f"{address}/bevestigen", data={"csrf_token": token(client, address)}, follow_redirects=True)
    page = answer.get_data(as_text=True)
    assert "Bevestigd: het ligt op de juiste plaats." in page
    assert "borg zichzelf op" not in page


def test_who_may_only_read_gets_no_form_and_cannot_post_one(world: World, document: DocumentView) -> None:
    client = world.client("dirk")
    address = f"/documenten/{document.document_id}"
    page = client.get(address).get_data(as_text=True)
    assert document.title in page
    assert 'name="versie"' not in page
    answer = client.post(address, data={"csrf_token": token(client, address), "versie": "1", "titel": "Van mij"})
    assert answer.status_code == 403
    assert world.house.documents.show(world.by("anouk"), document.document_id).title == document.title


def test_who_may_know_but_not_read_sees_neither_pages_nor_text(world: World, document: DocumentView) -> None:
    client = world.client("esra")
    address = f"/documenten/{document.document_id}"
    page = client.get(address).get_data(as_text=True)
    assert document.title in page
    assert "maar niet wat erin staat" in page
    assert '<pre class="read">' not in page
    assert "Download het origineel" not in page
    for piece in ("bladzijde/1", "miniatuur/1", "origineel"):
        assert client.get(f"{address}/{piece}").status_code == 403
    dossier = client.get(f"/leerlingen/{document.placements[0].pupil_id}").get_data(as_text=True)
    assert document.title in dossier
    assert "miniatuur" not in dossier


def test_search_marks_words_counts_exactly_and_narrows(world: World, document: DocumentView) -> None:
    client = world.client("anouk")
    page = client.get("/zoeken?q=verzuim").get_data(as_text=True)
    found = world.house.search.search(world.by("anouk"), "verzuim", brin=BRIN)
    assert found.total >= 1
    assert re.search(rf">{found.total} document(en)? gevonden<", page)
    assert re.search(r"<mark>[Vv]erzuim", page)
    code = document.placements[0].category_code
    assert f"categorie={code}" in page
    narrowed = client.get(f"/zoeken?q=verzuim&categorie={code}").get_data(as_text=True)
    here = world.house.search.search(world.by("anouk"), f"categorie:{code} (verzuim)", brin=BRIN)
    assert re.search(rf">{here.total} document(en)? gevonden<", narrowed)
    assert narrowed.count('<a class="chip"') == 1
    number = document.placements[0].pupil_number
    mine = client.get(f"/zoeken?q=verzuim&nummer={number}").get_data(as_text=True)
    assert str(document.document_id) in mine


def test_search_finds_nothing_of_another_school_and_says_so(world: World) -> None:
    page = world.client("mees").get("/zoeken?q=verzuim").get_data(as_text=True)
    assert "Niets gevonden" in page
    assert "0 documenten gevonden" in page


@pytest.mark.parametrize("asked", ["(((", '"', "-", "a OF", "<script>alert(1)</script>", "datum:0", "*" * 400, "%(x)s"])
def test_no_question_breaks_the_page_or_speaks_html(world: World, asked: str) -> None:
    answer = world.client("anouk").get("/zoeken", query_string={"q": asked, "categorie": "ADM-02) OF (x"})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.get_data(as_text=True)


def test_pages_beyond_the_last_are_empty_not_broken(world: World) -> None:
    client = world.client("anouk")
    for page in ("0", "-3", "99999999999999999999", "abc", "7"):
        for address in ("/leerlingen?", "/zoeken?q=verzuim&"):
            assert client.get(f"{address}bladzijde={page}").status_code == 200, (address, page)


def test_a_name_from_outside_is_never_markup(world: World) -> None:
    world.send("anouk", [("<img src=x onerror=alert(1)>.pdf", b"geen pdf")])
    world.work()
    for address in ("/", "/inname", "/geweigerd"):
        assert "<img src=x" not in world.client("anouk").get(address).get_data(as_text=True)
