"""Orders to hand a whole school over as files (exit)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from dms.db.tables.base import Base, Named, fresh
from dms.model.exits import ExitState


class ExitOrderRow(Base):
    """The head of a school ordered an export of everything; the operator of the machine makes it before `expires_at`.

    `mark` is the SHA-256 of the manifest of what was made.
    """

    __tablename__ = "exit_orders"
    __table_args__ = (Index("ix_exit_orders_school", "school_id", "ordered_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id"))
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    state: Mapped[ExitState] = mapped_column(Named(ExitState))
    ordered_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    ordered_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    made_at: Mapped[datetime | None]
    mark: Mapped[str] = mapped_column(String(64), default="")
    documents: Mapped[int] = mapped_column(default=0)
