"""What signing in is made of: second factors, passkeys, steps half-way, tries, known devices and accounts elsewhere."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dms.db.tables.base import Base, fresh


class CodeAppRow(Base):
    """The secret that a person shares with an app for codes (RFC 6238), sealed. `last_step` was used: never again."""

    __tablename__ = "code_apps"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    last_step: Mapped[int]
    created_at: Mapped[datetime]


class RecoveryCodeRow(Base):
    """A code for who lost the second factor; works once. Only a keyed digest is kept."""

    __tablename__ = "recovery_codes"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]


class PasskeyRow(Base):
    """A passkey (WebAuthn credential) of a person. `credential` is its id, base64url."""

    __tablename__ = "passkeys"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    credential: Mapped[str] = mapped_column(String(1400), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int]
    name: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignInStepRow(Base):
    """Somebody half-way: the first step was right, the second is not done. It opens nothing; digest of a token only."""

    __tablename__ = "sign_in_steps"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    method: Mapped[str] = mapped_column(String(20))
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignInBudgetRow(Base):
    """Wrong tries under one key (a digest of account and place). Until `until` nothing is tried under it."""

    __tablename__ = "sign_in_budgets"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    failures: Mapped[int] = mapped_column(default=0)
    until: Mapped[datetime | None]
    changed_at: Mapped[datetime]


class KnownDeviceRow(Base):
    """A browser with which the person signed in before; it keeps a token, here is only its digest."""

    __tablename__ = "known_devices"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=fresh)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class ElsewhereRow(Base):
    """Whether a person may sign in with an account of an identity provider, and which one it turned out to be.

    `issuer` and `subject` are empty until the first time.
    """

    __tablename__ = "accounts_elsewhere"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    issuer: Mapped[str | None] = mapped_column(String(300))
    subject: Mapped[str | None] = mapped_column(String(255))
    allowed_at: Mapped[datetime]
    linked_at: Mapped[datetime | None]
