"""Intakes (one receipt) and their items (one future document each), with the item's own state and lease."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dms.db.tables.base import Base, Named, fresh
from dms.model.documents import Desk, ItemState, Source


class IntakeRow(Base):
    """One receipt. `hints` is what the sender said of it: pupil_id, category, document_date.

    `trusted` is whether it came from the school's own source, so that it may file itself.
    """

    __tablename__ = "intakes"
    __table_args__ = (UniqueConstraint("school_id", "idempotency_key"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id"))
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    source: Mapped[Source] = mapped_column(Named(Source))
    trusted: Mapped[bool] = mapped_column(default=True)
    submitted_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    idempotency_key: Mapped[str | None] = mapped_column(String(100))
    hints: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime]


class ItemRow(Base):
    """One future document. Its `document_id` is drawn at receipt and keys its objects, rows and key: a step
    that is done again does the same thing again. `attempts` counts claims that did not come to an outcome (a killed
    worker), `failures` faults of ours. `evidence` is sealed JSON of what was recognised and why.

    A part of a stack names the stack's item (`stack_id`), its number in the stack's arrangement (`stack_part`) and the
    pages there; its `object_key` is empty until its own file is made. A stack that was parted has a `part` below zero.
    `own_hints` go before those of the intake.
    """

    __tablename__ = "intake_items"
    __table_args__ = (
        UniqueConstraint("intake_id", "part"),
        Index("ix_intake_items_work", "state", "available_at"),
        Index("ix_intake_items_school", "school_id", "state", "created_at"),
        Index("ix_intake_items_digest", "school_id", "digest"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    intake_id: Mapped[UUID] = mapped_column(ForeignKey("intakes.id"))
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id"))
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    document_id: Mapped[UUID] = mapped_column(unique=True)
    part: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(String(255))
    object_key: Mapped[str] = mapped_column(String(300))
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(100), default="")
    kind: Mapped[str] = mapped_column(String(20), default="")
    pages: Mapped[int | None]

    state: Mapped[ItemState] = mapped_column(Named(ItemState), default=ItemState.WAITING)
    step: Mapped[str] = mapped_column(String(30), default="")
    pages_done: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    lease_owner: Mapped[str | None] = mapped_column(String(100))
    lease_until: Mapped[datetime | None]
    available_at: Mapped[datetime]

    reason_code: Mapped[str] = mapped_column(String(60), default="")
    reason_text: Mapped[str] = mapped_column(String(500), default="")
    reason_params: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    advice_text: Mapped[str] = mapped_column(String(500), default="")

    desk: Mapped[Desk | None] = mapped_column(Named(Desk))
    level: Mapped[int | None]
    pupil_id: Mapped[UUID | None] = mapped_column(ForeignKey("pupils.id"))
    category: Mapped[str | None] = mapped_column(String(20))
    document_date: Mapped[date | None]
    title: Mapped[str] = mapped_column(String(300), default="")
    confidence: Mapped[float | None]
    text_source: Mapped[str] = mapped_column(String(10), default="")
    text_confidence: Mapped[float | None]
    evidence: Mapped[bytes | None] = mapped_column(LargeBinary)
    duplicate_of: Mapped[UUID | None]

    stack_id: Mapped[UUID | None] = mapped_column(index=True)
    stack_part: Mapped[int | None]
    page_range: Mapped[str] = mapped_column(String(200), default="", server_default="")
    own_hints: Mapped[dict[str, Any] | None] = mapped_column(JSON)

    row_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
