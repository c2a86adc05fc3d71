"""The rows of staged imports: their choices, what they forget, and what the log says of them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from dms.db.tables import PupilImportRow
from dms.db.unit_of_work import UnitOfWork
from dms.model.events import By, Event, EventKind
from dms.services.pupil_import.codec import choice_back
from dms.services.shapes import SchoolView
from ingest.rules.pupils.choices import Choice


def choices_of(data: Mapping[str, Any]) -> dict[int, Choice]:
    """The choices that a row keeps, by row of the file."""
    return {int(x): choice_back(y) for x, y in data.items()}


def forget(row: PupilImportRow) -> None:
    """Let the row speak of no person and of no object any more."""
    row.file_key = row.report_key = ""
    row.name_sealed = None
    row.choices = {}


def record(
    uow: UnitOfWork,
    kind: EventKind,
    by: By,
    school: SchoolView,
    import_id: UUID,
    details: Mapping[str, str | int | bool | None] | None = None,
) -> None:
    """Write what happened to an import into the log."""
    uow.record(
        Event(
            kind,
            by,
            school.board_id,
            school.id,
            object_kind="pupil_import",
            object_id=import_id,
            details=details or {},
        )
    )
