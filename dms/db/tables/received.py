"""Packages received from other schools, in quarantine until somebody reviewed them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dms.db.tables.base import Base, Named, fresh
from dms.model.events import ActorKind
from dms.model.received import PackageFormat, PartChoice, ReceivedState


class ReceivedPackageRow(Base):
    """One package, once: `(school_id, package_id)`; its id is the receipt's. Its file lies encrypted under that id.

    `content_sealed` is what the package says of pupil and carers, as JSON sealed under this id too; it goes when the
    package is decided on. `mark` is the SHA-256 of the package's manifest (of the whole file for OSO), which the answer
    to the sender repeats. `pupil_id` is the pupil whose dossier was chosen, None with `new_pupil` for a new one.
    """

    __tablename__ = "received_packages"
    __table_args__ = (
        UniqueConstraint("school_id", "package_id"),
        Index("ix_received_packages_school", "school_id", "state", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id"))
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    package_id: Mapped[str] = mapped_column(String(100))
    format: Mapped[PackageFormat] = mapped_column(Named(PackageFormat))
    state: Mapped[ReceivedState] = mapped_column(Named(ReceivedState))
    kind: Mapped[str] = mapped_column(String(20), default="")
    sender_brin: Mapped[str] = mapped_column(String(4), default="")
    sender_site: Mapped[str] = mapped_column(String(2), default="")
    sender_name: Mapped[str] = mapped_column(String(200), default="")
    frozen_at: Mapped[datetime | None]
    mark: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)
    object_key: Mapped[str] = mapped_column(String(300), default="")
    content_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    intake_id: Mapped[UUID | None] = mapped_column(ForeignKey("intakes.id"))
    pupil_id: Mapped[UUID | None] = mapped_column(ForeignKey("pupils.id"))
    new_pupil: Mapped[bool] = mapped_column(default=False)
    actor_kind: Mapped[ActorKind] = mapped_column(Named(ActorKind))
    received_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    reject_reason: Mapped[str] = mapped_column(String(500), default="")
    row_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]


class ReceivedPartRow(Base):
    """One paper of a package. `item_id` is the intake item that it waits as; None where it was refused, with a reason.

    `category_sent` is the sender's code, `category` the one that it gets here. `fields` are its metadata as sent.
    """

    __tablename__ = "received_parts"
    __table_args__ = (UniqueConstraint("received_id", "number"), Index("ix_received_parts_item", "item_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    received_id: Mapped[UUID] = mapped_column(ForeignKey("received_packages.id"))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(255))
    title: Mapped[str] = mapped_column(String(300), default="")
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    category_sent: Mapped[str] = mapped_column(String(40), default="")
    category: Mapped[str | None] = mapped_column(String(20))
    document_date: Mapped[date | None]
    fields: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    redacted: Mapped[bool] = mapped_column(default=False)
    choice: Mapped[PartChoice] = mapped_column(Named(PartChoice), default=PartChoice.TAKE)
    reason_code: Mapped[str] = mapped_column(String(60), default="")
    reason_text: Mapped[str] = mapped_column(String(500), default="")
    reason_params: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    item_id: Mapped[UUID | None] = mapped_column(ForeignKey("intake_items.id"))
