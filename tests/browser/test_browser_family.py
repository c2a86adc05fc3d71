"""Parents on a small telephone without scripts: coming in, following a plan, signing it, and reporting a change."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from sqlalchemy import select
from werkzeug.serving import make_server

from dms.cli.site import build
from dms.db.tables import CarerRow, ChosenSettingsRow, PupilCarerRow, PupilRow
from dms.model.corrections import CorrectionState
from dms.model.portal import Channel
from dms.model.signing import Answer, Method
from dms.services.chosen.fields import NO, YES
from tests import houses
from tests.browser.conftest import PATIENCE
from tests.browser.keys import tab_to
from tests.houses import BRIN, PASSWORD
from tests.signing.signing_world import SigningWorld

MOST_BYTES = 100_000
"""Of a page before the pictures of documents."""
NEW = "vier woorden zonder verband"
TITLE = "Ontwikkelingsperspectief van dit schooljaar"
SMALL = (
    "all => all.filter(x => x.offsetParent !== null && x.getBoundingClientRect().height < 43.5"
    " && !x.closest('p, li') && !x.matches('.skip, [type=hidden], [type=radio], [type=checkbox]'))"
    ".map(x => x.outerHTML.slice(0, 120))"
)
"""Controls (not links within a sentence) that are lower than a finger wants."""


class Telephone:
    """Chromium without scripts at 320 px. Every page that is looked at is judged and weighed."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.context = browser.new_context(
            viewport={"width": 320, "height": 640}, locale="nl-NL", java_script_enabled=False
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self._judge: Page = browser.new_context(viewport={"width": 320, "height": 640}, locale="nl-NL").new_page()
        self._judge.set_default_timeout(PATIENCE)
        self._judge.route("**/bladzijde/*", lambda x: x.abort())
        self._judge.route("**/page-as-seen", lambda x: x.fulfill(body=self._shown, content_type="text/html"))
        self._shown = ""
        self._address = address
        self._loaded: dict[str, int] = {}
        self.wrong: list[str] = []
        self.seen: list[str] = []
        self.page.on("response", lambda x: self._loaded.__setitem__(x.url, int(x.headers.get("content-length", 0))))

    def close(self) -> None:
        """Close both browsers."""
        self.context.close()
        self._judge.context.close()

    def open(self, path: str) -> None:
        """Go to a page."""
        self._loaded.clear()
        self.page.goto(f"{self._address}{path}")

    def tap(self, what: str) -> None:
        """Touch something that leads to a page."""
        self._loaded.clear()
        self.page.click(what)
        self.page.wait_for_load_state()

    def look(self, name: str) -> None:
        """What is wrong on the page: by axe, wider than the screen, controls too low, too heavy.

        Axe needs scripts: it reads the page as it was sent, in a browser that has them.
        """
        self._shown = self.page.content()
        self._judge.goto(f"{self._address}/portaal/page-as-seen")
        found = Axe().run(self._judge).response["violations"]
        self.wrong += [f"{name}: {x['id']}: {x['nodes'][0]['html'][:160]}" for x in found]
        if self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            self.wrong.append(f"{name}: wider than the screen")
        self.wrong += [f"{name}: low: {x}" for x in self.page.locator("a, button, summary, input").evaluate_all(SMALL)]
        weight = sum(v for k, v in self._loaded.items() if "/bladzijde/" not in k)
        if weight > MOST_BYTES:
            self.wrong.append(f"{name}: {weight} bytes")
        self.seen.append(name)

    def sign_in(self, email: str, password: str = PASSWORD) -> None:
        """The first step of signing in."""
        self.open("/portaal/inloggen")
        self.page.fill("#email", email)
        self.page.fill("#wachtwoord", password)
        self.look("inloggen")
        self.tap("main form button.main")


@pytest.fixture(scope="module")
def world(house_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SigningWorld]:
    house = houses.copy(house_template, tmp_path_factory.mktemp("browser-family"))
    yield SigningWorld(house)
    house.app.close()


@pytest.fixture(scope="module")
def address(world: SigningWorld) -> Iterator[str]:
    """The whole site over the house."""
    server = make_server("127.0.0.1", 0, build(world.house.app), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def telephone(chromium: Browser, address: str) -> Iterator[Telephone]:
    made = Telephone(chromium, address)
    yield made
    made.close()


def test_a_parent_signs_a_plan(world: SigningWorld, telephone: Telephone) -> None:
    signing, carla = world.house.app.signing, world.house.by("carla")
    (plan,) = world.file([(TITLE, "ZRG-03")])
    request = world.ask(plan)
    page = telephone.page
    telephone.sign_in("hanna@deregenboog.example")
    assert page.locator("h1").inner_text() == "Overzicht"
    assert TITLE in page.locator("main").inner_text(), "what waits stands on the first page"
    telephone.look("overzicht")
    telephone.tap("text=Lees het plan en antwoord")
    page.locator(".sheets img").first.wait_for()
    assert (page.locator(".sheets img").first.bounding_box() or {"width": 0})["width"] > 250
    telephone.look("plan")
    page.check("input[value=not_agreed]")
    page.fill("#bevestiging", PASSWORD)
    telephone.tap("#antwoord button.main")
    assert "Schrijf erbij waarom" in page.locator("[role=alert]").inner_text()
    telephone.look("plan-fout")
    page.fill("#opmerking", "Wij willen eerst een gesprek.")
    page.fill("#bevestiging", PASSWORD)
    telephone.tap("#antwoord button.main")
    assert "U bent het niet eens" in page.locator("[role=status]").inner_text()
    telephone.look("plan-beantwoord")
    telephone.tap("text=Lees als tekst")
    telephone.look("plan-tekst")
    page.click("summary")
    telephone.look("menu")
    telephone.tap(".menu >> text=Ondertekenen")
    telephone.look("ondertekenen")
    hanna = next(x for x in signing.overview.one(carla, request).signers if x.name == "Hanna Kuipers")
    assert (hanna.answer, hanna.method) == (Answer.NOT_AGREED, Method.PASSWORD)
    assert hanna.remark == "Wij willen eerst een gesprek."
    assert telephone.wrong == []


def test_a_parent_signs_a_plan_with_the_keyboard_alone(world: SigningWorld, telephone: Telephone) -> None:
    carla = world.house.by("carla")
    (plan,) = world.file([("Plan voor het voorjaar", "ZRG-03")])
    request = world.ask(plan)
    page = telephone.page
    telephone.open("/portaal/inloggen")
    if not page.evaluate("document.activeElement.matches('#email')"):
        tab_to(page, "#email")
    page.keyboard.type("hanna@deregenboog.example")
    tab_to(page, "#wachtwoord")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.locator("h1", has_text="Overzicht").wait_for()
    tab_to(page, f"main a[href*='{request}']")
    page.keyboard.press("Enter")
    page.locator(".sheets img").first.wait_for()
    tab_to(page, "input[type=radio][name=antwoord]")
    page.keyboard.press("Space")
    tab_to(page, "#bevestiging")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.locator("[role=status]", has_text="U ").wait_for()
    hanna = next(x for x in world.house.app.signing.overview.one(carla, request).signers if x.name == "Hanna Kuipers")
    assert hanna.answer is not None


def test_a_parent_reports_a_change_and_reads_the_answer(world: SigningWorld, telephone: Telephone) -> None:
    queue, anouk = world.house.app.corrections.queue, world.house.by("anouk")
    page = telephone.page
    telephone.sign_in("hanna@deregenboog.example")
    telephone.tap("text=Bekijk het dossier")
    telephone.look("kind")
    telephone.tap("text=Geef een wijziging door")
    telephone.look("wijziging")
    page.fill("#carer_email", "geen adres")
    page.fill("#carer_town", "Zwolle")
    telephone.tap("main form button.main")
    assert page.input_value("#carer_town") == "Zwolle"
    telephone.look("wijziging-fout")
    page.fill("#carer_email", "")
    telephone.tap("main form button.main")
    assert "Verstuurd" in page.locator("[role=status]").inner_text()
    telephone.look("wijziging-verstuurd")
    (line,) = [x for x in queue.page(anouk, BRIN).lines if x.new == "Zwolle"]
    queue.decide(anouk, line.id, line.row_version, accept=False, reason="Wij hebben een bewijs nodig.")
    telephone.open("/portaal/wijzigingen")
    assert "Wij hebben een bewijs nodig." in page.locator("main").inner_text()
    telephone.look("wijziging-antwoord")
    assert queue.one(anouk, line.id).state is CorrectionState.REJECTED
    telephone.open("/portaal/mail")
    page.check("text=Er ligt een plan voor mij klaar")
    telephone.tap("main form button.main")
    telephone.look("mail")
    telephone.open("/portaal/account")
    telephone.look("account")
    telephone.tap(".menu >> summary")
    telephone.tap(".menu .leave button")
    assert page.url.endswith("/portaal/inloggen")
    assert telephone.wrong == []


@pytest.fixture
def asked_for_a_second_step(world: SigningWorld) -> Iterator[None]:
    _factor(world, YES)
    yield
    _factor(world, NO)


def _factor(world: SigningWorld, value: str) -> None:
    with world.house.app.database.begin() as uow:
        for row in uow.session.scalars(select(ChosenSettingsRow)):
            row.chosen = {**row.chosen, "factor_ouder": value}


def test_a_parent_comes_in_with_a_letter_and_an_app(
    world: SigningWorld, telephone: Telephone, asked_for_a_second_step: None
) -> None:
    app, page = world.house.app, telephone.page
    with app.database.read() as session:
        pupil, carer = session.execute(
            select(PupilRow, CarerRow)
            .join(PupilCarerRow, PupilCarerRow.pupil_id == PupilRow.id)
            .join(CarerRow, CarerRow.id == PupilCarerRow.carer_id)
            .where(PupilRow.given_name == "Sem", PupilRow.surname == "Berg", PupilCarerRow.authority)
            .order_by(PupilCarerRow.position)
        ).tuples().first() or pytest.fail("no such family")  # fmt: skip
        born = pupil.birth_date
        assert born is not None
    made = app.portal.invitations.invite(world.house.by("anouk"), BRIN, pupil.id, carer.id, Channel.LETTER)
    telephone.open("/portaal/inloggen")
    telephone.tap("text=Ik heb een code")
    telephone.look("uitnodiging")
    page.fill("#code", made.code)
    page.fill("#geboren", born.isoformat())
    page.fill("#wachtwoord", NEW)
    page.fill("#nogmaals", NEW)
    telephone.tap("main form button.main")
    assert "app op uw telefoon" in page.locator("h1").inner_text()
    telephone.look("instellen")
    secret = page.locator(".hint code").inner_text().replace(" ", "")
    page.fill("#code", "000000")
    telephone.tap("main form button.main")
    telephone.look("instellen-fout")
    page.fill("#code", pyotp.TOTP(secret).now())
    telephone.tap("main form button.main")
    codes = page.locator("main li code").all_inner_texts()
    assert len(codes) == 10
    telephone.look("herstelcodes")
    telephone.tap("text=Ik heb ze bewaard")
    login = next(
        x.login for x in app.portal.members.of_pupil(world.house.by("anouk"), BRIN, pupil.id) if x.carer_id == carer.id
    )
    telephone.open("/portaal/account")
    assert login in page.locator("main").inner_text(), "she can read what she signs in with"
    telephone.context.clear_cookies()
    telephone.sign_in(login, NEW)
    assert "Code uit uw app" in page.locator("h1").inner_text()
    telephone.look("tweede-stap")
    page.fill("#code", "000000")
    telephone.tap("main form button.main")
    assert "passkey" not in page.locator("[role=alert]").inner_text(), "families have none"
    telephone.look("tweede-stap-fout")
    page.fill("#code", codes[0])
    telephone.tap("main form button.main")
    assert page.locator("h1").inner_text() == "Overzicht"
    assert telephone.wrong == []
