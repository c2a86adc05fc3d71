"""Requests of data subjects (AVG 15-20), what is answered about each document, and the packs that were released."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dms.db.tables.base import Base, Named, fresh
from dms.model.requests import Asker, Decision, IdentityCheck, ItemAnswer, RequestKind, RequestState


class SubjectRequestRow(Base):
    """One request about one pupil. It goes with the pupil's own data.

    What people wrote (name of who asks, what exactly is asked, remarks, reasons) is `sealed` under the pupil's key.
    `due_on` is the last day of the month, moved by two months once extended (AVG 12(3)). Two people are needed: who
    prepared does not release. `hold_id`: the hold that keeps the dossier as it is meanwhile.
    """

    __tablename__ = "subject_requests"
    __table_args__ = (
        CheckConstraint("released_by <> prepared_by", name="second_person"),
        CheckConstraint("state <> 'released' OR released_by IS NOT NULL", name="released"),
        Index("ix_subject_requests_school", "school_id", "state", "due_on"),
        Index("ix_subject_requests_pupil", "pupil_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id"))
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    pupil_id: Mapped[UUID] = mapped_column(ForeignKey("pupils.id"))
    number: Mapped[int]
    kind: Mapped[RequestKind] = mapped_column(Named(RequestKind))
    state: Mapped[RequestState] = mapped_column(Named(RequestState))
    asker: Mapped[Asker] = mapped_column(Named(Asker))
    carer_id: Mapped[UUID | None] = mapped_column(ForeignKey("carers.id"))
    received_on: Mapped[date]
    due_on: Mapped[date]
    extended_on: Mapped[date | None]
    identity: Mapped[IdentityCheck | None] = mapped_column(Named(IdentityCheck))
    identity_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    identity_on: Mapped[date | None]
    authority: Mapped[str] = mapped_column(String(40), default="")
    authority_ok: Mapped[bool | None]
    decision: Mapped[Decision | None] = mapped_column(Named(Decision))
    gathered_at: Mapped[datetime | None]
    gathered_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    prepared_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    prepared_at: Mapped[datetime | None]
    released_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    released_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    hold_id: Mapped[UUID | None]
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    row_version: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]


class SubjectRequestItemRow(Base):
    """One document in one dossier, as it was gathered, and what is answered about it.

    `third` counts other people whose names stand in the text. The ids are no foreign keys: this row may outlive them.
    `redaction_id`: the redacted copy that goes along. The reason of leaving out is sealed with the request.
    """

    __tablename__ = "subject_request_items"
    __table_args__ = (
        UniqueConstraint("request_id", "placement_id"),
        Index("ix_subject_request_items_document", "document_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    request_id: Mapped[UUID] = mapped_column(index=True)
    pupil_id: Mapped[UUID] = mapped_column(ForeignKey("pupils.id"), index=True)
    placement_id: Mapped[UUID]
    document_id: Mapped[UUID]
    version: Mapped[int]
    category: Mapped[str] = mapped_column(String(20))
    level: Mapped[int]
    position: Mapped[int]
    third: Mapped[int] = mapped_column(default=0)
    readable: Mapped[bool] = mapped_column(default=True)
    answer: Mapped[ItemAnswer | None] = mapped_column(Named(ItemAnswer))
    ground: Mapped[str] = mapped_column(String(40), default="")
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    answered_at: Mapped[datetime | None]
    redaction_id: Mapped[UUID | None]
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)


class SubjectPackRow(Base):
    """A pack (ZIP) that was released, under a key of its own with this row's id, and the day it goes.

    `request_id` is no foreign key: a pack whose request is gone is destroyed at the next look.
    """

    __tablename__ = "subject_packs"
    __table_args__ = (Index("ix_subject_packs_ends_on", "ends_on"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    request_id: Mapped[UUID] = mapped_column(index=True)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    size: Mapped[int]
    documents: Mapped[int]
    made_at: Mapped[datetime]
    ends_on: Mapped[date]
    fetched: Mapped[int] = mapped_column(default=0)
    destroyed_at: Mapped[datetime | None]
