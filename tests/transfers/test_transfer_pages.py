"""The screens of handing over, for staff and for families: from the form to the receipt, without scripts."""

import io
import re
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from dms.db.tables import AuditEventRow, ScopedLinkEventRow, ScopedLinkRow
from dms.model.events import EventKind
from dms.model.links import LinkEventKind
from dms.model.portal import Door, Look
from dms.model.transfers import TransferState
from dms.portal.factory import create_app as portal_app
from dms.services.link_looks import link_looks
from dms.web.factory import create_app as staff_app
from dms.wire.transfer_package import open_package
from tests.houses import PASSWORD
from tests.transfers.transfer_world import TransferWorld

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
VERSION = re.compile(r'name="versie" value="(\d+)"')


def send(client: FlaskClient, page: str, address: str, **form: object) -> TestResponse:
    """A form of a page with its token and version."""
    text = client.get(page).get_data(as_text=True)
    token, version = TOKEN.search(text), VERSION.search(text)
    assert token is not None
    data = {"csrf_token": token[1], "versie": version[1] if version else "", **form}
    return client.post(address, data=data)


def enter(client: FlaskClient, door: str, name: str) -> FlaskClient:
    answer = send(client, door, door, email=f"{name}@deregenboog.example", wachtwoord=PASSWORD)
    assert answer.status_code == 303
    return client


@pytest.mark.slow
def test_a_package_from_the_form_to_the_receipt(world: TransferWorld) -> None:
    joris = world.pupil("Joris")
    report = world.paper(joris, "OND-03", "Rapport op het scherm", b"%PDF-1.7 scherm")
    talk = world.paper(joris, "GES-01", "Gesprek op het scherm", b"%PDF-1.7 gesprek")
    proof = world.paper(joris, "ADM-09", "Formulier inzage", b"%PDF-1.7 formulier")
    staff = enter(staff_app(world.app).test_client(), "/inloggen", "anouk")
    new = f"/overdracht/nieuw/{joris}"
    assert "Dit is geen OSO" in staff.get(new).get_data(as_text=True)
    assert send(staff, new, new, overstap="POVO", brin="99XX").status_code == 400
    made = send(staff, new, new, overstap="POVO", brin="00YY", naam="")
    assert made.status_code == 303
    page = made.headers["Location"]
    package = UUID(page.rsplit("/", 1)[1])
    told = staff.get(page).get_data(as_text=True)
    assert "Rapport op het scherm" in told
    assert "nog niet ingeschreven" in told
    assert "Lyceum Noord (00YY)" in told, "by its name where the house knows it"
    assert send(staff, page, f"{page}/documenten", document=[str(report), str(talk)]).status_code == 303
    assert send(staff, page, f"{page}/documenten", document=[str(proof)]).status_code == 400  # may not go along
    day = world.clock.today()
    today = f"{day.day}-{day.month}-{day.year}"
    assert send(staff, page, f"{page}/gegevens", ingeschreven=today, naam="", advies="vwo").status_code == 303
    assert send(staff, page, f"{page}/vastleggen").status_code == 303
    assert send(staff, page, f"{page}/versturen").status_code == 409  # nobody has seen it
    _families(world, package)
    with world.app.database.read() as session:
        seen = session.scalars(
            select(AuditEventRow).where(AuditEventRow.kind == EventKind.DOCUMENT_DOWNLOADED)
        ).all()  # a file that lies in the wrong dossier is a data breach, whatever page of the portal it was opened on
        assert [(x.details["door"], x.object_id in {report, talk}) for x in seen] == [("portal", True)]
    view = world.view(package)
    ivo = next(x for x in view.inspections if x.name.startswith("Ivo"))
    said = {"wie": str(ivo.carer_id), "antwoord": "nee", "opmerking": "Te laat gehoord.", "dag": today}
    assert send(staff, page, f"{page}/inzage", **said).status_code == 400  # without proof
    assert send(staff, page, f"{page}/inzage", **said, bewijs=str(proof)).status_code == 303
    assert "Verstuur met een link" in staff.get(page).get_data(as_text=True)
    assert send(staff, page, f"{page}/link", ontvanger="").status_code == 400
    assert send(staff, page, f"{page}/link", ontvanger="Meneer De Wit", email="geen adres").status_code == 400
    assert world.view(package).line.state is TransferState.FROZEN, "without a link the package stays"
    link = send(staff, page, f"{page}/link", ontvanger="Meneer De Wit")
    assert link.status_code == 200
    assert "/l/dl1_" in link.get_data(as_text=True)
    _fetched(world, package, joris, report)
    file = send(staff, page, f"{page}/bestand")
    found = open_package(io.BytesIO(file.get_data()))
    assert int(file.headers["Content-Length"]) == len(file.get_data())
    assert {x.remark for x in found.manifest.inspections} == {"Prima.", "Te laat gehoord."}
    assert {x.document_id for x in found.content.documents} == {report, talk}
    assert send(staff, page, f"{page}/ontvangen", doe="bevestigd", kenmerk="ontvangst 5").status_code == 303
    assert world.view(package).line.state is TransferState.CONFIRMED
    version = str(world.view(package).row_version)
    assert send(staff, page, f"{page}/intrekken", reden="te laat", versie=version).status_code == 409
    for tab in ("/overdracht", "/overdracht/pakketten", "/overdracht/pakketten?klaar=ja"):
        assert staff.get(tab).status_code == 200


def _fetched(world: TransferWorld, package: UUID, pupil: UUID, paper: UUID) -> None:
    """A package that a school fetched counts as a look at each of its papers, for the register of data breaches."""
    with world.app.database.begin() as uow:
        link = uow.session.scalars(select(ScopedLinkRow).where(ScopedLinkRow.package_id == package)).one()
        assert link_looks(uow.session, paper, pupil) == []
        fetched = ScopedLinkEventRow(link_id=link.id, kind=LinkEventKind.DOWNLOADED, at=uow.now, place="")
        uow.session.add(fetched)
        uow.flush()
        assert [x[:3] for x in link_looks(uow.session, paper, pupil)] == [(Door.LINK, Look.DOWNLOADED, link.id)]
        assert link_looks(uow.session, package, pupil) == [], "no paper of it"
        uow.session.delete(fetched)


def _families(world: TransferWorld, package: UUID) -> None:
    """Hanna looks it through and answers; Karim and who is not in find nothing."""
    portal, page = portal_app(world.app), f"/portaal/overdracht/{package}"
    assert portal.test_client().get(page).status_code in (302, 303)
    karim = enter(portal.test_client(), "/portaal/inloggen", "karim")
    assert karim.get(page).status_code == 404
    assert karim.get(f"{page}/1/bestand").status_code == 404
    hanna = enter(portal.test_client(), "/portaal/inloggen", "hanna")
    waiting = hanna.get("/portaal/overdracht").get_data(as_text=True)
    assert page in waiting
    assert "Lyceum Noord" in waiting, "by its name where the house knows it, though only the number was filled in"
    assert page in hanna.get("/portaal").get_data(as_text=True), "what waits stands on the first page"
    text = hanna.get(page).get_data(as_text=True)
    assert "Rapport op het scherm" in text
    assert "Gesprek op het scherm" in text
    assert hanna.get(f"{page}/1").status_code == 200
    assert hanna.get(f"{page}/1/bestand").get_data().startswith(b"%PDF-1.7")
    assert hanna.get(f"{page}/99/bestand").status_code == 404
    assert send(hanna, page, page).status_code == 400
    assert send(hanna, page, page, antwoord="ja", opmerking="Prima.").status_code == 303
    assert "Prima." in hanna.get(page).get_data(as_text=True)


def test_many_leavers_at_once(world: TransferWorld) -> None:
    pupils = [world.spare(90), world.spare(91)]
    for one in pupils:
        world.paper(one)
    staff = enter(staff_app(world.app).test_client(), "/inloggen", "anouk")
    form = {"overstap": "POVO", "brin": "00YY", "leerling": [str(x) for x in pupils]}
    assert send(staff, "/overdracht", "/overdracht/samen", **{**form, "leerling": []}).status_code == 400
    assert send(staff, "/overdracht", "/overdracht/samen", **form).status_code == 303
    assert "2 pakketten zijn gemaakt" in staff.get("/overdracht").get_data(as_text=True)
