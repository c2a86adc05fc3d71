"""One house with something at the desk; copied for every crash, on a folder or on a real S3 server."""

import logging
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import cv2
import pypdf
import pypdfium2
import pytest
import structlog
from PIL import Image, ImageDraw, ImageFont
from reportlab.pdfgen.canvas import Canvas

from dms.kernel.crashpoints import CrashPoint
from storage.factory import open_store
from tests import houses
from tests.machines.crash_world import Paper, World
from tests.machines.points import Act, way_of
from tests.unlike import words_of

LOADED = (cv2, pypdf, pypdfium2)
"""Libraries that children find loaded, as in a service that runs."""
FULL = os.environ.get("DMS_TEST_FULL") == "1"  # noqa: TID251 - how thorough this run is
TURNS = [int(x) for x in os.environ.get("DMS_TEST_TURNS", "1 2 3" if FULL else "1").split()]  # noqa: TID251 - the same
PLACES = [
    pytest.param(x, marks=pytest.mark.s3) if x == "s3" else x
    for x in os.environ.get("DMS_TEST_PLACES", "folder s3" if FULL else "folder").split()  # noqa: TID251 - the same
]
LINES = (
    "Rapport van het eerste halfjaar.",
    "Lezen gaat vlot en met begrip, rekenen vraagt nog oefening.",
    "In de groep is de sfeer goed en wordt er samen gewerkt.",
    "Met vriendelijke groet, de leerkracht van de groep.",
)
DAY = date(2026, 9, 2)


def tiny_pdf(mark: str) -> bytes:
    """A small page with a text layer that is good enough to need no recognition."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=(360, 140), invariant=1)
    words = words_of(mark)
    for number, line in enumerate((f"Stuk {mark}.", *LINES, words[:72], words[72:])):
        canvas.drawString(8, 120 - 18 * number, line)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def small_scan() -> bytes:
    """A few words on a picture, which must be recognised and gets an archive rendition."""
    picture = Image.new("L", (1100, 500), 255)
    draw = ImageDraw.Draw(picture)
    for number, line in enumerate(LINES):
        draw.text((40, 40 + 90 * number), line, fill=0, font=ImageFont.load_default(34))
    out = BytesIO()
    picture.save(out, "JPEG", dpi=(300, 300))
    return out.getvalue()


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Processes that die say much; and leases are extended at every page, however quick the machine."""
    monkeypatch.setattr("ingest.service.beat.PROGRESS_SECONDS", 0.0)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def crash_template(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A closed house with a second copy of its keys and one paper at the desk."""
    world = World(tmp_path_factory.mktemp("crashes"))
    world.more["DMS_KEYS_COPY"] = str(world.folder / "keys-copy")
    house = houses.build(world.folder, **world.more)
    number = house.schools()[0].current_pupils[3].number
    (world.folder / "pupil.txt").write_text(number, "ascii")
    world.receive(house.app, [Paper("los.pdf", tiny_pdf("zonder naam"))])
    world.finish(house.app)
    house.app.close()
    world.check()
    return world


NewWorld = Callable[[str], World]


@pytest.fixture
def new_world(request: pytest.FixtureRequest, crash_template: World, tmp_path: Path) -> NewWorld:
    """Makes a fresh house with its objects in a `folder` or on `s3`."""

    def make(kind: str) -> World:
        folder = tmp_path / "world"
        shutil.copytree(crash_template.folder, folder)
        more = {"DMS_KEYS_COPY": str(folder / "keys-copy")}
        if kind == "s3":
            more["DMS_OBJECT_STORE"] = str(request.getfixturevalue("s3_url"))
            here, there = open_store(f"file:{folder / 'var' / 'objects'}"), open_store(more["DMS_OBJECT_STORE"])
            for stored in here.keys():
                with here.open(stored.key) as chunks:
                    there.put(stored.key, chunks)
        return World(folder, more)

    return make


@pytest.fixture(scope="session")
def sure(crash_template: World) -> Paper:
    """A paper that files itself."""
    number = (crash_template.folder / "pupil.txt").read_text("ascii")
    return Paper("rapport.pdf", tiny_pdf("een"), number, "OND-01", DAY)


@pytest.fixture(scope="session")
def scan(crash_template: World) -> Paper:
    """A scan that files itself."""
    number = (crash_template.folder / "pupil.txt").read_text("ascii")
    return Paper("scan.jpg", small_scan(), number, "OND-01", DAY)


@pytest.fixture
def act_of(sure: Paper, scan: Paper) -> Callable[[CrashPoint], Act]:
    """What passes a point."""
    acts: dict[str, Act] = {
        "erase": World.discard,
        "again": lambda world: world.read_again([sure]),
        "scan": lambda world: world.run([scan]),
        "file": lambda world: world.run([sure]),
    }
    return lambda point: acts[way_of(point)]
