"""The desk as a list: what cannot be done for several items comes back as it was filled in."""

import re

import pytest

from dms.model.documents import Desk, ItemState, Source
from dms.services.shapes import Hints, ItemView
from tests.web.screen_world import BRIN, World, letter, token


@pytest.fixture(scope="module")
def two(world: World) -> list[ItemView]:
    """Two letters to parents, sent by mail: nobody is named in them."""
    files = [
        (f"lijst {nth}.pdf", [letter(world.demo, "newsletter", world.pupil(nth), world.today, 700 + nth)])
        for nth in (1, 2)
    ]
    for name, data in files:
        world.house.receive.receive(world.by("anouk"), BRIN, Source.UPLOAD, [(name, data)], Hints())
    world.work()
    found = [x for x in world.house.desk.waiting(world.by("anouk"), BRIN, Desk.ORDINARY) if x.name.startswith("lijst ")]
    assert len(found) == 2
    return found


def ticked(page: str) -> set[str]:
    return set(re.findall(r'name="stuk" value="([^"]+)" checked', page))


def test_what_cannot_be_done_comes_back_with_the_ticks_and_what_is_wrong(world: World, two: list[ItemView]) -> None:
    client = world.client("anouk")
    keys = [str(x.item_id) for x in two]
    form = {"csrf_token": token(client, "/postbak"), "postbak": "postbak", "stuk": keys}
    for act, more, words in (
        ("weg", {}, "Er is geen reden gekozen."),
        ("weg", {"reden": "other", "stuk": []}, "Er is niets gekozen."),
        ("geef", {"collega": str(world.people["gijs"].id)}, "Deze collega mag dit stuk niet behandelen."),
        ("opbergen", {"stuk": []}, "Er is niets gekozen."),
        ("iets", {}, "Het formulier is niet heel aangekomen."),
    ):
        answer = client.post("/postbak/samen?bron=upload&bladzijde=1", data={**form, "doe": act, **more})
        page = answer.get_data(as_text=True)
        assert answer.status_code == 400, act
        assert words in page
        assert ticked(page) == set(more.get("stuk", keys))
        assert 'action="/postbak/samen?bron=upload' in page
    states = {x.state for x in world.house.desk.waiting(world.by("anouk"), BRIN, Desk.ORDINARY) if x in two}
    assert states == {ItemState.DESK}


def test_the_list_stays_narrowed_and_a_colleague_is_taken_off_again(world: World, two: list[ItemView]) -> None:
    client = world.client("anouk")
    form = {
        "csrf_token": token(client, "/postbak"),
        "postbak": "postbak",
        "doe": "geef",
        "stuk": [str(two[0].item_id)],
    }
    address = "/postbak/samen?bron=upload&wacht=today&_external=1"
    given = client.post(address, data={**form, "collega": str(world.people["anouk"].id)})
    assert (given.status_code, given.location) == (303, "/postbak?bron=upload&wacht=today")
    assert "Doorgegeven." in client.get(given.location).get_data(as_text=True)
    off = client.post(address, data={**form, "collega": ""})
    assert "Het stuk is weer van iedereen." in client.get(off.location).get_data(as_text=True)


def test_several_taken_back_lie_at_the_desk_where_they_were(world: World, two: list[ItemView]) -> None:
    client = world.client("anouk")
    form = {"csrf_token": token(client, "/postbak"), "postbak": "postbak", "doe": "weg", "reden": "worthless"}
    client.post("/postbak/samen", data={**form, "stuk": [str(x.item_id) for x in two]})
    page = client.get("/postbak").get_data(as_text=True)
    back = re.search(r'action="(/postbak/terug/[0-9a-f-]{36})"', page)
    assert back
    answer = client.post(back[1], data={"csrf_token": form["csrf_token"]})
    assert (answer.status_code, answer.location) == (303, "/postbak")
    assert "2 stukken liggen weer in de postbak." in client.get("/postbak").get_data(as_text=True)
