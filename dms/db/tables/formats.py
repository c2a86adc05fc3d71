"""Parts of files taken apart, fingerprints of documents, verdicts on look-alikes, archive renditions to be made."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dms.db.tables.base import Base, Named, fresh
from dms.model.formats import ArchiveState, LookalikeVerdict


class PartRow(Base):
    """One file inside a mail or a ZIP that came in as one item. `item_id` is what it became; None where it was left
    out, with the reason. `depth`: how many files it was packed in.
    """

    __tablename__ = "intake_parts"
    __table_args__ = (UniqueConstraint("parent_id", "number"), Index("ix_intake_parts_item_id", "item_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    parent_id: Mapped[UUID] = mapped_column(ForeignKey("intake_items.id"))
    number: Mapped[int]
    depth: Mapped[int]
    name: Mapped[str] = mapped_column(String(255))
    item_id: Mapped[UUID | None] = mapped_column(ForeignKey("intake_items.id"))
    reason_code: Mapped[str] = mapped_column(String(60), default="")
    reason_text: Mapped[str] = mapped_column(String(500), default="")
    reason_params: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime]


class FingerprintRow(Base):
    """By what a version of a document is known again, sealed under the document's own key: it goes with it.

    `pages` stands outside, so that only documents of the same size are opened to be compared.
    """

    __tablename__ = "fingerprints"

    document_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    pages: Mapped[int]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class LookalikeRow(Base):
    """What a person decided of an item and a document that look the same; the two are not asked about again."""

    __tablename__ = "lookalikes"
    __table_args__ = (UniqueConstraint("item_id", "document_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("intake_items.id"))
    document_id: Mapped[UUID] = mapped_column(ForeignKey("documents.id"))
    verdict: Mapped[LookalikeVerdict] = mapped_column(Named(LookalikeVerdict))
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime]


class ArchiveJobRow(Base):
    """The archive rendition of one version of a document that was filed without one: made when nothing else waits."""

    __tablename__ = "archive_jobs"
    __table_args__ = (Index("ix_archive_jobs_state", "state", "available_at"),)

    document_id: Mapped[UUID] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[ArchiveState] = mapped_column(Named(ArchiveState))
    attempts: Mapped[int] = mapped_column(default=0)
    fault: Mapped[str] = mapped_column(String(60), default="")
    lease_owner: Mapped[str | None] = mapped_column(String(100))
    lease_until: Mapped[datetime | None]
    available_at: Mapped[datetime]
    changed_at: Mapped[datetime]
