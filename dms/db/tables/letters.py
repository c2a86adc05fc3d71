"""Letters by mail that wait or went, the texts of a school, and what a person wants to get."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dms.db.tables.base import Base, Named, fresh
from dms.model.letters import LetterKind, LetterState


class LetterRow(Base):
    """A letter. Those of one `bundle_id` go in one mail, to a user or to an address sealed under `address_key`.

    `params` are counts, days and addresses of pages. A code or link is sealed under `secret_key`. Address and secret
    are emptied as soon as the letter went or will not go.
    """

    __tablename__ = "letters"
    __table_args__ = (Index("ix_letters_waiting", "user_id", "school_id", "state"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    bundle_id: Mapped[UUID] = mapped_column(index=True)
    kind: Mapped[LetterKind] = mapped_column(Named(LetterKind))
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"), index=True)
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    address_key: Mapped[UUID | None]
    address_column: Mapped[str] = mapped_column(String(80), default="")
    address_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    secret_key: Mapped[UUID | None]
    secret_column: Mapped[str] = mapped_column(String(80), default="")
    secret_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    language: Mapped[str] = mapped_column(String(5))
    params: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[LetterState] = mapped_column(Named(LetterState))
    attempts: Mapped[int] = mapped_column(default=0)
    fault: Mapped[str] = mapped_column(String(60), default="")
    posted_at: Mapped[datetime]
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]


class LetterTextRow(Base):
    """A school's own text of a kind of letter in a language; the highest `number` counts. Empty: the default again."""

    __tablename__ = "letter_texts"
    __table_args__ = (UniqueConstraint("school_id", "kind", "language", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    kind: Mapped[LetterKind] = mapped_column(Named(LetterKind))
    language: Mapped[str] = mapped_column(String(5))
    number: Mapped[int]
    subject: Mapped[str] = mapped_column(String(200), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    changed_at: Mapped[datetime]


class LetterChoiceRow(Base):
    """A kind of letter that a person asked for."""

    __tablename__ = "letter_choices"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    kind: Mapped[LetterKind] = mapped_column(Named(LetterKind), primary_key=True)


class LetterPaceRow(Base):
    """How often a person gets mail at most: a word of `dms.model.letters.INTERVALS`."""

    __tablename__ = "letter_paces"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    pace: Mapped[str] = mapped_column(String(10))
