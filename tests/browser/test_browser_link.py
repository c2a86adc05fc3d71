"""Who gets a link, on a small telephone without scripts: from the address to the document in four taps."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select
from werkzeug.serving import make_server

from dms.cli.site import build
from dms.db.tables import PlacementRow
from dms.model.links import Permission, Verification
from dms.services.links.shapes import Made, Order
from tests.browser.conftest import Looker, Service
from tests.web.screen_world import World


@pytest.fixture
def outside(service: Service) -> Iterator[Service]:
    """The whole site, with the application for outsiders, over the world of the service."""
    server = make_server("127.0.0.1", 0, build(service.world.house), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Service(f"http://127.0.0.1:{server.server_port}", service.world)
    server.shutdown()
    thread.join()
    server.server_close()


def shared(world: World) -> tuple[Made, str]:
    """A link to a paper that Anouk may share, and the paper's title."""
    house, anouk = world.house, world.by("anouk")
    with house.database.read() as session:
        found = session.scalars(select(PlacementRow.document_id).where(PlacementRow.level == 1)).first()
    assert found is not None
    title = house.documents.confirm(anouk, found).title
    order = Order(
        recipient="Nadia de Vries",
        purpose="overleg over de aanpak",
        documents=(found,),
        permissions=frozenset({Permission.VIEW}),
        verification=Verification.CODE,
    )
    return house.links.create(anouk, order), title


def test_from_link_to_document_in_four_taps_without_scripts(chromium: Browser, outside: Service) -> None:
    made, title = shared(outside.world)
    looker = Looker(chromium, outside, 320, java_script_enabled=False)
    page = looker.page
    weight: dict[str, int] = {}
    page.on("response", lambda x: weight.__setitem__(x.url, int(x.headers.get("content-length", 0))))
    taps = 0

    def tap(what: str) -> None:
        nonlocal taps
        taps += 1
        page.click(what)

    looker.open("/l/" + made.url.rpartition("/")[2])
    tap("main button")
    page.wait_for_selector("#code")
    tap("#code")
    page.keyboard.type(made.access_code)
    tap("main form button.main")
    page.wait_for_url("**/portaal/gedeeld")
    tap(f"text={title}")
    page.wait_for_selector(".sheets img")
    assert taps <= 4
    loaded = page.locator(".sheets img").first
    assert loaded.bounding_box()["width"] > 250  # type: ignore[index]
    images = [x for x in weight if "/bladzijde/" in x]
    assert sum(v for k, v in weight.items() if k not in images) < 100_000
    looker.context.close()


def test_the_pages_of_a_link_have_no_faults(chromium: Browser, outside: Service) -> None:
    made, title = shared(outside.world)
    wrong: list[Any] = []
    for width, scheme in ((320, "light"), (1280, "dark")):
        looker = Looker(chromium, outside, width)
        looker.as_seen(width, scheme)
        page = looker.open("/l/" + made.url.rpartition("/")[2])
        wrong += looker.judged(f"link-door-{scheme}")
        page.click("main button")
        page.fill("#code", "00000000")
        page.click("main form button.main")
        page.wait_for_selector("[role=alert]")
        wrong += looker.judged(f"link-code-{scheme}")
        page.fill("#code", made.access_code)
        page.click("main form button.main")
        page.wait_for_url("**/portaal/gedeeld")
        wrong += looker.judged(f"link-shelf-{scheme}")
        small = page.locator("a:visible, button:visible, input:visible").evaluate_all(
            "all => all.filter(x => x.getBoundingClientRect().height < 43.5 && !x.classList.contains('skip'))"
            ".map(x => x.outerHTML)"
        )
        assert small == []
        page.click(f"text={title}")
        page.wait_for_selector(".sheets img")
        wrong += looker.judged(f"link-read-{scheme}")
        looker.context.close()
    assert wrong == []
