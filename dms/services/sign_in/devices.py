"""Browsers with which somebody signed in before. Knowing one gives no access: it only has tries of its own."""

import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from dms.db.tables import KnownDeviceRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.digest import token_digest

KEPT_DAYS = 180
MOST = 20
"""Of one person; the one that was away longest makes room."""


def known(session: Session, user_id: UUID, token: str) -> KnownDeviceRow | None:
    """The device, if this token was given to this person."""
    if not token:
        return None
    return session.scalar(
        select(KnownDeviceRow).where(
            KnownDeviceRow.user_id == user_id, KnownDeviceRow.token_digest == token_digest(token)
        )
    )


def remembered(uow: UnitOfWork, user_id: UUID, token: str) -> str:
    """Know the device from now on; returns its token, a new one for a device that was not known."""
    uow.session.execute(delete(KnownDeviceRow).where(KnownDeviceRow.seen_at < uow.now - timedelta(days=KEPT_DAYS)))
    row = known(uow.session, user_id, token)
    if row is not None:
        row.seen_at = uow.now
        return token
    held = uow.session.scalars(
        select(KnownDeviceRow).where(KnownDeviceRow.user_id == user_id).order_by(KnownDeviceRow.seen_at.desc())
    ).all()
    for old in held[MOST - 1 :]:
        uow.session.delete(old)
    fresh = secrets.token_urlsafe(32)
    uow.session.add(
        KnownDeviceRow(user_id=user_id, token_digest=token_digest(fresh), created_at=uow.now, seen_at=uow.now)
    )
    return fresh


def forget_all(uow: UnitOfWork, user_id: UUID) -> None:
    """No device of the person is known any more."""
    uow.session.execute(delete(KnownDeviceRow).where(KnownDeviceRow.user_id == user_id))
