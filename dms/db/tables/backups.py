"""Backups that were made, and how far the ledger of destructions has been followed."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from dms.db.tables.base import Base, Named, fresh
from dms.model.backups import BackupState


class BackupRow(Base):
    """A backup. Its key in the key store has the same id and is destroyed on `unreadable_on`, Amsterdam time.

    `made_at` is the instant of the picture of the database in it. `key_in_file`: its key lies, under the root key, in
    the file of keys too, so that file has to go as well. `file` and `keys_file` are where they were put at first.
    """

    __tablename__ = "backups"
    __table_args__ = (Index("ix_backups_state", "state", "unreadable_on"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    state: Mapped[BackupState] = mapped_column(Named(BackupState))
    made_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    unreadable_on: Mapped[date]
    destroyed_at: Mapped[datetime | None]
    file: Mapped[str] = mapped_column(String(1000), default="")
    keys_file: Mapped[str] = mapped_column(String(1000), default="")
    key_in_file: Mapped[bool] = mapped_column(default=False)
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    documents: Mapped[int] = mapped_column(default=0)
    objects: Mapped[int] = mapped_column(default=0)
    missing: Mapped[int] = mapped_column(default=0)
    ledger_lines: Mapped[int] = mapped_column(default=0)


class LedgerReachRow(Base):
    """How far the database is in step with the ledger: so many lines, the digest of the last, the file's size then.

    One row, `id` 1. Lines after it are compared again (see `dms.services.backup.step`).
    """

    __tablename__ = "ledger_reach"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    lines: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)
