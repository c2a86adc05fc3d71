"""The pages of carers and of national numbers, without scripts."""

import re

from flask.testing import FlaskClient
from sqlalchemy import select

from dms.db.tables import AuditEventRow, PupilCarerRow, PupilRow
from dms.model.events import EventKind
from dms.web.factory import create_app
from tests.houses import PASSWORD, House
from tests.lvs.test_lvs_carers import let_the_head_read_numbers, pupil_of


def token(client: FlaskClient, address: str) -> str:
    """The token of a page, to send with its form."""
    found = re.search(r'csrf-token" content="([^"]+)"', client.get(address).text)
    assert found is not None
    return found[1]


def signed_in(house: House, name: str) -> FlaskClient:
    """A browser of this person."""
    client = create_app(house.app).test_client()
    form = {"email": f"{name}@deregenboog.example", "wachtwoord": PASSWORD, "csrf_token": token(client, "/inloggen")}
    assert client.post("/inloggen", data=form).status_code == 303
    return client


def test_a_pupil_without_carers_or_birthday(house: House) -> None:
    """The dossier leads to the page all the same; days to come are told where they are known, and else that not."""
    pupil = pupil_of(house)
    with house.app.database.begin() as uow:
        for link in uow.session.scalars(select(PupilCarerRow).where(PupilCarerRow.pupil_id == pupil)):
            uow.session.delete(link)
    anouk = signed_in(house, "anouk")
    assert f'"/leerlingen/{pupil}/verzorgers"' in anouk.get(f"/leerlingen/{pupil}").text
    page = anouk.get(f"/leerlingen/{pupil}/verzorgers").text
    assert "wordt de leerling 16" in page
    assert "wordt de leerling 18" in page
    with house.app.database.begin() as uow:
        row = uow.session.get_one(PupilRow, pupil)
        row.birth_date, row.birth_date_partial = None, "2015"
    page = anouk.get(f"/leerlingen/{pupil}/verzorgers").text
    assert "wordt de leerling" not in page
    assert "geboortedatum is niet volledig bekend" in page


def test_numbers_come_in_the_answer_to_a_form_only(house: House) -> None:
    """Masked for everybody; in full for who may, in an answer that is not kept, with a line in the log each time."""
    school = next(x for x in house.schools() if x.brin == "99XX")
    facts = next(x for x in school.current_pupils if x.bsn)
    pupil = house.pupil_id(facts.number)
    address = f"/leerlingen/{pupil}/nummers"
    dirk = signed_in(house, "dirk")
    page = dirk.get(address).text
    assert facts.bsn not in page
    assert "Toon de nummers" not in page
    assert "ADM-04" in page
    assert dirk.post(address, data={"csrf_token": token(dirk, address)}).status_code == 403
    let_the_head_read_numbers(house, pupil)
    page = dirk.get(address).text
    assert facts.bsn not in page
    assert "Toon de nummers" in page
    answer = dirk.post(address, data={"csrf_token": token(dirk, address)})
    assert answer.status_code == 200
    assert facts.bsn in answer.text
    assert "no-store" in answer.headers["Cache-Control"]
    assert signed_in(house, "gijs").get(address).status_code in (403, 404)
    with house.app.database.read() as session:
        kinds = session.scalars(select(AuditEventRow.kind)).all()
    assert kinds.count(EventKind.NATIONAL_NUMBERS_SEEN) == 1
