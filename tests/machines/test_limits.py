"""Every limit in the settings, reached through `dms ingest`: each file its own reason, with the limit in it."""

import shutil
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.cli.fixtures import logging_as_it_was
from tests.cli.small_school import Installation
from tests.hostile.pdfs import pattern_of_itself
from tests.machines.conftest import tiny_pdf
from tests.readers.conftest import Papers

__all__ = ["logging_as_it_was"]
pytestmark = pytest.mark.slow


def picture(width: int, height: int, mode: str = "1") -> bytes:
    out = BytesIO()
    Image.new(mode, (width, height), 1 if mode == "1" else "white").save(out, "PNG")
    return out.getvalue()


def three_pages(folder: Path) -> bytes:
    papers = Papers(folder)
    return papers.text_pdf("drie.pdf", pages=3).read_bytes()


REACHED = {
    "bytes": ("DMS_MAX_FILE_MB=1", "refused", "Het bestand is groter dan 1 MB."),
    "pages": ("DMS_MAX_PAGES=2", "refused", "Het bestand heeft 3 bladzijden. Het maximum is 2."),
    "pixels": ("DMS_MAX_MEGAPIXELS=1", "refused", "1200 × 1000 beeldpunten (2 miljoen). Het maximum is 1 miljoen."),
    "seconds": ("DMS_SECONDS_PER_FILE=2", "quarantined", "duurde langer dan 2 seconden."),
    "memory": ("DMS_MEMORY_MB=256", "quarantined", "Dit bestand vraagt te veel geheugen om te lezen."),
}


@pytest.mark.parametrize("limit", REACHED)
def test_a_limit(limit: str, crash_template, tmp_path: Path) -> None:
    shutil.copytree(crash_template.folder, tmp_path / "house")
    setting, status, reason = REACHED[limit]
    name, _, value = setting.partition("=")
    house = Installation(tmp_path / "house", {"DMS_WORKERS": "0", name: value})
    made = {
        "bytes": ("groot.pdf", lambda: tiny_pdf("groot") + bytes(1_200_000)),
        "pages": ("drie.pdf", lambda: three_pages(tmp_path)),
        "pixels": ("wijd.png", lambda: picture(1200, 1000)),
        "seconds": ("traag.pdf", pattern_of_itself),
        "memory": ("kleurig.png", lambda: picture(8900, 8900, "RGB")),
    }
    file, make = made[limit]
    pile = tmp_path / "pile"
    pile.mkdir()
    (pile / file).write_bytes(make())
    (pile / "gewoon.pdf").write_bytes(tiny_pdf(limit))
    done = house.dms("ingest", pile, "--school", "99XX", "--wait", "--json")
    assert done.code == 0, done.err
    told = {Path(x["path"]).name: x for x in done.lines}
    assert (told[file]["status"], reason in told[file]["reason"]) == (status, True), told[file]
    assert told["gewoon.pdf"]["status"] == "desk"  # the next one is none the worse for it
