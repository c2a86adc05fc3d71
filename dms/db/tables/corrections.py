"""What families report as changed or wrong in their data. Old and new value are sealed under the pupil's key."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from dms.db.tables.base import Base, Named, fresh
from dms.model.corrections import CorrectionState


class CorrectionRow(Base):
    """One field that somebody reported. `field` is a code of `dms.model.corrections.FIELDS`; `values_sealed` holds old,
    new, remark and the school's reason. `exported_at`: the line for the LAS was fetched.
    """

    __tablename__ = "corrections"
    __table_args__ = (Index("ix_corrections_school_state", "school_id", "state"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id"))
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    pupil_id: Mapped[UUID] = mapped_column(ForeignKey("pupils.id"), index=True)
    carer_id: Mapped[UUID | None] = mapped_column(ForeignKey("carers.id"), index=True)
    field: Mapped[str] = mapped_column(String(40))
    values_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[CorrectionState] = mapped_column(Named(CorrectionState))
    reported_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    reported_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    exported_at: Mapped[datetime | None]
    row_version: Mapped[int] = mapped_column(default=1)
