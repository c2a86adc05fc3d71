"""What recognition learned from the papers that a school confirmed, by version."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dms.db.tables.base import Base, Named, fresh
from dms.model.learned import LearnedState


class LearnedVersionRow(Base):
    """One training. `model` is sealed under a key of the version's own id; None where it is not kept or was forgotten.

    `figures` are counts of the measuring on papers that no version learns from: before and after.
    """

    __tablename__ = "learned_versions"
    __table_args__ = (UniqueConstraint("school_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id"))
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    number: Mapped[int]
    state: Mapped[LearnedState] = mapped_column(Named(LearnedState))
    model: Mapped[bytes | None] = mapped_column(LargeBinary)
    examples: Mapped[int]
    corrected: Mapped[int]
    held_out: Mapped[int]
    figures: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    made_at: Mapped[datetime]
    active_since: Mapped[datetime | None]
    changed_at: Mapped[datetime]


class LearnedExampleRow(Base):
    """A document that a version learned from (`held`: was measured on). Only its id and what it is: no text."""

    __tablename__ = "learned_examples"
    __table_args__ = (Index("ix_learned_examples_document", "document_id"),)

    version_id: Mapped[UUID] = mapped_column(ForeignKey("learned_versions.id"), primary_key=True)
    document_id: Mapped[UUID] = mapped_column(primary_key=True)
    category: Mapped[str] = mapped_column(String(20))
    held: Mapped[bool] = mapped_column(default=False)
