"""The desk in a browser: by keyboard alone, and the picker while typing."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Looker, Service
from tests.web.screen_world import letter


def fresh_item(service: Service, name: str, seed: int) -> None:
    """One more item at the ordinary desk."""
    world = service.world
    world.send("anouk", [(name, letter(world.demo, "newsletter", world.pupil(seed), world.today, seed=seed + 500))])


def open_item(person: Looker, name: str) -> None:
    """Open the item with this name from the list; it may still be being read."""
    page = person.page
    for _ in range(60):
        person.open("/postbak")
        row = page.locator("li.item", has_text=name)
        if row.count():
            row.locator("a.button").click()
            return
        page.wait_for_timeout(500)
    raise AssertionError(name)


def test_the_picker_finds_while_typing_and_enter_never_files_by_accident(
    look: Callable[..., Looker], service: Service
) -> None:
    fresh_item(service, "voor de picker.pdf", 1)
    person = look()
    page = person.sign_in("anouk")
    open_item(person, "voor de picker.pdf")
    item = page.url
    wanted = service.world.pupil(9)
    expect(page.locator("[data-picker-field]")).to_be_focused()  # the cursor is where the work begins
    page.keyboard.type(wanted.number)
    expect(page.locator(".picker-list [role=option]")).to_have_count(1)
    assert person.judged("postbak-picker") == []
    page.keyboard.press("Enter")
    assert page.url == item
    choice = page.locator("fieldset .choice", has_text=wanted.number)
    expect(choice.locator("input")).to_be_checked()
    expect(choice.locator("input")).to_be_focused()
    page.select_option("#categorie", "GES-01")
    page.fill("#titel", "Nieuws voor de ouders")
    page.fill("#datum", "2026-09-01")
    page.click("text=Opbergen en volgende")
    expect(page.locator(".note.good")).to_contain_text("Opgeborgen.")
    page.click("text=Bekijk het document")
    expect(page.locator("h1")).to_have_text("Nieuws voor de ouders")
    expect(page.locator("dl").first).to_contain_text(wanted.surname)
    assert person.faults == []


def test_an_item_is_filed_with_the_keyboard_alone(look: Callable[..., Looker], service: Service) -> None:
    person = look()
    page = person.sign_in("anouk")
    person.open("/postbak")
    rows = page.locator("li.item a.button")
    for nth in range(rows.count()):
        person.open("/postbak")
        rows.nth(nth).click()
        if page.locator("fieldset .choice").count() > 1 and page.input_value("#categorie"):
            break
    else:
        raise AssertionError("no item with several pupils suggested")
    first = page.url
    expect(page.locator("[data-begin]")).to_be_focused()
    assert page.locator(".choice input:checked").count() == 0  # between two a person must look
    page.keyboard.press("ArrowDown")
    chosen = page.locator(".choice:has(input:checked) .name").inner_text()
    page.keyboard.press("Enter")
    expect(page.locator(".note.good")).to_contain_text("Opgeborgen.")
    assert page.url != first
    page.click("text=Bekijk het document")
    expect(page.locator("dl").first).to_contain_text(chosen)
    assert person.faults == []


def test_larger_and_back(look: Callable[..., Looker]) -> None:
    person = look()
    page = person.sign_in("anouk")
    person.open("/postbak")
    page.locator("li.item a.button").first.click()
    sheet = page.locator("img.sheet").first
    assert sheet.evaluate("x => x.decode().then(() => x.naturalWidth)") > 300
    before = sheet.bounding_box()["width"]
    page.click("[data-zoom=in]")
    page.click("[data-zoom=in]")
    assert sheet.bounding_box()["width"] > 1.4 * before
    assert person.judged("postbak-groter") == []
    page.click("[data-zoom=out]")
    page.click("[data-zoom=out]")
    assert abs(sheet.bounding_box()["width"] - before) < 2


def test_the_language_can_be_switched_on_any_page(look: Callable[..., Looker]) -> None:
    person = look()
    page = person.sign_in("femke")
    person.open("/leerlingen?groep=groep+7")
    page.click("details.me summary")
    page.click("details.me >> text=English")
    expect(page.locator("h1")).to_have_text("Pupils")
    assert re.search(r"groep=groep\+7$", page.url)
    assert person.judged("english") == []
