"""Ending access at once: sessions, tokens and links to set a password."""

from uuid import UUID

from sqlalchemy import func, select, update

from dms.db.tables import ApiTokenRow, PasswordLinkRow, PortalSessionRow, SessionRow
from dms.db.unit_of_work import UnitOfWork


def end_sessions(uow: UnitOfWork, user_id: UUID) -> int:
    """End every session of the person, at the portal too; returns how many there were at the screens."""
    uow.session.execute(
        update(PortalSessionRow)
        .where(PortalSessionRow.user_id == user_id, PortalSessionRow.ended_at.is_(None))
        .values(ended_at=uow.now)
    )
    held = (SessionRow.user_id == user_id, SessionRow.ended_at.is_(None))
    count = uow.session.scalar(select(func.count()).select_from(SessionRow).where(*held)) or 0
    uow.session.execute(update(SessionRow).where(*held).values(ended_at=uow.now))
    return count


def revoke_tokens(uow: UnitOfWork, user_id: UUID) -> int:
    """Revoke every token of the person that still holds; returns how many there were."""
    held = (ApiTokenRow.user_id == user_id, ApiTokenRow.revoked_at.is_(None), ApiTokenRow.expires_at > uow.now)
    count = uow.session.scalar(select(func.count()).select_from(ApiTokenRow).where(*held)) or 0
    uow.session.execute(update(ApiTokenRow).where(*held).values(revoked_at=uow.now))
    return count


def withdraw_links(uow: UnitOfWork, user_id: UUID) -> None:
    """No link to set a password works any more."""
    uow.session.execute(
        update(PasswordLinkRow)
        .where(
            PasswordLinkRow.user_id == user_id,
            PasswordLinkRow.used_at.is_(None),
            PasswordLinkRow.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=uow.now)
    )


def end_access(uow: UnitOfWork, user_id: UUID) -> dict[str, int]:
    """Sessions, tokens and links end; returns the counts as details for the log."""
    withdraw_links(uow, user_id)
    return {"sessions": end_sessions(uow, user_id), "tokens": revoke_tokens(uow, user_id)}
