"""The golden paths of staff by keyboard alone: signing in, the desk and its way back, from a pupil to a paper."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Looker, Service
from tests.browser.keys import tab_to
from tests.browser.test_browser_desk_keys import unsure
from tests.web.screen_world import PASSWORD, letter


def signed_in_with_keys(person: Looker, name: str) -> None:
    """Come in through the form without a mouse."""
    page = person.open("/inloggen")
    if not page.evaluate("document.activeElement.matches('#email')"):
        tab_to(page, "#email")
    page.keyboard.type(f"{name}@deregenboog.example")
    tab_to(page, "#wachtwoord")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("main h1")).to_contain_text("Dag ")


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_at_the_desk_one_files_and_takes_it_back_without_a_mouse(look: Callable[..., Looker], service: Service) -> None:
    (name,) = unsure(service, 1, 70)
    person = look()
    page = person.page
    signed_in_with_keys(person, "anouk")
    page.keyboard.press("g")
    page.keyboard.press("p")
    page.wait_for_url("**/postbak")
    row = f"li.item:has-text('{name}')"
    for _ in range(120):
        if page.locator(row).count():
            break
        page.wait_for_timeout(500)
        page.reload()
    key = page.locator(row).get_attribute("data-key") or page.locator(f"{row} a.button").get_attribute("href")
    assert key
    tab_to(page, f"li.item a.button[href*='{key.rpartition('/')[2]}']")
    page.keyboard.press("Enter")
    expect(page.locator("main h1")).to_have_text(name)
    expect(page.locator("[data-begin]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[data-toast]")).to_contain_text("Opgeborgen")
    tab_to(page, "[data-toast] form button")
    page.keyboard.press("Enter")
    expect(page.locator("[data-toast]")).to_contain_text("ligt weer in de postbak")
    expect(page.locator("main h1")).to_have_text(name)
    assert person.faults == []


def test_from_a_pupil_to_a_paper_in_three_actions_without_a_mouse(
    look: Callable[..., Looker], service: Service
) -> None:
    world = service.world
    whose = world.pupil(16)
    paper = letter(world.demo, "absence report", whose, world.today, 771)
    world.send("anouk", [("drie stappen.pdf", paper)])
    person = look()
    page = person.page
    signed_in_with_keys(person, "anouk")
    address = ""
    for _ in range(120):
        page.wait_for_load_state()  # before that no script listens to keys
        page.keyboard.press("g")  # 1: to the pupils
        page.keyboard.press("l")
        page.wait_for_url("**/leerlingen")
        expect(page.locator("#q")).to_be_focused()
        page.keyboard.type(whose.number)  # 2: the pupil
        expect(page.locator(".picker-list [role=option]")).to_have_count(1)
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/leerlingen/[0-9a-f-]{36}"))
        if page.locator("[data-document]").count():
            address = page.url
            break
        page.wait_for_timeout(500)  # it is still being read
    assert address
    assert tab_to(page, "[data-document] a") < 40
    page.keyboard.press("Enter")  # 3: the paper
    expect(page.locator(".viewer img.sheet").first).to_be_visible()
    page.keyboard.press("+")
    expect(page.locator("[data-zoom-level]")).to_have_text("125 %")
    page.go_back()
    page.wait_for_url(address)
    assert person.faults == []


def test_the_dock_lies_over_nothing_that_has_the_focus(look: Callable[..., Looker]) -> None:
    person = look(1280)
    person.sign_in("anouk")
    page = person.open("/leerlingen")
    page.emulate_media(reduced_motion="reduce")
    room = "getComputedStyle(document.documentElement).scrollPaddingBottom"
    page.evaluate("document.querySelector('[data-dock]').hidden = false")
    assert settled(page, room, lambda x: x not in {"auto", "0px"})
    last = page.locator("main a[href*='/leerlingen/']").last
    last.focus()
    box, dock = last.bounding_box(), page.locator("[data-dock]").bounding_box()
    assert box is not None
    assert dock is not None
    assert box["y"] + box["height"] <= dock["y"] or box["x"] + box["width"] <= dock["x"], (box, dock)
    page.evaluate("document.querySelector('[data-dock]').hidden = true")
    assert settled(page, room, lambda x: x == "0px")


def settled(page: Page, asked: str, wanted: Callable[[str], bool]) -> bool:
    """Whether what is asked of the page becomes what is wanted, within some seconds. (A page of ours lets no text be
    run as script, so that it cannot wait by itself.)"""
    for _ in range(100):
        if wanted(page.evaluate(asked)):
            return True
        page.wait_for_timeout(100)
    return False
