"""Plans that were put before people to sign, and what each of them answered."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from dms.db.tables.base import Base, Named, fresh
from dms.model.signing import Answer, Method, SigningState


class SigningRequestRow(Base):
    """One version of a document of one pupil, put before people until `ends_on` (that day included).

    `hash_sealed` is the SHA-256 of the version's file, sealed under the document's key. `statement_intake_id`: the
    intake with which the statement of what was answered came into the dossier.
    """

    __tablename__ = "signing_requests"
    __table_args__ = (
        Index("ix_signing_requests_school_state", "school_id", "state"),
        Index("ix_signing_requests_document", "document_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id"))
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    pupil_id: Mapped[UUID] = mapped_column(ForeignKey("pupils.id"), index=True)
    document_id: Mapped[UUID] = mapped_column(ForeignKey("documents.id"))
    version: Mapped[int]
    hash_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[datetime]
    ends_on: Mapped[date]
    state: Mapped[SigningState] = mapped_column(Named(SigningState))
    reminded_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    statement_intake_id: Mapped[UUID | None] = mapped_column(ForeignKey("intakes.id"))


class SigningAnswerRow(Base):
    """One person who is asked: a carer, or (without one) the pupil. `lapsed_at`: is not entitled any more.

    `remark_sealed` is sealed under the document's key. On paper: `day` of the signature, `recorded_by`, and the
    document that proves it.
    """

    __tablename__ = "signing_answers"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("signing_requests.id"), index=True)
    carer_id: Mapped[UUID | None] = mapped_column(ForeignKey("carers.id"), index=True)
    answer: Mapped[Answer | None] = mapped_column(Named(Answer))
    method: Mapped[Method | None] = mapped_column(Named(Method))
    remark_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    answered_at: Mapped[datetime | None]
    day: Mapped[date | None]
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    proof_document_id: Mapped[UUID | None] = mapped_column(ForeignKey("documents.id"), index=True)
    opened_at: Mapped[datetime | None]
    lapsed_at: Mapped[datetime | None]
