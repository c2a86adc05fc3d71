"""Roles that were given by one person and wait for a second one."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from dms.db.tables.base import Base, fresh


class RoleGiftRow(Base):
    """A role that somebody asked for a colleague. `state`: waiting, confirmed, refused. It counts only as a row of
    `roles_held`, which a confirmation makes. `why` is the code of what makes the role weigh heavily.

    `asked_by` is None for the operator of the machine, and so is `decided_by`. After `expires_at` it is over.
    """

    __tablename__ = "role_gifts"
    __table_args__ = (Index("ix_role_gifts_board", "board_id", "state"), Index("ix_role_gifts_user", "user_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id"))
    school_id: Mapped[UUID | None] = mapped_column(ForeignKey("schools.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    role: Mapped[str] = mapped_column(String(40))
    since: Mapped[date]
    until: Mapped[date | None]
    why: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    asked_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
