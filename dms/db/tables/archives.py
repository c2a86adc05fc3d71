"""Archives of dossiers out of an LVS with a line per file, the sources that came in, and the watched place."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dms.db.tables.base import Base, Named, fresh
from dms.model.archives import ArchiveState, Fate, WatchedState
from dms.model.events import ActorKind


class ArchiveRow(Base):
    """One archive. Its bytes lie encrypted under its own id until it is done; the lines stay as the report.

    `actor_kind`, `submitted_by` and `os_user` are who sent it: its files come in with the rights of that person.
    """

    __tablename__ = "dossier_archives"
    __table_args__ = (Index("ix_dossier_archives_school", "school_id", "created_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id"))
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    name: Mapped[str] = mapped_column(String(255))
    size: Mapped[int] = mapped_column(BigInteger)
    object_key: Mapped[str] = mapped_column(String(300))
    state: Mapped[ArchiveState] = mapped_column(Named(ArchiveState))
    with_manifest: Mapped[bool] = mapped_column(default=False)
    actor_kind: Mapped[ActorKind] = mapped_column(Named(ActorKind))
    submitted_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    os_user: Mapped[str | None] = mapped_column(String(100))
    reason_code: Mapped[str] = mapped_column(String(60), default="")
    reason_text: Mapped[str] = mapped_column(String(500), default="")
    reason_params: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    advice_text: Mapped[str] = mapped_column(String(500), default="")
    lines: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class ArchiveLineRow(Base):
    """One file of an archive, or of its manifest. `position` is its place in the archive; `digest` and `source_key`
    (as in `DossierSourceRow`) are known once its bytes were read; `settled`: nothing more is done with it. `item_id` is
    what came of it, for a duplicate the item that was there already.
    """

    __tablename__ = "dossier_archive_lines"
    __table_args__ = (
        UniqueConstraint("archive_id", "number"),
        Index("ix_dossier_archive_lines_source", "archive_id", "source_key"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    archive_id: Mapped[UUID] = mapped_column(ForeignKey("dossier_archives.id"))
    number: Mapped[int]
    position: Mapped[int | None]
    path: Mapped[str] = mapped_column(String(600))
    size: Mapped[int] = mapped_column(BigInteger)
    fate: Mapped[Fate] = mapped_column(Named(Fate))
    reason_code: Mapped[str] = mapped_column(String(60))
    reason_text: Mapped[str] = mapped_column(String(500))
    reason_params: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    pupil_id: Mapped[UUID | None] = mapped_column(ForeignKey("pupils.id"))
    suggested: Mapped[list[str]] = mapped_column(JSON, default=list)
    category: Mapped[str | None] = mapped_column(String(20))
    likely: Mapped[str | None] = mapped_column(String(20))
    day: Mapped[date | None]
    title: Mapped[str] = mapped_column(String(300), default="")
    sha256: Mapped[str] = mapped_column(String(64), default="")
    source_id: Mapped[str] = mapped_column(String(300), default="")
    level: Mapped[int | None]
    digest: Mapped[str] = mapped_column(String(64), default="")
    source_key: Mapped[str] = mapped_column(String(64), default="")
    settled: Mapped[bool] = mapped_column(default=False)
    item_id: Mapped[UUID | None] = mapped_column(ForeignKey("intake_items.id"))


class DossierSourceRow(Base):
    """What came in from which source. `source_key` is a keyed digest of the school's own id of the document, or of
    pupil and bytes: the same again is not taken in twice. `digest` is of the bytes, keyed per school.
    """

    __tablename__ = "dossier_sources"
    __table_args__ = (UniqueConstraint("school_id", "source_key"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    source_key: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    item_id: Mapped[UUID] = mapped_column(ForeignKey("intake_items.id"))
    created_at: Mapped[datetime]


class WatchRuleRow(Base):
    """What a school chose for files that come by themselves: whether changes without conflict are applied."""

    __tablename__ = "watch_rules"

    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"), primary_key=True)
    apply_alone: Mapped[bool] = mapped_column(default=False)
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    changed_at: Mapped[datetime]


class WatchedFileRow(Base):
    """A file that came by the watched place or a program. `mark` tells this very file from the next of that name.

    `import_id` is the import of pupils, or the archive, that came of it.
    """

    __tablename__ = "watched_files"
    __table_args__ = (
        UniqueConstraint("school_id", "mark"),
        Index("ix_watched_files_import", "import_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    name: Mapped[str] = mapped_column(String(255))
    mark: Mapped[str] = mapped_column(String(64))
    state: Mapped[WatchedState] = mapped_column(Named(WatchedState))
    kind: Mapped[str] = mapped_column(String(20), default="")
    import_id: Mapped[UUID | None]
    reason_code: Mapped[str] = mapped_column(String(60), default="")
    created_at: Mapped[datetime]
