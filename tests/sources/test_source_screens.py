"""The pages of sources: set up, tried and looked at by who administers; refused and released by who works at a desk."""

import re
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from dms.db.tables import ItemRow, SchoolRow
from dms.model.documents import ItemState
from dms.web.factory import create_app
from ingest.service.malware import MALWARE
from tests.houses import BRIN, PASSWORD, House
from tests.web.html_rules import faults


def client_of(house: House, name: str) -> FlaskClient:
    """Somebody who is signed in."""
    client = create_app(house.app).test_client()
    email = f"{name}@{'hetkompas' if name == 'mees' else 'deregenboog'}.example"
    answer = post(client, "/inloggen", {"email": email, "wachtwoord": PASSWORD})
    assert answer.status_code in (302, 303), answer.status_code
    return client


def token(client: FlaskClient, address: str) -> str:
    """The token against forgery of a page."""
    found = re.search(r'csrf-token" content="([^"]+)"', client.get(address).text)
    assert found, address
    return found[1]


def post(client: FlaskClient, address: str, form: dict[str, str], page: str = ""):  # type: ignore[no-untyped-def]
    """Send a form as a browser does."""
    return client.post(address, data={"csrf_token": token(client, page or address), **form})


def page(client: FlaskClient, address: str) -> str:
    """A page that is there and is good HTML."""
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    assert faults(answer.text) == []
    return answer.text


def school(house: House) -> UUID:
    with house.app.database.read() as session:
        return session.scalars(select(SchoolRow.id).where(SchoolRow.brin == BRIN)).one()


@pytest.mark.slow
def test_a_scanner_folder_from_page_to_page(shared_house: House) -> None:
    gijs = client_of(shared_house, "gijs")
    assert "Scanmappen" in page(gijs, "/beheer/bronnen")
    assert "Nog geen scanmap" in page(gijs, "/beheer/scanmappen")
    new = "/beheer/scanmappen/nieuw"
    page(gijs, new)
    form = {"name": "Balie", "folder": "balie", "versie": "0"}
    wrong = post(gijs, new, {**form, "folder": "../elders", "doe": "nagaan"})
    assert wrong.status_code == 400
    assert "gewone letters" in wrong.text
    checked = post(gijs, new, {**form, "doe": "nagaan"})
    assert checked.status_code == 200
    assert post(gijs, new, {**form, "doe": "opslaan"}).status_code == 303
    text = page(gijs, "/beheer/scanmappen")
    found = re.search(r"/beheer/scanmappen/([0-9a-f-]{36})", text)
    assert found
    one = f"/beheer/scanmappen/{found[1]}"
    page(gijs, one)
    assert post(gijs, f"{one}/nu", {}, "/beheer/scanmappen").status_code == 303
    assert "gevraagd om nu te kijken" in page(gijs, "/beheer/scanmappen")
    for name in ("anouk", "mees"):
        other = client_of(shared_house, name)
        assert other.get(one).status_code == 403
    assert "Haal weg" in page(gijs, f"{one}/weg")
    assert post(gijs, f"{one}/weg", {"versie": "1", "doe": "opslaan"}).status_code == 303
    assert gijs.get(one).status_code == 404


@pytest.mark.slow
def test_a_mailbox_from_page_to_page_and_no_page_shows_its_password(shared_house: House) -> None:
    gijs = client_of(shared_house, "gijs")
    assert "Nog geen postbus" in page(gijs, "/beheer/postbussen")
    new = "/beheer/postbussen/nieuw"
    form = {
        "name": "Papieren", "address": "papier@deregenboog.example", "host": "localhost", "port": "1",
        "login": "papier", "versie": "0",
    }  # fmt: skip
    page(gijs, new)
    assert "geen mailadres" in post(gijs, new, {**form, "address": "x", "doe": "nagaan"}).text
    saved = post(gijs, new, {**form, "doe": "opslaan"})
    assert saved.status_code == 303
    secret = saved.headers["Location"]
    typed = page(gijs, secret)
    assert "Wachtwoord van de postbus" in typed
    assert "refresh token" not in typed
    assert "wacht op een wachtwoord" in page(gijs, "/beheer/postbussen")
    assert post(gijs, secret, {"geheim": "heel-geheim-woord"}).status_code == 303
    one = secret.removesuffix("/geheim")
    assert all(
        "heel-geheim-woord" not in page(gijs, x) for x in (one, secret, "/beheer/postbussen", "/beheer/wijzigingen")
    )
    tried = post(gijs, f"{one}/testen", {}, "/beheer/postbussen")
    assert "De mailserver antwoordt niet." in tried.text
    assert post(gijs, f"{one}/nu", {}, "/beheer/postbussen").status_code == 303
    token = {"method": "refresh", "token_url": "https://login.example/token", "client_id": "dossierkluis"}
    with_token = post(gijs, new, {**form, **token, "name": "Met token", "login": "ander", "doe": "opslaan"})
    asked = page(gijs, with_token.headers["Location"])
    assert "refresh token" in asked
    assert "Client-geheim" in asked
    senders = f"{one}/afzenders"
    page(gijs, senders)
    assert post(gijs, senders, {"sender": "geen adres"}).status_code == 400
    assert post(gijs, senders, {"sender": "@ggd.example", "allow": "ja", "category": "OND-03"}).status_code == 303
    text = page(gijs, senders)
    assert "@ggd.example" in text
    rule = re.search(rf"{senders}/([0-9a-f-]{{36}})/weg", text)
    assert rule
    for name in ("anouk", "mees"):
        other = client_of(shared_house, name)
        assert [other.get(x).status_code for x in (one, secret, senders)] == [403, 403, 403]
    assert post(gijs, rule[0], {}, senders).status_code == 303
    assert post(gijs, f"{one}/weg", {"versie": "1", "doe": "opslaan"}).status_code == 303
    assert gijs.get(senders).status_code == 404


def test_two_persons_release_on_the_screen(shared_house: House) -> None:
    app = shared_house.app
    intake = shared_house.send([("verdacht.pdf", b"%PDF-1.4")], shared_house.by("anouk"))
    (item,) = shared_house.items(intake)
    with app.database.begin() as uow:
        uow.session.execute(
            update(ItemRow)
            .where(ItemRow.id == item.item_id)
            .values(state=ItemState.QUARANTINED, reason_code=MALWARE, reason_params={"finding": "Eicar"},
                    reason_text="De virusscanner vond iets in dit bestand: %(finding)s.")
        )  # fmt: skip
    anouk, carla = client_of(shared_house, "anouk"), client_of(shared_house, "carla")
    assert "Eicar" in page(anouk, "/geweigerd")
    address = f"/geweigerd/{item.item_id}/vrijgeven"
    page(anouk, address)
    assert post(anouk, address, {"doe": "vraag", "reden": "false_alarm"}).status_code == 303
    assert "U vroeg dit zelf" in page(anouk, address)
    assert post(anouk, address, {"doe": "geef"}).status_code == 403
    assert "Anouk" in page(carla, address)
    assert post(carla, address, {"doe": "geef"}).status_code == 303
    assert anouk.get(address).status_code == 404
    assert shared_house.item_row(item.item_id).state is ItemState.WAITING


def test_what_comes_in_by_itself_is_followed_by_who_works_at_a_desk(shared_house: House) -> None:
    from dms.model.documents import Source
    from dms.model.events import SYSTEM

    shared_house.app.receive.receive(SYSTEM, BRIN, Source.SCANNER, [("van de scanner.pdf", [b"%PDF-1.4"])])
    anouk = client_of(shared_house, "anouk")
    assert "/inname/vanzelf" in page(anouk, "/inname")
    assert "van de scanner.pdf" in page(anouk, "/inname/vanzelf")
    assert "van de scanner.pdf" not in page(client_of(shared_house, "mees"), "/inname/vanzelf")


@pytest.mark.slow
@pytest.mark.parametrize("offset", ["", "x", "-1"])
def test_a_piece_says_where_it_begins(shared_house: House, offset: str) -> None:
    anouk = client_of(shared_house, "anouk")
    headers = {"X-CSRFToken": token(anouk, "/inname"), "X-File-Name": "a.pdf", "X-Requested-With": "fetch"}
    sending = {"X-Sending": "11111111-1111-4111-8111-111111111111/1", "X-File-Size": "10"}
    begun = anouk.post("/inname/delen", headers=headers | sending)
    assert begun.status_code == 201
    answer = anouk.post(begun.json["address"], data=b"12345", headers=headers | {"X-Offset": offset})
    assert answer.status_code == 400
    assert anouk.post("/inname/delen", headers=headers | {"X-File-Size": "10"}).status_code == 400
    assert anouk.get(begun.json["address"]).json["received"] == 0
