"""What is in a link and who can put it there, as browsers ask: frozen and live, what others may not see, revoking."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import Client

from dms.cli.site import build
from dms.db.tables import PlacementRow
from dms.model.documents import PlacementState
from dms.services.links.shapes import Order
from dms.web.factory import create_app
from tests.houses import PASSWORD
from tests.portal.doors_world import Doors, path
from tests.rights.test_rights_screens import signed_in, token


@contextmanager
def not_there_yet(doors: Doors, paper: str) -> Iterator[None]:
    """As if the paper comes into the dossier only after this."""
    change = update(PlacementRow).where(PlacementRow.document_id == doors.documents[paper])
    with doors.house.app.database.begin() as uow:
        uow.session.execute(change.values(state=PlacementState.BIN))
    try:
        yield
    finally:
        with doors.house.app.database.begin() as uow:
            uow.session.execute(change.values(state=PlacementState.ACTIVE))


def test_a_paper_of_later_is_in_a_live_link_and_not_in_a_frozen_one(doors: Doors) -> None:
    order = {"recipient": "Nadia de Vries", "purpose": "overleg over de aanpak", "pupil_id": doors.pupil_id}
    links, carla = doors.house.app.links, doors.house.by("carla")
    with not_there_yet(doors, "rapport"):
        frozen = doors.enter(links.create(carla, Order(**order)))  # type: ignore[arg-type]
        live = doors.enter(links.create(carla, Order(**order, live=True)))  # type: ignore[arg-type]
        one = f"/portaal/gedeeld/{doors.documents['rapport']}"
        assert [x.get(one).status_code for x in (frozen, live)] == [404, 404]
    for rest in ("", "/bladzijde/1"):
        assert [x.get(one + rest).status_code for x in (frozen, live)] == [404, 200]
    titles = [x.get("/portaal/gedeeld").text.count('class="whole"') for x in (frozen, live)]
    assert titles[1] == titles[0] + 1


def test_nobody_shares_what_she_may_not_see(doors: Doors) -> None:
    bram, mees = (signed_in(doors.house, "bram"), other_school(doors))
    typed = {"ontvanger": "Nadia de Vries", "doel": "overleg over hulp", "grondslag": "public_task", "mag": "bekijken"}
    before = len(doors.house.app.link_lists.of_dossier(doors.house.by("carla"), doors.pupil_id, ended=True))
    address = f"/leerlingen/{doors.pupil_id}/delen"
    for client in (bram, mees):
        form = {**typed, "csrf_token": token(client, "/"), "doe": "maken"}
        answers = [client.post(address, data={**form, "document": str(x)}) for x in (doors.documents["plan"], uuid4())]
        assert answers[0].status_code == answers[1].status_code
        assert answers[0].status_code in {403, 404}
    after = len(doors.house.app.link_lists.of_dossier(doors.house.by("carla"), doors.pupil_id, ended=True))
    assert after == before


def other_school(doors: Doors) -> FlaskClient:
    """A mentor of another school, signed in."""
    client = create_app(doors.house.app).test_client()
    form = {"email": "mees@hetkompas.example", "wachtwoord": PASSWORD, "csrf_token": token(client, "/inloggen")}
    assert client.post("/inloggen", data=form).status_code == 303
    return client


@pytest.mark.slow
def test_a_link_of_another_school_and_one_that_never_was_look_alike(doors: Doors) -> None:
    made, mees = doors.link("plan"), other_school(doors)
    form = {"csrf_token": token(mees, "/"), "doe": "intrekken"}
    for answers in (
        [mees.get(f"/deellinks/{x}") for x in (made.link_id, uuid4())],
        [mees.post(f"/deellinks/{x}", data=form) for x in (made.link_id, uuid4())],
        [mees.post(f"/deellinks/{x}", data={**form, "doe": "ontgrendelen"}) for x in (made.link_id, uuid4())],
        [mees.get(f"/leerlingen/{x}/deellinks") for x in (doors.pupil_id, uuid4())],
    ):
        assert [x.status_code for x in answers] == [404, 404]
        assert len({x.text.count("<p") for x in answers}) == 1
    assert doors.browser().post(path(made), data={"code": made.access_code}).status_code == 303


@pytest.mark.parametrize("what", ["one", "receiver", "dossier"])
def test_one_click_ends_one_or_all_and_who_is_inside_hears_it_at_once(doors: Doors, what: str) -> None:
    carla = signed_in(doors.house, "carla")
    mail = f"{what}@swv.example"
    made = [doors.link("plan", email=mail), doors.link("rapport", email=mail), doors.link("rapport")]
    visits = [doors.enter(x) for x in made]
    listed = carla.get(f"/leerlingen/{doors.pupil_id}/deellinks").text
    assert all(f"/deellinks/{x.link_id}" in listed for x in made), "created is listed"
    form = {"csrf_token": token(carla, "/")}
    if what == "dossier":
        answer = carla.post(f"/leerlingen/{doors.pupil_id}/deellinks", data=form)
    else:
        doing = "intrekken" if what == "one" else "ontvanger"
        answer = carla.post(f"/deellinks/{made[0].link_id}", data={**form, "doe": doing})
    assert answer.status_code == 303
    over = {"one": [410, 200, 200], "receiver": [410, 410, 200], "dossier": [410, 410, 410]}[what]
    assert [x.get("/portaal/gedeeld").status_code for x in visits] == over


def test_the_cookie_of_a_visit_opens_no_interface_and_no_page_of_staff(doors: Doors) -> None:
    made = doors.link("plan")
    visit = doors.enter(made).get_cookie("dms-link")
    assert visit is not None
    client = Client(build(doors.house.app))
    client.set_cookie("dms-link", visit.value)
    assert client.get("/portaal/gedeeld").status_code == 200
    plan = doors.documents["plan"]
    for address in (f"/api/v1/documents/{plan}", f"/api/v1/documents/{plan}/content", f"/documenten/{plan}"):
        answer = client.get(address, buffered=True)
        assert answer.status_code in {302, 303, 401, 404}, address
        assert b"%PDF" not in answer.data
