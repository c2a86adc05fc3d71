"""The named steps: what people see of them, what is saved between them, and an original that is lost before filing."""

from collections import Counter
from dataclasses import replace
from io import BytesIO

import pypdf
import pytest
from PIL import Image, ImageDraw, ImageFont
from sqlalchemy import event

from dms.demo.hostile import good_pdf
from dms.kernel.crashpoints import watched
from dms.model.documents import ItemState
from ingest.readers.results import ReadLimits
from ingest.rules.separators import ASKS, PAGE_NOT_READ
from ingest.service import claims
from ingest.service.beat import Progress
from ingest.service.pipeline import INDEXED, PIPELINE, RECEIVED
from ingest.service.views import STEP_LABELS
from tests.houses import House
from tests.intake.test_intake_filing import letter


def test_the_steps_and_their_names() -> None:
    names = [RECEIVED, *(x.name for x in PIPELINE), INDEXED]
    assert names == [
        "receive", "scan", "identify", "unpack", "read", "split", "classify", "match", "route", "compare", "store",
        "index",
    ]  # fmt: skip
    assert list(STEP_LABELS) == ["", *names[1:]]
    assert len(set(STEP_LABELS.values())) == len(names)


def test_people_see_filed_before_they_see_findable(any_house: House) -> None:
    house = any_house
    intake = house.send([("a.pdf", letter(house, "photo consent")[0])])
    assert [x.step for x in house.items(intake)] == [""]
    house.app.worker().work_until_empty()
    [item] = house.items(intake)
    assert (item.state, item.step, item.step_label) == (ItemState.FILED, "store", STEP_LABELS["store"])
    house.settle()
    [item] = house.items(intake)
    assert (item.state, item.step, item.step_label) == (ItemState.FILED, INDEXED, STEP_LABELS[INDEXED])


def test_a_long_reading_says_how_far_it_is(house: House) -> None:
    intake = house.send([("a.pdf", good_pdf("een"))])
    claimed = claims.claim(house.app.database, "worker-x")
    assert claimed is not None
    claims.extend(house.app.database, claimed.item_id, "worker-x", Progress("identify", 3, 20))
    [item] = house.items(intake)
    assert (item.step, item.pages_done, item.pages) == ("identify", 3, 20)
    with pytest.raises(claims.LeaseLost):
        claims.extend(house.app.database, claimed.item_id, "worker-y", Progress("read"))


@pytest.mark.slow
def test_a_paper_costs_three_transactions(house: House) -> None:
    """Taken, read, filed: what is between them is done again sooner than it is saved."""
    house.send([("warm.pdf", letter(house, "photo consent", 3)[0])])
    house.work()
    house.send([("a.pdf", letter(house, "photo consent", 7)[0])])
    commits: Counter[str] = Counter()
    writing = []

    def begun(connection: object, cursor: object, statement: str, *_: object) -> None:
        if statement == "BEGIN IMMEDIATE":
            writing.append(1)

    event.listen(house.app.database.engine, "before_cursor_execute", begun)
    with watched(lambda name: commits.update([name])):
        assert house.app.worker().work_once()
    event.remove(house.app.database.engine, "before_cursor_execute", begun)
    assert (commits["claim.committed"], commits["step.saved"], commits["outcome.saved"]) == (1, 1, 1)
    assert len(writing) == 3 + commits["lease.extended"]  # a slow machine says once more that it is at work


@pytest.mark.slow
@pytest.mark.parametrize(("harm", "code"), [("bit", "damaged"), ("gone", "object_missing"), ("key", "key_missing")])
def test_an_original_that_is_lost_before_filing_says_so(house: House, harm: str, code: str) -> None:
    intake = house.send([("a.pdf", letter(house, "photo consent")[0]), ("b.pdf", good_pdf("heel"))])
    first = house.items(intake)[0]
    row = house.item_row(first.item_id)
    [stored] = (house.app.settings.data / "objects" / "objects").rglob(f"{row.document_id}/1/original.DK")
    whole = stored.read_bytes()
    if harm == "bit":
        stored.write_bytes(whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:])
    elif harm == "gone":
        stored.unlink()
    else:
        house.app.vault.keys.destroy(row.document_id)
    house.work()
    one, other = house.items(intake)
    assert one.state is ItemState.QUARANTINED
    assert one.reason.code in (code, "key_destroyed")
    assert one.reason.text == "Het ontvangen bestand is in de opslag beschadigd of weg."
    assert "applicatiebeheerder" in one.advice
    assert other.state is ItemState.DESK
    assert house.item_row(first.item_id).failures == 0
    if harm == "key":
        return
    stored.write_bytes(whole)  # put back from a copy: somebody has it read again
    house.app.desk.retry(house.by("anouk"), first.item_id)
    house.work()
    assert house.items(intake)[0].state is ItemState.FILED


def with_a_scan(paper: bytes, words: str) -> bytes:
    """The paper with a scanned page behind it."""
    picture = Image.new("L", (900, 500), 255)
    ImageDraw.Draw(picture).text((40, 60), words, fill=0, font=ImageFont.load_default(40))
    scan, out = BytesIO(), BytesIO()
    picture.save(scan, "PDF", resolution=150)
    whole = pypdf.PdfWriter(clone_from=BytesIO(paper))
    whole.append(BytesIO(scan.getvalue()))
    whole.write(out)
    return out.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize("interrupted", [False, True])
def test_a_page_that_could_not_be_read_is_looked_at_by_a_person(house: House, interrupted: bool) -> None:
    """Also where another worker goes on after the reading was saved."""
    sure = letter(house, "photo consent", 3)[0]
    intake = house.send([("a.pdf", with_a_scan(sure, "De achterkant heeft ook tekst."))])
    worker = house.app.worker()
    worker._tools = replace(worker._tools, read_limits=ReadLimits(seconds_page=0))

    def stop(name: str) -> None:
        if interrupted and name == "step.saved":
            raise claims.LeaseLost

    with watched(stop):
        worker.work_once()
    worker.release()
    house.work()
    [item] = house.items(intake)
    assert (item.state, item.reason, item.pages) == (ItemState.DESK, ASKS[PAGE_NOT_READ], 2)
    whole = house.send([("b.pdf", with_a_scan(letter(house, "photo consent", 4)[0], "Leesbaar."))])
    house.work()
    assert house.items(whole)[0].reason != ASKS[PAGE_NOT_READ]
