"""Retention in a browser by keyboard alone, and uploading likewise: every stop on the way is seen, none is a trap."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from dms.model.documents import ItemState
from tests.browser.conftest import Looker, Service
from tests.browser.keys import choose_with_keys, tab_to
from tests.web.screen_world import BRIN, letter

LONG = 120_000


@pytest.mark.timeout(300)
def test_files_are_sent_and_followed_with_the_keyboard_alone(look: Callable[..., Looker], service: Service) -> None:
    data = letter(service.world.demo, "leave request", service.world.pupil(8), service.world.today, seed=95)
    person = look()
    page = person.sign_in("anouk")
    page.keyboard.type("gi")
    page.wait_for_url("**/inname")
    page.wait_for_load_state("networkidle")
    choose_with_keys(page, "#bestanden", {"name": "met toetsen.pdf", "mimeType": "application/pdf", "buffer": data})
    row = page.locator("li[data-key]", has_text="met toetsen.pdf")
    expect(row).to_have_attribute("data-state", re.compile("filed|desk|duplicate"), timeout=LONG)
    page.wait_for_load_state("networkidle")
    page.locator("h1").click()
    tab_to(page, "li[data-key] a")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/(documenten|postbak|inname)/"))
    assert person.faults == []


@pytest.mark.timeout(300)
def test_a_document_is_frozen_and_released_with_the_keyboard_alone(
    look: Callable[..., Looker], service: Service
) -> None:
    recent = service.world.house.status.recent(service.world.by("anouk"), BRIN)
    document = next(x.document_id for x in recent if x.state is ItemState.FILED)
    person = look(320)
    page = person.sign_in("femke")
    person.open(f"/documenten/{document}")
    tab_to(page, "a[href*='/bewaren/bevriezingen/nieuw']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/bewaren/bevriezingen/nieuw*")
    tab_to(page, "#reden")
    page.keyboard.type("Er loopt een klacht.")
    tab_to(page, "main form button.main")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/bewaren/bevriezingen/[0-9a-f-]{36}"))
    assert person.judged("bevriezing") == []
    there = page.url
    person.open(f"/documenten/{document}")
    expect(page.locator(".tag.frozen").first).to_have_text("Bevroren: dit document")
    assert person.judged("document-bevroren") == []
    page.goto(there)
    tab_to(page, "#reden")
    page.keyboard.type("De klacht is afgehandeld.")
    tab_to(page, "button.danger")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Deze bevriezing is opgeheven.")
    assert person.faults == []


@pytest.mark.timeout(300)
def test_the_calendar_stays_within_a_narrow_dark_screen(look: Callable[..., Looker]) -> None:
    person = look(320, color_scheme="dark")
    person.sign_in("femke")
    page = person.open("/bewaren/kalender?maanden=60")
    expect(page.locator("h1")).to_have_text("Kalender van wat vervalt")
    assert person.judged("bewaren-kalender") == []
    assert person.faults == []
