"""The retention room as people work in it: what falls due and never does, the calendar, holds, and what pages tell."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Select, select

from dms.db.tables import HoldRow, PupilRow, SchoolRow, SweepRow
from dms.model.events import Event, EventKind
from retention.service.lists_compose import Selection
from tests.houses import House
from tests.retention.retention_world import enrol, file
from tests.web.html_rules import faults
from tests.web.screen_world import BRIN, World, make_world, token

REASON = "Er loopt een klacht bij de commissie."


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A school of its own: terms of everybody differ."""
    made = make_world(tmp_path_factory.mktemp("retention-screens"))
    yield made
    made.house.close()


@pytest.fixture(scope="module")
def house(world: World) -> House:
    """The same as a house of tests."""
    return House(world.house, Path())


@pytest.fixture(scope="module")
def papers(world: World, house: House) -> dict[str, UUID]:
    """A pupil who left long ago, one who leaves later, one who is here; each with papers."""
    with world.house.database.read() as session:
        gone, goes, here = session.scalars(pupils_of().limit(3))
    today = world.today
    enrol(house, gone, today - timedelta(days=3 * 365))
    enrol(house, goes, today - timedelta(days=2 * 365 - 40))
    enrol(house, here, None)
    found = {"gone": gone, "goes": goes, "here": here}
    found["late"], found["also late"] = file(house, gone, "OND-03", day=date(2020, 1, 1), count=2)
    (found["letter"],) = file(house, gone, "GES-01", day=date(2020, 1, 1))
    (found["ahead"],) = file(house, goes, "OND-03", day=date(2022, 1, 1))
    (found["running"],) = file(house, here, "OND-05", day=date(2022, 1, 1))
    (found["blocked"],) = file(house, here, "ZRG-05")
    (found["lacking"],) = file(house, here, "VEI-05")
    world.house.retention.sweep.recount_all()
    world.house.retention.sweep.run()
    return found


def pupils_of() -> Select[tuple[UUID]]:
    """The pupils of the school where the people work, by number."""
    school = select(SchoolRow.id).where(SchoolRow.brin == BRIN).scalar_subquery()
    return select(PupilRow.id).where(PupilRow.school_id == school).order_by(PupilRow.number)


def words(answer: str) -> str:
    """The text of a page as a person reads it."""
    main = answer.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def read(client: FlaskClient, address: str) -> str:
    """The words of a page that answers, and keeps the rules of every page."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    html = answer.get_data(as_text=True)
    assert faults(html) == []
    assert "style=" not in html
    return words(html)


@pytest.mark.slow
def test_the_start_says_what_is_due_and_what_waits(world: World, papers: dict[str, UUID]) -> None:
    text = read(world.client("femke"), "/bewaren")
    assert "Vervallen 3" in text
    assert "Over tijd 3" in text
    assert "De regel is geblokkeerd: 1 stuk" in text
    assert "Vervallen termijnen 3" in read(world.client("dirk"), "/")
    assert "Vervallen termijnen" not in read(world.client("carla"), "/")


def test_what_falls_due_is_listed_with_why_and_narrowed(world: World, papers: dict[str, UUID]) -> None:
    client = world.client("femke")
    text = read(client, "/bewaren/vervalt")
    assert "3 stukken" in text
    assert "Hoogstens 2 jaar na einde van de inschrijving; dan vernietigen" in text
    assert "over tijd" in text
    assert "1 stuk" in read(client, "/bewaren/vervalt?categorie=GES-01")
    assert "4 stukken" in read(client, "/bewaren/vervalt?wanneer=kwartaal")
    assert "Hier vervalt niets" in read(client, "/bewaren/vervalt?wanneer=over-tijd&categorie=ADM-01")
    assert "4 stukken" in read(client, "/bewaren/vervalt?wanneer=kwartaal&waar=bestuur")
    assert not re.search(r"\bP\d", text), "a term as a table writes it"


def test_a_list_is_begun_from_what_is_shown(world: World, papers: dict[str, UUID]) -> None:
    compose = "Maak een vernietigingslijst"
    assert compose in read(world.client("femke"), "/bewaren/vervalt?categorie=GES-01")
    assert compose not in read(world.client("femke"), "/bewaren/vervalt?wanneer=jaar"), "not what may not go yet"
    assert compose not in read(world.client("dirk"), "/bewaren/vervalt"), "who approves does not propose"
    html = world.client("femke").get("/bewaren/vervalt?categorie=GES-01").get_data(as_text=True)
    address = next(unescape(x) for x in re.findall(r'href="(/vernietiging/nieuw[^"]*)"', html))
    assert world.client("femke").get(address).status_code == 200


def test_what_is_on_a_list_already_says_so(world: World, papers: dict[str, UUID]) -> None:
    client, told = world.client("femke"), "Staat op een vernietigingslijst"
    assert told not in read(client, "/bewaren/vervalt")
    lists = world.house.disposal.lists
    made = lists.propose(world.by("femke"), BRIN, "Een stuk", Selection(category="GES-01", all_due=True)).list_id
    assert told in read(client, "/bewaren/vervalt?categorie=GES-01")
    assert f'href="/vernietiging/{made}"' in client.get("/bewaren/vervalt").get_data(as_text=True)
    lists.abort(world.by("femke"), made, "Toch niet nu.")
    assert told not in read(client, "/bewaren/vervalt")


def test_long_lists_have_pages(world: World, papers: dict[str, UUID], house: House) -> None:
    file(house, papers["gone"], "ADM-09", day=date(2019, 1, 1), count=60)
    first = world.client("femke").get("/bewaren/vervalt?categorie=ADM-09").get_data(as_text=True)
    assert "Bladzijde 1 van 2" in words(first)
    second = read(world.client("femke"), "/bewaren/vervalt?categorie=ADM-09&bladzijde=2")
    assert second.count("ADM-09 Toestemmingen") >= 10


def test_what_never_falls_due_says_what_to_do(world: World, papers: dict[str, UUID]) -> None:
    client = world.client("femke")
    text = read(client, "/bewaren/zonder-dag")
    assert "Het bestuur moet kiezen" in text
    assert "De termijn begint bij: afhandeling van de zaak." in text
    assert "De leerling is nog ingeschreven (1)" in text
    assert "kies 2 jaar of 3 jaar: bronnen strijdig" in text
    group = client.get("/bewaren/zonder-dag?waarom=missing&categorie=VEI-05").get_data(as_text=True)
    assert f"/documenten/{papers['lacking']}" in group
    assert f"/documenten/{papers['running']}" not in group
    assert client.get("/bewaren/zonder-dag?waarom=onzin").status_code == 404
    assert client.get("/bewaren/zonder-dag?waarom=blocked&categorie=OND-03").status_code == 404


def test_the_calendar_is_drawn_and_told(world: World, papers: dict[str, UUID]) -> None:
    client = world.client("femke")
    html = client.get("/bewaren/kalender?maanden=12&categorie=OND-03").get_data(as_text=True)
    assert len(re.findall(r'<rect class="bar"', html)) == 12
    heights = [float(x) for x in re.findall(r'<rect class="bar"[^>]* height="([\d.]+)"', html)]
    assert sorted(heights, reverse=True)[:2] == sorted((x for x in heights if x), reverse=True)
    text = read(client, "/bewaren/kalender?maanden=12&categorie=OND-03")
    assert "Samen 3 stukken" in text
    assert "Alle getallen staan in de tabel" in text


def test_a_page_says_how_long_its_document_is_kept(world: World, papers: dict[str, UUID]) -> None:
    client = world.client("femke")
    late = read(client, f"/documenten/{papers['late']}")
    assert "Hoe lang wordt dit bewaard?" in late
    assert "Grondslag: AVG-norm (oud Vrijstellingsbesluit)" in late
    assert "De termijn begon op" in late
    assert "De aanleiding (einde van de inschrijving) is nog niet bekend" in read(
        client, f"/documenten/{papers['running']}"
    )
    assert "De regel is geblokkeerd" in read(client, f"/documenten/{papers['blocked']}")
    dossier = read(client, f"/leerlingen/{papers['gone']}")
    assert "Het eerste mag weg vanaf" in dossier
    assert "Toetsen en rapporten 2" in dossier


@pytest.mark.slow
def test_freezing_a_document_looking_again_and_releasing(world: World, papers: dict[str, UUID]) -> None:
    client = world.client("carla")
    address = f"/bewaren/bevriezingen/nieuw?op=document&wat={papers['letter']}"
    assert "OND" not in read(client, address).partition("Waarom?")[0]
    form = {"csrf_token": token(client, "/"), "op": "document", "wat": str(papers["letter"]), "reden": "x"}
    short = client.post("/bewaren/bevriezingen/nieuw", data=form)
    assert short.status_code == 400
    assert "Er is een reden nodig" in words(short.get_data(as_text=True))
    owner = world.people["femke"].email
    made = client.post("/bewaren/bevriezingen/nieuw", data={**form, "reden": REASON, "eigenaar": owner})
    assert made.status_code == 303
    there = made.location
    assert there is not None
    assert REASON in read(client, there)
    assert "3 stukken" not in read(world.client("femke"), "/bewaren/vervalt?categorie=GES-01")
    assert "bevroren" in read(world.client("femke"), "/bewaren/vervalt?categorie=GES-01&bevroren=1")
    told = read(world.client("anouk"), f"/documenten/{papers['letter']}")
    assert "Bevroren: dit document" in told
    assert REASON not in told
    world.house.retention.sweep.run()
    late = (world.today + timedelta(days=1)).isoformat()
    answer = client.post(there, data={"csrf_token": form["csrf_token"], "kijken": late, "eigenaar": owner})
    assert answer.status_code == 303
    _let_come(world, there)
    assert "Kijk opnieuw naar 1 bevriezing" in read(world.client("femke"), "/bewaren")
    menu = world.client("femke").get("/").get_data(as_text=True).partition("/bewaren")[2][:400]
    assert 'class="count"' in menu
    assert "Kijk opnieuw" not in read(world.client("carla"), "/bewaren"), "another is the owner"
    assert "nu" in read(client, "/bewaren/bevriezingen?nu=1")
    free = {"csrf_token": form["csrf_token"], "doe": "opheffen", "reden": "De klacht is afgehandeld."}
    assert client.post(there, data=free).status_code == 303
    assert "1 stuk" in read(world.client("femke"), "/bewaren/vervalt?categorie=GES-01"), "a release re-queues"
    assert client.post(there, data=free).status_code == 409
    assert "De klacht is afgehandeld." in read(client, "/bewaren/bevriezingen?oud=1")


def test_freezing_a_dossier_a_category_and_a_school(world: World, papers: dict[str, UUID]) -> None:
    client = world.client("femke")
    name = read(client, f"/leerlingen/{papers['gone']}").split(" ")[0]
    assert name
    with world.house.database.read() as session:
        pupil = session.get_one(PupilRow, papers["gone"])
        number, surname = pupil.number, pupil.surname
    assert surname in read(client, f"/bewaren/bevriezingen/nieuw?q={number}")
    anyhow = {"csrf_token": token(client, "/"), "reden": REASON}
    cases = (
        {"op": "dossier", "wat": str(papers["gone"])},
        {"op": "pupil", "wat": str(papers["gone"])},
        {"op": "category", "wat": "OND-03"},
        {"op": "board"},
        {"op": "board", "waar": "bestuur"},
    )
    for case in cases:
        made = client.post("/bewaren/bevriezingen/nieuw", data={**anyhow, **case})
        assert made.status_code == 303, case
        assert made.location is not None
        assert "0 stukken" in read(client, "/bewaren/vervalt?categorie=OND-03"), case
        free = {"csrf_token": anyhow["csrf_token"], "doe": "opheffen", "reden": "Niet meer nodig."}
        assert client.post(made.location, data=free).status_code == 303
        world.house.retention.sweep.recount_all()
    assert "2 stukken" in read(client, "/bewaren/vervalt?categorie=OND-03")
    carla = world.client("carla")
    refused = carla.post(
        "/bewaren/bevriezingen/nieuw",
        data={"csrf_token": token(carla, "/"), "reden": REASON, "op": "board", "waar": "bestuur"},
    )
    assert refused.status_code == 403
    nowhere = {"op": "document", "wat": "0f0f0f0f-0000-4000-8000-00000000beef"}
    assert client.post("/bewaren/bevriezingen/nieuw", data={**anyhow, **nowhere}).status_code == 404


def _let_come(world: World, address: str) -> None:
    """Let the day to look again have come."""
    hold = UUID(address.rpartition("/")[2])
    with world.house.database.begin() as uow:
        row = uow.session.get_one(HoldRow, hold)
        row.review_on = uow.today
        uow.session.query(SweepRow).delete()
        uow.record(Event(EventKind.HOLD_CHANGED, world.by("femke"), row.board_id, object_id=hold))
