"""The log as the privacy officer reads it: in words, page after page, and of which document."""

import re

from dms.model.events import Event, EventKind
from dms.services.rights.access_log import GROUPS, group_of
from dms.web.desks.rights.kinds import GROUP_NAMES, KIND_NAMES
from dms.web.factory import create_app
from tests.houses import House
from tests.rights.room_papers import file, number_in
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


def test_every_kind_of_event_has_words_and_a_group() -> None:
    assert {x.value for x in EventKind} == set(KIND_NAMES)
    assert {group_of(x.value) for x in EventKind} <= set(GROUP_NAMES) == set(GROUPS)
    named = [x for kinds in GROUPS.values() for x in kinds if not x.endswith(".")]
    assert len(named) == len(set(named))
    assert [group_of(x) for x in ("link.viewed", "request.pack_fetched", "transfer.seen", "redaction.downloaded")] == [
        "shared", "downloaded", "seen", "downloaded",
    ]  # fmt: skip


def test_the_log_says_of_which_document_to_who_may_know_of_it(house: House) -> None:
    number = number_in(house, "groep 7")
    pupil, document = house.pupil_id(number), file(house, number, "OND-03")
    anouk, carla = house.by("anouk"), house.by("carla")
    title = house.app.documents.show(anouk, document).title
    esra = browser(create_app(house.app), "esra")
    address = f"/logboek/leerlingen/{pupil}"
    page = esra.get(address).get_data(as_text=True)
    assert f'<a href="/documenten/{document}">{title}</a>' in page
    assert f'href="/logboek/personen/{anouk.user_id}"' in page
    assert title in esra.get(f"/logboek/personen/{anouk.user_id}").get_data(as_text=True)
    assert title in esra.get(f"{address}?vorm=csv").get_data(as_text=True)
    assert title not in esra.get(f"{address}/betrokkene").get_data(as_text=True)
    until = house.app.clock.today().replace(year=house.app.clock.today().year + 1, day=1)
    house.app.rights_desk.shields.over_document(carla, document, [carla.user_id], "rust rond dit stuk", until)
    hidden = esra.get(address).get_data(as_text=True)
    assert title not in hidden
    assert f"/documenten/{document}" not in hidden
    assert "Document bekeken" in hidden
