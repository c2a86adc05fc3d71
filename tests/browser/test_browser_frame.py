"""The frame by hand and by keyboard: keys, dialogs, dropping files on any page, last opened, the golden path."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Looker, Service
from tests.browser.test_browser_intake import LONG, drop
from tests.web.screen_world import letter


def test_keys_do_what_the_list_says_unless_switched_off(look: Callable[..., Looker]) -> None:
    person = look()
    page = person.sign_in("dirk")
    page.keyboard.press("/")
    expect(page.locator("#zoek")).to_be_focused()
    page.keyboard.type("?g")  # in a field letters are letters
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.locator("main").focus()
    page.keyboard.press("?")
    expect(page.locator("dialog[open] h2")).to_have_text("Sneltoetsen")
    assert person.judged("toetsen") == []
    page.keyboard.press("Escape")
    page.locator("main").focus()
    page.keyboard.press("g")
    page.keyboard.press("l")
    expect(page.locator("h1")).to_have_text("Leerlingen")
    person.open("/voorkeuren")
    page.uncheck("#toetsen")
    page.click("main button.main")
    expect(page.locator("[data-toast]")).to_be_visible()
    page.locator("main").focus()
    page.keyboard.press("?")
    page.keyboard.press("/")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator("#zoek")).not_to_be_focused()
    page.check("#toetsen")
    page.click("main button.main")
    assert person.faults == []


def test_on_a_low_screen_the_whole_menu_can_be_reached(look: Callable[..., Looker]) -> None:
    person = look()
    page = person.sign_in("dirk")
    page.set_viewport_size({"width": 1280, "height": 600})
    links = page.locator("nav.menu a")
    assert links.count() * 44 > 600, "longer than the screen"
    for nth in (0, links.count() - 1):
        links.nth(nth).focus()
        expect(links.nth(nth)).to_be_in_viewport(ratio=1)
    assert page.evaluate("scrollY") == 0, "the page stays where it is"
    person.open("/hulp")
    expect(page.locator("nav.menu [aria-current]")).to_be_in_viewport(ratio=1)
    assert person.faults == []


def test_files_dropped_on_any_page_are_sent_and_followed_there(look: Callable[..., Looker], service: Service) -> None:
    world = service.world
    person = look()
    page = person.sign_in("anouk")
    person.open("/leerlingen")
    paper = letter(world.demo, "leave request", world.pupil(10), world.today, seed=901)
    drop(page, [("van elke pagina.pdf", paper), ("geen papier.pdf", b"zomaar wat")])
    dock = page.locator("[data-dock]")
    expect(dock).to_be_visible()
    rows = dock.locator("[data-rows] li")
    expect(rows).to_have_count(2, timeout=LONG)
    done = dock.locator("li[data-key]:not([data-busy])")
    expect(done).to_have_count(2, timeout=LONG)
    expect(rows.first).to_contain_text("geen papier.pdf")  # what needs a person stands on top
    assert person.judged("dok") == []
    page.click("[data-receipt-link]")
    expect(page.locator("h1")).to_have_text("Ontvangen")
    expect(page.locator("main li[data-key]")).to_have_count(2)
    page.go_back()
    expect(page.locator("h1")).to_have_text("Leerlingen")
    assert [x for x in person.faults if "404" not in x] == []


def test_what_was_opened_last_is_a_click_away(look: Callable[..., Looker]) -> None:
    person = look()
    page = person.sign_in("carla")
    person.open("/leerlingen")
    page.locator("tbody th a").first.click()
    name = page.locator("h1").inner_text()
    person.open("/zoeken")
    page.click("a.bar-link")
    expect(page.locator("dialog[open] .lines a").first).to_contain_text(name.split()[-1])
    assert person.judged("laatst-geopend") == []
    page.locator("dialog[open] .lines a").first.click()
    expect(page.locator("h1")).to_have_text(name)
    page.go_back()
    expect(page).to_have_url(re.compile("/zoeken$"))
    assert person.faults == []


def test_from_a_word_to_the_document_by_keyboard_alone(look: Callable[..., Looker]) -> None:
    person = look()
    page = person.sign_in("anouk")
    page.keyboard.press("/")
    page.keyboard.type("school")
    page.keyboard.press("Enter")
    expect(page.locator("mark").first).to_be_visible()
    for _ in range(80):
        page.keyboard.press("Tab")
        focused = page.evaluate("document.activeElement.closest('.hit h2 a') !== null")
        visible = page.evaluate("document.activeElement.getBoundingClientRect().height > 0")
        assert visible
        if focused:
            break
    title = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(title.strip()[:30])
    assert person.faults == []
