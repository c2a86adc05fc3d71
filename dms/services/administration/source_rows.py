"""What scanner folders and mailboxes have in common: the rows of a school, for who administers its sources."""

from collections.abc import Sequence
from datetime import date
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import MailboxRow, ScanFolderRow, SchoolRow
from dms.db.unit_of_work import UnitOfWork
from dms.model.duties import Duty
from dms.model.events import By, Change, Event, EventKind
from dms.services.administration.outcome import locked
from dms.services.administration.remit import remit, school_within

Source = TypeVar("Source", ScanFolderRow, MailboxRow)


def of_school(session: Session, by: By, kind: type[Source], school_id: UUID, today: date) -> Sequence[Source]:
    """The sources of a school, by name. Raises NotFound, Refused."""
    school = school_within(session, remit(session, by, Duty.SOURCES, today), school_id)
    return session.scalars(select(kind).where(kind.school_id == school.id).order_by(kind.name)).all()


def one(session: Session, by: By, kind: type[Source], key: UUID, today: date) -> Source:
    """One source, to look at. Raises NotFound, Refused."""
    reach = remit(session, by, Duty.SOURCES, today)
    row = locked(session, kind, key, None, writing=False)
    school_within(session, reach, row.school_id)
    return row


def mine(uow: UnitOfWork, by: By, kind: type[Source], key: UUID, version: int | None) -> tuple[SchoolRow, Source]:
    """The school and the source, locked, of the version that the person saw. Raises NotFound, Refused, Conflict."""
    row = locked(uow.session, kind, key, None)
    school = school_within(uow.session, remit(uow.session, by, Duty.SOURCES, uow.today), row.school_id)
    return school, locked(uow.session, kind, key, version)


def for_new(uow: UnitOfWork, by: By, school_id: UUID) -> SchoolRow:
    """The school that gets a source, locked: two at once may not take one name. Raises NotFound, Refused."""
    school = school_within(uow.session, remit(uow.session, by, Duty.SOURCES, uow.today), school_id)
    return uow.session.get_one(SchoolRow, school.id, with_for_update=True)


def record(
    uow: UnitOfWork, kind: EventKind, by: By, school: SchoolRow, row: ScanFolderRow | MailboxRow,
    changes: tuple[Change, ...],
) -> None:  # fmt: skip
    """Say in the log what was changed of a source."""
    uow.record(
        Event(
            kind,
            by,
            school.board_id,
            school.id,
            object_kind="mailbox" if isinstance(row, MailboxRow) else "scan_folder",
            object_id=row.id,
            details={"open": row.open},
            changes=changes,
        )
    )
