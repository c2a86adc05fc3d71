"""The form for inspection on paper: for each who is entitled, what goes along and room to sign."""

import io
from datetime import timedelta

import pypdf
import pytest

from dms.db.tables import DocumentRow
from dms.kernel.errors import BadInput, Conflict, NotFound, Refused
from dms.model.transfers import TransferKind, Viewer
from dms.services.transfers.shapes import Answer
from dms.web.factory import create_app as staff_app
from tests.transfers.test_transfer_pages import enter, send
from tests.transfers.transfer_world import TransferWorld


def _pages(raw: bytes) -> list[str]:
    return [" ".join(x.extract_text().split()) for x in pypdf.PdfReader(io.BytesIO(raw)).pages]


@pytest.mark.slow
def test_each_parent_gets_a_form_that_says_what_goes_along(world: TransferWorld) -> None:
    joris = world.pupil("Joris")
    report = world.paper(joris, "OND-03", "Rapport op papier")
    secret = world.paper(joris, "ZRG-02", "Zorg die Anouk niet mag zien")
    package = world.app.transfers.composing.compose(
        world.house.by("carla"), joris, world.order(TransferKind.POPO, to="99ZZ")
    )
    staff = enter(staff_app(world.app).test_client(), "/inloggen", "carla")
    page = f"/overdracht/{package}"
    assert send(staff, page, f"{page}/formulier").status_code == 409, "nothing is frozen yet"
    world.app.transfers.composing.freeze(world.house.by("carla"), package)
    answer = send(staff, page, f"{page}/formulier")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    pages = _pages(answer.get_data())
    assert len(pages) == 2
    for name, address, other, text in zip(
        ("Hanna Kuipers", "Ivo Hazelhoff"), ("hanna@", "ivo@"), ("ivo@", "hanna@"), pages, strict=True
    ):
        assert f"Naam: {name}" in text
        assert "Rapport op papier (Toetsen en rapporten" in text
        assert "Handtekening" in text
        assert "toestemming" not in text, "between primary schools none is asked"
        assert address in text
        assert other not in text, "parents do not see each other's address"
    old = Answer(Viewer.CARER, world.carer("Hanna"), True, proof_document_id=report)
    with world.app.database.begin() as uow:
        uow.session.get_one(DocumentRow, report).created_at -= timedelta(days=2)
    with pytest.raises(BadInput) as fault:
        world.app.transfers.inspecting.on_paper(world.house.by("carla"), package, old)
    assert fault.value.code == "proof_too_old"
    assert "Rapport op papier</option>" not in staff.get(page).get_data(as_text=True)
    for nobody in ("mees", "bram"):
        with pytest.raises((NotFound, Refused)):
            world.app.transfers.paper.form(world.house.by(nobody), package)
    world.app.transfers.composing.choose(world.house.by("carla"), package, [secret])
    with pytest.raises(Conflict):
        world.app.transfers.paper.form(world.house.by("carla"), package)
    world.app.transfers.composing.freeze(world.house.by("carla"), package)
    with pytest.raises(Refused):
        world.app.transfers.paper.form(world.house.by("anouk"), package)
