"""What the screens remember of a person: tastes, and what was opened last. Nothing here decides anything."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from dms.db.tables.base import Base, Named
from dms.model.screens import Contrast, Opened, Theme


class PreferenceRow(Base):
    """How one person likes the screens. Who never chose has no row. The language stands with the account."""

    __tablename__ = "preferences"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    shortcuts: Mapped[bool] = mapped_column(default=True)
    theme: Mapped[Theme] = mapped_column(Named(Theme), default=Theme.DEVICE)
    contrast: Mapped[Contrast] = mapped_column(Named(Contrast), default=Contrast.DEVICE)
    guide_put_away: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime]


class RecentRow(Base):
    """A dossier (by its pupil) or document that a person opened, once each. Rights are asked again at every read.

    The object may be gone: it is an id and no more, and is pruned with the oldest.
    """

    __tablename__ = "recently_opened"
    __table_args__ = (Index("ix_recently_opened_user", "user_id", "opened_at"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    kind: Mapped[Opened] = mapped_column(Named(Opened), primary_key=True)
    object_id: Mapped[UUID] = mapped_column(primary_key=True)
    school: Mapped[str] = mapped_column(String(6))
    opened_at: Mapped[datetime]
