"""The main job in a browser: drop papers, watch them being read, find one back by a word that stands in the scan."""

import base64
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from dms.demo.hostile import hostile_files
from tests.browser.conftest import Looker, Service
from tests.web.screen_world import letter, scanned

LONG = 120_000


def drop(page: Page, files: list[tuple[str, bytes]]) -> None:
    """Drop files on the place for them, as a person with a mouse does."""
    packed = [{"name": name, "data": base64.b64encode(data).decode()} for name, data in files]
    transfer = page.evaluate_handle(
        """files => {
            const transfer = new DataTransfer();
            for (const file of files) {
                const bytes = Uint8Array.from(atob(file.data), (x) => x.charCodeAt(0));
                transfer.items.add(new File([bytes], file.name));
            }
            return transfer;
        }""",
        packed,
    )
    for kind in ("dragenter", "dragover", "drop"):
        page.dispatch_event("main", kind, {"dataTransfer": transfer})


@pytest.mark.timeout(300)
def test_from_paper_to_dossier_and_back(look: Callable[..., Looker], service: Service) -> None:
    world = service.world
    whose = world.pupil(4)
    scan = scanned(letter(world.demo, "absence report", whose, world.today, seed=77))
    digital = letter(world.demo, "photo consent", world.pupil(5), world.today, seed=78)
    person = look()
    page = person.sign_in("anouk")
    page.click("nav >> text=Inname")
    page.wait_for_url("**/inname")
    # Every change of state that the page shows is noted, without asking the service.
    page.evaluate(
        """() => {
            window.seen = {};
            const note = () => document.querySelectorAll("li[data-key]").forEach((row) => {
                const name = row.querySelector(".name").textContent;
                (window.seen[name] ??= new Set()).add(row.dataset.state);
            });
            new MutationObserver(note).observe(document.querySelector("[data-rows]"), {childList: true});
        }"""
    )
    drop(page, [("Scan van school.pdf", scan), ("toestemming.pdf", digital)])
    for name in ("Scan van school.pdf", "toestemming.pdf"):
        row = page.locator("li[data-key]", has_text=name)
        expect(row).to_have_attribute("data-state", re.compile("filed|desk"), timeout=LONG)
    assert page.locator("[data-sending] li").count() == 0
    states = page.evaluate("Object.fromEntries(Object.entries(window.seen).map(([k, v]) => [k, [...v]]))")
    assert {"waiting", "working"} & set(states["Scan van school.pdf"]), states
    row = page.locator("li[data-key]", has_text="Scan van school.pdf")
    expect(row).to_have_attribute("data-state", "filed")
    expect(row).to_contain_text(whose.surname)

    page.fill(".bar input[name=q]", f"verzuim {whose.surname}")
    page.keyboard.press("Enter")
    expect(page.locator("mark").first).to_be_visible()
    page.locator(".hit h2 a").first.click()
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("dl").first).to_contain_text(whose.surname)
    sheet = page.locator("img.sheet").first
    expect(sheet).to_be_visible()
    assert sheet.evaluate("x => x.decode().then(() => x.naturalWidth)") > 300
    with page.expect_download() as download:
        page.click("text=Download het origineel")
    assert download.value.path().read_bytes() == scan
    assert person.judged("gouden-pad") == []
    assert person.faults == []


def test_refused_files_say_why_on_the_spot(look: Callable[..., Looker]) -> None:
    person = look()
    page = person.sign_in("anouk")
    page.goto(page.url + "inname")
    files = [(f"nieuw {x.name}", x.data) for x in hostile_files()]
    drop(page, files)
    reasons = set()
    for name, _ in files:
        row = page.locator("li[data-key]", has_text=name).first
        expect(row).to_have_attribute("data-state", re.compile("refused|quarantined"), timeout=LONG)
        reason = row.locator(".what p").nth(1).inner_text()
        assert len(reason) > 20, (name, reason)
        reasons.add(reason)
    assert len(reasons) == len(files)
    assert person.judged("geweigerd-live") == []
    assert person.faults == []


def test_without_scripts_the_plain_form_does_it_all(look: Callable[..., Looker], service: Service) -> None:
    world = service.world
    person = look(java_script_enabled=False)
    page = person.sign_in("anouk")
    page.goto(page.url + "inname")
    data = letter(world.demo, "leave request", world.pupil(6), world.today, seed=91)
    files = [{"name": f"los {n}.pdf", "mimeType": "application/pdf", "buffer": data} for n in (1, 2)]
    page.set_input_files("#bestanden", files)
    page.click("main button:has-text('Stuur')")
    page.wait_for_url(re.compile(r"/inname/[0-9a-f-]{36}"))
    for one in ("los 1.pdf", "los 2.pdf"):  # the page reloads itself until all is done
        row = page.locator("li[data-key]", has_text=one)
        expect(row).to_have_attribute("data-state", re.compile("filed|desk|duplicate"), timeout=LONG)
    assert person.faults == []


def test_a_lost_connection_is_said_beside_the_file(look: Callable[..., Looker]) -> None:
    person = look()
    page = person.sign_in("anouk")
    page.goto(page.url + "inname")
    page.evaluate("document.querySelector('[data-dock]').dataset.tries = '2'")
    page.route("**/inname/bestand*", lambda route: route.abort())
    drop(page, [("onderweg kwijt.pdf", b"%PDF-1.4")])
    row = page.locator("[data-sending] li")
    expect(row).to_contain_text("De verbinding viel weg.")
    expect(row).to_contain_text("Niet gestuurd")
    assert person.judged("verbinding-weg") == []


def test_a_large_file_goes_on_after_the_connection_broke_and_the_page_was_reloaded(
    look: Callable[..., Looker], service: Service, tmp_path: Path
) -> None:
    person = look()
    page = person.sign_in("anouk")
    page.goto(page.url + "inname")
    data = letter(service.world.demo, "leave request", service.world.pupil(7), service.world.today, seed=93)
    large = tmp_path / "grote map.pdf"
    large.write_bytes(data + b"\n%" + b"x" * 9_500_000)
    pieces: list[tuple[str, int]] = []
    broken = {"at": 2}

    def passing(route: Route) -> None:
        offset = route.request.headers.get("x-offset")
        if offset is not None:
            pieces.append((offset, len(route.request.post_data_buffer or b"")))
            if len(pieces) >= broken["at"]:
                route.abort()
                return
        route.continue_()

    page.route("**/inname/delen/**", passing)
    page.set_input_files("#bestanden", large)
    row = page.locator("[data-sending] li")
    expect(row).to_contain_text("Het gaat vanzelf verder", timeout=LONG)
    assert [x for x, _ in pieces][:2] == ["0", "4194304"]
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.locator("[data-take-up]")).to_contain_text("Nog niet verstuurd: 1")
    assert person.judged("opnieuw-kiezen") == []
    broken["at"], before = 99, len(pieces)
    page.set_input_files("#bestanden", large)
    found = page.locator("li[data-key]", has_text="grote map.pdf")
    expect(found).to_have_attribute("data-state", re.compile("filed|desk|duplicate|refused"), timeout=LONG)
    assert [x for x, _ in pieces[before:]] == ["4194304", "8388608"], "what had arrived is not sent again"
    assert page.locator("[data-take-up]").is_hidden()
    assert found.count() == 1


def test_a_file_that_is_too_large_is_not_sent_at_all(look: Callable[..., Looker]) -> None:
    person = look()
    page = person.sign_in("anouk")
    page.goto(page.url + "inname")
    page.evaluate("document.querySelector('[data-dock]').dataset.most = '100'")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    drop(page, [("veel te groot.pdf", b"x" * 101)])
    row = page.locator("[data-sending] li")
    expect(row).to_contain_text("Het bestand is groter dan 200 MB. Splits het bestand")
    assert [x for x in sent if "/inname/bestand" in x] == []


def test_a_whole_folder_is_sent_with_what_lies_deeper(look: Callable[..., Looker], tmp_path: Path) -> None:
    (tmp_path / "map" / "dieper").mkdir(parents=True)
    for nth, place in enumerate(("map", "map/dieper", "map/dieper")):
        (tmp_path / place / f"uit een map {nth}.pdf").write_bytes(b"geen pdf")
    person = look()
    page = person.sign_in("anouk")
    page.goto(page.url + "inname")
    page.set_input_files("#map", tmp_path / "map")
    expect(page.locator("li[data-key]", has_text="uit een map")).to_have_count(3, timeout=LONG)
    person.open("/leerlingen")  # what was sent goes on by itself
    person.open("/inname")
    done = page.locator("li[data-key]:not([data-busy])", has_text="uit een map")
    expect(done).to_have_count(3, timeout=LONG)
    assert {x.get_attribute("data-state") for x in done.all()} == {"refused"}


def test_an_ended_session_leads_to_signing_in(look: Callable[..., Looker]) -> None:
    person = look()
    page = person.sign_in("anouk")
    page.goto(page.url + "inname")
    person.context.clear_cookies()
    drop(page, [("te laat.pdf", b"%PDF-1.4")])
    page.wait_for_url(re.compile("/inloggen"))
    expect(page.locator("h1")).to_have_text("Inloggen")
