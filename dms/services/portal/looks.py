"""Whether a look at a document is on record, so that no picture is seen that the log does not know of.

A page of a document is logged with who, what and when; its pictures belong to it. A picture that is asked for by
itself (an address that was kept, a program) is a look of its own: a data breach would miss it otherwise.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import AuditEventRow, PlacementRow
from dms.db.unit_of_work import UnitOfWork
from dms.model.documents import PlacementState
from dms.model.events import By, EventKind
from dms.model.portal import DOOR, Door
from dms.services.filing import log_act
from dms.services.tools import Tools

BELONGS = timedelta(hours=4)
"""So long a session of the portal lasts at most: pictures of an earlier look are asked for again."""


def ensure_logged(
    tools: Tools, session: Session, by: By, document_id: UUID, version: int, placements: list[PlacementRow]
) -> None:
    """Log a look at the document by this person, unless one is on record that this picture belongs to. `session` reads;
    what is written has a transaction of its own.
    """
    if not _on_record(session, by, document_id, tools.clock.now()):
        with tools.database.begin() as uow:
            _log(uow, by, EventKind.DOCUMENT_SEEN, document_id, version, placements)


def look_elsewhere(
    uow: UnitOfWork, by: By, document_id: UUID, version: int, pupil_id: UUID, *, downloaded: bool
) -> None:
    """Log a look at a document that stands on another page of the portal than its own (in a package for another
    school), as far as it lies in the dossier of the pupil: pictures once, a file each time.
    """
    kind = EventKind.DOCUMENT_DOWNLOADED if downloaded else EventKind.DOCUMENT_SEEN
    if not downloaded and _on_record(uow.session, by, document_id, uow.now):
        return
    lies = select(PlacementRow).where(
        PlacementRow.document_id == document_id,
        PlacementRow.pupil_id == pupil_id,
        PlacementRow.state == PlacementState.ACTIVE,
    )
    _log(uow, by, kind, document_id, version, uow.session.scalars(lies).all())


def _on_record(session: Session, by: By, document_id: UUID, now: datetime) -> bool:
    seen = select(AuditEventRow.id).where(
        AuditEventRow.object_id == document_id,
        AuditEventRow.actor_id == by.user_id,
        AuditEventRow.kind == EventKind.DOCUMENT_SEEN,
        AuditEventRow.at > now - BELONGS,
    )
    return session.scalar(seen.limit(1)) is not None


def _log(
    uow: UnitOfWork, by: By, kind: EventKind, document_id: UUID, version: int, placements: Iterable[PlacementRow]
) -> None:
    details: dict[str, str | int | bool | None] = {"version": version, DOOR: Door.PORTAL.value}
    log_act(uow, by, kind, document_id, placements, details)
