"""Accounts, the roles they hold, their sessions and tokens."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from dms.db.tables.base import Base, fresh


class UserRow(Base):
    """A person with an account. E-mail is kept in lower case. `row_version` covers the roles and groups too."""

    __tablename__ = "users"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(5), default="nl")
    disabled_at: Mapped[datetime | None]
    row_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]


class RoleHeldRow(Base):
    """A role held at a school, or at a whole board (school empty), on days in [since, until)."""

    __tablename__ = "roles_held"
    __table_args__ = (Index("ix_roles_held_user", "user_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    role: Mapped[str] = mapped_column(String(40))
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id"))
    school_id: Mapped[UUID | None] = mapped_column(ForeignKey("schools.id"))
    since: Mapped[date | None]
    until: Mapped[date | None]


class SessionRow(Base):
    """A sign-in at the screens. The cookie holds a random token of which only the digest is kept.

    It ends after `idle_minutes` without a request and after `most_minutes` in all. `verified_at`: when the person last
    showed who she is. `device` names browser and system, for the person's own list.
    """

    __tablename__ = "sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    school_id: Mapped[UUID | None] = mapped_column(ForeignKey("schools.id"))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    idle_minutes: Mapped[int] = mapped_column(default=30)
    most_minutes: Mapped[int] = mapped_column(default=720)
    verified_at: Mapped[datetime | None]
    method: Mapped[str] = mapped_column(String(20), default="password")
    device: Mapped[str] = mapped_column(String(60), default="")


class ApiTokenRow(Base):
    """A bearer token of a user; only its digest is kept. Scope is a space-separated list of words."""

    __tablename__ = "api_tokens"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    scope: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(100), default="")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class PasswordLinkRow(Base):
    """A link with which a person sets a password of their own, once; only its digest is kept."""

    __tablename__ = "password_links"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
