"""axe finds nothing on any page of any role in any state, at 320, 768 and 1280 pixels, light, dark, with more contrast
and at 200 % text; and nothing sticks out, nor is anything cut off at 320 pixels with text of 200 %.

The pages are found by walking along links from the table of routes, so that a new page is looked at by itself. By
default a part of them is looked at, pages, roles, states and looks taking turns by the day; with DMS_TEST_FULL=1 every
role's every page, in a school with papers (in every look), in one with nothing yet and in one where every name is long.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import cycle

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, expect

from dms.kernel.clock import SystemClock
from dms.model.documents import ItemState
from tests.browser.conftest import Looker, Service
from tests.browser.looks import FEWER, LOOKS, Screen, Shown
from tests.browser.states import STATES
from tests.web.html_rules import faults
from tests.web.screen_world import BRIN, World
from tests.web.walk import pages_of

FULL = os.environ.get("DMS_TEST_FULL") == "1"  # noqa: TID251 - how thorough this run is
PICTURES = os.environ.get("DMS_TEST_PICTURES") == "1"  # noqa: TID251 - for who wants to see them
EVERYBODY = ("anouk", "bram", "carla", "dirk", "esra", "femke", "gijs", "mees")
ROLES = EVERYBODY if FULL else ("anouk", "carla", "femke", "gijs", "mees")
WALK_FROM = (
    "/",
    "/leerlingen?q=zzzz",
    "/zoeken",
    "/zoeken?q=school",
    "/zoeken?q=school&van=gisteren",
    "/zoeken?q=zzzzzz",
    "/onderdelen",
    "/onderdelen/venster",
    "/hulp/begin",
    "/geweigerd",
    "/laatst",
    "/nergens",
)
"""What no link leads to, and pages that are empty or in error. Mees's school has no papers: all he sees is empty."""
AT_ONCE, OF_A_STATE = 20, 6
"""So many pages are looked at by default, and of one role in one other state; the others have their turn later."""
TODAY = SystemClock().today().toordinal()
CASES = [(state, who) for state in STATES for who in EVERYBODY]
OTHERS = [x for x in CASES if x[0] != "filled"]


@dataclass
class Schools:
    """A school in each state, made when it is asked for."""

    folders: pytest.TempPathFactory
    made: dict[str, World] = field(default_factory=dict)

    def __getitem__(self, state: str) -> World:
        if state not in self.made:
            self.made[state] = STATES[state](self.folders.mktemp(state))
        return self.made[state]


@pytest.fixture(scope="module")
def schools(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Schools]:
    """A school in each state."""
    made = Schools(tmp_path_factory)
    yield made
    for world in made.made.values():
        world.house.close()


def walked(world: World, name: str) -> tuple[FlaskClient, list[Shown]]:
    """Every page that somebody can come to, one or two for each route, and the browser she sees them with."""
    client = world.client(name)
    found = pages_of(world.app, client, name, WALK_FROM)
    return client, [Shown(f"{name} {x.endpoint or 'nergens'}", x.address, x.html, x.policy) for x in found]


def shape_of(address: str) -> str:
    """The address without what differs between two things of one kind."""
    path, _, query = address.partition("?")
    return "/".join("*" if any(y.isdigit() for y in x) else x for x in path.split("/")) + (
        "?" + query if query in KEPT else ""
    )


KEPT = frozenset(x.partition("?")[2] for x in WALK_FROM if "?" in x)


@pytest.mark.slow
@pytest.mark.timeout(4 * 3600 if FULL else 300)
@pytest.mark.parametrize(("state", "who"), CASES if FULL else [OTHERS[TODAY % len(OTHERS)]])
def test_a_role_in_a_state(
    chromium: Browser, schools: Schools, state: str, who: str, record_property: Callable[[str, object], None]
) -> None:
    client, pages = walked(schools[state], who)
    assert len(pages) > 15
    chosen = pages if FULL else pages[TODAY % -(-len(pages) // OF_A_STATE) :: -(-len(pages) // OF_A_STATE)]
    screen = Screen(chromium, client, pictures=PICTURES)
    wrong = [f"{x.name} {x.address}: {fault}" for x in chosen for fault in faults(x.html)]
    for page in chosen:
        wrong += screen.judged(page, LOOKS if state == "filled" else FEWER if FULL else FEWER[TODAY % 2 :: 2])
        wrong += screen.cramped(page) if FULL or page is chosen[0] else []
    screen.close()
    record_property("pages", len(chosen))
    record_property("looks", screen.looked)
    record_property("wrong", "\n".join(wrong[:50]))
    assert wrong == []


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.skipif(FULL, reason="every page is looked at by role and state")
def test_pages_of_the_filled_school_by_turns(chromium: Browser, filled_school: tuple[object, World]) -> None:
    world = filled_school[1]
    of_each = {name: walked(world, name) for name in ROLES}
    who_has: dict[str, list[str]] = {}
    for name, (_, pages) in of_each.items():
        for page in pages:
            who_has.setdefault(shape_of(page.address), []).append(name)
    rounds = -(-len(who_has) // AT_ONCE)  # so many days until all have been looked at
    wrong: list[str] = []
    turns, seen = cycle(LOOKS), 0
    for nth, shape in enumerate(sorted(who_has)):
        if (nth + TODAY) % rounds:
            continue
        name = who_has[shape][(nth + TODAY) % len(who_has[shape])]
        client, pages = of_each[name]
        page = next(x for x in pages if shape_of(x.address) == shape)
        screen = Screen(chromium, client)
        turn = next(turns)
        wrong += screen.judged(page, [turn]) + (screen.cramped(page) if turn == LOOKS[0] else [])
        screen.close()
        seen += 1
    assert wrong == []
    assert seen > AT_ONCE // 3


@pytest.mark.slow
def test_narrow_with_large_text_the_check_finds_what_is_lost(
    chromium: Browser, filled_school: tuple[object, World]
) -> None:
    client = filled_school[1].client("anouk")
    html = client.get("/hulp/toetsen").get_data(as_text=True)
    wide = "<pre>" + "m" * 60 + "</pre>"
    for place, fault in ((wide, "wider"), (f'<div class="card tight">{wide}</div>', "cut off"), ("", "")):
        screen = Screen(chromium, client)
        found = screen.cramped(Shown("zelfproef", "/hulp/toetsen", html.replace("</main>", place + "</main>")))
        screen.close()
        assert bool(found) == bool(fault)
        assert fault in "".join(found)


def test_signing_in_is_in_order(look: Callable[..., Looker]) -> None:
    wrong: list[str] = []
    for width, scheme in ((320, "dark"), (1280, "light")):
        person = look(width, color_scheme=scheme)
        person.open("/inloggen")
        wrong += person.judged(f"{scheme}-inloggen")
        person.page.fill("#email", "niemand@deregenboog.example")
        person.page.fill("#wachtwoord", "onzin")
        person.page.click("main button")
        expect(person.page.locator("[role=alert]")).to_be_visible()
        wrong += person.judged(f"{scheme}-inloggen-fout")
    assert wrong == []


def addresses(service: Service) -> dict[str, str]:
    """A document, and what waits at the desk."""
    world = service.world
    recent = world.house.status.recent(world.by("anouk"), BRIN)
    filed = next(x for x in recent if x.state is ItemState.FILED)
    desk = [x for x in recent if x.state is ItemState.DESK]
    return {
        "document": f"/documenten/{filed.document_id}",
        **{f"stuk-{nth}": f"/postbak/{x.item_id}" for nth, x in enumerate(desk[:2])},
    }


@pytest.mark.parametrize("width", [320, 1280])
def test_open_panels_and_forms_are_in_order(look: Callable[..., Looker], service: Service, width: int) -> None:
    person = look(width)
    page = person.sign_in("anouk")
    wrong: list[str] = []
    page.click("details.me summary")
    wrong += person.judged("account-open")
    page.keyboard.press("Escape")
    if width < 600:
        page.click(".open-menu")
        wrong += person.judged("menu-open")
    there = addresses(service)
    page = person.open(there["document"])
    page.evaluate("document.querySelectorAll('main details').forEach((x) => { x.open = true; })")
    wrong += person.judged("document-wijzigen")
    page.fill("#datum", "1-1-2190")
    page.click("form:has(#titel) button.main")
    expect(page.locator("[role=alert]")).to_be_visible()
    wrong += person.judged("document-fout")
    page = person.open(there["stuk-0"])
    page.click("text=Niet voor een dossier")
    wrong += person.judged("stuk-weg")
    if page.locator("fieldset .choice input:checked").count() == 0:
        page.click("text=Opbergen en volgende")
        expect(page.locator("[role=alert]")).to_be_visible()
        wrong += person.judged("stuk-fout")
    assert wrong == []


def test_the_check_itself_finds_what_is_wrong(look: Callable[..., Looker]) -> None:
    person = look(320)
    person.sign_in("anouk")
    person.page.evaluate(
        """() => document.querySelector("main").insertAdjacentHTML(
            "beforeend", '<img src="/favicon"><p id="wide">' + "m".repeat(4000) + "</p>")"""
    )
    person.page.evaluate("document.getElementById('wide').style.cssText = 'white-space: nowrap; inline-size: 4000px'")
    found = person.judged("zelfproef")
    assert any("image-alt" in x for x in found)
    assert any("wider than the screen" in x for x in found)
