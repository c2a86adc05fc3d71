"""Work in a dossier in a browser: from upload to undo, by keyboard alone, dragging, the viewer."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Looker, Service
from tests.browser.keys import choose_with_keys, tab_to
from tests.web.screen_world import letter

LONG = 120_000
OPTION = ".picker-list [role=option]"


def fresh(service: Service, nth: int, seed: int) -> None:
    """One more paper that files itself in the dossier of the nth pupil."""
    world = service.world
    world.send(
        "anouk", [(f"vers-{seed}.pdf", letter(world.demo, "absence report", world.pupil(nth), world.today, seed))]
    )


def open_dossier(person: Looker, number: str, *, at_least: int = 1) -> Page:
    """Find the pupil by number while typing, and wait until so many papers are there."""
    page = person.open("/leerlingen")
    page.fill("#q", number)
    expect(page.locator(OPTION)).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/leerlingen/[0-9a-f-]{36}"))
    for _ in range(60):
        if page.locator("[data-document]").count() >= at_least:
            break
        page.wait_for_timeout(500)
        page.reload()
    return page


@pytest.mark.timeout(300)
def test_upload_file_find_open_edit_undo_by_keyboard_alone(look: Callable[..., Looker], service: Service) -> None:
    world = service.world
    whose = world.pupil(14)
    person = look()
    page = person.sign_in("anouk")
    page.keyboard.type("gi")
    page.wait_for_url("**/inname")
    page.wait_for_load_state("networkidle")
    paper = letter(world.demo, "absence report", whose, world.today, seed=811)
    choose_with_keys(page, "#bestanden", {"name": "gouden.pdf", "mimeType": "application/pdf", "buffer": paper})
    row = page.locator("main li[data-key]", has_text="gouden.pdf").first
    expect(row).to_have_attribute("data-state", "filed", timeout=LONG)
    page.evaluate("document.activeElement.blur()")  # as after a click beside everything
    page.keyboard.press("/")
    page.keyboard.type(f"verzuim {whose.surname}")
    page.keyboard.press("Enter")
    page.wait_for_url("**/zoeken?**")
    tab_to(page, ".hit h2 a")
    page.keyboard.press("Enter")
    expect(page.locator(".viewer img.sheet").first).to_be_visible()
    assert person.judged("gouden-document") == []
    before = page.locator("h1").inner_text()
    tab_to(page, "#wijzigen summary")
    page.keyboard.press("Enter")
    tab_to(page, "#titel")
    page.keyboard.press("Control+a")
    page.keyboard.type("Gesprek over verzuim")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Gesprek over verzuim")
    toast = page.locator("[data-toast]")
    expect(toast).to_contain_text("De wijziging is opgeslagen.")
    assert person.judged("gouden-opgeslagen") == []
    tab_to(page, "[data-toast] button")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(before)
    assert person.faults == []


def test_the_picker_is_a_combobox_for_who_listens(look: Callable[..., Looker], service: Service) -> None:
    person = look()
    person.sign_in("anouk")
    page = person.open("/leerlingen")
    field = page.get_by_role("combobox", name=re.compile("Naam, nummer"))
    field.fill("g")
    expect(field).to_have_attribute("aria-expanded", "false")
    field.press_sequentially("roep")
    expect(field).to_have_attribute("aria-expanded", "true")
    assert page.locator(OPTION).count() > 1
    expect(page.locator("[data-picker-status]")).to_contain_text(re.compile(r"\d+ leerlingen"))
    page.keyboard.press("ArrowDown")
    active = field.get_attribute("aria-activedescendant")
    expect(page.locator(f"#{active}")).to_have_attribute("aria-selected", "true")
    assert person.judged("kiezer-open") == []
    page.keyboard.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    field.fill("zzzz")
    expect(page.locator("[data-picker-status]")).to_have_text("Geen leerling gevonden.")
    assert person.faults == []


def test_with_the_keyboard_alone_several_are_removed_and_come_back(
    look: Callable[..., Looker], service: Service
) -> None:
    for seed in (401, 402):
        fresh(service, 11, seed)
    person = look()
    person.sign_in("anouk")
    page = open_dossier(person, service.world.pupil(11).number, at_least=2)
    count = page.locator("[data-document]").count()
    everything = page.locator("[data-bulk-all]")
    expect(everything).to_be_visible()  # the script has come
    page.keyboard.press("a")
    expect(everything).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator("[data-bulk-count]")).to_have_text(f"{count} gekozen")
    tab_to(page, "button[value=weg]")
    page.keyboard.press("Enter")
    toast = page.locator("[data-toast]")
    expect(toast).to_contain_text("in de prullenbak")
    assert page.locator("[data-document]").count() == 0
    page.reload()
    person.open("/prullenbak")
    assert page.locator("[data-bulk-box]").count() >= count
    assert person.judged("prullenbak") == []
    for _ in page.locator("[data-bulk-box]").all():
        tab_to(page, "[data-bulk-box]")
        page.keyboard.press("Space")
    tab_to(page, "[data-bulk] button")
    page.keyboard.press("Enter")
    expect(page.locator("[data-toast]")).to_contain_text("teruggezet")
    page = open_dossier(person, service.world.pupil(11).number, at_least=count)
    assert page.locator("[data-document]").count() == count
    assert person.faults == []


def test_dragged_to_another_category_and_taken_back(look: Callable[..., Looker], service: Service) -> None:
    fresh(service, 12, 501)
    person = look()
    person.sign_in("anouk")
    page = open_dossier(person, service.world.pupil(12).number)
    row = page.locator("[data-document]").first
    key = row.get_attribute("data-document")
    transfer = page.evaluate_handle("() => new DataTransfer()")
    row.dispatch_event("dragstart", {"dataTransfer": transfer})
    place = page.locator(".drop-place", has_text="Toetsen en rapporten")
    expect(place).to_be_visible()
    place.dispatch_event("dragover", {"dataTransfer": transfer})
    place.dispatch_event("drop", {"dataTransfer": transfer})
    expect(page.locator("[data-toast]")).to_contain_text("1 document is verplaatst.")
    assert page.locator(f'[data-category="OND-03"] [data-document="{key}"]').count() == 1
    assert person.judged("gesleept") == []
    page.locator("[data-toast]").get_by_role("button", name=re.compile("Ongedaan")).click()
    expect(page.locator(f'[data-category="OND-03"] [data-document="{key}"]')).to_have_count(0)
    assert person.faults == []


@pytest.mark.parametrize("width", [320, 1280])
def test_the_viewer_and_all_pages_of_a_document_are_in_order(
    look: Callable[..., Looker], service: Service, width: int
) -> None:
    fresh(service, 13, 600 + width)
    person = look(width, color_scheme="dark" if width == 320 else "light")
    person.sign_in("anouk")
    page = open_dossier(person, service.world.pupil(13).number)
    wrong = person.judged(f"dossier-{width}")
    dossier = page.url
    address = str(page.locator("[data-document] a").first.get_attribute("href"))
    page = person.open(f"{address}?q=verzuim")
    sheet = page.locator("img.sheet").first
    assert sheet.evaluate("x => x.decode().then(() => x.naturalWidth)") > 300
    assert page.locator(".hits rect").count() > 0
    expect(page.locator(".hits rect.now")).to_have_count(1)
    page.locator("[data-hit='1']").click()
    expect(page.locator("[data-hit-now]")).to_contain_text("van")
    broad = sheet.bounding_box()["width"]
    page.click("[data-zoom=in]")
    assert sheet.bounding_box()["width"] > 1.2 * broad
    page.click("[data-zoom=out]")
    page.click("[data-turn]")
    box = sheet.bounding_box()
    assert box["width"] > box["height"]
    wrong += person.judged(f"beeld-gedraaid-{width}")
    for _ in range(3):
        page.click("[data-turn]")
    page.click("[data-as-text]")
    expect(page.locator(".read mark").first).to_be_visible()
    closed = page.locator("details.fold:not([open]) > summary")
    while closed.count():
        closed.first.click()
    wrong += person.judged(f"document-open-{width}")
    for part in ("/geschiedenis", "/afdrukken"):
        person.open(f"{address}{part}")
        wrong += person.judged(f"document{part.replace('/', '-')}-{width}")
    page.goto(f"{dossier}/tijdlijn")
    wrong += person.judged(f"tijdlijn-{width}")
    assert wrong == []
    assert person.faults == []
