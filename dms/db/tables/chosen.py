"""What a board or school chose: settings of its own, and which ways in are open."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dms.db.tables.base import Base, fresh


class ChosenSettingsRow(Base):
    """The settings of one place: of a board (school empty) or of a school. What is not in `chosen` is not chosen."""

    __tablename__ = "chosen_settings"

    place_id: Mapped[UUID] = mapped_column(primary_key=True)
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id"))
    school_id: Mapped[UUID | None] = mapped_column(ForeignKey("schools.id"))
    chosen: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    row_version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]


class ChosenSourceRow(Base):
    """What a school chose for one kind of source. No row: open, with the settings that ship."""

    __tablename__ = "chosen_sources"
    __table_args__ = (UniqueConstraint("school_id", "kind"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    kind: Mapped[str] = mapped_column(String(40))
    open: Mapped[bool] = mapped_column(default=True)
    chosen: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    row_version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]
