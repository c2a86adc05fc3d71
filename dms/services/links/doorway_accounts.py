"""What is shared by link with who has an account at the portal: a list, so that she need not keep addresses."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import SchoolRow, ScopedLinkRow
from dms.model.links import LinkLife, LinkTarget, Verification
from dms.services.links.reach import effective_now

MOST = 200


@dataclass(frozen=True, slots=True)
class ForAccount:
    """A link that an account can open now. `documents`: how many it gives; `package`: it gives a package instead."""

    link_id: UUID
    school: str
    purpose: str
    until: datetime
    documents: int
    package: bool
    may_upload: bool


def links_for(session: Session, user_id: UUID, now: datetime, today: date) -> tuple[ForAccount, ...]:
    """The links of an account that give something now; what ends first in front."""
    rows = session.execute(
        select(ScopedLinkRow, SchoolRow.name)
        .join(SchoolRow, SchoolRow.id == ScopedLinkRow.school_id)
        .where(
            ScopedLinkRow.account_id == user_id,
            ScopedLinkRow.verification == Verification.ACCOUNT,
            ScopedLinkRow.revoked_at.is_(None),
            ScopedLinkRow.starts <= now,
            ScopedLinkRow.ends > now,
        )
        .order_by(ScopedLinkRow.ends, ScopedLinkRow.id)
        .limit(MOST)
    ).all()
    found = []
    for link, school in rows:
        worth = effective_now(session, link, now, today)
        if worth.life is not LinkLife.LIVE:
            continue
        found.append(
            ForAccount(
                link.id,
                school,
                link.purpose,
                link.ends,
                len(worth.open_places),
                link.target is LinkTarget.PACKAGE,
                worth.may_upload,
            )
        )
    return tuple(found)
