"""Signing in with a passkey in Chromium (virtual authenticator), and the pages about it with axe at two widths."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from dms.app import App
from dms.settings import load
from tests.houses import BRIN, OPERATOR, settings_of

PASSWORD = "zonnige-regenboog-zeven"
DIRK = "dirk@deregenboog.example"
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
SCREENSHOTS = Path("build/screenshots")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A small service on localhost, where a head has to take a second step."""
    folder = tmp_path_factory.mktemp("passkeys")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    at = f"http://localhost:{port}"
    more = {"DMS_PUBLIC_URL": at, "DMS_BIND": f"127.0.0.1:{port}"}
    app = App.initialise(load(settings_of(folder, **more), folder))
    app.schools.add(OPERATOR, BRIN, "De Regenboog", "Stichting Horizon")
    app.accounts.add_user(OPERATOR, DIRK, "directeur", BRIN, password=PASSWORD, name="Dirk Bedacht")
    app.close()
    process = subprocess.Popen(
        [sys.executable, "-m", "dms", "serve", "--web-only"],
        cwd=folder,
        env={**os.environ, **settings_of(folder, **more)},  # noqa: TID251 - handed on
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + 90
        while True:
            try:
                urllib.request.urlopen(f"{at}/inloggen", timeout=5).read()
                break
            except OSError:
                assert process.poll() is None, "the service ended"
                assert time.monotonic() < until, "the service does not answer"
                time.sleep(0.2)
        yield at
    finally:
        process.terminate()
        process.wait(30)


def judged(page: Page, name: str) -> list[str]:
    """What axe finds wrong at two widths, and what sticks out."""
    wrong = []
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        wrong += [f"{name} {width}: {x['id']}" for x in Axe().run(page).response["violations"]]
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wrong.append(f"{name} {width}: wider than the screen")
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(SCREENSHOTS / f"sign-in-{name}-{width}.png"), full_page=True)
    return wrong


def scanned(page: Page) -> str:
    """What a camera reads in the picture for the app."""
    page.set_viewport_size({"width": 1280, "height": 900})
    picture = cv2.imdecode(np.frombuffer(page.locator(".qr").screenshot(), np.uint8), cv2.IMREAD_COLOR)
    text, _, _ = cv2.QRCodeDetector().detectAndDecode(cv2.resize(picture, None, fx=3, fy=3))
    return str(text)


def sign_in(page: Page, address: str) -> None:
    """The first step."""
    page.goto(f"{address}/inloggen")
    page.fill("#email", DIRK)
    page.fill("#wachtwoord", PASSWORD)
    page.click("main button")


@pytest.mark.slow
def test_a_passkey_from_the_first_time_on(chromium: Browser, address: str) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 860}, locale="nl-NL")
    page = context.new_page()
    page.set_default_timeout(60_000)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    key = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})["authenticatorId"]
    wrong: list[str] = []

    sign_in(page, address)
    page.wait_for_url(f"{address}/inloggen/instellen")
    wrong += judged(page, "set-up")
    assert scanned(page).startswith("otpauth://totp/Dossierkluis")
    page.fill("#name", "laptop van school")
    page.click("form[data-passkey] button")
    page.wait_for_selector(".keep-codes")
    assert page.locator(".keep-codes li").count() == 10
    wrong += judged(page, "recovery-codes")
    assert len(devtools.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]) == 1
    page.click("main a.button")
    page.wait_for_url(f"{address}/")

    page.goto(f"{address}/account")
    assert "laptop van school" in page.inner_text("main")
    wrong += judged(page, "account")
    for place in ("wachtwoord", "app", "passkey", "bevestigen"):
        page.goto(f"{address}/account/{place}")
        wrong += judged(page, place)
    page.click("form[data-passkey] button")
    page.wait_for_url(f"{address}/")

    context.clear_cookies()
    sign_in(page, address)
    page.wait_for_url(f"{address}/inloggen/tweede-stap")
    wrong += judged(page, "second-step")
    page.click("form[data-passkey] button")
    page.wait_for_url(f"{address}/")

    devtools.send("WebAuthn.clearCredentials", {"authenticatorId": key})
    devtools.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": False})
    context.clear_cookies()
    sign_in(page, address)
    page.wait_for_url(f"{address}/inloggen/tweede-stap")
    page.click("form[data-passkey] button")
    page.wait_for_selector("[data-passkey-telling]:visible")
    assert page.url.endswith("/inloggen/tweede-stap")
    context.close()
    assert wrong == []
    assert faults == []
