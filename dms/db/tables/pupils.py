"""Pupils, enrolments, groups with their placement history, and carers with their authority."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dms.db.tables.base import Base, fresh


class PersonRow(Base):
    """Links rows of the same child at several schools. Holds nothing itself."""

    __tablename__ = "persons"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    created_at: Mapped[datetime]


class PupilRow(Base):
    """A pupil at one school. BSN and onderwijsnummer are sealed; they are looked up by keyed digest only.

    `number_key` is the number without leading zeros and in lower case: `001234` and `1234` are one pupil. A number
    that was given to another pupil since has `number_mark` behind its key (`1234~20210801`), so that it finds the pupil
    who has it now. `tail_digest`: of the last four digits of BSN or onderwijsnummer. `destroyed_before` refers to the
    destruction of an earlier dossier of the same child.
    `sort_name` is the surname folded for sorting, without its prefix. A birth date that is not known in full
    stands in `birth_date_partial` and is never used for matching or for an age.
    """

    __tablename__ = "pupils"
    __table_args__ = (
        UniqueConstraint("school_id", "number_key"),
        Index("ix_pupils_school_sort", "school_id", "sort_name"),
        Index("ix_pupils_bsn", "school_id", "bsn_digest"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id"))
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    number: Mapped[str] = mapped_column(String(40))
    number_key: Mapped[str] = mapped_column(String(40))
    number_mark: Mapped[str] = mapped_column(String(10), default="")
    given_name: Mapped[str] = mapped_column(String(200), default="")
    first_names: Mapped[str] = mapped_column(String(200), default="")
    initials: Mapped[str] = mapped_column(String(40), default="")
    prefix: Mapped[str] = mapped_column(String(40), default="")
    surname: Mapped[str] = mapped_column(String(200), default="")
    sort_name: Mapped[str] = mapped_column(String(450), default="")
    birth_date: Mapped[date | None]
    birth_date_partial: Mapped[str] = mapped_column(String(20), default="")
    gender: Mapped[str] = mapped_column(String(1), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    address_secret: Mapped[bool] = mapped_column(default=False)
    bsn_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    bsn_digest: Mapped[str | None] = mapped_column(String(64))
    education_number_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    education_number_digest: Mapped[str | None] = mapped_column(String(64))
    eckid_digest: Mapped[str | None] = mapped_column(String(64))
    tail_digest: Mapped[str | None] = mapped_column(String(64))
    destroyed_before: Mapped[UUID | None]
    row_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class FormerNameRow(Base):
    """A name that a pupil had before; restricted history, used for matching only."""

    __tablename__ = "former_names"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    pupil_id: Mapped[UUID] = mapped_column(ForeignKey("pupils.id"), index=True)
    given_name: Mapped[str] = mapped_column(String(200))
    prefix: Mapped[str] = mapped_column(String(40))
    surname: Mapped[str] = mapped_column(String(200))
    until: Mapped[date]


class EnrolmentRow(Base):
    """An enrolment on days in [since, until)."""

    __tablename__ = "enrolments"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    pupil_id: Mapped[UUID] = mapped_column(ForeignKey("pupils.id"), index=True)
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("sites.id"))
    since: Mapped[date | None]
    until: Mapped[date | None]


class GroupRow(Base):
    """A group (class) of one school. `school_year` as 2026-2027, empty where unknown; `closed_on` ends its use."""

    __tablename__ = "groups"
    __table_args__ = (UniqueConstraint("school_id", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    name: Mapped[str] = mapped_column(String(64))
    year_level: Mapped[str] = mapped_column(String(10), default="")
    school_year: Mapped[str] = mapped_column(String(9), default="")
    closed_on: Mapped[date | None]
    row_version: Mapped[int] = mapped_column(default=1)


class GroupPlacementRow(Base):
    """A pupil's place in a group on days in [since, until). Rights follow the place of today."""

    __tablename__ = "group_placements"
    __table_args__ = (
        Index("ix_group_placements_pupil", "pupil_id"),
        Index("ix_group_placements_group", "group_id", "until"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    pupil_id: Mapped[UUID] = mapped_column(ForeignKey("pupils.id"))
    group_id: Mapped[UUID] = mapped_column(ForeignKey("groups.id"))
    since: Mapped[date]
    until: Mapped[date | None]


class GroupStaffRow(Base):
    """A teacher or mentor of a group on days in [since, until). `origin`: empty when given by hand, else the source
    that may end it again.
    """

    __tablename__ = "group_staff"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    group_id: Mapped[UUID] = mapped_column(ForeignKey("groups.id"), index=True)
    since: Mapped[date | None]
    until: Mapped[date | None]
    origin: Mapped[str] = mapped_column(String(40), default="")


class CarerRow(Base):
    """A parent or other carer, known at one school; with an account only once the portal invites."""

    __tablename__ = "carers"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"), index=True)
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254), default="")
    deceased: Mapped[bool] = mapped_column(default=False)


class PupilCarerRow(Base):
    """What a carer is to a pupil, on days in [since, until). `position` is the column in the source.

    Authority (gezag) counts on days in [authority_since, authority_until); the document that proves it is
    `proof_document_id`. Telephone and address are sealed under the pupil's key; `address_secret`: shown to nobody who
    does not keep these data.
    """

    __tablename__ = "pupil_carers"
    __table_args__ = (UniqueConstraint("pupil_id", "carer_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    pupil_id: Mapped[UUID] = mapped_column(ForeignKey("pupils.id"), index=True)
    carer_id: Mapped[UUID] = mapped_column(ForeignKey("carers.id"), index=True)
    position: Mapped[int] = mapped_column(default=1)
    relation: Mapped[str] = mapped_column(String(40), default="")
    authority: Mapped[bool] = mapped_column(default=False)
    since: Mapped[date | None]
    until: Mapped[date | None]
    proof_document_id: Mapped[UUID | None]
    authority_since: Mapped[date | None]
    authority_until: Mapped[date | None]
    address_secret: Mapped[bool] = mapped_column(default=False)
    contact_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
