"""Transfer packages that a school sends, the documents in them, and who looked them through."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dms.db.tables.base import Base, Named, fresh
from dms.model.transfers import InspectionWay, SentBy, TransferKind, TransferState, Viewer


class TransferPackageRow(Base):
    """A package for one receiver.

    `number` counts the snapshots; inspections belong to one of them. `sealed` is the frozen snapshot (`dossier.xml` and
    the list of files with their sums) and `manifest_sealed` the manifest as it was sent, both sealed under the pupil's
    key; the files themselves are versions of documents, which never change. `basis` is the digest of all that the
    snapshot was made of, to see whether something changed since. `receipt` is what the receiver confirmed with.
    """

    __tablename__ = "transfer_packages"
    __table_args__ = (
        Index("ix_transfer_packages_pupil", "pupil_id"),
        Index("ix_transfer_packages_school", "school_id", "state", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id"))
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    pupil_id: Mapped[UUID] = mapped_column(ForeignKey("pupils.id"))
    kind: Mapped[TransferKind] = mapped_column(Named(TransferKind))
    receiver_brin: Mapped[str] = mapped_column(String(4))
    receiver_site: Mapped[str] = mapped_column(String(2), default="")
    receiver_name: Mapped[str] = mapped_column(String(200), default="")
    registered_on: Mapped[date | None]
    advice_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[TransferState] = mapped_column(Named(TransferState))
    number: Mapped[int] = mapped_column(default=0)
    snapshot: Mapped[str] = mapped_column(String(64), default="")
    basis: Mapped[str] = mapped_column(String(64), default="")
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    frozen_at: Mapped[datetime | None]
    frozen_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    manifest_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    control: Mapped[str] = mapped_column(String(64), default="")
    sent_how: Mapped[SentBy | None] = mapped_column(Named(SentBy))
    sent_at: Mapped[datetime | None]
    sent_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    receipt: Mapped[str] = mapped_column(String(200), default="")
    reason: Mapped[str] = mapped_column(String(500), default="")
    composed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    row_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]


class TransferDocumentRow(Base):
    """A document that goes along, or that somebody chose to leave out (`included` False). `version` is the one that was
    chosen; what is newer is another snapshot.
    """

    __tablename__ = "transfer_documents"
    __table_args__ = (
        UniqueConstraint("package_id", "document_id"),
        Index("ix_transfer_documents_document", "document_id"),
        Index("ix_transfer_documents_pupil", "pupil_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    package_id: Mapped[UUID] = mapped_column(ForeignKey("transfer_packages.id", ondelete="CASCADE"))
    pupil_id: Mapped[UUID] = mapped_column(ForeignKey("pupils.id"))
    document_id: Mapped[UUID] = mapped_column(ForeignKey("documents.id"))
    included: Mapped[bool]


class TransferInspectionRow(Base):
    """What one entitled person answered on one snapshot. `remark_sealed`: under the pupil's key. `carer_id`: none for
    the pupil. On paper: with the document that proves it.
    """

    __tablename__ = "transfer_inspections"
    __table_args__ = (
        Index("ix_transfer_inspections_package", "package_id", "number"),
        Index("ix_transfer_inspections_pupil", "pupil_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    package_id: Mapped[UUID] = mapped_column(ForeignKey("transfer_packages.id", ondelete="CASCADE"))
    pupil_id: Mapped[UUID] = mapped_column(ForeignKey("pupils.id"))
    number: Mapped[int]
    viewer: Mapped[Viewer] = mapped_column(Named(Viewer))
    carer_id: Mapped[UUID | None]
    seen_on: Mapped[date]
    agreed: Mapped[bool]
    consent: Mapped[bool | None]
    remark_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    way: Mapped[InspectionWay] = mapped_column(Named(InspectionWay))
    proof_document_id: Mapped[UUID | None]
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
