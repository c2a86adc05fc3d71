"""The search page: facets with exact counts, days, order, an address that can be shared, and the first result soon."""

import re
import statistics
import time
from html import unescape

import pytest
from flask.testing import FlaskClient

from tests.web.screen_world import World, letter

FIRST_RESULT_SECONDS = 0.3
MONTHS = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")


@pytest.fixture(scope="module")
def papers(world: World) -> World:
    """Letters of several pupils and kinds."""
    kinds = ("absence report", "leave request", "photo consent", "report card")
    for nth in range(8):
        data = letter(world.demo, kinds[nth % 4], world.pupil(13 + nth % 4), world.today, seed=700 + nth)
        world.send("anouk", [(f"zoek {nth}.pdf", data)])
    world.work()
    return world


def found(client: FlaskClient, address: str) -> tuple[int, set[str], str]:
    """The total that a page says, the documents it shows, and the page."""
    page = client.get(address).get_data(as_text=True)
    total = re.search(r"(\d+) document(?:en)? gevonden", page)
    return int(total[1]) if total else 0, set(re.findall(r'<h2><a href="(/documenten/[^"]+)"', page)), page


def facets(page: str) -> dict[str, list[tuple[str, int]]]:
    """Heading → (address, count) of each line."""
    blocks = re.findall(r'<section class="facet".*?</section>', page, re.S)
    return {
        re.search(r"<h2[^>]*>(.*?)</h2>", x)[1]: [
            (unescape(a), int(n)) for a, n in re.findall(r'<li><a href="([^"]+)".*?class="figure">(\d+)<', x, re.S)
        ]
        for x in blocks
    }


@pytest.mark.slow
def test_every_count_is_what_its_address_finds(papers: World) -> None:
    client = papers.client("anouk")
    total, _, page = found(client, "/zoeken?q=school")
    known = facets(page)
    assert {"Categorie", "Groep", "Schooljaar", "Bron"} <= set(known)
    assert total > 5
    for lines in known.values():
        for address, count in lines:
            narrowed, documents, _ = found(client, address)
            assert narrowed == count, address
            assert len(documents) == min(count, 20)
    assert sum(n for _, n in known["Bron"]) == total


def test_filters_alone_are_a_question_and_add_up(papers: World) -> None:
    client = papers.client("anouk")
    _, _, page = found(client, "/zoeken?q=school")
    group = re.search(r"groep=([^&]+)", next(a for a, _ in facets(page)["Groep"]))
    everything, _, page = found(client, f"/zoeken?groep={group[1]}")
    one = next(a for a, _ in facets(page)["Categorie"])
    fewer, _, narrowed = found(client, one)
    assert 0 < fewer <= everything
    assert narrowed.count('<a class="chip"') == 2
    away = re.findall(r'<a class="chip" href="([^"]+)"', narrowed)
    assert sorted(found(client, unescape(x))[0] >= fewer for x in away) == [True, True]
    assert found(client, "/zoeken?groep=groep+99")[0] == 0


def test_days_are_typed_as_people_type_them(papers: World) -> None:
    client = papers.client("anouk")
    total, _, _ = found(client, "/zoeken?q=school")
    day = papers.today.replace(day=1)
    before = found(client, f"/zoeken?q=school&tot={day.day}-{day.month}-{day.year}")[0]
    after = found(client, f"/zoeken?q=school&van={day.day}+{MONTHS[day.month - 1]}+{day.year}")[0]
    both = found(client, f"/zoeken?q=school&van={day.isoformat()}&tot={day.isoformat()}")[0]
    undated = total - (before + after - both)
    assert 0 <= undated < total
    _, _, wrong = found(client, "/zoeken?q=school&van=gisteren")
    assert "Dit is geen datum." in wrong
    assert 'value="gisteren"' in wrong
    assert 'aria-invalid="true"' in wrong


def test_the_order_by_pupil_is_alphabetic_and_kept_in_the_address(papers: World) -> None:
    client = papers.client("anouk")
    _, _, page = found(client, "/zoeken?q=school&volgorde=pupil")
    names = [unescape(x) for x in re.findall(r'<a href="/leerlingen/[^"]+">([^<]+)</a>', page)]
    ranks = {x.name: nth for nth, x in enumerate(papers.house.pupils.list(papers.by("anouk"), "99XX", size=100).rows)}
    places = [ranks[x] for x in names if x in ranks]
    assert places == sorted(places)
    assert len(places) > 3
    for address, _ in facets(page)["Categorie"]:
        assert "volgorde=pupil" in address


def test_a_shared_address_shows_what_the_colleague_may_see(papers: World) -> None:
    address = "/zoeken?q=school&volgorde=newest"
    anouk, own, _ = found(papers.client("anouk"), address)
    mees, others, page = found(papers.client("mees"), address)
    assert anouk > 0
    assert (mees, others) == (0, set())
    assert not any(x in page for x in own)
    carla, seen, page = found(papers.client("carla"), address)
    assert {n for lines in facets(page).values() for _, n in lines if n > carla} == set()
    assert seen


def test_the_first_result_comes_soon(papers: World) -> None:
    client = papers.client("anouk")
    client.get("/zoeken?q=school")
    spent = []
    for word in ("school", "verlof", "groep", "rapport", "toestemming", "ouders", "verzuim"):
        begin = time.thread_time()  # what else the machine does is not counted
        client.get(f"/zoeken?q={word}")
        spent.append(time.thread_time() - begin)
    assert statistics.median(spent) < FIRST_RESULT_SECONDS
