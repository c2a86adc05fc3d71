"""Corrections over HTTP: the form of a parent, the queue at school, the file for the LAS."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dms.portal.factory import create_app as create_portal
from dms.web.factory import create_app
from tests import houses
from tests.houses import PASSWORD, House

pytestmark = pytest.mark.slow
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@pytest.fixture(scope="module")
def house(house_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    made = houses.copy(house_template, tmp_path_factory.mktemp("corrections-web"))
    yield made
    made.app.close()


def enter(app, path: str, name: str) -> FlaskClient:  # type: ignore[no-untyped-def]
    client = app.test_client()
    send(client, path, {"email": f"{name}@deregenboog.example", "wachtwoord": PASSWORD}, path)
    return client


def send(client: FlaskClient, address: str, form: dict[str, str], page: str) -> TestResponse:
    found = TOKEN.search(client.get(page).get_data(as_text=True))
    assert found is not None, page
    return client.post(address, data={"csrf_token": found[1], **form})


def text(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def test_from_the_parents_form_to_the_file(house: House) -> None:
    joris = house.pupil_id({x.call_name: x.number for x in house.schools()[0].pupils}["Joris"])
    staff, portal = create_app(house.app), create_portal(house.app)
    hanna = enter(portal, "/portaal/inloggen", "hanna")
    form = f"/portaal/wijzigingen/{joris}"
    assert "De school heeft: Joris" in text(hanna.get(form))
    assert send(hanna, form, {}, form).status_code == 400
    wrong = send(hanna, form, {"carer_email": "geen adres", "carer_town": "Elders"}, form)
    assert wrong.status_code == 400
    assert 'value="Elders"' in text(wrong), "what was typed stays"
    evil = "=HYPERLINK(1)"
    assert send(hanna, form, {"carer_street": evil, "opmerking": "<i>nieuw</i>"}, form).status_code == 303
    karim = enter(portal, "/portaal/inloggen", "karim")
    assert karim.get(form).status_code == 404
    anouk = enter(staff, "/inloggen", "anouk")
    queue = text(anouk.get("/wijzigingen"))
    assert evil in queue
    one = re.search(r"/wijzigingen/[0-9a-f-]{36}", queue)
    assert one is not None
    page = text(anouk.get(one[0]))
    assert "&lt;i&gt;nieuw&lt;/i&gt;" in page
    assert enter(staff, "/inloggen", "bram").get(one[0]).status_code == 404
    assert send(anouk, one[0], {"doe": "niet", "versie": "1", "reden": ""}, one[0]).status_code == 400
    assert send(anouk, one[0], {"doe": "neem", "versie": "1"}, one[0]).status_code == 303
    assert send(anouk, one[0], {"doe": "neem", "versie": "1"}, "/wijzigingen?oud=1").status_code == 409
    assert "De school neemt dit over." in text(hanna.get("/portaal/wijzigingen"))
    lines = send(anouk, "/wijzigingen/regels", {}, "/wijzigingen")
    assert lines.mimetype == "text/csv"
    assert f";'{evil};" in text(lines), "no spreadsheet carries it out"
