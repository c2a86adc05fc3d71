"""The administrator's golden path in a real browser, and axe on every page of administration."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Looker, Service

PAGES = ("", "/collegas", "/collegas/nieuw", "/categorieen/nieuw", "/bronnen", "/instellingen", "/wijzigingen")
"""A sample; every page of every desk, in other widths and colours, is looked at elsewhere."""
FIRST_OF = ("/groepen", "/collegas", "/categorieen")


@pytest.mark.slow
def test_every_page_of_administration_is_in_order(look: Callable[..., Looker]) -> None:
    person = look(320)
    person.sign_in("gijs")
    wrong: list[str] = []
    for address in PAGES:
        person.open(f"/beheer{address}")
        wrong += person.judged(f"beheer{re.sub(r'[^a-z]+', '-', address)}")
    for address in FIRST_OF:
        page = person.open(f"/beheer{address}")
        page.locator("main tbody a").first.click()
        expect(page.locator("h1")).to_be_visible()
        wrong += person.judged(f"beheer{address.replace('/', '-')}-een")
    page = person.open("/beheer/instellingen/bestuur")
    page.fill("#session_idle", "1")
    page.fill("#token_days", "veel")
    page.click("button[value=nagaan]")
    expect(page.locator("#fouten")).to_be_visible()
    wrong += person.judged("beheer-fout")
    assert wrong == []


def test_a_colleague_is_let_in_and_out_again(look: Callable[..., Looker], service: Service) -> None:
    person = look(1280)
    page = person.sign_in("gijs")
    page.click("nav.menu >> text=Inrichting")
    page.click('main .admin-tile:has-text("Collega")')
    page.click("text=Collega toevoegen")
    page.fill("#email", "nina@deregenboog.example")
    page.fill("#name", "Nina van den Nieuwenhuizen")
    page.select_option("#role", "mentor")
    page.fill("#until", "1 aug 2099")
    page.click("button[value=nagaan]")
    expect(page.locator("main")).to_contain_text("1 augustus 2099")
    assert person.judged("beheer-nagaan") == []
    page.click("button[value=opslaan]")
    expect(page.locator("h1")).to_have_text("Nina van den Nieuwenhuizen")
    page.click("text=Maak een link voor een wachtwoord")
    link = page.locator("#geheim").input_value()
    assert person.judged("beheer-link") == []
    other = look(320)
    other.page.goto(link)
    assert other.judged("wachtwoord-kiezen") == []
    other.page.fill("#wachtwoord", "een lange zin van nina")
    other.page.fill("#nogmaals", "een lange zin van nina")
    other.page.click("main button.main")
    expect(other.page.locator("main")).to_contain_text("U kunt nu inloggen")
    other.page.click("main a.button.main")
    other.page.fill("#email", "nina@deregenboog.example")
    other.page.fill("#wachtwoord", "een lange zin van nina")
    other.page.click("main button.main")
    expect(other.page.locator("h1")).to_be_visible()
    page.click("text=Klaar")
    page.click("text=Account uitzetten")
    expect(page.locator("main")).to_contain_text("Alle apparaten loggen meteen uit (nu 1)")
    page.click("text=Zet het account uit")
    expect(page.locator("main")).to_contain_text("Dit account is uitgezet")
    assert person.judged("beheer-uitgezet") == []
    other.page.goto(f"{service.address}/")
    expect(other.page).to_have_url(re.compile("/inloggen"))
    page.goto(f"{service.address}/beheer/wijzigingen?onderwerp=user")
    expect(page.locator("ol.rows li").first).to_contain_text("Account uitgezet: Nina")
    assert person.faults == []


def test_two_administrators_at_one_form(look: Callable[..., Looker], service: Service) -> None:
    person, other = look(1280), look(320)
    person.sign_in("gijs")
    other.sign_in("gijs")
    mine, theirs = person.open("/beheer/instellingen/school"), other.open("/beheer/instellingen/school")
    theirs.fill("#contact", "Sam, toestel 4")
    theirs.click("button[value=nagaan]")
    theirs.click("button[value=opslaan]")
    expect(theirs.locator("main")).to_contain_text("Opgeslagen.")
    mine.fill("#contact", "Gijs, toestel 12")
    mine.click("button[value=nagaan]")
    expect(mine.locator("main")).to_contain_text("Een collega heeft dit intussen gewijzigd.")
    expect(mine.locator(".theirs")).to_contain_text("Sam, toestel 4")
    assert person.judged("beheer-collega-voor") == []
    mine.click("button[value=nagaan]")
    expect(mine.locator("main")).to_contain_text("Sam, toestel 4")
    mine.click("button[value=opslaan]")
    expect(mine.locator("main")).to_contain_text("Gijs, toestel 12")
