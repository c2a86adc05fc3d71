"""axe finds nothing on any page of any role in any state, at 320, 768 and 1280 pixels, light, dark, with more contrast
and at 200 % text; and nothing sticks out.

The pages are found by walking along links from the table of routes, so that a new page is looked at by itself. By
default a part of them is looked at, pages, roles and looks taking turns by the day; with DMS_TEST_FULL=1 every role's
every page in every look.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle

import pytest
from playwright.sync_api import expect

from dms.model.documents import ItemState
from tests.browser.conftest import Looker, Service
from tests.web.screen_world import BRIN
from tests.web.walk import pages_of

FULL = os.environ.get("DMS_TEST_FULL") == "1"  # noqa: TID251 - how thorough this run is
ROLES = ("anouk", "carla", "femke", "gijs", "mees", *(("bram", "dirk", "esra") if FULL else ()))
STATES = (
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


@dataclass(frozen=True)
class Look:
    """How somebody looks at a page."""

    width: int
    scheme: str = "light"
    contrast: str = "no-preference"
    text: int = 100

    @property
    def name(self) -> str:
        """For a picture's name."""
        return f"{self.scheme}-{self.contrast[:4]}-{self.text}"


AT_ONCE = 28
"""So many pages are looked at by default; the others have their turn on another day."""

LOOKS = (
    Look(320),
    Look(1280, "dark"),
    Look(768),
    Look(1280, text=200),
    Look(320, "dark"),
    Look(1280, contrast="more"),
    Look(768, "dark", contrast="more"),
    Look(1280),
)


def pages(service: Service) -> dict[str, list[tuple[str, str]]]:
    """Role → (route, address) of every page to look at; by default a part of them, in turns."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name in ROLES:
        client = service.world.client(name)
        walked = pages_of(service.world.app, client, name, STATES)
        found[name] = [(x.endpoint or "nergens", x.address) for x in walked]
    if FULL:
        return found
    turn = service.world.today.toordinal()
    who_has: dict[str, list[str]] = {}
    for name, places in found.items():
        for _, address in places:
            who_has.setdefault(shape_of(address), []).append(name)
    shapes = sorted(who_has)
    rounds = -(-len(shapes) // AT_ONCE)  # so many days until all have been looked at
    chosen = {
        shape: who_has[shape][(nth + turn) % len(who_has[shape])]
        for nth, shape in enumerate(shapes)
        if (nth + turn) % rounds == 0
    }
    return {
        name: [x for x in {shape_of(a): (e, a) for e, a in places}.values() if chosen.get(shape_of(x[1])) == name]
        for name, places in found.items()
    }


def shape_of(address: str) -> str:
    """The address without what differs between two things of one kind."""
    path, _, query = address.partition("?")
    return "/".join("*" if any(y.isdigit() for y in x) else x for x in path.split("/")) + (
        "?" + query if query in KEPT else ""
    )


KEPT = frozenset(x.partition("?")[2] for x in STATES if "?" in x)


@pytest.mark.slow
@pytest.mark.timeout(4 * 3600 if FULL else 600)
def test_every_page_is_in_order(look: Callable[..., Looker], service: Service) -> None:
    wrong: list[str] = []
    turns = cycle(LOOKS)
    seen = 0
    for name, places in pages(service).items():
        if not places:
            continue
        person = look()
        person.sign_in(name)
        for endpoint, address in places:
            for how in LOOKS if FULL else (next(turns),):
                person.as_seen(how.width, how.scheme, how.contrast)
                person.open(address)
                person.page.evaluate(f"document.documentElement.style.fontSize = '{how.text}%'")
                wrong += person.judged(f"{name}-{endpoint}-{how.name}", picture=FULL)
                seen += 1
    assert wrong == []
    assert seen > AT_ONCE // 3


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
    person.page.evaluate("document.getElementById('wide').className = 'tag'")
    found = person.judged("zelfproef")
    assert any("image-alt" in x for x in found)
    assert any("wider than the screen" in x for x in found)
