"""Looks at a paper through scoped links, for the register of data breaches. Within somebody's transaction."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from dms.db.tables import ScopedLinkEventRow, ScopedLinkRow, TransferDocumentRow
from dms.model.links import LinkEventKind
from dms.model.portal import Door, Look

LOOKS = {LinkEventKind.VIEWED: Look.SEEN, LinkEventKind.DOWNLOADED: Look.DOWNLOADED}


def link_looks(session: Session, document_id: UUID, pupil_id: UUID) -> list[tuple[Door, Look, UUID, datetime]]:
    """Who looked through links to the dossier of the pupil: the link, what and when. Who fetched a package that the
    paper goes along in, fetched the paper.
    """
    packages = select(TransferDocumentRow.package_id).where(
        TransferDocumentRow.document_id == document_id, TransferDocumentRow.included
    )
    rows = session.execute(
        select(ScopedLinkEventRow.kind, ScopedLinkEventRow.link_id, ScopedLinkEventRow.at)
        .join(ScopedLinkRow, ScopedLinkRow.id == ScopedLinkEventRow.link_id)
        .where(
            or_(ScopedLinkEventRow.document_id == document_id, ScopedLinkRow.package_id.in_(packages)),
            ScopedLinkRow.pupil_id == pupil_id,
            ScopedLinkEventRow.kind.in_(LOOKS),
        )
        .order_by(ScopedLinkEventRow.at)
    )
    return [(Door.LINK, LOOKS[kind], link_id, at) for kind, link_id, at in rows.tuples()]
