"""Scoped links: who shares what with whom, why and until when. The token itself is nowhere, only its digest."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from dms.db.tables.base import Base, Named, fresh
from dms.model.links import LegalBasis, LinkEnd, LinkTarget, Verification


class ScopedLinkRow(Base):
    """A link to part of one dossier.

    `live`: what it opens follows the dossier; else it holds a frozen list in `scoped_link_documents`. `permissions`
    are words of `Permission`, apart by spaces. `recipient_sealed` holds name and e-mail address under the pupil's key;
    `recipient_digest` is keyed per school and finds all links of one receiver. `account_id` only with the
    verification `account`. `access_code_hash` is an Argon2id hash. `starts` and `ends` bound [starts, ends).
    `unlocked_at`: its maker unlocked it, which she may once.
    """

    __tablename__ = "scoped_links"
    __table_args__ = (
        Index("ix_scoped_links_dossier", "dossier_id", "ends"),
        Index("ix_scoped_links_creator", "creator_id", "ends"),
        Index("ix_scoped_links_recipient", "recipient_digest"),
        Index("ix_scoped_links_package", "package_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id"))
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossiers.id"))
    pupil_id: Mapped[UUID] = mapped_column(ForeignKey("pupils.id"))
    creator_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    target: Mapped[LinkTarget] = mapped_column(Named(LinkTarget))
    live: Mapped[bool] = mapped_column(default=False)
    package_id: Mapped[UUID | None]
    permissions: Mapped[str] = mapped_column(String(60))
    recipient_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    recipient_digest: Mapped[str] = mapped_column(String(64))
    purpose: Mapped[str] = mapped_column(String(300))
    legal_basis: Mapped[LegalBasis] = mapped_column(Named(LegalBasis))
    language: Mapped[str] = mapped_column(String(5), default="nl")
    starts: Mapped[datetime]
    ends: Mapped[datetime]
    max_openings: Mapped[int | None]
    openings: Mapped[int] = mapped_column(default=0)
    verification: Mapped[Verification] = mapped_column(Named(Verification))
    access_code_hash: Mapped[str | None] = mapped_column(String(200))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    watermark: Mapped[bool] = mapped_column(default=True)
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    revoked_for: Mapped[LinkEnd | None] = mapped_column(Named(LinkEnd))
    locked_at: Mapped[datetime | None]
    unlocked_at: Mapped[datetime | None]
    first_viewed_at: Mapped[datetime | None]
    owner_told_at: Mapped[datetime | None]
    ending_told_at: Mapped[datetime | None]
    row_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]


class ScopedLinkDocumentRow(Base):
    """A document of a frozen list: this version, in this place. Ids only; the row outlives the document.

    `copy_id`: the rendition of the redacted copy that goes in its stead; made anew or gone, nothing of it goes.
    """

    __tablename__ = "scoped_link_documents"
    __table_args__ = (
        Index("ix_scoped_link_documents_document", "document_id"),
        Index("ix_scoped_link_documents_placement", "placement_id"),
    )

    link_id: Mapped[UUID] = mapped_column(ForeignKey("scoped_links.id"), primary_key=True)
    document_id: Mapped[UUID] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("document_versions.id"))
    placement_id: Mapped[UUID] = mapped_column(ForeignKey("placements.id"))
    copy_id: Mapped[UUID | None]


class ScopedLinkCategoryRow(Base):
    """A category that a live part of a dossier opens."""

    __tablename__ = "scoped_link_categories"

    link_id: Mapped[UUID] = mapped_column(ForeignKey("scoped_links.id"), primary_key=True)
    category: Mapped[str] = mapped_column(String(20), primary_key=True)
