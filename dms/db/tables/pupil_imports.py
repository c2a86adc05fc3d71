"""Imports of pupil files, what a school saved for them, and what identifies pupils and groups in other systems."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dms.db.tables.base import Base, Named, fresh
from dms.model.pupil_files import EndDay, FileFormat, ImportState


class PupilImportRow(Base):
    """The import of one file. The file and its preview lie sealed in the object store under this id; the key goes
    with them. `choices` are row numbers, kinds and ids of pupils; `notes` and `refusal` codes with their fill-ins.
    """

    __tablename__ = "pupil_imports"
    __table_args__ = (Index("ix_pupil_imports_school", "school_id", "received_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id"))
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    state: Mapped[ImportState] = mapped_column(Named(ImportState))
    received_at: Mapped[datetime]
    received_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    file_key: Mapped[str] = mapped_column(String(200), default="")
    report_key: Mapped[str] = mapped_column(String(200), default="")
    report_version: Mapped[int] = mapped_column(default=0)
    format: Mapped[FileFormat | None] = mapped_column(Named(FileFormat))
    preset: Mapped[str] = mapped_column(String(40), default="")
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    choices: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    notes: Mapped[list[Any]] = mapped_column(JSON, default=list)
    refusal: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    absent: Mapped[int] = mapped_column(default=0)
    open_conflicts: Mapped[int] = mapped_column(default=0)
    base: Mapped[str] = mapped_column(String(64), default="")
    made_on: Mapped[date | None]
    progress: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]


class PupilMappingRow(Base):
    """A school's own mapping of a list: compared heading → column, found back by the fingerprint of the headings."""

    __tablename__ = "pupil_mappings"
    __table_args__ = (UniqueConstraint("school_id", "fingerprint"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    name: Mapped[str] = mapped_column(String(100))
    fingerprint: Mapped[str] = mapped_column(String(64))
    headings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    preset: Mapped[str] = mapped_column(String(40), default="")
    end_day: Mapped[EndDay] = mapped_column(Named(EndDay))
    saved_at: Mapped[datetime]


class ImportRulesRow(Base):
    """What a school chose for its imports of pupils."""

    __tablename__ = "pupil_import_rules"

    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"), primary_key=True)
    match_eckid: Mapped[bool] = mapped_column(default=False)
    mentors: Mapped[bool] = mapped_column(default=False)


class PupilIdentifierRow(Base):
    """A key by which another system knows a pupil (`until` empty), or an identifier that the pupil had before.

    Only digests, except for a former leerlingnummer (`shown`).
    """

    __tablename__ = "pupil_identifiers"
    __table_args__ = (Index("ix_pupil_identifiers_pupil", "pupil_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    pupil_id: Mapped[UUID] = mapped_column(ForeignKey("pupils.id"))
    kind: Mapped[str] = mapped_column(String(40))
    digest: Mapped[str] = mapped_column(String(64), default="")
    shown: Mapped[str] = mapped_column(String(40), default="")
    until: Mapped[date | None]


class GroupKeyRow(Base):
    """The key by which another system knows a group, and the school year (its first year) that it was last seen in."""

    __tablename__ = "group_keys"
    __table_args__ = (UniqueConstraint("school_id", "source", "key"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    group_id: Mapped[UUID] = mapped_column(ForeignKey("groups.id"), index=True)
    source: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(64))
    school_year: Mapped[int]


class DestroyedPupilRow(Base):
    """What identified a pupil whose dossier was destroyed, as a digest, and what refers to the destruction.

    Kept so that a pupil who returns gets a new dossier that points at the record of the destruction.
    """

    __tablename__ = "destroyed_pupils"
    __table_args__ = (Index("ix_destroyed_pupils_school", "school_id", "digest"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    digest: Mapped[str] = mapped_column(String(64))
    reference: Mapped[UUID]
    destroyed_on: Mapped[date]
