"""A redacted copy from asking to done: found, chosen by a person, made, and nothing left in it."""

import io

import pypdf
import pypdfium2
import pytest
from sqlalchemy import select

from dms.db.tables import PupilRow, RedactionRow, RenditionRow
from dms.kernel.errors import Conflict, NotFound, Refused
from dms.model.documents import Rendition
from dms.model.redaction import RedactionGround
from ingest.rules.numbers_found import digits_left
from tests.redaction.conftest import FULL, Desk
from tests.redaction.papers import BSN, EDUCATION


def _bsn(desk: Desk) -> str:
    with desk.house.app.database.read() as session:
        pupil = session.get_one(PupilRow, desk.pupil_id)
        assert pupil.bsn_sealed is not None
        return desk.house.app.vault.unseal(pupil.id, "bsn", pupil.bsn_sealed).decode()


def _confirm(desk: Desk, name: str) -> bytes:
    app, by = desk.house.app, desk.house.by("anouk")
    view = desk.ask(name)
    assert view.state == "to_review"
    review = app.redaction.open(by, view.id)
    app.redaction.confirm(by, view.id, review.row_version)
    app.worker().work_until_empty()
    done = app.redaction.view(by, view.id)
    assert (done.state, done.fault) == ("done", "")
    assert done.rendition_id is not None
    return b"".join(app.redaction.content(by, view.id).chunks)


def _all_text(made: bytes) -> str:
    reader = pypdf.PdfReader(io.BytesIO(made))
    pages = "\n".join(x.extract_text() for x in reader.pages)
    document = pypdfium2.PdfDocument(made)
    seen = "\n".join(document[x].get_textpage().get_text_range() for x in range(len(document)))
    beside = "\n".join(x.get_data().decode("latin-1") for x in _streams(reader))
    return f"{pages}\n{seen}\n{beside}\n{reader.metadata}"


def _streams(reader: pypdf.PdfReader) -> list[pypdf.generic.StreamObject]:
    found = []
    for number in range(1, len(reader.xref[0]) + 1 if 0 in reader.xref else 1):
        thing = reader.get_object(number)
        if isinstance(thing, pypdf.generic.StreamObject) and thing.get("/Subtype") != "/Image":
            found.append(thing)
    return found


@pytest.mark.slow
def test_a_number_on_a_scan_is_found_covered_and_gone(desk: Desk) -> None:
    made = _confirm(desk, "scan")
    assert digits_left(_all_text(made), [BSN]) == ()
    assert BSN.encode() not in made
    assert "vriendelijke groet" in _all_text(made), "the rest can still be searched"


@pytest.mark.slow
def test_hidden_words_metadata_and_forms_do_not_come_along(desk: Desk) -> None:
    original = b"".join(
        desk.house.app.documents.content(desk.house.by("anouk"), desk.documents["digital"], Rendition.ORIGINAL).chunks
    )
    view = desk.ask("digital")
    review = desk.house.app.redaction.open(desk.house.by("anouk"), view.id)
    assert dict(review.loose).keys() >= {"metadata"}
    told = {x.told for page in review.pages for x in page.marks}
    assert _bsn(desk) in told
    (line,) = (box for text, box in review.pages[0].lines if "samenwerkingsverband" in text)
    desk.house.app.redaction.add_box(desk.house.by("anouk"), view.id, review.row_version, 1, line)
    made = _confirm(desk, "digital")
    assert "samenwerkingsverband" not in _all_text(made), "a line that was chosen is gone whole"
    numbers = [BSN, EDUCATION, _bsn(desk)]
    assert digits_left(_all_text(made), numbers) == ()
    reader = pypdf.PdfReader(io.BytesIO(made))
    assert "/AcroForm" not in reader.root_object
    assert not reader.metadata
    again = b"".join(
        desk.house.app.documents.content(desk.house.by("anouk"), desk.documents["digital"], Rendition.ORIGINAL).chunks
    )
    assert again == original


@pytest.mark.slow
@pytest.mark.skipif(not FULL, reason="three more looks by the engine: DMS_TEST_FULL=1")
def test_nothing_found_is_said_and_a_person_may_cover_something_all_the_same(desk: Desk) -> None:
    app, by = desk.house.app, desk.house.by("anouk")
    view = desk.ask("clean")
    assert (view.state, view.hits, view.rendition_id) == ("found_nothing", 0, None)
    row_version = app.redaction.open(by, view.id).row_version
    app.redaction.look_again(by, view.id, row_version)
    app.worker().work_until_empty()
    review = app.redaction.open(by, view.id)
    assert review.redaction.state == "to_review"
    app.redaction.add_box(by, view.id, review.row_version, 1, (0.0, 0.0, 0.9, 0.2))
    with pytest.raises(Conflict):
        app.redaction.confirm(by, view.id, review.row_version)
    review = app.redaction.open(by, view.id)
    assert [x.kind for x in review.pages[0].marks] == ["hand"]
    app.redaction.confirm(by, view.id, review.row_version)
    app.worker().work_until_empty()
    made = b"".join(app.redaction.content(by, view.id).chunks)
    assert "verslag" not in _all_text(made)
    with app.database.read() as session:
        kinds = set(session.scalars(select(RenditionRow.kind).where(RenditionRow.document_id == view.document_id)))
    assert Rendition.REVIEW_PAGE not in kinds
    assert {Rendition.REDACTED, Rendition.REDACTED_PAGE} <= kinds


@pytest.mark.slow
def test_who_may_not_read_or_share_gets_nowhere(desk: Desk) -> None:
    app = desk.house.app
    view = app.redaction.ask(desk.house.by("anouk"), desk.documents["scan"], None, RedactionGround.SWV)
    for name in ("mees", "gijs"):
        with pytest.raises(NotFound):
            app.redaction.open(desk.house.by(name), view.id)
    for name in ("esra", "femke"):
        with pytest.raises(Refused):
            app.redaction.ask(desk.house.by(name), desk.documents["scan"], None, RedactionGround.SWV)


def test_what_was_found_is_sealed_in_the_row(desk: Desk) -> None:
    with desk.house.app.database.read() as session:
        rows = session.scalars(select(RedactionRow)).all()
    assert all(BSN.encode() not in (x.sealed or b"") for x in rows)
