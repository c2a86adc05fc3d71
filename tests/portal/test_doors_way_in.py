"""From the address to the document: what a visitor sees and may do, and what is written down of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from uuid import uuid4

import PIL.Image
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from dms.db.tables import DocumentVersionRow, IntakeRow, ItemRow
from dms.model.documents import Desk, ItemState, Source
from dms.model.links import Permission, Verification
from dms.services.links.doorway_visits import LinkOver
from dms.services.links.served import Served
from dms.services.tools import Tools
from tests.houses import PASSWORD
from tests.portal.doors_world import Doors, path
from tests.shape.route_world import pdf

DOWNLOAD = frozenset({Permission.VIEW, Permission.DOWNLOAD})
UPLOAD = frozenset({Permission.VIEW, Permission.UPLOAD})


def test_from_link_to_document(doors: Doors) -> None:
    made = doors.link("plan", "rapport")
    client = doors.browser()
    page = client.get(path(made), buffered=True)
    assert page.status_code == 200
    assert "Regenboog" not in page.text
    asked = client.post(path(made))
    assert asked.status_code == 200
    assert 'name="code"' in asked.text
    answer = client.post(path(made), data={"code": made.access_code})
    assert (answer.status_code, answer.location) == (303, "/portaal/gedeeld")
    shelf = client.get(answer.location)
    assert shelf.status_code == 200
    for word in ("De Regenboog", "Nadia de Vries", "overleg over de aanpak", "2 documenten"):
        assert word in shelf.text, word
    read = client.get(f"/portaal/gedeeld/{doors.documents['plan']}")
    assert read.status_code == 200
    assert "<img" in read.text
    image = client.get(f"/portaal/gedeeld/{doors.documents['plan']}/bladzijde/1")
    assert (image.status_code, image.mimetype) == (200, "image/jpeg")
    assert doors.events(made) == ["fetched", "challenged", "verified", "viewed"]
    assert doors.logged()[-3:] == ["link.challenged", "link.opened", "link.viewed"]
    assert doors.row(made).openings == 1
    assert doors.row(made).first_viewed_at is not None


def test_the_code_alone_opens_a_link_whose_code_school_gave(doors: Doors) -> None:
    made = doors.link("plan")
    spaced = f"{made.access_code[:4]} {made.access_code[4:]}"
    assert doors.browser().post(path(made), data={"code": spaced}).status_code == 303


def test_the_pages_carry_the_name_of_who_looks_unless_the_link_says_not(doors: Doors) -> None:
    shown = []
    for watermark in (True, False):
        client = doors.enter(doors.link("plan", watermark=watermark))
        data = client.get(f"/portaal/gedeeld/{doors.documents['plan']}/bladzijde/1").data
        with PIL.Image.open(BytesIO(data)) as image:
            shown.append((image.size, sum(image.convert("L").histogram()[:250])))
    assert shown[0][0] == shown[1][0]
    assert shown[0][1] > 2 * shown[1][1], "there is no more ink on the page with a name across it"


def test_a_page_that_is_asked_for_without_its_document_is_a_look_too(doors: Doors) -> None:
    made = doors.link("plan", "rapport")
    client = doors.enter(made)
    for _ in range(2):
        assert client.get(f"/portaal/gedeeld/{doors.documents['rapport']}/bladzijde/1").status_code == 200
    assert doors.events(made)[-2:] == ["verified", "viewed"]


def test_view_only_gives_images_of_pages_and_nothing_else(doors: Doors) -> None:
    client = doors.enter(doors.link("plan"))
    one = f"/portaal/gedeeld/{doors.documents['plan']}"
    page = client.get(one).text
    assert "bestand" not in page
    asked = "bestand bestand?soort=archief bestand?soort=tekst origineel tekst afdrukken miniatuur/1 bladzijde/2"
    for rest in asked.split():
        assert client.get(f"{one}/{rest}").status_code == 404, rest
    assert client.get("/portaal/gedeeld/pakket").status_code == 404
    assert client.get("/portaal/gedeeld/terugsturen").status_code == 404
    assert client.get(f"/portaal/gedeeld/{doors.documents['rapport']}").status_code == 404
    assert client.get(f"/portaal/gedeeld/{doors.documents['rapport']}/bladzijde/1").status_code == 404


def test_a_download_is_the_file_that_was_shared_byte_for_byte(doors: Doors) -> None:
    made = doors.link("rapport", permissions=DOWNLOAD)
    client = doors.enter(made)
    assert "/bestand" in client.get(f"/portaal/gedeeld/{doors.documents['rapport']}").text
    answer = client.get(f"/portaal/gedeeld/{doors.documents['rapport']}/bestand", headers={"Range": "bytes=0-9"})
    house = doors.house.app
    with house.database.read() as session:
        version = session.scalars(
            select(DocumentVersionRow).where(DocumentVersionRow.document_id == doors.documents["rapport"])
        ).one()
    assert answer.status_code == 200, "a part of a file is not given"
    assert len(answer.data) == version.size
    assert answer.data.startswith(b"%PDF-")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.mimetype == "application/octet-stream"
    assert doors.events(made)[-1] == "downloaded"
    assert doors.logged()[-1] == "link.downloaded"


def test_what_is_sent_back_waits_at_the_desk_and_never_files_itself(doors: Doors) -> None:
    made = doors.link("plan", permissions=UPLOAD)
    client = doors.enter(made)
    page = client.get("/portaal/gedeeld/terugsturen").text
    token = page.split('name="csrf_token" value="')[2].partition('"')[0]
    sent = pdf("Een antwoord van het samenwerkingsverband.\nHet is geschreven om te bewaren.")
    form = {"csrf_token": token, "bestand": (BytesIO(sent), "antwoord.pdf")}
    answer = client.post("/portaal/gedeeld/terugsturen", data=form)
    assert (answer.status_code, answer.location) == (303, "/portaal/gedeeld/terugsturen?gestuurd=1")
    assert "1 bestand ontvangen" in client.get(answer.location).text
    doors.house.work()
    with doors.house.app.database.read() as session:
        item, intake = session.execute(
            select(ItemRow, IntakeRow)
            .join(IntakeRow, IntakeRow.id == ItemRow.intake_id)
            .where(ItemRow.name == "antwoord.pdf")
        ).one()
    assert (item.state, intake.source, intake.trusted) == (ItemState.DESK, Source.OUTSIDER, False)
    assert item.desk is Desk.CARE, "as confidential as what was shared"
    assert intake.hints["suggested"] == [str(doors.pupil_id)]
    assert doors.events(made)[-1] == "uploaded"
    refused = client.post("/portaal/gedeeld/terugsturen", data={"csrf_token": "x", "bestand": (BytesIO(b"x"), "a.pdf")})
    assert refused.status_code == 400
    nothing = client.post("/portaal/gedeeld/terugsturen", data={"csrf_token": token, "bestand": (BytesIO(b""), "")})
    assert nothing.status_code == 400
    assert "Er is geen bestand ontvangen" in nothing.text


def test_a_link_for_an_account_opens_to_who_signed_in_with_it_and_to_nobody_else(doors: Doors) -> None:
    made = doors.link("plan", verification=Verification.ACCOUNT, email="hanna@deregenboog.example")
    client = doors.browser()
    first = client.post(path(made), data={"account": "1"})
    assert first.status_code == 200
    assert "nog niet ingelogd" in first.text
    assert client.post(path(made), data={"code": "12345678"}).status_code == 403
    sign_in(client, "ivo@deregenboog.example")
    assert client.post(path(made), data={"account": "1"}).status_code == 403
    hanna = doors.browser("203.0.113.12")
    sign_in(hanna, "hanna@deregenboog.example")
    entered = hanna.post(path(made), data={"account": "1"})
    assert (entered.status_code, entered.location) == (303, "/portaal/gedeeld")
    assert hanna.get(entered.location).status_code == 200
    assert doors.events(made)[-1] == "verified"


def sign_in(client: FlaskClient, email: str) -> None:
    """Sign in at the portal."""
    token = client.get("/portaal/inloggen").text.partition('name="csrf_token" value="')[2].partition('"')[0]
    form = {"email": email, "wachtwoord": PASSWORD, "csrf_token": token}
    assert client.post("/portaal/inloggen", data=form).status_code == 303


@dataclass(frozen=True)
class Package:
    """A package as a link hands it out."""

    file_name: str
    size: int
    open: Callable[[], Iterator[bytes]]


def test_a_link_for_a_package_gives_its_file_as_long_as_it_is_there(doors: Doors) -> None:
    made = doors.link(package_id=uuid4())
    client = doors.enter(made)
    assert "geen documenten" in client.get("/portaal/gedeeld").text
    assert client.get("/portaal/gedeeld/pakket").status_code == 404
    data = b"PK en de rest van het pakket"
    app, cookie = doors.house.app, client.get_cookie("dms-link")
    assert cookie is not None
    tools = Tools(app.database, app.vault, app.clock)
    served = Served(tools, lambda _: Package("overdracht.zip", len(data), lambda: iter([data])))
    shelf = served.shelf(cookie.value)
    assert shelf.package is not None
    assert b"".join(served.package(cookie.value).open()) == data
    assert doors.events(made)[-1] == "downloaded"
    doors.house.app.links.revoke(doors.house.by("carla"), made.link_id)
    with pytest.raises(LinkOver):
        served.package(cookie.value)


def test_leaving_ends_the_visit_for_who_kept_its_cookie_too(doors: Doors) -> None:
    client = doors.enter(doors.link("plan"))
    cookie = client.get_cookie("dms-link")
    assert cookie is not None
    page = client.get("/portaal/gedeeld").text
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    assert client.post("/portaal/gedeeld/afsluiten").status_code == 400, "a form without its token"
    left = client.post("/portaal/gedeeld/afsluiten", data={"csrf_token": token})
    assert (left.status_code, left.location) == (303, "/portaal/afgesloten")
    assert client.get(left.location).status_code == 200
    again = doors.browser()
    again.set_cookie("dms-link", cookie.value)
    assert again.get("/portaal/gedeeld").status_code == 401


def test_the_pages_speak_the_language_of_the_visitor(doors: Doors) -> None:
    made = doors.link("plan")
    client = doors.browser()
    assert '<html lang="nl">' in client.get(path(made)).text
    assert '<html lang="en">' in client.get(path(made), headers={"Accept-Language": "en-GB,en;q=0.8"}).text
    assert '<html lang="en">' in client.get(path(made) + "?taal=en").text
    assert '<html lang="en">' in client.get(path(made)).text, "the choice is kept"
    assert client.get(path(made) + "?taal=xx").status_code == 200
