"""The service in processes of its own, and Chromium to look at it."""

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.looks import PATIENCE, SCREENSHOTS
from tests.browser.states import filled
from tests.web.screen_world import PASSWORD, World

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
ROOT = Path(__file__).resolve().parents[2]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests here need Chromium."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@dataclass(frozen=True)
class Service:
    """A running service with papers in it."""

    address: str
    world: World


class Looker:
    """One person's browser. Faults that the pages report are kept."""

    def __init__(self, browser: Browser, service: Service, width: int, **options: Any) -> None:
        height = 720 if width < 600 else 860
        self.context = browser.new_context(viewport={"width": width, "height": height}, locale="nl-NL", **options)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.width = width
        self.faults: list[str] = []
        self._address = service.address
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda said: self.faults.append(said.text) if said.type == "error" else None)

    def open(self, path: str) -> Page:
        """Go to a page of the service."""
        self.page.goto(f"{self._address}{path}")
        return self.page

    def sign_in(self, name: str) -> Page:
        """Sign in as somebody of the cast."""
        self.open("/inloggen")
        school = "hetkompas" if name == "mees" else "deregenboog"
        self.page.fill("#email", f"{name}@{school}.example")
        self.page.fill("#wachtwoord", PASSWORD)
        self.page.click("main button")
        self.page.wait_for_url(f"{self._address}/")
        if self.page.locator("html").get_attribute("lang") != "nl":  # as another test left it
            self.page.locator("details.me > summary").click()
            self.page.click("details.me >> text=Nederlands")
            self.page.locator("html[lang=nl]").wait_for(state="attached")
        return self.page

    def as_seen(self, width: int, scheme: str = "light", contrast: str = "no-preference") -> None:
        """Look on from here at this width, with these wishes of the device."""
        self.width = width
        self.page.set_viewport_size({"width": width, "height": 720 if width < 600 else 860})
        self.page.emulate_media(color_scheme=scheme, contrast=contrast)

    def judged(self, name: str, *, picture: bool = True) -> list[str]:
        """What axe finds wrong on the page as it is now, and what sticks out; keeps a screenshot."""
        self.page.wait_for_load_state("networkidle" if picture else "load")
        found = Axe().run(self.page).response["violations"]
        wrong = [f"{name}: {x['id']}: {x['nodes'][0]['html'][:160]}" for x in found]
        if self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wrong.append(f"{name}: wider than the screen")
        if picture or wrong:
            SCREENSHOTS.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=str(SCREENSHOTS / f"{name}-{self.width}.png"))
        return wrong


@pytest.fixture(scope="session")
def filled_school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, World]]:
    """The folder of a house with papers in it, and what is known of it."""
    folder = tmp_path_factory.mktemp("service")
    world = filled(folder)
    yield folder, world
    world.house.close()


@pytest.fixture(scope="session")
def service(filled_school: tuple[Path, World]) -> Iterator[Service]:
    """The service on a free port, with a worker, until the end of the run."""
    folder, world = filled_school
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    running = [_start(what, folder, port) for what in ("web", "work")]
    try:
        _wait_for(f"{address}/inloggen", running[0])
        yield Service(address, world)
    finally:
        for process in running:
            process.terminate()
            process.wait(20)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Chromium, for the whole run."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    assert program, "Chromium is not installed: make setup-tests"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def look(chromium: Browser, service: Service) -> Iterator[Any]:
    """Opens a browser of a given width; all are closed after the test."""
    opened: list[Looker] = []

    def open_one(width: int = 1280, **options: Any) -> Looker:
        opened.append(Looker(chromium, service, width, **options))
        return opened[-1]

    yield open_one
    for one in opened:
        one.context.close()


def _start(what: str, folder: Path, port: int) -> "subprocess.Popen[bytes]":
    log = (folder / f"{what}.log").open("wb")
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "tests.browser.service", what, str(folder), str(port)],
        cwd=ROOT,
        stdout=log,
        stderr=subprocess.STDOUT,
    )


def _wait_for(address: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 4 * PATIENCE / 1000
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            assert process.poll() is None, "the service stopped"
            assert time.monotonic() < until, "the service does not answer"
            time.sleep(0.2)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
