"""A list is carried out from its first step to its certificate."""

import pytest
from sqlalchemy import select

from dms.db.tables import DestructionLineRow, DocumentRow, ItemRow, PlacementRow, RenditionRow, TombstoneRow
from dms.model.disposal import DisposalStep, ListState
from dms.model.documents import PlacementState
from retention.service.signing import verify
from storage.ledger import Destroyed
from tests.destruction.destroy_world import canaries, carried_out, left, list_state, opened, started
from tests.houses import OPERATOR, House


@pytest.mark.slow
def test_from_list_to_certificate(house: House) -> None:
    with opened(house.folder) as place:
        found = canaries(place, 2)
        words = [y for x in found for y in x.words]
        assert left(place, words)
        made = started(place)
        progress = carried_out(place, made)
        app = place.app
        assert (progress.destroyed, progress.kept, progress.failed) == (2, 0, 0), progress
        assert list_state(place, made) is ListState.COMPLETED
        assert left(place, words) == {}
        with app.database.read() as session:
            states = set(session.scalars(select(PlacementRow.state)))
            titles = set(session.scalars(select(DocumentRow.title)))
            assert states == {PlacementState.DESTROYED}
            assert titles == {""}
            assert session.scalars(select(RenditionRow)).all() == []
            assert {x.name for x in session.scalars(select(ItemRow))} == {""}
            assert len(session.scalars(select(TombstoneRow)).all()) == 2
            lines = session.scalars(select(DestructionLineRow)).all()
            assert all(x.certificate_id and x.ledger_number for x in lines)
        assert {x.entry.id for x in app.ledger.read()} == {x.document_id for x in found}
        assert {x.entry.kind for x in app.ledger.read()} == {Destroyed.DOCUMENT}
        certificate = app.destruction.certificates.of_list(OPERATOR, made)
        result = verify(certificate.text, app.destruction.certificates.public_key())
        assert result.holds, result.faults
        assert certificate.body["destroyed"][0]["documents"] == 2
        assert not any(x in certificate.text for x in words)
        assert certificate.pdf().startswith(b"%PDF")
        shown = app.disposal.reading.items(OPERATOR, made, left_out=False)  # what went still stands on its list
        assert [(x.state, x.title) for x in shown.lines] == [(DisposalStep.CERTIFIED, "")] * 2
        assert app.disposal.reading.items(OPERATOR, made, left_out=True).total == 0
        report = app.checks.check(full=True)
        assert report.well, report.details
