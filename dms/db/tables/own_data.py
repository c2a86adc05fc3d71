"""Decisions of two people on pupils' own data, for pupils of whom no document ever went by a disposal list."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from dms.db.tables.base import Base, Named, fresh
from dms.model.disposal import OwnDataState

OPEN = text("state <> 'ended'")


class OwnDataDecisionRow(Base):
    """That one person proposed to destroy a pupil's own data, and that another approved it.

    Two people are needed, and the database holds to it. `waits_until`: nothing goes before. The pupil's id is no
    foreign key: this row outlives the pupil. A pupil has at most one decision that was not ended.
    """

    __tablename__ = "own_data_decisions"
    __table_args__ = (
        CheckConstraint("approved_by <> proposed_by", name="second_person"),
        CheckConstraint(
            "state <> 'approved' OR (approved_by IS NOT NULL AND waits_until IS NOT NULL)", name="approved"
        ),
        Index("ix_own_data_decisions_open", "pupil_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_own_data_decisions_school", "school_id", "state"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id"))
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    pupil_id: Mapped[UUID]
    state: Mapped[OwnDataState] = mapped_column(Named(OwnDataState), default=OwnDataState.PROPOSED)
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    proposed_at: Mapped[datetime]
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    approved_at: Mapped[datetime | None]
    waits_until: Mapped[datetime | None]
    ended_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str] = mapped_column(String(500), default="")
