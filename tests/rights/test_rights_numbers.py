"""The page of BSN and onderwijsnummer says who may, and shows the numbers only to them, one deliberate look each."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from dms.db.tables import AuditEventRow
from dms.model.catalogue import Level
from dms.model.events import EventKind
from dms.web.factory import create_app
from rights.rules.actions import Action, Condition, Reach
from rights.rules.matrix import CategoryPattern, MatrixLine
from tests.houses import BRIN, PASSWORD, House

REASON = "gevraagd door de inspectie"
NO_RIGHT = "U mag deze nummers niet zien"


@pytest.fixture
def app(house: House) -> Iterator[Flask]:
    """The screens over the house."""
    return create_app(house.app)


@pytest.fixture
def pupil(house: House) -> tuple[UUID, str]:
    """A pupil whose BSN is known, and that BSN."""
    facts = next(x for x in house.schools()[0].current_pupils if x.bsn)
    return house.pupil_id(facts.number), facts.bsn


def browser(app: Flask, name: str, school: str = "deregenboog") -> FlaskClient:
    """A browser in which somebody of the cast is signed in."""
    client = app.test_client()
    data = {"email": f"{name}@{school}.example", "wachtwoord": PASSWORD, "csrf_token": token(client, "/inloggen")}
    assert client.post("/inloggen", data=data).status_code == 303
    return client


def token(client: FlaskClient, address: str) -> str:
    """The token against forged requests."""
    page = client.get(address, follow_redirects=True).get_data(as_text=True)
    return page.partition('<meta name="csrf-token" content="')[2].partition('"')[0]


def look(client: FlaskClient, pupil_id: UUID) -> tuple[int, str]:
    """Press the button, whether it is shown or not."""
    answer = client.post(f"/leerlingen/{pupil_id}/nummers", data={"csrf_token": token(client, "/leerlingen")})
    return answer.status_code, answer.get_data(as_text=True)


def looks(house: House) -> int:
    """How often the log says that somebody saw numbers."""
    with house.app.database.read() as session:
        query = select(func.count()).where(AuditEventRow.kind == EventKind.NATIONAL_NUMBERS_SEEN)
        return session.scalar(query) or 0


def test_the_shipped_matrix_gives_nobody_the_numbers_and_the_page_says_so(
    house: House, app: Flask, pupil: tuple[UUID, str]
) -> None:
    key, bsn = pupil
    anouk = browser(app, "anouk")
    page = anouk.get(f"/leerlingen/{key}/nummers").get_data(as_text=True)
    for told in (NO_RIGHT, "Niemand mag ze zomaar zien.", "Directeur, Functionaris gegevensbescherming", "ADM-04"):
        assert told in page
    assert "/toegang" not in page.partition("<main")[2]
    assert look(anouk, key)[0] == 403
    assert looks(house) == 0
    assert bsn not in page
    assert "/toegang?soort=noodtoegang" in browser(app, "dirk").get(f"/leerlingen/{key}/nummers").get_data(as_text=True)
    stranger = browser(app, "mees", "hetkompas")
    assert stranger.get(f"/leerlingen/{key}/nummers").status_code == look(stranger, key)[0] == 404
    assert "ADM-04 (" in browser(app, "gijs").get("/rechten").get_data(as_text=True).partition("Dit leest niemand")[2]


def test_temporary_access_shows_the_numbers_once_and_the_log_knows(
    house: House, app: Flask, pupil: tuple[UUID, str]
) -> None:
    key, bsn = pupil
    house.app.rights_desk.opening.open(house.by("dirk"), Condition.EMERGENCY, REASON, 1, pupil_id=key)
    dirk = browser(app, "dirk")
    page = dirk.get(f"/leerlingen/{key}/nummers").get_data(as_text=True)
    assert bsn not in page
    assert looks(house) == 0
    status, shown = look(dirk, key)
    assert (status, looks(house)) == (200, 1)
    assert bsn in shown
    assert bsn not in dirk.get(f"/leerlingen/{key}/nummers").get_data(as_text=True)
    log = browser(app, "esra").get(f"/logboek/leerlingen/{key}").get_data(as_text=True)
    assert "BSN of onderwijsnummer bekeken" in log


def test_a_board_gives_the_right_in_the_matrix_with_a_second_person(
    house: House, app: Flask, pupil: tuple[UUID, str]
) -> None:
    key, bsn = pupil
    gijs, esra, matrix = house.by("gijs"), house.by("esra"), house.app.rights_desk.matrix
    line = MatrixLine(
        0,
        "administratie",
        Reach.SCHOOL,
        Level.L4,
        (CategoryPattern("ADM-04"),),
        frozenset({Action.SEE, Action.READ}),
    )
    draft = matrix.set_line(gijs, BRIN, matrix.start(gijs, BRIN).row_version, None, line)
    assert matrix.adopt(gijs, BRIN, draft.row_version, REASON) is None, "level 4 asks for a second person"
    anouk = browser(app, "anouk")
    assert look(anouk, key)[0] == 403
    waiting = matrix.draft(esra, BRIN)
    assert waiting is not None
    assert matrix.decide(esra, BRIN, waiting.row_version, True) is not None
    page = anouk.get(f"/leerlingen/{key}/nummers").get_data(as_text=True)
    assert "Altijd, voor leerlingen binnen hun bereik: Administratie." in page
    status, shown = look(anouk, key)
    assert (status, looks(house)) == (200, 1)
    assert bsn in shown
    assert "Dit leest niemand" not in browser(app, "gijs").get("/rechten").get_data(as_text=True)
