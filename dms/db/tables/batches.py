"""Stacks of scans: the sheets that part them, and which of their pages became which document."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from dms.db.tables.base import Base, Named, fresh
from dms.model.batches import SheetKind


class SheetRow(Base):
    """A separator or cover sheet that was printed. `number` is what stands in its codes, beside the proof.

    Used once: `used_item` is the stack in which it was found and `used_page` its page there; a `reusable` separator is
    never used up. `pupil_id` is no reference: a pupil may go before an unused sheet does.
    """

    __tablename__ = "sheets"
    __table_args__ = (Index("ix_sheets_school", "school_id", "made_at"), Index("ix_sheets_expires_at", "expires_at"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    number: Mapped[str] = mapped_column(String(24), unique=True)
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id"))
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    kind: Mapped[SheetKind] = mapped_column(Named(SheetKind))
    pupil_id: Mapped[UUID | None]
    category: Mapped[str | None] = mapped_column(String(20))
    reusable: Mapped[bool] = mapped_column(default=False)
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    used_item: Mapped[UUID | None]
    used_page: Mapped[int | None]


class StackRow(Base):
    """What is kept of the pages of a file that can be parted: no text, only what parting needs.

    `seen`: what was read per page. `arrangement`: which page is in which part, once it was parted. `drafts`: what a
    person is doing to it, the last one as it is now, those before it to go back to.
    """

    __tablename__ = "stacks"

    item_id: Mapped[UUID] = mapped_column(ForeignKey("intake_items.id"), primary_key=True)
    signed: Mapped[bool] = mapped_column(default=False)
    seen: Mapped[list[Any]] = mapped_column(JSON, default=list)
    arrangement: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    drafts: Mapped[list[Any]] = mapped_column(JSON, default=list)
    draft_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    row_version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]
