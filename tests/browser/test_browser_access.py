"""axe finds nothing on any page, empty, filled or in error, at 320 and 1280 pixels, light and dark."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from dms.model.documents import ItemState
from tests.browser.conftest import Looker, Service
from tests.web.screen_world import BRIN

PAGES = {
    "start": "/",
    "inname": "/inname",
    "leerlingen": "/leerlingen",
    "leerlingen-leeg": "/leerlingen?q=zzzz",
    "postbak": "/postbak",
    "geweigerd": "/geweigerd",
    "zoeken-begin": "/zoeken",
    "zoeken": "/zoeken?q=groep",
    "zoeken-beperkt": "/zoeken?q=groep&categorie=OND-03",
    "zoeken-leeg": "/zoeken?q=zzzzzz",
    "hulp": "/hulp",
    "niet-gevonden": "/nergens",
    "mag-niet": "/zorgpostbak",
}


def addresses(service: Service) -> dict[str, str]:
    """All pages with something on them."""
    world = service.world
    recent = world.house.status.recent(world.by("anouk"), BRIN)
    filed = next(x for x in recent if x.state is ItemState.FILED)
    desk = [x for x in recent if x.state is ItemState.DESK]
    return {
        **PAGES,
        "document": f"/documenten/{filed.document_id}",
        "dossier": f"/leerlingen/{filed.pupil_id}",
        "ontvangen": f"/inname/{filed.intake_id}",
        **{f"stuk-{nth}": f"/postbak/{x.item_id}" for nth, x in enumerate(desk[:2])},
    }


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "light"), (320, "dark"), (1280, "dark")])
def test_every_page_is_in_order(look: Callable[..., Looker], service: Service, width: int, scheme: str) -> None:
    person = look(width, color_scheme=scheme)
    wrong: list[str] = []
    person.open("/inloggen")
    wrong += person.judged(f"{scheme}-inloggen")
    person.page.fill("#email", "niemand@deregenboog.example")
    person.page.fill("#wachtwoord", "onzin")
    person.page.click("main button")
    expect(person.page.locator("[role=alert]")).to_be_visible()
    wrong += person.judged(f"{scheme}-inloggen-fout")
    person.sign_in("anouk")
    for name, address in addresses(service).items():
        person.open(address)
        wrong += person.judged(f"{scheme}-{name}")
    assert wrong == []


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
    page.click("text=Wijzigen")
    for fold in page.locator("details.fold:not([open]) > summary").all():
        fold.click()
    wrong += person.judged("document-wijzigen")
    page.fill("#datum", "2190-01-01")
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


@pytest.mark.parametrize("name", ["bram", "carla", "dirk", "esra", "femke", "gijs"])
def test_the_start_page_of_every_role_is_in_order(look: Callable[..., Looker], name: str) -> None:
    person = look()
    page = person.sign_in(name)
    wrong = person.judged(f"start-{name}")
    for link in [x.get_attribute("href") for x in page.locator("nav.menu a").all()]:
        page = person.open(str(link))
        expect(page.locator("h1")).to_be_visible()
        wrong += person.judged(f"{name}{str(link).replace('/', '-')}")
    assert wrong == []
    assert person.faults == []


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
