"""The desk at pace: one key for a right suggestion, a few for a wrong one, no mouse; how soon the next one shows."""

import json
import os
import re
import statistics
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dms.model.documents import Source
from dms.model.events import SYSTEM
from dms.services.shapes import Hints
from tests.browser.conftest import Looker, Service
from tests.web.screen_world import BRIN, letter

FULL = os.environ.get("DMS_TEST_FULL") == "1"  # noqa: TID251 - how thorough this run is
RIGHT = 40 if FULL else 20
MEASURED = Path(__file__).resolve().parents[2] / "build" / "desk_pace.json"
"""How long from the key to the next item on the screen, in milliseconds."""
PACE = """() => {
  window.pressed = 0;
  window.painted = [];
  document.addEventListener("keydown", () => { window.pressed = performance.now(); }, true);
  new MutationObserver((changes) => {
    if (!changes.some((x) => [...x.addedNodes].some((y) => y.nodeType === 1 && y.matches?.("[data-desk]")))) return;
    const since = window.pressed;
    requestAnimationFrame(() => setTimeout(() => window.painted.push(performance.now() - since)));
  }).observe(document.querySelector("main"), { childList: true });
}"""


def unsure(service: Service, count: int, first: int) -> list[str]:
    """Letters whose pupil and category are clear, of a sender who is not known: a person looks at each. Their names."""
    world = service.world
    surnames = Counter(x.surname for x in world.demo.pupils)
    alone = [x for x in world.demo.current_pupils if x.year in (6, 7) and surnames[x.surname] == 1]
    files = [
        (f"stapel {nth:02d}.pdf", letter(world.demo, "photo consent", alone[nth % len(alone)], world.today, 900 + nth))
        for nth in range(first, first + count)
    ]
    hints = Hints(trusted=False)
    for name, data in files:
        world.house.receive.receive(SYSTEM, BRIN, Source.MAIL, [(name, [data])], hints)
    return [name for name, _ in files]


def first_of(person: Looker, names: list[str]) -> Page:
    """Wait until all lie at the desk, and open the first of them."""
    page = person.page
    for _ in range(120):
        person.open("/postbak?bron=mail")
        if page.locator("li.item", has_text="stapel").count() >= len(names):
            break
        page.wait_for_timeout(500)
    page.locator("li.item", has_text=names[0]).locator("a.button").click()
    page.wait_for_url(re.compile("/postbak/[0-9a-f-]{36}"))
    return page


@pytest.mark.timeout(300)
def test_twenty_right_suggestions_take_twenty_keys(
    look: Callable[..., Looker], service: Service, record_property: Callable[[str, object], None]
) -> None:
    names = unsure(service, RIGHT + 2, 0)
    person = look()
    person.sign_in("anouk")
    page = first_of(person, names)
    page.evaluate(PACE)
    for name in names[:RIGHT]:
        expect(page.locator("main h1")).to_have_text(name)
        expect(page.locator("[data-begin]")).to_be_focused()
        page.wait_for_timeout(600)  # who works here looks at the page; meanwhile the next one is fetched
        page.keyboard.press("Enter")
    expect(page.locator("main h1")).to_have_text(names[RIGHT])
    expect(page.locator("[data-toast]")).to_contain_text("Opgeborgen")
    assert page.locator("[data-desk-failed]").count() == 0
    painted = page.evaluate("window.painted")
    assert len(painted) == RIGHT, "every next item was there before the key"
    p95 = statistics.quantiles(painted, n=20, method="inclusive")[-1]
    record_property("keys_for_right", RIGHT)
    record_property("median", round(statistics.median(painted), 1))
    record_property("p95", round(p95, 1))
    MEASURED.parent.mkdir(exist_ok=True)
    MEASURED.write_text(json.dumps({"median": statistics.median(painted), "p95": p95, "each": painted}), "utf-8")
    person.open("/postbak?bron=mail")
    assert page.locator("li.item", has_text="stapel").count() == 2
    assert page.locator("#net-gedaan").count() == 1
    assert person.judged("postbak-net-gedaan") == []

    # A wrong pupil: other letters of the number, no mouse.
    page.locator("li.item", has_text=names[RIGHT]).locator("a.button").click()
    expect(page.locator("[data-begin]")).to_be_focused()
    wanted = service.world.pupil(13)
    keys = 0
    page.keyboard.press("l")
    keys += 1
    for letter_ in wanted.number:
        page.keyboard.press(letter_)
        keys += 1
    expect(page.locator(".picker-list [role=option]")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("fieldset .choice", has_text=wanted.number).locator("input")).to_be_checked()
    page.keyboard.press("Enter")
    keys += 2
    assert keys <= 12
    record_property("keys_for_wrong", keys)
    expect(page.locator("[data-toast]")).to_contain_text("Opgeborgen")
    page.click("text=Bekijk het document")
    expect(page.locator("dl").first).to_contain_text(wanted.surname)

    # The way back outlives a reload.
    person.open("/postbak?bron=mail")
    page.reload()
    page.locator("section[aria-labelledby=net-gedaan] li", has_text=re.compile(".")).first.get_by_role("button").click()
    expect(page.locator("[data-toast]")).to_contain_text("ligt weer in de postbak")
    expect(page.locator("main h1")).to_have_text(names[RIGHT])
    assert person.judged("postbak-terug") == []
    assert person.faults == []


def test_what_could_not_be_filed_is_said_on_the_next_item(look: Callable[..., Looker], service: Service) -> None:
    names = unsure(service, 2, 100)
    person = look()
    person.sign_in("anouk")
    page = first_of(person, names)
    name = page.locator("main h1").inner_text()
    expect(page.locator("[data-begin]")).to_be_focused()
    page.wait_for_timeout(1000)
    page.evaluate("document.querySelector('[data-desk-form] input[name=versie]').value = '999'")
    page.keyboard.press("Enter")
    note = page.locator("[data-desk-failed]")
    expect(note).to_contain_text(name)
    expect(note).to_contain_text("door iemand anders behandeld")
    assert person.judged("postbak-mislukt") == []
    note.get_by_role("link").click()
    expect(page.locator("main h1")).to_have_text(name)
