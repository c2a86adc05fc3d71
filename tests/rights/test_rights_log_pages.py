"""The log of one pupil and of one colleague is longer than one page, and its pages lead to one another."""

import re

from dms.model.events import Event, EventKind
from dms.web.factory import create_app
from tests.houses import House
from tests.rights.test_rights_numbers import browser

MANY = 130


def test_the_log_of_a_pupil_and_of_a_person_has_more_pages(house: House) -> None:
    school = next(x for x in house.app.schools.list() if x.brin == "99XX")
    pupil = house.pupil_id(house.schools()[0].current_pupils[0].number)
    anouk = house.by("anouk")
    with house.app.database.begin() as uow:
        for _ in range(MANY):
            uow.record(Event(EventKind.DOSSIER_SEEN, anouk, school.board_id, school.id, pupil, object_kind="dossier"))
    esra = browser(create_app(house.app), "esra")
    for address in (f"/logboek/leerlingen/{pupil}", f"/logboek/personen/{anouk.user_id}"):
        seen, at = 0, f"{address}?soort="
        while at:
            answer = esra.get(at)
            assert answer.status_code == 200, at
            seen += 1
            found = re.search(r'href="([^"]+)" rel="next"', answer.get_data(as_text=True))
            assert found is None or found[1].startswith(f"{address}?"), found
            at = found[1].replace("&amp;", "&") if found else ""
        assert seen >= 3
