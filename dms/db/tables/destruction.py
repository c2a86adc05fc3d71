"""Destruction: its runs with their items, the lines of what went, tombstones and certificates."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dms.db.tables.base import Base, Named, fresh
from dms.model.destruction import RunKind, RunState, Thing
from dms.model.disposal import DisposalStep


class DestructionRunRow(Base):
    """One destruction: of an approved list, of the bin of a school, or of pupils' own data.

    `round` rises with each retry; each round that destroyed something has a certificate of its own. The lease is for
    the verification, which one process does. `report` is what the absence check looked at (names of places and
    counts). The run's id is also the id of the key under which its probes lie.
    """

    __tablename__ = "destruction_runs"
    __table_args__ = (
        UniqueConstraint("list_id"),
        Index("ix_destruction_runs_state", "state"),
        Index("ix_destruction_runs_school", "school_id", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    kind: Mapped[RunKind] = mapped_column(Named(RunKind))
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id"))
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    list_id: Mapped[UUID | None] = mapped_column(ForeignKey("disposal_lists.id"))
    state: Mapped[RunState] = mapped_column(Named(RunState))
    round: Mapped[int] = mapped_column(default=1)
    index_asked: Mapped[bool] = mapped_column(default=False)
    purged_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
    report: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    fault: Mapped[str] = mapped_column(String(60), default="")
    lease_owner: Mapped[str | None] = mapped_column(String(100))
    lease_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class DestructionItemRow(Base):
    """Something that goes without being an item of a list: what lay in the bin too long, or a pupil's own data.

    The columns that both have are those of `DisposalItemRow`; `placement_id` is the pupil's id for a pupil.
    """

    __tablename__ = "destruction_items"
    __table_args__ = (
        UniqueConstraint("run_id", "placement_id"),
        Index("ix_destruction_items_step", "run_id", "state"),
        Index("ix_destruction_items_placement", "placement_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    run_id: Mapped[UUID] = mapped_column(ForeignKey("destruction_runs.id"))
    thing: Mapped[Thing] = mapped_column(Named(Thing))
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id"))
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    placement_id: Mapped[UUID]
    document_id: Mapped[UUID]
    pupil_id: Mapped[UUID]
    category: Mapped[str] = mapped_column(String(20))
    state: Mapped[DisposalStep] = mapped_column(Named(DisposalStep), default=DisposalStep.READY)
    state_reason: Mapped[str] = mapped_column(String(60), default="")
    lease_owner: Mapped[str | None] = mapped_column(String(100))
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    step_at: Mapped[datetime | None]


class DestructionLineRow(Base):
    """What is, or is being, destroyed: written before its key goes, so that nothing goes without a line.

    `id` is that of the item. `whole`: the document itself goes, not only this place of it. `pseudonym` is a keyed
    digest, the only thing of it that a certificate names. No ids are foreign keys: the line outlives what it is about.
    """

    __tablename__ = "destruction_lines"
    __table_args__ = (
        Index("ix_destruction_lines_run", "run_id", "round"),
        Index("ix_destruction_lines_document", "document_id"),
        Index("ix_destruction_lines_pupil", "pupil_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    run_id: Mapped[UUID] = mapped_column(ForeignKey("destruction_runs.id"))
    round: Mapped[int]
    thing: Mapped[Thing] = mapped_column(Named(Thing))
    board_id: Mapped[UUID]
    school_id: Mapped[UUID]
    placement_id: Mapped[UUID]
    document_id: Mapped[UUID]
    pupil_id: Mapped[UUID]
    whole: Mapped[bool]
    category: Mapped[str] = mapped_column(String(20))
    action: Mapped[str] = mapped_column(String(40), default="")
    rule_version: Mapped[int]
    legal_basis: Mapped[str] = mapped_column(String(300), default="")
    due_from: Mapped[date | None]
    due_by: Mapped[date | None]
    document_date: Mapped[date | None]
    pseudonym: Mapped[str] = mapped_column(String(32))
    tombstones: Mapped[list[str]] = mapped_column(JSON, default=list)
    ledger_number: Mapped[int | None]
    destroyed_at: Mapped[datetime | None]
    certificate_id: Mapped[UUID | None]


class DestructionProbeRow(Base):
    """What the absence check looks for of one item, sealed under the key of its run; that key dies with the run."""

    __tablename__ = "destruction_probes"

    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    run_id: Mapped[UUID] = mapped_column(ForeignKey("destruction_runs.id"), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class TombstoneRow(Base):
    """The keyed digest of bytes that were destroyed at a school: the same does not come in again without a reason.

    `line_id` is the line of the destruction. `overridden_by` and `overridden_at`: somebody gave a reason, which
    stands in the log; from then on the same may come in.
    """

    __tablename__ = "tombstones"
    __table_args__ = (UniqueConstraint("school_id", "digest"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    digest: Mapped[str] = mapped_column(String(64))
    line_id: Mapped[UUID]
    destroyed_on: Mapped[date]
    overridden_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    overridden_at: Mapped[datetime | None]


class DestructionCertificateRow(Base):
    """A certificate of destruction (verklaring van vernietiging): the signed text, byte for byte, for ever.

    `number` counts per board from 1; `previous` is the digest of the one before.
    """

    __tablename__ = "destruction_certificates"
    __table_args__ = (UniqueConstraint("board_id", "number"), UniqueConstraint("run_id", "round"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id"))
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    run_id: Mapped[UUID] = mapped_column(ForeignKey("destruction_runs.id"))
    round: Mapped[int]
    number: Mapped[int]
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
