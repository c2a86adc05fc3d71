"""Dossiers, documents, their immutable versions and renditions, placements and shields."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dms.db.tables.base import Base, Named, fresh
from dms.model.documents import DossierState, PlacementState, Rendition, Source


class DossierRow(Base):
    """The dossier of one pupil row."""

    __tablename__ = "dossiers"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id"))
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"), index=True)
    pupil_id: Mapped[UUID] = mapped_column(ForeignKey("pupils.id"), unique=True)
    state: Mapped[DossierState] = mapped_column(Named(DossierState))
    opened_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    created_at: Mapped[datetime]


class DocumentRow(Base):
    """A document. Its key in the key store has the same id. `row_version` guards against lost updates;
    `index_version` rises with every change that the index must follow.
    """

    __tablename__ = "documents"
    __table_args__ = (Index("ix_documents_school_created", "school_id", "created_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id"))
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    item_id: Mapped[UUID | None] = mapped_column(ForeignKey("intake_items.id"), unique=True)
    title: Mapped[str] = mapped_column(String(300))
    document_date: Mapped[date | None]
    fields: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    source: Mapped[Source] = mapped_column(Named(Source))
    current_version: Mapped[int] = mapped_column(default=1)
    confidence: Mapped[float | None]
    filed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    confirmed_at: Mapped[datetime | None]
    row_version: Mapped[int] = mapped_column(default=1)
    index_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class DocumentVersionRow(Base):
    """One version of a document's content. Never changes. `digest` is keyed per school."""

    __tablename__ = "document_versions"
    __table_args__ = (
        UniqueConstraint("document_id", "number"),
        Index("ix_document_versions_digest", "digest"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    document_id: Mapped[UUID] = mapped_column(ForeignKey("documents.id"))
    number: Mapped[int]
    file_name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    pages: Mapped[int]
    text_source: Mapped[str] = mapped_column(String(10), default="")
    text_confidence: Mapped[float | None]
    created_at: Mapped[datetime]


class RenditionRow(Base):
    """One object in the store: the original or something made from it. The row exists before its document does,
    because the desk shows pages of what is not filed yet; `document_id` is the one that the item will get.
    """

    __tablename__ = "renditions"
    __table_args__ = (UniqueConstraint("document_id", "version", "kind", "page"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    document_id: Mapped[UUID]
    version: Mapped[int]
    kind: Mapped[Rendition] = mapped_column(Named(Rendition))
    page: Mapped[int] = mapped_column(default=0)
    object_key: Mapped[str] = mapped_column(String(300), unique=True)
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(BigInteger)
    width: Mapped[int | None]
    height: Mapped[int | None]
    confidence: Mapped[float | None]
    created_at: Mapped[datetime]


class PlacementRow(Base):
    """A document in a dossier, with its category, level and state. Rights, holds and terms are judged here.

    School, board and pupil repeat what the dossier says, so that one row answers who may see it.
    `due_*`, `rule_version` and `due_reason` are written by the retention rules.
    """

    __tablename__ = "placements"
    __table_args__ = (
        UniqueConstraint("document_id", "dossier_id"),
        Index("ix_placements_school_category", "school_id", "category", "state"),
        Index("ix_placements_board_category", "board_id", "category", "document_id", "state"),
        Index("ix_placements_pupil", "pupil_id"),
        Index("ix_placements_dossier", "dossier_id"),
        Index("ix_placements_due", "due_from", "id"),
        Index("ix_placements_school_due", "school_id", "due_from", "state"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    document_id: Mapped[UUID] = mapped_column(ForeignKey("documents.id"))
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossiers.id"))
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id"))
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    pupil_id: Mapped[UUID] = mapped_column(ForeignKey("pupils.id"))
    category: Mapped[str] = mapped_column(String(20))
    category_version_id: Mapped[UUID] = mapped_column(ForeignKey("category_versions.id"))
    level: Mapped[int]
    state: Mapped[PlacementState] = mapped_column(Named(PlacementState), default=PlacementState.ACTIVE)
    confirmed: Mapped[bool] = mapped_column(default=False)
    due_from: Mapped[date | None]
    due_by: Mapped[date | None]
    rule_version: Mapped[int | None]
    due_reason: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class ShieldRow(Base):
    """A shield (afscherming) on days in [since, until): over a document, a dossier, or one category of a dossier."""

    __tablename__ = "shields"
    __table_args__ = (Index("ix_shields_dossier", "dossier_id"), Index("ix_shields_document", "document_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id"))
    dossier_id: Mapped[UUID | None] = mapped_column(ForeignKey("dossiers.id"))
    category: Mapped[str | None] = mapped_column(String(20))
    document_id: Mapped[UUID | None] = mapped_column(ForeignKey("documents.id"))
    reason: Mapped[str] = mapped_column(String(500))
    since: Mapped[date | None]
    until: Mapped[date | None]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    lifted_by: Mapped[UUID | None]
    lifted_at: Mapped[datetime | None]


class ShieldPersonRow(Base):
    """A person whom a shield admits."""

    __tablename__ = "shield_people"

    shield_id: Mapped[UUID] = mapped_column(ForeignKey("shields.id"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
