"""Work at the intake desks: who is busy with what, whose it is, for whom a stack is filed, what can be taken back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from dms.db.tables.base import Base, Named, fresh
from dms.model.documents import DeskActKind


class DeskClaimRow(Base):
    """A person is busy with an item until a moment that she keeps putting off while she works."""

    __tablename__ = "desk_claims"

    item_id: Mapped[UUID] = mapped_column(ForeignKey("intake_items.id"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    until: Mapped[datetime]


class DeskAssignmentRow(Base):
    """An item that a colleague was asked to deal with."""

    __tablename__ = "desk_assignments"

    item_id: Mapped[UUID] = mapped_column(ForeignKey("intake_items.id"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    assigned_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    assigned_at: Mapped[datetime]


class StickyPupilRow(Base):
    """The pupil whose paper dossier a person is filing: suggested for every item until she stops."""

    __tablename__ = "desk_sticky_pupils"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    pupil_id: Mapped[UUID] = mapped_column(ForeignKey("pupils.id"))
    until: Mapped[datetime]


class DeskActRow(Base):
    """What an item was before one act of one person at a desk, so that the act can be taken back for a while.

    Acts on several items at once share a `batch_id`. `row_version` is the item's after the act.
    """

    __tablename__ = "desk_acts"
    __table_args__ = (Index("ix_desk_acts_batch", "batch_id"), Index("ix_desk_acts_item", "item_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    batch_id: Mapped[UUID]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    item_id: Mapped[UUID] = mapped_column(ForeignKey("intake_items.id"))
    kind: Mapped[DeskActKind] = mapped_column(Named(DeskActKind))
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    row_version: Mapped[int]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    undone_at: Mapped[datetime | None]
