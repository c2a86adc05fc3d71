"""Scoped links when what they opened is destroyed: they end, and say no more for whom and why they were.

Rows and ids stay as long as the pupil does, so that it can be told which link held what. They go with the pupil.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from dms.db.tables import PlacementRow, ScopedLinkCategoryRow, ScopedLinkDocumentRow, ScopedLinkRow
from dms.db.unit_of_work import UnitOfWork
from dms.model.documents import PlacementState
from dms.model.events import SYSTEM, Event, EventKind
from dms.model.links import LinkEnd

LEFT = (PlacementState.ACTIVE, PlacementState.BIN, PlacementState.DISPOSING)
"""States of placements of which something is left."""


def end_empty_links(uow: UnitOfWork, placements: Sequence[UUID]) -> None:
    """Let links with a frozen list go of which, after these placements, nothing is left."""
    session = uow.session
    touched = select(ScopedLinkDocumentRow.link_id).where(ScopedLinkDocumentRow.placement_id.in_(placements))
    holding = (
        select(ScopedLinkDocumentRow.link_id)
        .join(PlacementRow, PlacementRow.id == ScopedLinkDocumentRow.placement_id)
        .where(PlacementRow.state.in_(LEFT))
    )
    rows = session.scalars(
        select(ScopedLinkRow).where(
            ScopedLinkRow.id.in_(touched), ScopedLinkRow.id.not_in(holding), ScopedLinkRow.live.is_(False)
        )
    )
    for row in rows:
        row.purpose, row.recipient_sealed = "", None
        row.row_version += 1
        if row.revoked_at is None and row.ends > uow.now:
            row.revoked_at, row.revoked_for = uow.now, LinkEnd.DESTROYED
            uow.record(
                Event(
                    EventKind.LINK_REVOKED,
                    SYSTEM,
                    row.board_id,
                    row.school_id,
                    row.pupil_id,
                    object_kind="link",
                    object_id=row.id,
                    details={"reason": LinkEnd.DESTROYED.value, "openings": row.openings},
                )
            )
    uow.flush()


def drop_links_of(session: Session, pupil_id: UUID) -> None:
    """Delete the links of a pupil who is destroyed, and what other links still list of this dossier."""
    links = select(ScopedLinkRow.id).where(ScopedLinkRow.pupil_id == pupil_id)
    places = select(PlacementRow.id).where(PlacementRow.pupil_id == pupil_id)
    for asked in (
        delete(ScopedLinkDocumentRow).where(
            or_(ScopedLinkDocumentRow.link_id.in_(links), ScopedLinkDocumentRow.placement_id.in_(places))
        ),
        delete(ScopedLinkCategoryRow).where(ScopedLinkCategoryRow.link_id.in_(links)),
        delete(ScopedLinkRow).where(ScopedLinkRow.pupil_id == pupil_id),
    ):
        session.execute(asked.execution_options(synchronize_session=False))
