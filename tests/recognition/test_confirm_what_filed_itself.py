"""What filed itself stays unconfirmed until a person looks: the list, one key each, the way back, and the command."""

import json
from pathlib import Path
from uuid import UUID

import pytest
import structlog
from sqlalchemy import select

from dms.cli.root import run
from dms.db.tables import AuditEventRow, DocumentRow, PlacementRow
from dms.kernel.errors import NotFound, Refused
from dms.model.events import EventKind
from dms.web.factory import create_app
from tests.houses import BRIN, PASSWORD, House, copy, settings_of
from tests.recognition.papers import filed_papers

KINDS = ("leave request", "photo consent", "report card", "letter to parents")


@pytest.fixture(scope="module")
def filed(house_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[House, list[UUID]]:
    """A house with four papers that filed themselves."""
    house = copy(house_template, tmp_path_factory.mktemp("confirming"))
    return house, filed_papers(house, KINDS)


def placement(house: House, document_id: UUID) -> PlacementRow:
    with house.app.database.read() as session:
        return session.scalars(select(PlacementRow).where(PlacementRow.document_id == document_id)).one()


@pytest.mark.slow
def test_what_filed_itself_waits_for_a_look_by_who_may_classify_it(filed: tuple[House, list[UUID]]) -> None:
    house, documents = filed
    seen = house.app.confirming.list(house.by("anouk"), BRIN)
    assert {x.document_id for x in seen.lines} == set(documents)
    assert seen.waiting == len(documents) == seen.counts.filed
    assert all(x.today and x.confidence is not None and 0.5 < x.confidence <= 1 for x in seen.lines)
    assert not any(placement(house, x).confirmed for x in documents)
    assert house.app.confirming.list(house.by("mees"), BRIN).lines == ()
    assert house.app.confirming.list(house.by("gijs"), BRIN).lines == ()


def test_confirming_counts_leaves_a_line_and_can_be_taken_back(filed: tuple[House, list[UUID]]) -> None:
    house, documents = filed
    by, first = house.by("anouk"), documents[0]
    before = house.app.confirming.waiting(by, BRIN)
    done = house.app.documents.confirm(by, first)
    assert done.undo is not None
    assert placement(house, first).confirmed
    assert house.app.confirming.waiting(by, BRIN) == before - 1
    with house.app.database.read() as session:
        kinds = session.scalars(select(AuditEventRow.kind).where(AuditEventRow.object_id == first)).all()
    assert kinds.count(EventKind.DOCUMENT_CONFIRMED) == 1
    assert house.app.documents.confirm(by, first).undo is None
    house.app.undo.undo(by, done.undo)
    assert not placement(house, first).confirmed
    assert house.app.confirming.waiting(by, BRIN) == before
    with pytest.raises(NotFound):
        house.app.documents.confirm(house.by("mees"), first)
    with pytest.raises((NotFound, Refused)):
        house.app.documents.confirm(house.by("gijs"), first)


def test_what_was_filed_wrongly_and_put_right_is_counted(filed: tuple[House, list[UUID]]) -> None:
    house, documents = filed
    by, wrong = house.by("anouk"), documents[1]
    before = house.app.confirming.list(by, BRIN).counts
    with house.app.database.read() as session:
        version = session.get_one(DocumentRow, wrong).row_version
    saved = house.app.documents.change(by, wrong, version, category="GES-01")
    after = house.app.confirming.list(by, BRIN).counts
    assert (after.corrected, after.other_category) == (before.corrected + 1, before.other_category + 1)
    assert after.other_pupil == before.other_pupil
    assert saved.undo is not None
    house.app.undo.undo(by, saved.undo)
    assert house.app.confirming.list(by, BRIN).counts == before


@pytest.mark.slow
def test_the_list_is_worked_through_with_one_key_each(filed: tuple[House, list[UUID]]) -> None:
    house, documents = filed
    client = create_app(house.app).test_client()

    def token(address: str) -> str:
        page = client.get(address, follow_redirects=True).get_data(as_text=True)
        return page.partition('<meta name="csrf-token" content="')[2].partition('"')[0]

    sent = {"email": "anouk@deregenboog.example", "wachtwoord": PASSWORD, "csrf_token": token("/inloggen")}
    assert client.post("/inloggen", data=sent).status_code == 303
    page = client.get("/postbak/vandaag").get_data(as_text=True)
    assert page.count("autofocus") == 1, "the first answer is under the Enter key, also without a script"
    first = page.partition('data-key="')[2].partition('"')[0]
    assert UUID(first) in documents
    answer = client.post(f"/postbak/vandaag/{first}", data={"csrf_token": token("/postbak/vandaag")})
    assert (answer.status_code, answer.location) == (303, "/postbak/vandaag")
    onward = client.get("/postbak/vandaag").get_data(as_text=True)
    assert f'data-key="{first}"' not in onward
    assert "Klopt: bevestigd." in onward
    back = onward.partition('action="/ongedaan/')[2].partition('"')[0]
    answer = client.post(f"/ongedaan/{back}", data={"csrf_token": token("/postbak/vandaag")})
    assert answer.location == "/postbak/vandaag"
    assert f'data-key="{first}"' in client.get("/postbak/vandaag").get_data(as_text=True)


def test_the_command_confirms_with_the_rights_of_a_user(
    filed: tuple[House, list[UUID]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    house, documents = filed
    for name, value in settings_of(house.folder).items():
        monkeypatch.setenv(name, value)
    document = str(documents[3])

    def dms(user: str) -> tuple[int, str]:
        code = run(["confirm", document, "--user", user, "--json"])
        structlog.reset_defaults()  # what it logged to is gone
        return code, capsys.readouterr().out

    assert dms("mees@hetkompas.example")[0] == 2
    code, out = dms("anouk@deregenboog.example")
    assert (code, json.loads(out)) == (0, {"document_id": document, "confirmed": True, "before": False})
    assert json.loads(dms("anouk@deregenboog.example")[1])["before"] is True
    assert placement(house, documents[3]).confirmed
