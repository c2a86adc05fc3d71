"""The receiver of a package says on the page of her link that it came, or that she does not take it."""

import re
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from dms.db.tables import AuditEventRow, PlacementRow
from dms.model.documents import PlacementState
from dms.model.events import ActorKind, EventKind
from dms.model.transfers import TransferState
from dms.portal.factory import create_app as portal_app
from dms.web.factory import create_app as staff_app
from tests.transfers.test_transfer_pages import enter, send
from tests.transfers.transfer_world import TransferWorld

LINK = re.compile(r"https?://[^\s<\"]+/l/dl1_[\w-]+")
CODE = re.compile(r"\b\d{4}[  ]\d{4}\b")
SHELF, SAYS = "/portaal/gedeeld", "/portaal/gedeeld/pakket/ontvangst"


def _sent(world: TransferWorld, nth: int) -> tuple[UUID, FlaskClient]:
    """A package that went by link, and the receiver within."""
    pupil = world.spare(nth)
    world.paper(pupil)
    package = world.composed(pupil)
    proof = world.paper(pupil, "ADM-09", "Formulier inzage")
    entitled = [x.carer_id for x in world.view(package).inspections]
    world.seen(package, *entitled, proof_document_id=proof)
    staff = enter(staff_app(world.app).test_client(), "/inloggen", "anouk")
    page = f"/overdracht/{package}"
    made = send(staff, page, f"{page}/link", ontvanger="Meneer De Wit").get_data(as_text=True)
    link, code = LINK.search(made), CODE.search(made)
    assert link is not None
    assert code is not None
    visitor = portal_app(world.app).test_client()
    door = urlsplit(link[0]).path
    assert visitor.post(door).status_code == 200
    assert visitor.post(door, data={"code": code[0]}).status_code == 303
    return package, visitor


@pytest.mark.slow
def test_the_receiver_confirms_by_herself(world: TransferWorld) -> None:
    package, visitor = _sent(world, 95)
    early = send(visitor, SHELF, SAYS, doe="ontvangen", kenmerk="ontvangst 12")
    assert early.status_code == 400
    assert "nog niet gedownload" in early.get_data(as_text=True)
    assert visitor.get(f"{SHELF}/pakket").status_code == 200
    assert visitor.post(SAYS, data={"doe": "ontvangen"}).status_code == 400, "a form without its token"
    assert send(visitor, SHELF, SAYS, doe="geweigerd", reden=" ").status_code == 400
    assert world.view(package).line.state is TransferState.SENT
    assert send(visitor, SHELF, SAYS, doe="ontvangen", kenmerk="ontvangst 12").status_code == 303
    shelf = visitor.get(f"{SHELF}?gezegd=ja").get_data(as_text=True)
    assert "U heeft bevestigd" in shelf
    assert SAYS not in shelf, "said is said"
    view = world.view(package)
    assert (view.line.state, view.receipt) == (TransferState.CONFIRMED, "ontvangst 12")
    with world.app.database.read() as session:
        asked = select(AuditEventRow).where(AuditEventRow.kind == EventKind.TRANSFER_CONFIRMED)
        told = session.scalars(asked.order_by(AuditEventRow.at.desc())).first()
    assert told is not None
    assert (told.object_id, told.actor_kind) == (package, ActorKind.VISITOR)


@pytest.mark.slow
def test_the_receiver_refuses_with_a_reason(world: TransferWorld) -> None:
    package, visitor = _sent(world, 96)
    assert visitor.get(f"{SHELF}/pakket").status_code == 200
    answer = send(visitor, SHELF, SAYS, doe="geweigerd", reden="Dit is niet onze leerling")
    assert answer.status_code == 303
    assert "U neemt dit pakket niet aan" in visitor.get(answer.headers["Location"]).get_data(as_text=True)
    assert visitor.get(f"{SHELF}/pakket").status_code == 404
    view = world.view(package)
    assert (view.line.state, view.reason) == (TransferState.REJECTED, "Dit is niet onze leerling")
    (went,) = [x for x in view.papers if x.included]
    with world.app.database.begin() as uow:
        asked_place = select(PlacementRow).where(PlacementRow.document_id == went.document_id)
        uow.session.scalars(asked_place).one().state = PlacementState.BIN
    after = world.view(package)
    assert ([x for x in after.papers if x.included], after.hidden) == ([], 1), "what went is what was frozen"
