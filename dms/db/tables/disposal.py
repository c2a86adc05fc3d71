"""Disposal lists (vernietigingslijsten) and their items."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from dms.db.tables.base import Base, Named, fresh
from dms.model.disposal import Answer, DisposalStep, ListKind, ListState

CLAIMING = text("state NOT IN ('excluded', 'certified', 'kept')")
"""Items that claim their placement (see `CLOSED_STEPS`): a placement has at most one such item."""

APPROVED_STATES = "'approved', 'waiting', 'executing', 'verifying', 'sent', 'received', 'completed', 'partly_failed'"


class DisposalListRow(Base):
    """A list of placements of one school that are proposed for disposal.

    Two people are needed, and the database holds to it: who proposed cannot approve, and no list gets past the
    approval without somebody who did. `waits_until`: before this instant nothing starts. `receipt` is what the
    receiver of a transfer confirmed with. `row_version` guards against lost updates.
    """

    __tablename__ = "disposal_lists"
    __table_args__ = (
        CheckConstraint("approved_by <> proposed_by", name="second_person"),
        CheckConstraint(f"state NOT IN ({APPROVED_STATES}) OR approved_by IS NOT NULL", name="approved"),
        Index("ix_disposal_lists_school", "school_id", "created_at"),
        Index("ix_disposal_lists_board", "board_id", "state"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id"))
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[ListKind] = mapped_column(Named(ListKind))
    state: Mapped[ListState] = mapped_column(Named(ListState))
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    submitted_at: Mapped[datetime | None]
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    approved_at: Mapped[datetime | None]
    waits_until: Mapped[datetime | None]
    sent_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    sent_at: Mapped[datetime | None]
    received_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    received_at: Mapped[datetime | None]
    receipt: Mapped[str] = mapped_column(String(200), default="")
    started_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    aborted_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    aborted_at: Mapped[datetime | None]
    abort_reason: Mapped[str] = mapped_column(String(500), default="")
    rule_version: Mapped[int]
    row_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]


class DisposalItemRow(Base):
    """One placement on a list. What it says of placement, term and content is as it was when it was last reviewed;
    everything is decided again before anything goes.

    The ids of what may be destroyed are no foreign keys: this row outlives them. `content_version` and `content_hash`
    (the keyed digest of that version) tell whether the document changed since. `state_reason` is a code.
    `answer_reason` is free text of the reviewer, to be erased when the item is certified.
    """

    __tablename__ = "disposal_items"
    __table_args__ = (
        UniqueConstraint("list_id", "placement_id"),
        Index("ix_disposal_items_claim", "placement_id", unique=True, sqlite_where=CLAIMING, postgresql_where=CLAIMING),
        Index("ix_disposal_items_step", "list_id", "state"),
        Index("ix_disposal_items_placement", "placement_id"),
        Index("ix_disposal_items_document", "document_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    list_id: Mapped[UUID] = mapped_column(ForeignKey("disposal_lists.id"))
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id"))
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    placement_id: Mapped[UUID]
    document_id: Mapped[UUID]
    dossier_id: Mapped[UUID]
    pupil_id: Mapped[UUID]
    category: Mapped[str] = mapped_column(String(20))
    action: Mapped[str] = mapped_column(String(40))
    due_from: Mapped[date]
    due_by: Mapped[date | None]
    rule_version: Mapped[int]
    legal_basis: Mapped[str] = mapped_column(String(300), default="")
    content_version: Mapped[int]
    content_hash: Mapped[str] = mapped_column(String(64))
    answer: Mapped[Answer | None] = mapped_column(Named(Answer))
    answer_reason: Mapped[str] = mapped_column(String(500), default="")
    answer_until: Mapped[date | None]
    answer_category: Mapped[str | None] = mapped_column(String(20))
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    answered_at: Mapped[datetime | None]
    state: Mapped[DisposalStep] = mapped_column(Named(DisposalStep), default=DisposalStep.OPEN)
    state_reason: Mapped[str] = mapped_column(String(60), default="")
    lease_owner: Mapped[str | None] = mapped_column(String(100))
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    step_at: Mapped[datetime | None]
