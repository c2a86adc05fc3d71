"""A copy that could not be made: said why, and to be tried again where that may help."""

import re

import pytest

from dms.db.tables import RedactionRow
from dms.model.redaction import RedactionGround, RedactionState
from dms.web.factory import create_app
from dms.web.presenters.redaction import FAULTS, PASSING
from ingest.readers.errors import REASONS
from tests.houses import PASSWORD
from tests.redaction.conftest import Desk

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
VERSION = re.compile(r'name="versie" value="(\d+)"')
AGAIN = "Probeer het opnieuw"


@pytest.mark.slow
def test_who_waits_reads_why_and_tries_again(desk: Desk) -> None:
    app = desk.house.app
    asked = app.redaction.ask(desk.house.by("anouk"), desk.documents["scan"], None, RedactionGround.OUTSIDER)
    client = create_app(app).test_client()
    door = TOKEN.search(client.get("/inloggen").get_data(as_text=True))
    assert door is not None
    sent = {"csrf_token": door[1], "email": "anouk@deregenboog.example", "wachtwoord": PASSWORD}
    assert client.post("/inloggen", data=sent).status_code == 303
    page = f"/weglakken/{asked.id}"
    told: dict[str, str] = {}
    for fault in (*REASONS, "broke", "no_kind", "number_left", "object_damaged"):
        with app.database.begin() as uow:
            row = uow.session.get_one(RedactionRow, asked.id)
            row.state, row.fault, row.attempts = RedactionState.FAILED, fault, 3
        told[fault] = client.get(page).get_data(as_text=True)
        assert "De kopie is niet gemaakt." in told[fault]
        assert "%(" not in told[fault], fault
    assert "Mislukt" in client.get("/weglakken").get_data(as_text=True)
    for fault in PASSING:
        assert "Misschien was het druk" in told[fault]
        assert AGAIN in told[fault]
        assert "beschadigd" not in told[fault], "a machine that was busy is no broken file"
    assert AGAIN not in told["no_kind"], "what cannot be done is not offered"
    assert AGAIN not in told["read_encrypted"]
    assert "wachtwoord" in told["read_encrypted"]
    assert str(FAULTS["number_left"]) in told["number_left"]

    page_now = told["object_damaged"]
    token, version = TOKEN.search(page_now), VERSION.search(page_now)
    assert token is not None
    assert version is not None
    form = {"csrf_token": token[1], "versie": version[1], "doe": "opnieuw"}
    assert client.post(page, data=form).status_code == 303
    app.worker().work_until_empty()
    done = app.redaction.view(desk.house.by("anouk"), asked.id)
    assert (done.state, done.fault) == ("to_review", "")
