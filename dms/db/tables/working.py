"""What working on documents leaves: steps that can be undone, what lies in the bin, versions that are being read."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dms.db.tables.base import Base, Named, fresh
from dms.model.documents import UndoKind, UploadState


class UndoStepRow(Base):
    """What a document was before one act of one person, so that the act can be taken back.

    Acts on several documents at once share a `batch_id`. `version_before` and `version_after` are the document's row
    version around the act: a document that has changed since is not put back. The row holds details of the document:
    it goes with the document, and at the latest when it expires.
    """

    __tablename__ = "undo_steps"
    __table_args__ = (Index("ix_undo_steps_batch", "batch_id"), Index("ix_undo_steps_document", "document_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    batch_id: Mapped[UUID]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    document_id: Mapped[UUID] = mapped_column(ForeignKey("documents.id"))
    kind: Mapped[UndoKind] = mapped_column(Named(UndoKind))
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    version_before: Mapped[int]
    version_after: Mapped[int]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    undone_at: Mapped[datetime | None]


class BinEntryRow(Base):
    """When and by whom a placement was put in the bin. The placement's state says that it lies there."""

    __tablename__ = "bin_entries"

    placement_id: Mapped[UUID] = mapped_column(ForeignKey("placements.id"), primary_key=True)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"), index=True)
    removed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    removed_at: Mapped[datetime]
    restore_until: Mapped[datetime]


class VersionUploadRow(Base):
    """A new version of a document that came in and is read before it counts, or was refused and why."""

    __tablename__ = "version_uploads"
    __table_args__ = (UniqueConstraint("document_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    document_id: Mapped[UUID] = mapped_column(ForeignKey("documents.id"))
    number: Mapped[int]
    file_name: Mapped[str] = mapped_column(String(255))
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    object_key: Mapped[str] = mapped_column(String(300))
    state: Mapped[UploadState] = mapped_column(Named(UploadState))
    reason_code: Mapped[str] = mapped_column(String(60), default="")
    reason_text: Mapped[str] = mapped_column(String(500), default="")
    reason_params: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    submitted_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
