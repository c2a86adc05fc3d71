"""Finding an import for somebody who may import at its school; forbidden and absent look alike."""

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from dms.db.tables import PupilImportRow
from dms.kernel.errors import NotFound, Refused
from dms.model.events import By
from dms.services.pupil_import.permission import must_import
from dms.services.shapes import SchoolView
from dms.services.tools import school_by_id


def import_of(session: Session, by: By, import_id: UUID, today: date) -> tuple[PupilImportRow, SchoolView]:
    """The import and its school. Raises NotFound, also for who may not import there."""
    row = session.get(PupilImportRow, import_id)
    if row is None:
        raise NotFound
    school = school_by_id(session, row.school_id)
    try:
        must_import(session, by, school, today, itself=True)
    except Refused:
        raise NotFound from None
    return row, school
