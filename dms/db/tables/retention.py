"""The retention schedule of a board with its versions, holds, and the work of counting terms again."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dms.db.tables.base import Base, Named, fresh
from dms.db.tables.ledger import Serial
from dms.model.retention import DraftState, HoldOn


class RetentionScheduleRow(Base):
    """One adopted version of a board's schedule. Never changes; the highest number is in force."""

    __tablename__ = "retention_schedules"
    __table_args__ = (UniqueConstraint("board_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id"))
    number: Mapped[int]
    reason: Mapped[str] = mapped_column(String(500), default="")
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    adopted_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    adopted_at: Mapped[datetime]


class RetentionRuleRow(Base):
    """One line of a version. Never changes. Terms are ISO 8601 durations; empty is none."""

    __tablename__ = "retention_rules"
    __table_args__ = (UniqueConstraint("schedule_id", "category"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    schedule_id: Mapped[UUID] = mapped_column(ForeignKey("retention_schedules.id"))
    category: Mapped[str] = mapped_column(String(20))
    trigger: Mapped[str] = mapped_column("retention_trigger", String(60), default="")
    minimum: Mapped[str] = mapped_column(String(12), default="")
    maximum: Mapped[str] = mapped_column(String(12), default="")
    action: Mapped[str] = mapped_column(String(40))
    blocked: Mapped[bool] = mapped_column(default=False)
    rounding: Mapped[str] = mapped_column(String(20), default="none")
    legal_basis: Mapped[str] = mapped_column(String(300), default="")
    source: Mapped[str] = mapped_column(String(300), default="")
    certainty: Mapped[str] = mapped_column(String(10), default="")
    remark: Mapped[str] = mapped_column(String(500), default="")


class RetentionDraftRow(Base):
    """A schedule that is being written. `lines` are all its rules; `editors` the ids of who had a part in it."""

    __tablename__ = "retention_drafts"
    __table_args__ = (Index("ix_retention_drafts_board", "board_id", "state"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id"))
    state: Mapped[DraftState] = mapped_column(Named(DraftState))
    based_on: Mapped[int]
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    editors: Mapped[list[str]] = mapped_column(JSON, default=list)
    row_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class HoldRow(Base):
    """A hold (bevriezing): what it lies on stays, whatever its term, until it is released.

    A hold on a category or a board may be of one school of it. `review_on` asks for a look; it ends nothing.
    """

    __tablename__ = "holds"
    __table_args__ = (
        Index("ix_holds_board", "board_id", "released_at"),
        Index("ix_holds_document", "document_id"),
        Index("ix_holds_pupil", "pupil_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id"))
    school_id: Mapped[UUID | None] = mapped_column(ForeignKey("schools.id"))
    lies_on: Mapped[HoldOn] = mapped_column(Named(HoldOn))
    document_id: Mapped[UUID | None] = mapped_column(ForeignKey("documents.id"))
    dossier_id: Mapped[UUID | None] = mapped_column(ForeignKey("dossiers.id"))
    pupil_id: Mapped[UUID | None] = mapped_column(ForeignKey("pupils.id"))
    category: Mapped[str | None] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(500))
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    review_on: Mapped[date | None]
    placed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    placed_at: Mapped[datetime]
    released_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    released_at: Mapped[datetime | None]
    release_reason: Mapped[str] = mapped_column(String(500), default="")


class RecountRow(Base):
    """Placements whose terms have to be counted again: of a board, or of a category or pupil of it.

    `after` is the last placement that was done; work goes on from there. Rows are done in the order of their ids.
    """

    __tablename__ = "retention_recounts"
    __table_args__ = (Index("ix_retention_recounts_open", "done_at", "id"),)

    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id"))
    category: Mapped[str | None] = mapped_column(String(20))
    pupil_id: Mapped[UUID | None]
    after: Mapped[UUID | None]
    counted: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class SweepRow(Base):
    """What the sweep of one day found at one school. `fresh`: due for the first time since the sweep before."""

    __tablename__ = "retention_sweeps"
    __table_args__ = (UniqueConstraint("school_id", "on_day"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id"))
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    on_day: Mapped[date]
    due: Mapped[int]
    fresh: Mapped[int]
    late: Mapped[int]
    held: Mapped[int]
    undated: Mapped[int]
    swept_at: Mapped[datetime]
