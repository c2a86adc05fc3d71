"""Valid HTML on every page that anybody can come to: by rules of our own, and by the Nu checker in one run.

A few roles by default; all of them with DMS_TEST_FULL=1. Routes that nothing links to are named here.
"""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from dms.install.tools import tools_folder
from dms.web.guard import access_of
from tests.web.html_rules import faults
from tests.web.screen_world import World, token
from tests.web.walk import Page, pages_of

ROOT = Path(__file__).resolve().parents[2]
CHECKER = tools_folder(ROOT) / "vnu.jar"
FULL = os.environ.get("DMS_TEST_FULL") == "1"  # noqa: TID251 - how thorough this run is
ROLES = ("anouk", "carla", "gijs", "esra", "femke", *(("bram", "dirk", "mees") if FULL else ()))
STATES = (
    "/",
    "/zoeken?q=school",
    "/zoeken?q=zzzz",
    "/zoeken?q=school&van=gisteren",
    "/leerlingen?q=zzzz",
    "/onderdelen",
    "/onderdelen/venster",
    "/nergens",
    "/geweigerd",
    "/laatst",
    "/hulp/begin",
)
"""Where the walk begins: what no link leads to, and pages that are empty or in error."""


@pytest.fixture(scope="module")
def pages(world: World) -> list[Page]:
    """Every page, as each role gets it; the page to sign in as well."""
    gijs = world.client("gijs")
    gijs.post("/rechten/concept", data={"csrf_token": token(gijs, "/")})  # a draft has pages of its own
    found = list(pages_of(world.app, world.client(), "niemand", ("/inloggen",)))
    for name in ROLES:
        found += pages_of(world.app, world.client(name), name, STATES)
    return found


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_every_page_keeps_the_rules(pages: list[Page]) -> None:
    assert len(pages) > 60
    assert [(x.who, x.address) for x in pages if x.status >= 500] == []
    wrong = {f"{x.who} {x.address}": found for x in pages if (found := faults(x.html))}
    assert wrong == {}


@pytest.mark.slow
def test_days_are_written_for_people_and_every_page_says_where_one_is(pages: list[Page]) -> None:
    as_programs_write = re.compile(r"\b20\d\d-\d\d-\d\d\b")
    seen = {x.address: as_programs_write.findall(re.sub(r"<[^>]+>", " ", x.html)) for x in pages}
    assert {address: found for address, found in seen.items() if found} == {}
    ends = re.compile(r'<nav class="crumbs".*?<span aria-current="page">[^<]+</span></li></ol>', re.S)
    framed = [x for x in pages if '<nav id="menu"' in x.html and x.address != "/"]
    lost = [x.address for x in framed if not ends.search(x.html)]
    assert len(framed) > 60
    assert lost == []


@pytest.mark.slow
def test_the_walk_comes_everywhere(world: World, pages: list[Page]) -> None:
    reached = {x.endpoint for x in pages}
    pieces = {"pupils.picker", "upload.progress", "upload.live", "upload.sending_live", "assets.file"}
    routes = {
        x.endpoint
        for x in world.app.url_map.iter_rules()
        if "GET" in (x.methods or ()) and access_of(world.app, x.endpoint) is not None and not x.arguments
    }
    no_link_leads_there = {"account.confirm", "second_step.form", "second_step.set_up", "sign_on.back", "sign_on.leave"}
    missed = routes - reached - pieces - no_link_leads_there
    assert len(missed) <= len(routes) // 10, sorted(missed)
    assert {
        "home.page",
        "finding.page",
        "upload.page",
        "pupils.dossier",
        "document.page",
        "intake_desk.item",
    } <= reached


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_the_nu_checker_finds_nothing(pages: list[Page], tmp_path: Path) -> None:
    java = shutil.which("java")
    if java is None or not CHECKER.is_file():
        pytest.skip("the Nu checker is not here: make setup-tests brings it in where npm is")
    for nth, page in enumerate(pages):
        (tmp_path / f"{nth}.html").write_text(page.html, encoding="utf-8")
    (tmp_path / "proof.html").write_text("<!doctype html><title>x</title><p id=a><p id=a>", encoding="utf-8")
    done = subprocess.run(
        [java, "-jar", CHECKER, "--errors-only", "--format", "json", tmp_path], capture_output=True, check=False
    )
    found = json.loads(done.stderr)["messages"]
    wrong = {(Path(x["url"]).name, x["message"]) for x in found}
    assert any(name == "proof.html" for name, _ in wrong), "the checker did not look"
    assert {f"{pages[int(n[:-5])].address}: {text}" for n, text in wrong if n != "proof.html"} == set()
