"""Boards, schools and sites: the tenant tree."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dms.db.tables.base import Base, fresh


class BoardRow(Base):
    """A school board (bestuur): the controller, owner of schedule and matrix."""

    __tablename__ = "boards"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    row_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]


class SchoolRow(Base):
    """A school with its BRIN. A closed one (from `closed_on`) takes nothing in; its dossiers stay."""

    __tablename__ = "schools"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id"), index=True)
    brin: Mapped[str] = mapped_column(String(4), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    closed_on: Mapped[date | None]
    row_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]


class SiteRow(Base):
    """A site (vestiging) of a school; code is two digits."""

    __tablename__ = "sites"
    __table_args__ = (UniqueConstraint("school_id", "code"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    code: Mapped[str] = mapped_column(String(2))
    name: Mapped[str] = mapped_column(String(200))
    closed_on: Mapped[date | None]
    row_version: Mapped[int] = mapped_column(default=1)
