"""Gedeeld met mij: who signed in to the portal finds the links that are for her account, and nobody else's."""

import re
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from dms.kernel.errors import BadInput
from dms.model.links import Verification
from dms.services.links.shapes import Made
from tests.portal.doors_world import Doors
from tests.portal.test_doors_way_in import sign_in

LIST = "/portaal/gedeeld-met-mij"


def for_hanna(doors: Doors, *papers: str, **more: object) -> Made:
    return doors.link(*papers, verification=Verification.ACCOUNT, email="hanna@deregenboog.example", **more)


def inside(doors: Doors, name: str) -> FlaskClient:
    client = doors.browser("203.0.113.12")
    sign_in(client, f"{name}@deregenboog.example")
    return client


def form(client: FlaskClient) -> dict[str, str]:
    """What a form of the list carries."""
    return {"csrf_token": client.get("/portaal/mail").text.partition('csrf_token" value="')[2].partition('"')[0]}


def test_a_link_for_an_account_is_listed_and_opened_from_the_list(doors: Doors) -> None:
    made = for_hanna(doors, "plan", "rapport", openings=1)
    other = doors.link("adres", maker="anouk")
    hanna = inside(doors, "hanna")
    page = hanna.get(LIST).text
    for word in ("De Regenboog", "overleg over de aanpak", "2 documenten", f"{LIST}/{made.link_id}"):
        assert word in page
    assert str(other.link_id) not in page
    assert "/portaal/gedeeld-met-mij" in hanna.get("/portaal").text, "in the menu"
    entered = hanna.post(f"{LIST}/{made.link_id}", data=form(hanna))
    assert (entered.status_code, entered.location) == (303, "/portaal/gedeeld")
    assert "2 documenten" in hanna.get(entered.location).text
    assert hanna.get(f"/portaal/gedeeld/{doors.documents['plan']}/bladzijde/1").status_code == 200
    assert doors.events(made)[-2:] == ["verified", "viewed"]
    assert doors.row(made).openings == 1
    assert str(made.link_id) not in hanna.get(LIST).text, "opened as often as it could be"
    doors.house.app.links.revoke(doors.house.by("carla"), made.link_id)
    assert hanna.get("/portaal/gedeeld").status_code == 410


def test_nobody_else_sees_or_opens_it(doors: Doors) -> None:
    made = for_hanna(doors, "plan")
    coded = doors.link("plan", email="hanna@deregenboog.example")
    ivo = inside(doors, "ivo")
    assert str(made.link_id) not in ivo.get(LIST).text
    assert "Er is nu niets met u gedeeld" in ivo.get(LIST).text
    token = form(ivo)
    answers = [ivo.post(f"{LIST}/{x}", data=token) for x in (made.link_id, coded.link_id, uuid4())]
    assert {x.status_code for x in answers} == {404}
    assert len({re.sub(r'csrf_token" value="[^"]*"', "", x.text) for x in answers}) == 1, "tokens hold the second"
    assert ivo.get("/portaal/gedeeld").status_code == 401
    hanna = inside(doors, "hanna")
    assert hanna.post(f"{LIST}/{coded.link_id}", data=form(hanna)).status_code == 404, "a code is asked for that one"
    assert doors.browser().get(LIST).status_code == 303
    assert hanna.post(f"{LIST}/{made.link_id}").status_code == 400, "a form without its token"
    doors.house.app.links.revoke(doors.house.by("carla"), made.link_id)
    assert str(made.link_id) not in hanna.get(LIST).text
    assert hanna.post(f"{LIST}/{made.link_id}", data=form(hanna)).status_code == 404


def test_a_link_for_an_account_needs_one_that_can_come_in_at_the_portal(doors: Doors) -> None:
    for email in ("bram@deregenboog.example", "niemand@voorbeeld.example"):
        with pytest.raises(BadInput, match="account bij het portaal"):
            doors.link("plan", verification=Verification.ACCOUNT, email=email)
