"""Categories with their typed fields, versioned per board; and the adopted rights matrix."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dms.db.tables.base import Base, fresh


class CategoryRow(Base):
    """A category of a board, by its code. What it says stands in its versions."""

    __tablename__ = "categories"
    __table_args__ = (UniqueConstraint("board_id", "code"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id"))
    code: Mapped[str] = mapped_column(String(20))
    current_version_id: Mapped[UUID | None]


class CategoryVersionRow(Base):
    """One version of a category. Never changes. Terms are ISO 8601 durations; empty is unknown or none."""

    __tablename__ = "category_versions"
    __table_args__ = (UniqueConstraint("category_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    category_id: Mapped[UUID] = mapped_column(ForeignKey("categories.id"))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    group: Mapped[str] = mapped_column("category_group", String(40))
    level: Mapped[int]
    fields: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    active: Mapped[bool] = mapped_column(default=True)
    search_words: Mapped[str] = mapped_column(String(500), default="")
    reason: Mapped[str] = mapped_column(String(500), default="")
    transfer_kind: Mapped[str] = mapped_column(String(10), default="")
    trigger: Mapped[str] = mapped_column("retention_trigger", String(60), default="")
    minimum: Mapped[str] = mapped_column(String(12), default="")
    maximum: Mapped[str] = mapped_column(String(12), default="")
    action: Mapped[str] = mapped_column(String(40))
    blocked: Mapped[bool] = mapped_column(default=False)
    legal_basis: Mapped[str] = mapped_column(String(300), default="")
    source: Mapped[str] = mapped_column(String(300), default="")
    certainty: Mapped[str] = mapped_column(String(10), default="")
    remark: Mapped[str] = mapped_column(String(500), default="")
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]


class MatrixVersionRow(Base):
    """A version of a board's rights matrix; the highest number is in force."""

    __tablename__ = "matrix_versions"
    __table_args__ = (UniqueConstraint("board_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id"))
    number: Mapped[int]
    reason: Mapped[str] = mapped_column(String(500), default="")
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    approved_by: Mapped[UUID | None]
    restored_from: Mapped[int | None]
    created_at: Mapped[datetime]


class MatrixLineRow(Base):
    """One line of a version. Categories and actions are space-separated, as in the school's own table."""

    __tablename__ = "matrix_lines"
    __table_args__ = (UniqueConstraint("matrix_version_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    matrix_version_id: Mapped[UUID] = mapped_column(ForeignKey("matrix_versions.id"))
    number: Mapped[int]
    role: Mapped[str] = mapped_column(String(40))
    reach: Mapped[str] = mapped_column(String(40))
    level: Mapped[int]
    categories: Mapped[str] = mapped_column(String(1000), default="")
    actions: Mapped[str] = mapped_column(String(300), default="")
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    note: Mapped[str] = mapped_column(String(500), default="")
    condition: Mapped[str] = mapped_column(String(20), default="")
