"""Screens of a second person and of an adult pupil's consent, as people use them without scripts."""

import re
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from dms.db.tables import PupilCarerRow, PupilConsentRow, PupilRow
from dms.web.factory import create_app
from tests.houses import BRIN, PASSWORD, House


def signed_in(house: House, name: str) -> FlaskClient:
    client = create_app(house.app).test_client()
    form = {"email": f"{name}@deregenboog.example", "wachtwoord": PASSWORD, "csrf_token": token(client, "/inloggen")}
    assert client.post("/inloggen", data=form).status_code == 303
    return client


def token(client: FlaskClient, address: str) -> str:
    found = re.search(r'csrf-token" content="([^"]+)"', client.get(address).text)
    assert found is not None
    return found[1]


def test_a_role_is_asked_shown_as_waiting_and_confirmed(house: House) -> None:
    gijs, dirk = signed_in(house, "gijs"), signed_in(house, "dirk")
    bram = house.by("bram").user_id
    school = next(x for x in house.app.schools.list() if x.brin == BRIN)
    address = f"/beheer/collegas/{bram}/rol"
    version = re.search(r'name="versie" value="(\d+)"', gijs.get(address).text)
    assert version is not None
    given = {
        "csrf_token": token(gijs, address),
        "versie": version[1],
        "role": "directeur",
        "place": str(school.id),
        "since": "",
        "until": "",
    }
    checked = gijs.post(address, data={**given, "doe": "nagaan"}).text
    assert "De rol telt pas als een tweede persoon die bevestigt" in checked
    assert gijs.post(address, data={**given, "doe": "opslaan"}).status_code == 303
    assert "Wacht op een tweede persoon" in gijs.get(f"/beheer/collegas/{bram}").text
    own = gijs.get("/rechten/rollen").text
    assert "U vroeg dit zelf" in own
    assert "Bevestig de rol" not in own
    page = dirk.get("/rechten/rollen").text
    gift = re.search(r'name="rol" value="([^"]+)"', page)
    assert gift is not None
    answer = {"csrf_token": token(dirk, "/rechten/rollen"), "rol": gift[1], "antwoord": "ja"}
    refused = gijs.post("/rechten/rollen", data={**answer, "csrf_token": token(gijs, "/rechten/rollen")})
    assert refused.status_code == 403
    assert dirk.post("/rechten/rollen", data=answer).status_code == 303
    assert "Er wacht geen rol" in dirk.get("/rechten/rollen").text
    assert {x.role for x in house.app.accounts.by_email("bram@deregenboog.example").roles} == {"mentor", "directeur"}


@pytest.mark.parametrize("adult", [True, False])
def test_an_adult_pupil_s_consent_is_recorded_and_taken_back(house: House, adult: bool) -> None:
    today = house.app.clock.today()
    with house.app.database.begin() as uow:
        link = uow.session.scalars(
            select(PupilCarerRow)
            .join(PupilRow, PupilRow.id == PupilCarerRow.pupil_id)
            .where(PupilRow.school_id == next(x.id for x in house.app.schools.list() if x.brin == BRIN))
            .order_by(PupilCarerRow.id)
        ).first()
        assert link is not None
        pupil = uow.session.get_one(PupilRow, link.pupil_id)
        pupil.birth_date = date(today.year - (19 if adult else 9), 1, 1) - timedelta(days=1)
        pupil_id, carer_id = link.pupil_id, link.carer_id
    anouk = signed_in(house, "anouk")
    page = f"/leerlingen/{pupil_id}/verzorgers"
    assert ("Leg toestemming van de leerling vast" in anouk.get(page).text) is adult
    form = {"csrf_token": token(anouk, page), "toestemming": "ja"}
    answered = anouk.post(f"{page}/{carer_id}/toestemming", data=form)
    if not adult:
        assert answered.status_code == 400
        return
    assert answered.status_code == 303
    assert "vindt goed dat deze verzorger de voortgang blijft volgen" in anouk.get(page).text
    assert anouk.post(f"{page}/{carer_id}/toestemming", data={**form, "toestemming": "misschien"}).status_code == 400
    assert anouk.post(f"{page}/{carer_id}/toestemming", data={**form, "toestemming": "nee"}).status_code == 303
    assert "blijft volgen" not in anouk.get(page).text
    with house.app.database.read() as session:
        (row,) = session.scalars(select(PupilConsentRow).where(PupilConsentRow.carer_id == carer_id))
        assert row.until == today
