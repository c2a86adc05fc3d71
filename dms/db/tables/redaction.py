"""Redacted copies (zwartlakken) of documents: the job, and sealed beside it what was found and decided."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dms.db.tables.base import Base, Named, fresh
from dms.model.redaction import RedactionGround, RedactionState


class RedactionRow(Base):
    """One redacted copy of one version of a document, from asking to done.

    `number` counts the copies of a version; its renditions carry it (`ingest.service.redaction.marks`). `request_id`:
    the data subject request that it is made for. `sealed` holds pages, hits and boxes under the document's own key, so
    that it is unreadable when the document is destroyed. `found` counts what was found, `blacked` what was covered.
    """

    __tablename__ = "redactions"
    __table_args__ = (
        UniqueConstraint("document_id", "version", "number"),
        Index("ix_redactions_state", "state", "available_at"),
        Index("ix_redactions_school", "school_id", "state"),
        Index("ix_redactions_request", "request_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id"))
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    document_id: Mapped[UUID] = mapped_column(ForeignKey("documents.id"))
    version: Mapped[int]
    number: Mapped[int]
    ground: Mapped[RedactionGround] = mapped_column(Named(RedactionGround))
    request_id: Mapped[UUID | None]
    state: Mapped[RedactionState] = mapped_column(Named(RedactionState))
    found: Mapped[int] = mapped_column(default=0)
    blacked: Mapped[int] = mapped_column(default=0)
    fault: Mapped[str] = mapped_column(String(60), default="")
    attempts: Mapped[int] = mapped_column(default=0)
    lease_owner: Mapped[str | None] = mapped_column(String(100))
    lease_until: Mapped[datetime | None]
    available_at: Mapped[datetime]
    asked_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[datetime]
    reviewed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    reviewed_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    rendition_id: Mapped[UUID | None]
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    row_version: Mapped[int] = mapped_column(default=1)
