"""What was imported before: for the question whether a file is older, for the list of imports, and saved mappings."""

from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dms.db.tables import PupilImportRow, PupilMappingRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.ids import new_id
from dms.model.events import By
from dms.model.pupil_files import ImportState
from dms.services.pupil_import.judge import Judged
from dms.services.shapes import SchoolView
from ingest.rules.pupils.columns import Column
from ingest.rules.pupils.file import PupilFile
from ingest.rules.pupils.guess import SavedMapping


def newest_applied(session: Session, school_id: UUID, file: PupilFile) -> date | None:
    """The day of the newest file that was applied, where that is later than `file`'s own."""
    return newer_than(session, school_id, file.made_on)


def newer_than(session: Session, school_id: UUID, made_on: date | None) -> date | None:
    """The day of the newest file that was applied, where that is later than `made_on`."""
    if made_on is None:
        return None
    newest = session.scalar(
        select(func.max(PupilImportRow.made_on)).where(
            PupilImportRow.school_id == school_id, PupilImportRow.state == ImportState.APPLIED
        )
    )
    return newest if newest is not None and newest > made_on else None


def record_applied(uow: UnitOfWork, by: By, school: SchoolView, judged: Judged) -> None:
    """Remember an import that was never staged."""
    uow.session.add(
        PupilImportRow(
            id=new_id(),
            board_id=school.board_id,
            school_id=school.id,
            state=ImportState.APPLIED,
            received_at=uow.now,
            received_by=by.user_id,
            format=judged.file.format,
            preset=judged.file.preset,
            counts={x.value: n for x, n in judged.plan.counts.items()},
            absent=len(judged.plan.absent),
            open_conflicts=sum(x.open_conflict for x in judged.plan.rows),
            base=judged.known.base,
            made_on=judged.file.made_on,
            progress=100,
            changed_at=uow.now,
            applied_at=uow.now,
        )
    )


def saved_mappings(session: Session, school_id: UUID) -> tuple[SavedMapping, ...]:
    """The mappings that a school saved, by name."""
    rows = session.scalars(
        select(PupilMappingRow).where(PupilMappingRow.school_id == school_id).order_by(PupilMappingRow.name)
    )
    return tuple(
        SavedMapping(
            x.id,
            x.name,
            x.fingerprint,
            {heading: Column(column) if column else None for heading, column in x.headings.items()},
            x.preset or None,
            x.end_day,
        )
        for x in rows
    )
