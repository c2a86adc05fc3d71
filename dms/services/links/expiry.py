"""Telling makers, once, that links of theirs are about to end. What is over needs no work: it is judged when asked."""

from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import Select, select

from dms.db.tables import ScopedLinkRow
from dms.kernel.clock import legal_date
from dms.model.letters import LetterKind
from dms.model.links import SOON_DAYS
from dms.services.notices.post import Letter, language_of, post
from dms.services.tools import Tools

SOON = timedelta(days=SOON_DAYS)


class LinkExpiry:
    """Work by the clock."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def tell(self) -> int:
        """Post a letter to each maker, per school, who wants such letters; returns how many links were looked at.

        A link that was made for a few days only ends as its maker chose just now: that is not told.
        """
        now = self._tools.clock.now()
        with self._tools.database.read() as session:
            if session.scalar(_ending(now).limit(1)) is None:
                return 0
        with self._tools.database.begin() as uow:
            rows = uow.session.scalars(_ending(uow.now).with_for_update()).all()
            for row in rows:
                row.ending_told_at = uow.now
            lasting = [x for x in rows if x.ends - x.created_at > SOON]
            for (maker, school), some in groupby(lasting, key=lambda x: (x.creator_id, x.school_id)):
                links = list(some)
                post(
                    uow,
                    Letter(
                        LetterKind.LINK_EXPIRING,
                        maker,
                        school,
                        language=language_of(uow, maker),
                        params={
                            "count": len(links),
                            "until": min(legal_date(x.ends) for x in links),
                            "page": "/deellinks",
                        },
                    ),
                )
            return len(rows)


def _ending(now: datetime) -> "Select[tuple[ScopedLinkRow]]":
    return (
        select(ScopedLinkRow)
        .where(
            ScopedLinkRow.revoked_at.is_(None),
            ScopedLinkRow.ends > now,
            ScopedLinkRow.ends <= now + SOON,
            ScopedLinkRow.ending_told_at.is_(None),
        )
        .order_by(ScopedLinkRow.creator_id, ScopedLinkRow.school_id, ScopedLinkRow.id)
    )
