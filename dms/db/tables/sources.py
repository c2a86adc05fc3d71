"""Sources at work: scanner folders, mailboxes with their senders and messages, uploads in pieces, and releases."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dms.db.tables.base import Base, Named, fresh
from dms.model.sources import MailState, ReleaseState, SourceDesk


class SourceRun:
    """How a source does: `asked_at` is when a person asked for a run now, `trouble_*` why the last one failed.

    `taken` and `failed` count since the source was made.
    """

    asked_at: Mapped[datetime | None]
    run_at: Mapped[datetime | None]
    taken_at: Mapped[datetime | None]
    taken: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    trouble_since: Mapped[datetime | None]
    trouble_code: Mapped[str] = mapped_column(String(60), default="")
    trouble_text: Mapped[str] = mapped_column(String(500), default="")
    trouble_params: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    trouble_advice: Mapped[str] = mapped_column(String(500), default="")


class ScanFolderRow(Base, SourceRun):
    """A scanner folder of a school with its profile. `folder` is a path below the school's own scan folder."""

    __tablename__ = "scan_folders"
    __table_args__ = (UniqueConstraint("school_id", "folder"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    name: Mapped[str] = mapped_column(String(100))
    folder: Mapped[str] = mapped_column(String(200))
    open: Mapped[bool] = mapped_column(default=True)
    duplex: Mapped[bool] = mapped_column(default=False)
    separators: Mapped[bool] = mapped_column(default=True)
    desk: Mapped[SourceDesk] = mapped_column(Named(SourceDesk), default=SourceDesk.BY_CONTENT)
    quiet_seconds: Mapped[int] = mapped_column(default=5)
    keep: Mapped[bool] = mapped_column(default=False)
    row_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class MailboxRow(Base, SourceRun):
    """A mailbox of a school. `secret_sealed` and `client_secret_sealed` are sealed under the row's own id."""

    __tablename__ = "mailboxes"
    __table_args__ = (UniqueConstraint("school_id", "host", "login", "folder"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    name: Mapped[str] = mapped_column(String(100))
    open: Mapped[bool] = mapped_column(default=True)
    address: Mapped[str] = mapped_column(String(254))
    host: Mapped[str] = mapped_column(String(253))
    port: Mapped[int]
    security: Mapped[str] = mapped_column(String(20))
    login: Mapped[str] = mapped_column(String(254))
    method: Mapped[str] = mapped_column(String(20))
    secret_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    token_url: Mapped[str] = mapped_column(String(300), default="")
    client_id: Mapped[str] = mapped_column(String(200), default="")
    client_secret_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    folder: Mapped[str] = mapped_column(String(200), default="INBOX")
    done_folder: Mapped[str] = mapped_column(String(200))
    refused_folder: Mapped[str] = mapped_column(String(200))
    authserv_id: Mapped[str] = mapped_column(String(253), default="")
    strangers: Mapped[str] = mapped_column(String(20), default="desk")
    answers: Mapped[str] = mapped_column(String(20), default="none")
    row_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class SenderRuleRow(Base):
    """What a mailbox does with mail of a sender (an address, `@domain`, `*.domain`): let it in or refuse it.

    `category` and `pupil_id` are suggested for what comes from there; they decide nothing.
    """

    __tablename__ = "sender_rules"
    __table_args__ = (UniqueConstraint("mailbox_id", "pattern"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    mailbox_id: Mapped[UUID] = mapped_column(ForeignKey("mailboxes.id"))
    pattern: Mapped[str] = mapped_column(String(254))
    allow: Mapped[bool] = mapped_column(default=True)
    category: Mapped[str | None] = mapped_column(String(20))
    pupil_id: Mapped[UUID | None] = mapped_column(ForeignKey("pupils.id"))
    created_at: Mapped[datetime]


class MailMessageRow(Base):
    """One mail that a mailbox took or refused. `mark` is a keyed digest of what makes it this mail.

    `sealed` is sender, subject and date, sealed under the row's own id; `verified`: the receiving server vouches for
    the sender's domain.
    """

    __tablename__ = "mail_messages"
    __table_args__ = (
        UniqueConstraint("mailbox_id", "mark"),
        Index("ix_mail_messages_intake", "intake_id"),
        Index("ix_mail_messages_list", "mailbox_id", "state", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    mailbox_id: Mapped[UUID] = mapped_column(ForeignKey("mailboxes.id"))
    mark: Mapped[str] = mapped_column(String(64))
    uid_validity: Mapped[int] = mapped_column(BigInteger)
    uid: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[MailState] = mapped_column(Named(MailState))
    verified: Mapped[bool] = mapped_column(default=False)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    intake_id: Mapped[UUID | None] = mapped_column(ForeignKey("intakes.id"))
    reason_code: Mapped[str] = mapped_column(String(60), default="")
    reason_text: Mapped[str] = mapped_column(String(500), default="")
    answer: Mapped[bool] = mapped_column(default=False)
    answered_at: Mapped[datetime | None]
    moved_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class UploadRow(Base):
    """A file that a browser sends in pieces. `received` bytes of `size` lie encrypted under the row's own id."""

    __tablename__ = "uploads"
    __table_args__ = (UniqueConstraint("school_id", "sending_key"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    sending_key: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(255))
    size: Mapped[int] = mapped_column(BigInteger)
    received: Mapped[int] = mapped_column(BigInteger, default=0)
    intake_id: Mapped[UUID | None] = mapped_column(ForeignKey("intakes.id"))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class UploadPieceRow(Base):
    """One piece of an upload, in the vault."""

    __tablename__ = "upload_pieces"
    __table_args__ = (UniqueConstraint("upload_id", "start"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    upload_id: Mapped[UUID] = mapped_column(ForeignKey("uploads.id"))
    start: Mapped[int] = mapped_column(BigInteger)
    size: Mapped[int] = mapped_column(BigInteger)
    object_key: Mapped[str] = mapped_column(String(300))


class ReleaseRow(Base):
    """A wish to let in what the virus scanner set apart. Nobody decides on a wish of their own."""

    __tablename__ = "releases"
    __table_args__ = (Index("ix_releases_item", "item_id", "state"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("intake_items.id"))
    state: Mapped[ReleaseState] = mapped_column(Named(ReleaseState))
    reason: Mapped[str] = mapped_column(String(60))
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
