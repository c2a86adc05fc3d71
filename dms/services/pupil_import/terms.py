"""What is kept no longer: previews that nobody applied after a week, results after a month."""

from datetime import timedelta

from sqlalchemy import or_, select

from dms.db.tables import PupilImportRow
from dms.model.events import SYSTEM, Event, EventKind
from dms.model.pupil_files import STAGED, ImportState
from dms.services.pupil_import.rows import forget
from dms.services.pupil_import.sealed import SealedFiles
from dms.services.tools import Tools

PREVIEW_DAYS = 7
RESULT_DAYS = 30


def sweep_terms(tools: Tools, files: SealedFiles) -> int:
    """Destroy them; returns of how many imports."""
    now = tools.clock.now()
    old_preview, old_result = now - timedelta(days=PREVIEW_DAYS), now - timedelta(days=RESULT_DAYS)
    swept = 0
    with tools.database.read() as session:
        due = session.execute(
            select(PupilImportRow.id, PupilImportRow.state).where(
                PupilImportRow.name_sealed.is_not(None),
                or_(
                    PupilImportRow.state.in_(STAGED) & (PupilImportRow.changed_at < old_preview),
                    PupilImportRow.changed_at < old_result,
                ),
            )
        ).all()
    for import_id, state in due:
        with tools.database.begin() as uow:
            row = uow.session.get_one(PupilImportRow, import_id)
            if row.state is not state:
                continue
            row.state = ImportState.DISCARDED if state in STAGED else state
            forget(row)
            uow.record(
                Event(
                    EventKind.PUPIL_FILE_DISCARDED,
                    SYSTEM,
                    row.board_id,
                    row.school_id,
                    object_kind="pupil_import",
                    object_id=import_id,
                )
            )
        files.destroy(import_id)
        swept += 1
    return swept
