"""What happens at the door of a scoped link: challenges, visits, what a visitor did, and how often somebody tried."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Float, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from dms.db.tables.base import Base, Named, fresh
from dms.model.links import LinkEventKind


class LinkChallengeRow(Base):
    """A visitor was asked for a code. `token_digest` is of the cookie that binds the code to this browser.

    `code_digest`: keyed digest of the code that was sent by e-mail; none where the code is the link's own. A challenge
    opens once (`used_at`), counts its wrong codes in `tries`, and is worth nothing from `expires_at` on.
    """

    __tablename__ = "link_challenges"
    __table_args__ = (Index("ix_link_challenges_link", "link_id", "created_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    link_id: Mapped[UUID] = mapped_column(ForeignKey("scoped_links.id", ondelete="CASCADE"))
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    code_digest: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]


class LinkSessionRow(Base):
    """A visit: somebody gave the right code. Only the digest of its cookie is kept; it is good for this link alone."""

    __tablename__ = "link_sessions"
    __table_args__ = (Index("ix_link_sessions_link", "link_id", "started_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    link_id: Mapped[UUID] = mapped_column(ForeignKey("scoped_links.id", ondelete="CASCADE"))
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    place: Mapped[str] = mapped_column(String(64))
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ScopedLinkEventRow(Base):
    """One thing that a visitor did. `place` is a keyed digest of the address it came from: equal ones are one place.

    `document_id` and `version` (a number) say of what, where it was a document. Ids only; rows outlive the document.
    """

    __tablename__ = "scoped_link_events"
    __table_args__ = (
        Index("ix_scoped_link_events_link", "link_id", "at"),
        Index("ix_scoped_link_events_document", "document_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    link_id: Mapped[UUID] = mapped_column(ForeignKey("scoped_links.id", ondelete="CASCADE"))
    kind: Mapped[LinkEventKind] = mapped_column(Named(LinkEventKind))
    at: Mapped[datetime]
    place: Mapped[str] = mapped_column(String(64))
    session_id: Mapped[UUID | None]
    document_id: Mapped[UUID | None]
    version: Mapped[int | None]


class LinkCounterRow(Base):
    """How often something was tried under a key (a digest of its kind and of what it is about).

    `level` sinks with time where the reader of the counter says so; `changed_at` is when it was written last.
    """

    __tablename__ = "link_counters"
    __table_args__ = (Index("ix_link_counters_changed", "changed_at"),)

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    level: Mapped[float] = mapped_column(Float, default=0.0)
    changed_at: Mapped[datetime]
