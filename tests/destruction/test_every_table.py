"""No table may come in that names documents or pupils without a decision what becomes of it at a destruction."""

from dms.db.tables import Base
from dms.services.destroying.documents import HANDLED, STAYING

NAMES = {"document_id", "placement_id", "item_id", "parent_id", "intake_id"}
OF_DOCUMENTS = {"documents", "placements", "intake_items", "intakes"}


def test_what_names_a_document_goes_or_stays_for_a_reason() -> None:
    naming = {
        table.name
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name in NAMES or any(x.column.table.name in OF_DOCUMENTS for x in column.foreign_keys)
    }
    assert sorted(naming - HANDLED - STAYING.keys()) == []
    assert not HANDLED & STAYING.keys()
    assert {x for x in HANDLED | STAYING.keys() if x not in Base.metadata.tables} == set()
