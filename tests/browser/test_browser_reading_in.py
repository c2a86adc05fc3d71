"""Anouk reads pupils in: drop the file, see what would change, carry it out; next week only what changed."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO

from playwright.sync_api import Page, expect

from dms.demo.facts import DemoPupil
from dms.demo.vendor_files import EdexForm, write_edexml
from dms.kernel.schoolyear import school_year_of
from tests.browser.conftest import Looker, Service
from tests.lvs_archive.archive_files import archive, bomb, pdf
from tests.web.screen_world import BRIN

GROUP = 3
"""A year group that the school of the test has no pupils of yet."""


def edexml(service: Service, pupils: Sequence[DemoPupil], made_on: date) -> bytes:
    out = BytesIO()
    demo = service.world.demo
    write_edexml(out, BRIN, school_year_of(service.world.today), demo.groups, pupils, made_on, EdexForm())
    return out.getvalue()


def drop(page: Page, name: str, data: bytes) -> None:
    """Drop a file on the place for it, as a hand does."""
    held = page.evaluate_handle(
        """([name, data]) => {
            const dropped = new DataTransfer();
            dropped.items.add(new File([Uint8Array.from(data)], name));
            return dropped;
        }""",
        [name, list(data)],
    )
    page.dispatch_event("form[data-import]", "drop", {"dataTransfer": held})
    page.wait_for_url("**/inlezen/**/*-*")


def ready(page: Page) -> None:
    expect(page.locator("#kop-beslis")).to_be_visible(timeout=60_000)


def test_every_pupil_gets_a_dossier_and_next_week_only_what_changed(
    look: Callable[..., Looker], service: Service
) -> None:
    pupils = [x for x in service.world.demo.current_pupils if x.year == GROUP][:12]
    person = look()
    page = person.sign_in("anouk")
    person.open("/inlezen")
    assert person.judged("inlezen") == []
    drop(page, "EDEX.XML", edexml(service, pupils, service.world.today - timedelta(days=7)))
    ready(page)
    expect(page.locator(".tabs a[aria-current]")).to_contain_text(f"Nieuw {len(pupils)}")
    assert person.judged("inlezen-voorbeeld") == []
    person.as_seen(320)
    assert person.judged("inlezen-voorbeeld-smal") == []
    person.as_seen(1280)
    page.click("text=Voer door")
    expect(page.locator(".toast")).to_contain_text("doorgevoerd")
    assert person.judged("inlezen-doorgevoerd") == []
    for one in (pupils[0], pupils[-1]):
        person.open(f"/leerlingen?q={one.surname}")
        page.locator("main tbody a, main .rows a", has_text=one.surname).first.click()
        expect(page.locator("h1")).to_contain_text(one.surname)

    person.open("/inlezen")
    renamed = [replace(pupils[0], surname="Nieuwenaam"), *pupils[1:]]
    drop(page, "EDEX.XML", edexml(service, renamed, service.world.today))
    ready(page)
    tabs = page.locator(".tabs")
    expect(tabs).to_contain_text("Gewijzigd 1")
    expect(tabs).to_contain_text(f"Ongewijzigd {len(pupils) - 1}")
    change = page.locator(".changes", has_text="Achternaam")
    expect(change.locator("del")).to_contain_text(pupils[0].surname)
    expect(change.locator("ins").first).to_contain_text("Nieuwenaam")
    page.click("text=Voer door")
    expect(page.locator(".toast")).to_contain_text("doorgevoerd")
    person.open("/inlezen")
    drop(page, "EDEX.XML", edexml(service, renamed, service.world.today))
    ready(page)
    expect(page.locator("#kop-beslis")).to_have_text("Er verandert niets")
    page.click("text=Doe weg")
    expect(page.locator(".toast")).to_contain_text("weggedaan")
    assert person.faults == []


def test_an_archive_of_dossiers_shows_what_goes_where(look: Callable[..., Looker], service: Service) -> None:
    one = service.world.pupil(4)
    folder = f"{one.number}_{one.surname}_{one.call_name}"
    data = archive(
        [
            (f"{folder}/Toetsen en rapporten/2025-02-03_Rapport.pdf", pdf("Een rapport.")),
            ("los/brief.pdf", pdf("Een brief.")),
            ("../buiten.pdf", pdf("x")),
            ("bom.pdf", bomb(24)),
        ]
    )
    person = look()
    page = person.sign_in("anouk")
    person.open("/inlezen")
    drop(page, "dossiers.zip", data)
    ready(page)
    expect(page.locator(".tabs")).to_contain_text("In een dossier 1")
    expect(page.locator(".tabs")).to_contain_text("Geweigerd 2")
    assert person.judged("archief") == []
    person.as_seen(320)
    assert person.judged("archief-smal") == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    person.as_seen(1280)
    page.click("text=Lees in")
    expect(page.locator(".tabs")).to_contain_text("Opgeborgen 1", timeout=90_000)
    with page.expect_download() as download:
        page.click("text=Download het verslag")
    assert "Geweigerd" in download.value.path().read_text("utf-8-sig")
    assert person.faults == []


def test_without_scripts_a_list_is_read_and_its_columns_are_checked(
    look: Callable[..., Looker], service: Service
) -> None:
    person = look(320, java_script_enabled=False)
    page = person.sign_in("anouk")
    person.open("/inlezen")
    text = "Nr;Roepnaam;Achternaam;Geboren;Klas\n445566;Fien;Proefsma;03-04-2016;groep 3\n"
    page.set_input_files("#bestand", {"name": "lijst.csv", "mimeType": "text/csv", "buffer": text.encode()})
    page.click("text=Bekijk het bestand")
    for _ in range(60):
        if page.locator("text=Controleer de kolommen").count():
            break
        page.wait_for_timeout(500)
        page.reload()
    page.locator("a", has_text="Controleer de kolommen").first.click()
    page.select_option("#kolom-0", "leerlingnummer")
    page.select_option("#kolom-3", "geboortedatum")
    page.select_option("#kolom-4", "groep")
    page.check("#bewaar")
    page.fill("#naam", "Onze lijst")
    page.click("text=Bekijk wat er verandert")
    expect(page.locator("#kop-beslis")).to_be_visible(timeout=60_000)
    expect(page.locator("main")).to_contain_text("Fien Proefsma")
    page.click("text=Voer door")
    expect(page.locator("main")).to_contain_text("Doorgevoerd")


def test_settings_and_carers(look: Callable[..., Looker], service: Service) -> None:
    one = service.world.pupil(5)
    person = look()
    page = person.sign_in("anouk")
    person.open("/inlezen/instellingen")
    assert person.judged("inlezen-instellingen") == []
    page.check("#zelf")
    page.click("text=Opslaan")
    expect(page.locator("#zelf")).to_be_checked()
    page.uncheck("#zelf")
    page.click("text=Opslaan")
    person.open(f"/leerlingen?q={one.number}")
    page.locator("main tbody a, main .rows a", has_text=one.surname).first.click()
    page.goto(f"{page.url.partition('?')[0]}/verzorgers")
    assert person.judged("verzorgers-leeg") == []
    page.click("text=Verzorger toevoegen")
    page.fill("#naam", "Hanna Voorbeeld")
    page.select_option("#relatie", "moeder")
    page.check("#gezag")
    page.fill("#gezag_vanaf", "3 sep 2020")
    page.check("#geheim")
    page.fill("#telefoon", "06 00000000")
    assert person.judged("verzorger") == []
    page.click("main >> text=Opslaan")
    expect(page.locator("main")).to_contain_text("heeft gezag sinds 3 september 2020")
    expect(page.locator("main")).to_contain_text("Mag alles inzien")
    expect(page.locator("main")).to_contain_text("Geheim adres")
    person.as_seen(320)
    assert person.judged("verzorgers-smal") == []
    assert person.faults == []


def test_columns_and_choices_can_be_used_by_everybody(look: Callable[..., Looker], service: Service) -> None:
    """The page of columns, and the form in which a person decides whether a row is somebody who is here already."""
    one = service.world.pupil(6)
    person = look()
    page = person.sign_in("anouk")
    person.open("/inlezen")
    text = "Nr;Roepnaam;Tussenvoegsel;Achternaam;Geboren;Klas\n" + ";".join(
        ("778899", one.call_name, one.prefix, one.surname, f"{one.birth_date:%d-%m-%Y}", one.group)
    )
    drop(page, "lijst.csv", text.encode())
    page.locator("main a", has_text="Controleer de kolommen").first.click(timeout=60_000)
    for width in (1280, 320):
        person.as_seen(width)
        assert person.judged("kolommen") == []
    page.select_option("#kolom-0", "leerlingnummer")
    page.select_option("#kolom-4", "geboortedatum")
    page.select_option("#kolom-5", "groep")
    page.click("text=Bekijk wat er verandert")
    ready(page)
    for width in (320, 1280):
        person.as_seen(width)
        expect(page.locator("input[type=radio]").first).to_be_visible()
        assert person.judged("keuzes") == []
    page.locator("label.tick", has_text=one.number).click()
    page.click("text=Verwerk mijn keuzes")
    expect(page.locator(".tabs")).to_contain_text("Gewijzigd 1")
    expect(page.locator("text=wacht op uw keuze")).to_have_count(0)
    page.click("text=Doe weg")
    person.open(f"/leerlingen?q={one.number}")
    page.locator("main tbody a, main .rows a", has_text=one.surname).first.click()
    page.click("text=BSN en onderwijsnummer")
    for width in (1280, 320):
        person.as_seen(width)
        assert person.judged("nummers") == []
    assert person.faults == []
