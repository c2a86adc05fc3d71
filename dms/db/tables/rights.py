"""Rights at work: roles of a board's own, drafts of its matrix, temporary access, and what carers may see when."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dms.db.tables.base import Base, fresh


class RoleRow(Base):
    """A role of the board's own. `base` is the role whose lines it began with; it has no duties of its own."""

    __tablename__ = "roles"
    __table_args__ = (UniqueConstraint("board_id", "code"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id"))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80))
    base: Mapped[str] = mapped_column(String(40))
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]


class MatrixDraftRow(Base):
    """A change of the matrix that does not count yet. `state`: open, proposed, adopted, dropped.

    `lines` are the whole matrix as it would be; `editors` the ids of everybody who changed it. A refusal opens it
    again and keeps its answer. `based_on` is the version that it started from.
    """

    __tablename__ = "matrix_drafts"
    __table_args__ = (Index("ix_matrix_drafts_board", "board_id", "state"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id"))
    state: Mapped[str] = mapped_column(String(20), default="open")
    based_on: Mapped[int]
    restored_from: Mapped[int | None]
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    editors: Mapped[list[str]] = mapped_column(JSON, default=list)
    reason: Mapped[str] = mapped_column(String(500), default="")
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    row_version: Mapped[int] = mapped_column(default=1)
    proposed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    proposed_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class TemporaryAccessRow(Base):
    """What a person opened with a reason, from `since` to `until`: a dossier, or one document of it.

    `condition` says which lines it makes count: `reden` or `noodtoegang`. The privacy officer reviews each.
    """

    __tablename__ = "temporary_access"
    __table_args__ = (
        Index("ix_temporary_access_user", "user_id", "until"),
        Index("ix_temporary_access_board", "board_id", "since"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id"))
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    condition: Mapped[str] = mapped_column(String(20))
    pupil_id: Mapped[UUID] = mapped_column(ForeignKey("pupils.id"))
    document_id: Mapped[UUID | None] = mapped_column(ForeignKey("documents.id"))
    reason: Mapped[str] = mapped_column(String(500))
    since: Mapped[datetime]
    until: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    reviewed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    reviewed_at: Mapped[datetime | None]
    remark: Mapped[str] = mapped_column(String(500), default="")


class PupilStaffRow(Base):
    """A pupil given to one member of staff (mentor, coach) on days in [since, until), apart from any group."""

    __tablename__ = "pupil_staff"
    __table_args__ = (Index("ix_pupil_staff_user", "user_id"), Index("ix_pupil_staff_pupil", "pupil_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    pupil_id: Mapped[UUID] = mapped_column(ForeignKey("pupils.id"))
    since: Mapped[date | None]
    until: Mapped[date | None]
    given_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]


class FamilyModuleRow(Base):
    """What a school opens to carers and pupils, where it differs from the default. `carers_until` is an age.

    A module of a phase is open from the day of the phase; without one from the moment that it was opened.
    """

    __tablename__ = "family_modules"
    __table_args__ = (UniqueConstraint("school_id", "code"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    code: Mapped[str] = mapped_column(String(40))
    is_open: Mapped[bool]
    carers_until: Mapped[int]
    phase_id: Mapped[UUID | None] = mapped_column(ForeignKey("family_phases.id"))
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    changed_at: Mapped[datetime]


class PupilConsentRow(Base):
    """An adult pupil's explicit consent that a carer keeps following the progress, on days in [since, until)."""

    __tablename__ = "pupil_consents"
    __table_args__ = (Index("ix_pupil_consents_carer", "carer_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    pupil_id: Mapped[UUID] = mapped_column(ForeignKey("pupils.id"))
    carer_id: Mapped[UUID] = mapped_column(ForeignKey("carers.id"))
    since: Mapped[date]
    until: Mapped[date | None]
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
