"""The pages of stacks and sheets as a browser without scripts uses them."""

import re

import pytest
from flask.testing import FlaskClient

from dms.model.documents import ItemState
from dms.web.factory import create_app
from tests.batches.conftest import Parted
from tests.batches.stacks import sheets
from tests.houses import PASSWORD, House

pytestmark = pytest.mark.slow


def _token(page: str) -> str:
    return page.partition('<meta name="csrf-token" content="')[2].partition('"')[0]


def _client(house: House, email: str) -> FlaskClient:
    client = create_app(house.app).test_client()
    start = client.get("/inloggen").get_data(as_text=True)
    answer = client.post("/inloggen", data={"email": email, "wachtwoord": PASSWORD, "csrf_token": _token(start)})
    assert answer.status_code == 303
    return client


def _press(client: FlaskClient, address: str, act: str, *pages: int, **more: str) -> tuple[int, str]:
    page = client.get(address).get_data(as_text=True)
    version = re.search(r'name="versie" value="(\d+)"', page)
    assert version is not None
    fields = {
        "csrf_token": _token(page),
        "versie": version.group(1),
        "doe": act,
        "blz": [str(x) for x in pages],
        **more,
    }
    answer = client.post(address, data=fields, follow_redirects=True)
    return answer.status_code, answer.get_data(as_text=True)


def test_pages_are_parted_without_a_script(parted: Parted) -> None:
    house = parted.house
    client = _client(house, "anouk@deregenboog.example")
    waiting = parted.ranges["9-10"]
    desk = client.get(f"/postbak/{waiting.item_id}").get_data(as_text=True)
    address = f"/postbak/stapel/{waiting.item_id}"
    assert f'href="{address}"' in desk
    page = client.get(address).get_data(as_text=True)
    assert "10 bladzijden" in page
    assert page.count('name="blz"') == 3 + 5, "open pages and what was left out; filed ones stand fast"
    assert page.count("Zet terug") == 5
    picture = client.get(f"/postbak/stapel/{parted.stack}/bladzijde/9")
    assert (picture.status_code, picture.mimetype) == (200, "image/jpeg")
    assert picture.data.startswith(b"\xff\xd8")
    assert client.get(f"/postbak/stapel/{parted.stack}/bladzijde/11").status_code == 404

    status, page = _press(client, address, "splits:10")
    assert (status, "Maak de stukken zo" in page, "Laatste stap terug" in page) == (200, True, True)
    for act, pages, more, told in (
        ("splits:9", (), {}, "Hier begint al een stuk."),
        ("weg", (), {}, "Er is geen bladzijde gekozen."),
        ("verplaats", (9,), {}, "Er is geen stuk gekozen."),
        ("verplaats", (9,), {"naar": "2"}, "Dit stuk ligt niet meer in de postbak."),
        ("raar", (9,), {}, "Er is niets gekozen."),
    ):
        status, page = _press(client, address, act, *pages, **more)
        assert status == 400, act
        assert told in page
    status, page = _press(client, address, "rechts", 10)
    assert "turn-90" in page
    status, page = _press(client, address, "verplaats", 10, naar="1", voor="1")
    assert "bladzijde 10, 1" in page
    status, page = _press(client, address, "terugzetten:3")
    assert page.count("Zet terug") == 4
    for _ in range(2):
        status, page = _press(client, address, "terug")
    assert page.count("Zet terug") == 5
    status, page = _press(client, address, "klaar")
    assert "worden gemaakt" in page
    assert _press(client, address, "klaar")[0] in (400, 404)
    house.work()
    with_turn = next(x for x in house.items(parted.intake) if house.item_row(x.item_id).page_range == "10")
    assert with_turn.state is ItemState.DESK


def test_a_colleague_of_another_school_finds_nothing(parted: Parted) -> None:
    client = _client(parted.house, "mees@hetkompas.example")
    assert client.get(f"/postbak/stapel/{parted.stack}").status_code in (403, 404)
    assert client.get(f"/postbak/stapel/{parted.stack}/bladzijde/1").status_code in (403, 404)


def test_sheets_are_printed_from_the_list_and_from_a_dossier(parted: Parted) -> None:
    client = _client(parted.house, "anouk@deregenboog.example")
    pupil = parted.house.pupil_id(parted.pupils[0].number)
    assert f"/voorbladen?leerling={pupil}" in client.get(f"/leerlingen/{pupil}").get_data(as_text=True)
    assert "/voorbladen" in client.get("/leerlingen").get_data(as_text=True)
    page = client.get(f"/voorbladen?leerling={pupil}").get_data(as_text=True)
    assert f'value="{pupil}" checked' in page
    fields = {"csrf_token": _token(page), "leerling": [str(pupil)], "categorie": ""}
    answer = client.post("/voorbladen", data=fields)
    assert answer.mimetype == "application/pdf"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert len(sheets(answer.data)) == 1
    none = client.post("/voorbladen", data={"csrf_token": _token(page)})
    assert none.status_code == 400
    assert "Er is geen leerling gekozen." in none.get_data(as_text=True)
    apart = client.post("/scheidingsbladen", data={"csrf_token": _token(page), "aantal": "2", "vaker": "1"})
    assert len(sheets(apart.data)) == 2
    assert client.post("/scheidingsbladen", data={"csrf_token": _token(page), "aantal": "veel"}).status_code == 400
