"""Which placements open links still hold: for who wants to destroy them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from dms.db.tables import PlacementRow, ScopedLinkCategoryRow, ScopedLinkDocumentRow, ScopedLinkRow, UserRow
from dms.model.catalogue import Level
from dms.model.links import LinkTarget


def linked_until(session: Session, placements: Sequence[UUID], now: datetime) -> list[tuple[UUID, datetime]]:
    """Of these placements those that an open link holds, with the last moment that one does.

    Open is what is not over by its own row and whose maker has an account; her rights are not asked here: where they
    are gone, somebody revokes the link or it ends.
    """
    frozen = (
        _open(now)
        .join(ScopedLinkDocumentRow, ScopedLinkDocumentRow.link_id == ScopedLinkRow.id)
        .join(
            PlacementRow,
            and_(
                PlacementRow.id == ScopedLinkDocumentRow.placement_id,
                PlacementRow.dossier_id == ScopedLinkRow.dossier_id,
            ),
        )
        .where(ScopedLinkRow.live.is_(False), PlacementRow.id.in_(placements))
    )
    parts = select(ScopedLinkCategoryRow.category).where(ScopedLinkCategoryRow.link_id == ScopedLinkRow.id)
    live = (
        _open(now)
        .join(PlacementRow, PlacementRow.dossier_id == ScopedLinkRow.dossier_id)
        .where(
            ScopedLinkRow.live.is_(True),
            PlacementRow.id.in_(placements),
            PlacementRow.confirmed.is_(True),
            PlacementRow.level < int(Level.L4),
            or_(ScopedLinkRow.target == LinkTarget.DOSSIER, PlacementRow.category.in_(parts)),
        )
    )
    found: dict[UUID, datetime] = {}
    for asked in (frozen, live):
        for placement_id, until in session.execute(asked):
            found[placement_id] = max(found.get(placement_id, until), until)
    return sorted(found.items(), key=lambda x: str(x[0]))


def _open(now: datetime) -> "Select[tuple[UUID, datetime]]":
    return (
        select(PlacementRow.id, func.max(ScopedLinkRow.ends))
        .select_from(ScopedLinkRow)
        .join(UserRow, UserRow.id == ScopedLinkRow.creator_id)
        .where(ScopedLinkRow.revoked_at.is_(None), ScopedLinkRow.ends > now, UserRow.disabled_at.is_(None))
        .group_by(PlacementRow.id)
    )
