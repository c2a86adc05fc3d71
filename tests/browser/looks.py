"""How pages are looked at: widths, colours, contrast, size of text; and what may not be found on them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, Route

SCREENSHOTS = Path("build/screenshots")
HERE = "http://localhost"
PATIENCE = 60_000
"""Milliseconds that a page may take: a busy machine is no fault."""
HEIGHTS = {320: 720, 768: 860, 1280: 860}
PASSED_ON = ("content-security-policy", "content-type", "x-content-type-options")
RUN = """(apart) => axe.run({exclude: apart}, {resultTypes: ["violations"]}).then((found) => [
    found.violations.map((x) => [x.id, x.nodes[0].html.slice(0, 160)]),
    document.documentElement.scrollWidth > document.documentElement.clientWidth,
])"""

SMALL = """() => {
    const aside = "p, li:not(.menu li), td, th, dd, .note, .unseen, dialog";
    const low = [];
    for (const one of document.querySelectorAll("a, button, summary, input, select, textarea, label.tick")) {
        if (!one.checkVisibility() || one.offsetParent === null) continue;
        if (one.matches("[type=hidden], [type=radio], [type=checkbox], .skip, .unseen, dialog *")) continue;
        if (one.matches("a") && one.closest(aside)) continue;
        const { width, height } = one.getBoundingClientRect();
        if (height < 43.5 || (one.matches("label") && width < 43.5)) {
            low.push(`smaller than a finger: ${one.outerHTML.slice(0, 160)}`);
        }
    }
    return low;
}"""
"""Controls that are hard to hit; a link within text may be as high as its line."""


@dataclass(frozen=True)
class Look:
    """How somebody looks at a page: a width in pixels, wishes of the device, the size of text in percent."""

    width: int
    scheme: str = "light"
    contrast: str = "no-preference"
    text: int = 100

    @property
    def name(self) -> str:
        """For a report and a picture's name."""
        return f"{self.width}-{self.scheme}-{self.contrast[:4]}-{self.text}"


LOOKS = (
    Look(320),
    Look(320, "dark"),
    Look(768),
    Look(768, "dark", contrast="more"),
    Look(1280),
    Look(1280, "dark"),
    Look(1280, contrast="more"),
    Look(1280, text=200),
)
"""Those of one width behind each other: a page is opened once for each width."""
FEWER = (Look(320), Look(768, "dark"), Look(1280, contrast="more"), Look(1280, text=200))
"""Each width, colour, contrast and size once: for what is looked at in every look in another state."""
PICTURED = (Look(320), Look(1280))
NARROWEST = Look(320, text=200)
"""The least room that there is for words: only looked at for what sticks out or is cut off."""
ROOM = """() => {
    const root = document.documentElement;
    const wrong = root.scrollWidth > root.clientWidth ? ["wider than the screen"] : [];
    for (const place of document.querySelectorAll("body *")) {
        if (place.scrollWidth <= place.clientWidth + 1 || place.clientWidth < 3 || place.closest(".unseen")) continue;
        const { overflowX, textOverflow } = getComputedStyle(place);
        const typed = place.matches("input, select, textarea, progress, pre");
        const start = place.outerHTML.slice(0, 160);
        if (["hidden", "clip"].includes(overflowX) && !typed && textOverflow !== "ellipsis") {
            wrong.push(`cut off: ${start}`);
        }
        if (["auto", "scroll"].includes(overflowX) && !typed) {
            const named = place.getAttribute("aria-label") || place.getAttribute("aria-labelledby");
            const reached = place.tabIndex >= 0 || place.querySelector("a[href], button, input, select, textarea");
            if (!reached || !named) wrong.push(`scrolls without a name or out of reach of keys: ${start}`);
        }
    }
    return wrong;
}"""
SAME_ON_EACH = [["nav.menu"]]
"""Stands on each page of one person, and takes a third of the time: looked at with the first page in each look."""


@dataclass(frozen=True)
class Shown:
    """A page as the product answered it."""

    name: str
    address: str
    html: str
    policy: str = ""


class Screen:
    """Chromium showing pages of one application as one person got them, without a server between.

    The page itself is the answer that is given; what it asks for besides (style, scripts, images) the application
    answers through `client`. `pictures` keeps a picture of each page, narrow and wide.
    """

    def __init__(self, browser: Browser, client: FlaskClient, *, pictures: bool = False) -> None:
        self._context = browser.new_context(locale="nl-NL", service_workers="block")
        self._context.add_init_script(AXE_SCRIPT)
        self.page: Page = self._context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.route("**/*", self._answer)
        self._client = client
        self._pictures = pictures
        self._kept: dict[str, dict[str, Any]] = {}
        self._now: Shown | None = None
        self._begun: set[Look] = set()
        self.looked = 0

    def close(self) -> None:
        """Throw the browser's window away."""
        self._context.close()

    def judged(self, shown: Shown, looks: Iterable[Look] = LOOKS) -> list[str]:
        """What axe finds wrong on the page in each look, and where something sticks out; each with its place."""
        wrong: list[str] = []
        at = 0
        for look in looks:
            if look.width != at:
                self._open(shown, look)
                at = look.width
            else:
                self.page.emulate_media(color_scheme=look.scheme, contrast=look.contrast)  # type: ignore[arg-type]
            self.page.evaluate(f"document.documentElement.style.fontSize = '{look.text}%'")
            found, wide = self.page.evaluate(RUN, SAME_ON_EACH if look in self._begun else [])
            self._begun.add(look)
            faults = [f"{rule}: {html}" for rule, html in found] + (["wider than the screen"] if wide else [])
            wrong += [f"{shown.name} {shown.address} at {look.name}: {x}" for x in faults]
            if faults or (self._pictures and look in PICTURED):
                self._picture(f"{shown.name}-{look.name if faults else look.width}")
            self.looked += 1
        return wrong

    def cramped(self, shown: Shown) -> list[str]:
        """What is too small for a finger; with text of 200 % what sticks out, is cut off or scrolls out of reach."""
        self._open(shown, NARROWEST)
        faults: list[str] = self.page.evaluate(SMALL)
        self.page.evaluate(f"document.documentElement.style.fontSize = '{NARROWEST.text}%'")
        faults += self.page.evaluate(ROOM)
        if faults:
            self._picture(f"{shown.name}-{NARROWEST.name}")
        self.looked += 1
        return [f"{shown.name} {shown.address} at {NARROWEST.name}: {x}" for x in faults]

    def _open(self, shown: Shown, look: Look) -> None:
        self.page.set_viewport_size({"width": look.width, "height": HEIGHTS[look.width]})
        self.page.emulate_media(color_scheme=look.scheme, contrast=look.contrast)  # type: ignore[arg-type]
        self._now = shown
        self.page.goto(HERE + shown.address)

    def _picture(self, name: str) -> None:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        name = re.sub(r"[^a-z0-9_.-]+", "-", name.lower())[:120]
        self.page.screenshot(path=SCREENSHOTS / f"{name}.jpg", type="jpeg", quality=70, full_page=True)

    def _answer(self, route: Route) -> None:
        request, now = route.request, self._now
        if now is not None and request.is_navigation_request():
            self._now = None
            headers = {"content-security-policy": now.policy} if now.policy else {}
            route.fulfill(status=200, content_type="text/html; charset=utf-8", headers=headers, body=now.html)
            return
        parts = urlsplit(request.url)
        address = parts.path + (f"?{parts.query}" if parts.query else "")
        if request.method != "GET" or not request.url.startswith(HERE):
            route.abort()
            return
        if address not in self._kept:
            answer = self._client.get(address)
            if answer.mimetype == "text/event-stream":  # it would go on
                answer.close()
                route.abort()
                return
            headers = {k: v for k, v in answer.headers.items() if k.lower() in PASSED_ON}
            self._kept[address] = {"status": answer.status_code, "headers": headers, "body": answer.get_data()}
            answer.close()
        route.fulfill(**self._kept[address])
