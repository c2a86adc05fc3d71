"""Signing over HTTP: at school and in the portal; who is not asked gets the same page as for nothing."""

import re
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dms.model.letters import LetterKind
from dms.portal.factory import create_app as create_portal
from dms.web.factory import create_app
from tests.houses import PASSWORD
from tests.signing.signing_world import SigningWorld

pytestmark = pytest.mark.slow
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def enter(app, path: str, email: str) -> FlaskClient:  # type: ignore[no-untyped-def]
    client = app.test_client()
    answer = send(client, path, {"email": email, "wachtwoord": PASSWORD}, path)
    assert answer.status_code in (302, 303), answer.get_data(as_text=True)
    return client


def send(client: FlaskClient, address: str, form: dict[str, str], page: str) -> TestResponse:
    """A form with the token of the page that it stands on."""
    found = TOKEN.search(client.get(page).get_data(as_text=True))
    assert found is not None, page
    return client.post(address, data={"csrf_token": found[1], **form})


def text(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def test_from_the_document_to_two_signatures(world: SigningWorld, papers: dict[str, UUID]) -> None:
    plan, scan = papers["scan"], papers["letter"]  # of the other plan another test makes a version
    withdrawn = world.only(plan)
    world.house.app.signing.asking.end(world.house.by("carla"), withdrawn, withdraw=True)
    staff, portal = create_app(world.house.app), create_portal(world.house.app)
    carla = enter(staff, "/inloggen", "carla@deregenboog.example")
    assert f"/documenten/{plan}/voorleggen" in text(carla.get(f"/documenten/{plan}"))
    page = f"/documenten/{plan}/voorleggen"
    shown = text(carla.get(page))
    assert "Hanna Kuipers" in shown
    assert "Ivo Hazelhoff" in shown
    assert send(carla, page, {"tot": "gisteren"}, page).status_code == 400
    asked = send(carla, page, {"tot": world.today(5).strftime("%d-%m-%Y")}, page)
    assert asked.status_code == 303, text(asked)
    one = asked.location
    request = one.rsplit("/", 1)[1]
    family = f"/portaal/ondertekenen/{request}"
    assert "nog niet: Hanna Kuipers, Ivo Hazelhoff" in text(carla.get("/ondertekenen")), "who is missing, by name"
    hanna = enter(portal, "/portaal/inloggen", "hanna@deregenboog.example")
    assert family in text(hanna.get("/portaal/ondertekenen"))
    assert "Onderteken" in text(hanna.get(family))
    assert hanna.get(f"{family}/bladzijde/1").mimetype.startswith("image/")
    assert hanna.get(f"{family}/bladzijde/99").status_code == 404
    good = {"antwoord": "agreed", "bevestiging": PASSWORD}
    assert hanna.post(family, data=good).status_code == 400, "without its token"
    assert send(hanna, family, {"antwoord": "ja", "bevestiging": PASSWORD}, family).status_code == 400
    assert send(hanna, family, {"antwoord": "not_agreed", "bevestiging": PASSWORD}, family).status_code == 400
    wrong = send(hanna, family, {**good, "bevestiging": "fout", "opmerking": "<b>blijft</b>"}, family)
    assert wrong.status_code == 400
    assert "&lt;b&gt;blijft&lt;/b&gt;" in text(wrong), "what was typed stays, and is text"
    assert send(hanna, family, good, family).status_code == 303
    assert "U bent het eens" in text(hanna.get(family))
    assert "nog niet: Ivo Hazelhoff" in text(carla.get("/ondertekenen"))
    karim = enter(portal, "/portaal/inloggen", "karim@deregenboog.example")
    for address in (family, f"{family}/bladzijde/1"):
        other, absent = karim.get(address), karim.get(address.replace(request, str(uuid4())))
        assert (other.status_code, absent.status_code) == (404, 404)
        assert TOKEN.sub("", text(other)) == TOKEN.sub("", text(absent))
    assert portal.test_client().get(family).status_code == 303, "sign in first"
    answer_id = next(
        x.id for x in world.house.app.signing.overview.one(world.house.by("carla"), UUID(request)).signers[1:]
    )
    paper = {"wie": str(answer_id), "antwoord": "seen", "dag": world.today().strftime("%d-%m-%Y"), "bewijs": str(scan)}
    assert send(carla, f"{one}/papier", {**paper, "bewijs": ""}, one).status_code == 400
    assert send(carla, f"{one}/papier", paper, one).status_code == 303
    done = text(carla.get(one))
    assert "compleet" in done
    assert "op papier van" in done
    assert request in text(carla.get("/ondertekenen?oud=1"))
    for name in ("anouk", "bram"):
        colleague = enter(staff, "/inloggen", f"{name}@deregenboog.example")
        assert colleague.get(one).status_code in (403, 404)


def test_mail_is_chosen_in_the_portal_and_at_school(world: SigningWorld) -> None:
    ivo = enter(create_portal(world.house.app), "/portaal/inloggen", "ivo@deregenboog.example")
    page = "/portaal/mail"
    assert send(ivo, page, {"soort": "signing.asked", "vaak": "dag"}, page).status_code == 303
    found = world.house.app.letters.choices.of(world.house.by("ivo"))
    assert (found.chosen, found.pace) == ({LetterKind.SIGNING_ASKED}, "dag")
    assert send(ivo, page, {"vaak": "altijd"}, page).status_code == 400
    carla = enter(create_app(world.house.app), "/inloggen", "carla@deregenboog.example")
    page = "/account/mail"
    assert send(carla, page, {"soort": "signing.answered", "vaak": "uur"}, page).status_code == 303
    assert "checked" in text(carla.get(page))
