"""The portal for parents and pupils: phases, invitations, sessions of their own, and data breaches."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from dms.db.tables.base import Base, Named, fresh
from dms.model.portal import BreachCause, BreachState, Channel, Door, Look


class FamilyPhaseRow(Base):
    """A step in opening the dossiers of a school to families: its modules open on `opens_on`, never before.

    `announced_at`: when the announcement went out; the text can be changed until then.
    """

    __tablename__ = "family_phases"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    opens_on: Mapped[date]
    announcement: Mapped[str] = mapped_column(Text, default="")
    announced_at: Mapped[datetime | None]
    row_version: Mapped[int] = mapped_column(default=1)
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    changed_at: Mapped[datetime]


class PortalInvitationRow(Base):
    """An invitation to the portal: of a carer of `pupil_id`, or (without carer) of the pupil. Only a keyed digest of
    its code is kept. `tries` counts wrong birth dates; a few and it is over.
    """

    __tablename__ = "portal_invitations"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"), index=True)
    pupil_id: Mapped[UUID] = mapped_column(ForeignKey("pupils.id"), index=True)
    carer_id: Mapped[UUID | None] = mapped_column(ForeignKey("carers.id"), index=True)
    channel: Mapped[Channel] = mapped_column(Named(Channel))
    code_digest: Mapped[str] = mapped_column(String(64), unique=True)
    tries: Mapped[int] = mapped_column(default=0)
    invited_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class PortalSessionRow(Base):
    """A sign-in at the portal. Never one of the staff application: other table, other cookie, other application."""

    __tablename__ = "portal_sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    device: Mapped[str] = mapped_column(String(60), default="")


class DataBreachRow(Base):
    """A data breach (datalek): somebody outside opened what was not theirs to see (AVG 33 and 34).

    `pupil_id` is whose dossier the paper lay in, `about_id` whose it turned out to be. Texts are the privacy officer's.
    """

    __tablename__ = "data_breaches"
    __table_args__ = (Index("ix_data_breaches_school", "school_id", "state"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id"))
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    document_id: Mapped[UUID | None] = mapped_column(index=True)
    pupil_id: Mapped[UUID | None] = mapped_column(ForeignKey("pupils.id"), index=True)
    about_id: Mapped[UUID | None] = mapped_column(ForeignKey("pupils.id"), index=True)
    cause: Mapped[BreachCause] = mapped_column(Named(BreachCause))
    category: Mapped[str] = mapped_column(String(40), default="")
    state: Mapped[BreachState] = mapped_column(Named(BreachState))
    found_at: Mapped[datetime]
    found_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    nature: Mapped[str] = mapped_column(Text, default="")
    consequences: Mapped[str] = mapped_column(Text, default="")
    measures: Mapped[str] = mapped_column(Text, default="")
    reported_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    verdict: Mapped[str] = mapped_column(Text, default="")
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    row_version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]


class DataBreachLookRow(Base):
    """One look of somebody outside at the paper of a breach: who, through which door, what and when.

    `user_id` for the portal, `link_id` for a scoped link.
    """

    __tablename__ = "data_breach_looks"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    breach_id: Mapped[UUID] = mapped_column(ForeignKey("data_breaches.id"), index=True)
    door: Mapped[Door] = mapped_column(Named(Door))
    look: Mapped[Look] = mapped_column(Named(Look))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    link_id: Mapped[UUID | None]
    at: Mapped[datetime]
