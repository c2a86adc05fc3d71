"""The audit log (logboek), its seals, the outbox and the leases."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dms.db.tables.base import Base, Named, fresh
from dms.model.events import ActorKind, EventKind

Serial = BigInteger().with_variant(Integer(), "sqlite")


class AuditSubjectRow(Base):
    """The random pseudonym under which a pupil stands in the log; destroying the row cuts the link."""

    __tablename__ = "audit_subjects"

    pseudonym: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    pupil_id: Mapped[UUID] = mapped_column(unique=True)


class AuditEventRow(Base):
    """One act. Holds ids, enums and counts; never changes (triggers refuse update and delete)."""

    __tablename__ = "audit_events"
    __table_args__ = (
        Index("ix_audit_events_subject", "subject"),
        Index("ix_audit_events_object", "object_id"),
        Index("ix_audit_events_board_kind", "board_id", "kind", "id"),
    )

    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    board_id: Mapped[UUID | None]
    school_id: Mapped[UUID | None]
    at: Mapped[datetime]
    kind: Mapped[EventKind] = mapped_column(Named(EventKind))
    actor_kind: Mapped[ActorKind] = mapped_column(Named(ActorKind))
    actor_id: Mapped[UUID | None]
    os_user: Mapped[str | None] = mapped_column(String(100))
    subject: Mapped[UUID | None]
    object_kind: Mapped[str] = mapped_column(String(40), default="")
    object_id: Mapped[UUID | None]
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class AuditNoteRow(Base):
    """Free text with an act (a reason that a person typed): kept apart so that it can be erased."""

    __tablename__ = "audit_notes"

    event_id: Mapped[int] = mapped_column(ForeignKey("audit_events.id"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)


class AuditChangeRow(Base):
    """What an act changed in the configuration: a field with its text before and after. Kept apart like notes."""

    __tablename__ = "audit_changes"

    event_id: Mapped[int] = mapped_column(ForeignKey("audit_events.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    field: Mapped[str] = mapped_column(String(60))
    before: Mapped[str] = mapped_column(String(500), default="")
    after: Mapped[str] = mapped_column(String(500), default="")


class AuditSealRow(Base):
    """The place of an event in its board's chain. `mac` covers the event, the sequence and the previous mac."""

    __tablename__ = "audit_seals"
    __table_args__ = (UniqueConstraint("chain", "sequence"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("audit_events.id"), primary_key=True)
    chain: Mapped[UUID]
    sequence: Mapped[int]
    mac: Mapped[str] = mapped_column(String(64))


class OutboxRow(Base):
    """An effect that waits for its commit. Holds ids only. Delivered at least once, in order per object."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_open", "done_at", "kind"), Index("ix_outbox_object", "object_id"))

    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    kind: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[UUID]
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime]
    available_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    lease_owner: Mapped[str | None] = mapped_column(String(100))
    lease_until: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    fault: Mapped[str] = mapped_column(String(200), default="")


class LeaseRow(Base):
    """Who may do a thing that only one may do, and until when."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    owner: Mapped[str] = mapped_column(String(100))
    until: Mapped[datetime]


class HeartbeatRow(Base):
    """The last sign of life of a process of the service."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    seen_at: Mapped[datetime]
    detail: Mapped[str] = mapped_column(String(200), default="")
