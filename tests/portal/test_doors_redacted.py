"""A document that goes by link as its redacted copy: the copy in every form, and never a byte of the original."""

import io
from uuid import UUID

import PIL.Image
import pypdf
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from dms.db.tables import DocumentRow, RedactionRow, RenditionRow, ScopedLinkDocumentRow
from dms.kernel.errors import BadInput
from dms.model.documents import Rendition, Source
from dms.model.links import Permission
from dms.model.redaction import RedactionGround, RedactionState
from dms.services.shapes import Hints
from tests.houses import BRIN, OPERATOR
from tests.portal.doors_world import Doors
from tests.rights.test_rights_screens import signed_in, token
from tests.shape.route_world import pdf

BSN = "111222333"
DOWNLOAD = frozenset({Permission.VIEW, Permission.DOWNLOAD})


@pytest.fixture(scope="module")
def copied(doors_made: Doors) -> UUID:
    """The redaction of a paper with a number on it, finished; the paper's name is `brief`."""
    world, app = doors_made, doors_made.house.app
    hints = Hints(pupil_id=world.pupil_id, category="OND-03", document_date=app.clock.today())
    data = pdf(f"Brief over de begeleiding op school\nHet nummer is {BSN} zoals u al wist.")
    intake = app.receive.receive(OPERATOR, BRIN, Source.COMMAND, [(f"brief {BSN}.pdf", [data])], hints)
    world.house.work()
    (item,) = world.house.items(intake)
    assert item.document_id is not None, item
    world.documents["brief"] = item.document_id
    carla = world.house.by("carla")
    app.documents.confirm(carla, item.document_id)
    with app.database.begin() as uow:
        uow.session.execute(
            update(DocumentRow).where(DocumentRow.id == item.document_id).values(title=f"Brief over {BSN}")
        )
    view = app.redaction.ask(carla, item.document_id, None, RedactionGround.OUTSIDER)
    app.worker().work_until_empty()
    review = app.redaction.open(carla, view.id)
    assert review.redaction.state is RedactionState.TO_REVIEW
    with pytest.raises(BadInput, match="geen weggelakte kopie"):
        world.link("brief", redacted=frozenset({item.document_id}))
    app.redaction.confirm(carla, view.id, review.row_version)
    app.worker().work_until_empty()
    assert app.redaction.view(carla, view.id).state is RedactionState.DONE
    return view.id


def pages_of(doors: Doors, kind: Rendition) -> list[RenditionRow]:
    with doors.house.app.database.read() as session:
        asked = select(RenditionRow).where(
            RenditionRow.document_id == doors.documents["brief"], RenditionRow.kind == kind
        )
        return list(session.scalars(asked))


def black(image: bytes) -> int:
    """How many points of the image are all but black."""
    with PIL.Image.open(io.BytesIO(image)) as found:
        return sum(found.convert("L").resize((800, 1131)).histogram()[:8])


@pytest.mark.slow
def test_the_copy_goes_in_every_form_and_the_original_in_none(doors: Doors, copied: UUID) -> None:
    brief = doors.documents["brief"]
    made = doors.link("brief", "plan", redacted=frozenset({brief}), permissions=DOWNLOAD, watermark=False)
    client = doors.enter(made)
    one = f"/portaal/gedeeld/{brief}"
    shelf, read = client.get("/portaal/gedeeld").text, client.get(one).text
    assert "weggelakte kopie" in shelf
    assert "Dit is een kopie" in read
    shown = client.get(f"{one}/bladzijde/1")
    assert shown.status_code == 200
    (original,) = pages_of(doors, Rendition.PAGE)
    whole = doors.house.app.vault.read(brief, original.object_key, original.version, 10**8)
    assert shown.data != whole
    assert black(shown.data) > black(whole) + 500, "a box is painted over the number"
    taken = client.get(f"{one}/bestand")
    app, carla = doors.house.app, doors.house.by("carla")
    assert taken.data == b"".join(app.redaction.content(carla, copied).chunks)
    assert BSN not in "".join(x.extract_text() for x in pypdf.PdfReader(io.BytesIO(taken.data)).pages)
    assert "weggelakt" in taken.headers["Content-Disposition"]
    for told in (shelf, read, str(taken.headers)):
        assert BSN not in told
    for rest in ("bestand?soort=archief", "bladzijde/0", "bladzijde/2", "bladzijde/10001", "tekst"):
        answer = client.get(f"{one}/{rest}")
        assert answer.status_code == 404, rest
    assert client.get(f"/portaal/gedeeld/{doors.documents['plan']}/bestand").data.startswith(b"%PDF-")
    assert doors.events(made)[-3:] == ["viewed", "downloaded", "downloaded"]


def test_who_shares_chooses_and_hears_what_goes(doors: Doors, copied: UUID) -> None:
    carla, brief = signed_in(doors.house, "carla"), str(doors.documents["brief"])
    address = f"/leerlingen/{doors.pupil_id}/delen"
    form = carla.get(f"{address}?document={brief}").text
    assert f'name="weggelakt" value="{brief}" checked' in form
    typed = {
        "csrf_token": token(carla, "/"), "document": brief, "ontvanger": "Nadia de Vries", "doel": "overleg over hulp",
        "grondslag": "public_task", "mag": "bekijken",
    }  # fmt: skip
    plain = carla.post(address, data={**typed, "doe": "nakijken"}).text
    assert "het origineel gaat mee: 1 keer" in plain
    checked = carla.post(address, data={**typed, "weggelakt": brief, "doe": "nakijken"}).text
    assert "het origineel gaat mee" not in checked
    assert "weggelakte kopie ·" in checked
    assert f'name="weggelakt" value="{brief}"' in checked
    again = carla.post(address, data={**typed, "weggelakt": brief, "doe": "aanpassen"}).text
    assert f'name="weggelakt" value="{brief}" checked' in again
    assert f'value="{brief}" checked' not in carla.post(address, data={**typed, "doe": "aanpassen"}).text
    assert "De link is klaar" in carla.post(address, data={**typed, "weggelakt": brief, "doe": "maken"}).text
    with doors.house.app.database.read() as session:
        rows = session.scalars(
            select(ScopedLinkDocumentRow).where(ScopedLinkDocumentRow.document_id == doors.documents["brief"])
        ).all()
    copy_id = doors.house.app.redaction.view(doors.house.by("carla"), copied).rendition_id
    assert {x.copy_id for x in rows} == {copy_id}


def test_a_copy_is_only_for_documents_chosen_by_name_that_have_one(doors: Doors, copied: UUID) -> None:
    brief, plan = doors.documents["brief"], doors.documents["plan"]
    for papers, more in (
        (("plan",), {"redacted": frozenset({plan})}),
        (("plan",), {"redacted": frozenset({brief})}),
        ((), {"redacted": frozenset({brief}), "live": True}),
    ):
        with pytest.raises(BadInput):
            doors.link(*papers, **more)


def test_another_receiver_gets_the_copy_too(doors: Doors, copied: UUID) -> None:
    brief = doors.documents["brief"]
    made = doors.link("brief", redacted=frozenset({brief}), permissions=DOWNLOAD)
    links = doors.house.app.links
    client = doors.enter(links.readdress(doors.house.by("carla"), made.link_id, "Nadia van Dijk"))
    app, carla = doors.house.app, doors.house.by("carla")
    assert client.get(f"/portaal/gedeeld/{brief}/bestand").data == b"".join(app.redaction.content(carla, copied).chunks)
    page = signed_in(doors.house, "carla").get(f"/deellinks/{made.link_id}").text
    assert "weggelakte kopie ·" in page


def nothing_of(client: FlaskClient, document: UUID) -> bool:
    """Whether the visitor gets no form of the document any more."""
    rests = ("", "/bladzijde/1", "/bestand", "/bestand?soort=archief")
    return {client.get(f"/portaal/gedeeld/{document}{x}").status_code for x in rests} <= {404, 410}


def test_a_copy_that_is_looked_at_again_or_made_anew_is_given_no_more(doors: Doors, copied: UUID) -> None:
    brief, app, carla = doors.documents["brief"], doors.house.app, doors.house.by("carla")
    made = doors.link("brief", "plan", redacted=frozenset({brief}), permissions=DOWNLOAD)
    client = doors.enter(made)
    assert not nothing_of(client, brief)
    app.redaction.look_again(carla, copied, app.redaction.open(carla, copied).row_version)
    assert nothing_of(client, brief)
    assert client.get(f"/portaal/gedeeld/{doors.documents['plan']}").status_code == 200
    assert "weggelakte kopie van dit stuk is veranderd" in signed_in(doors.house, "carla").get(
        f"/deellinks/{made.link_id}"
    ).text.replace("&#39;", "'")
    anew = update(RedactionRow).where(RedactionRow.id == copied)
    with app.database.begin() as uow:
        kept = uow.session.get_one(RedactionRow, copied).rendition_id
        other = pages_of(doors, Rendition.REDACTED_PAGE)[0].id
        uow.session.execute(anew.values(state=RedactionState.DONE, rendition_id=other))
    assert nothing_of(client, brief), "another copy is not what was shared"
    with app.database.begin() as uow:
        uow.session.execute(anew.values(rendition_id=kept))
    assert not nothing_of(client, brief)
