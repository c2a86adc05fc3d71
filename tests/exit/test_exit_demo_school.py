"""The whole demo school, read paper by paper, out and in again: for a thorough run, with its figures."""

import os
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from dms.demo.collection import demo_documents
from dms.demo.load import PAPERS, SEED
from dms.model.documents import Source
from dms.services.exit.facts import differences
from dms.services.shapes import Hints
from tests.backup.backup_world import paper
from tests.exit.test_exit_round_trip import elsewhere
from tests.formats import making
from tests.houses import BRIN, OPERATOR, House

COUNT = int(os.environ.get("DMS_TEST_WORLDS") or PAPERS)  # noqa: TID251 - how many papers of the demo
CAST = ("anouk", "bram", "carla", "dirk", "esra", "femke", "gijs")


@pytest.mark.slow
@pytest.mark.timeout(2400)
@pytest.mark.skipif(os.environ.get("DMS_TEST_FULL") != "1", reason="full run only")  # noqa: TID251 - how thorough
def test_the_demo_school_out_and_in_again(
    house: House, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    first = house.schools()[0]
    today = house.app.clock.today()
    house.send((x.file_name, x.data) for x in demo_documents(first, seed=SEED, today=today, count=COUNT))
    _mail_and_office(house, next(x for x in first.pupils if x.bsn).number)
    house.work()
    before = house.app.exit.facts(BRIN)
    house.app.exit.orders.order(house.by("dirk"), BRIN)
    began = time.monotonic()
    made = house.app.exit.exports.make(OPERATOR, BRIN, tmp_path / "school.zip")
    wrote = time.monotonic()
    assert made.lost == ()
    there = elsewhere(tmp_path / "nieuw", made.path)
    with closing(there.app) as app:
        read = time.monotonic()
        after = app.exit.facts(BRIN)
    assert differences(before, after) == []
    assert before["documents"]["count"] == made.documents > 3
    reached = {x: after["rights"][f"{x}@deregenboog.example"]["read"]["count"] for x in CAST}
    assert reached["gijs"] == 0
    assert reached["carla"] > reached["bram"]
    record_property("documents", made.documents)
    record_property("files", made.files)
    record_property("bytes", made.size)
    record_property("seconds_out", round(wrote - began, 1))
    record_property("seconds_in", round(read - wrote, 1))
    record_property("readable", str(reached))


def _mail_and_office(house: House, number: str) -> None:
    """A mail with an attachment and papers of an office, filed in one dossier."""
    day = house.app.clock.today()
    hints = Hints(pupil_id=house.pupil_id(number), category="OND-03", document_date=day)
    letter = making.mail(files=[("bijlage.pdf", "application/pdf", paper("meegestuurd"))])
    sent = [("bericht.eml", [letter]), ("verslag.docx", [making.docx()]), ("cijfers.xlsx", [making.xlsx()])]
    house.app.receive.receive(house.by("anouk"), BRIN, Source.UPLOAD, sent, hints)
