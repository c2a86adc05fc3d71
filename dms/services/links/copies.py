"""Redacted copies that go by link in the stead of a document: which there are, what of them is shown, and its words.

A link holds the rendition of one finished copy. When that copy is made anew, is being looked at again, or is gone, the
link gives nothing of the document: never the original instead.
"""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import PupilRow, RedactionRow, RenditionRow
from dms.kernel.errors import NotFound
from dms.model.documents import Rendition
from dms.model.redaction import RedactionGround, RedactionState
from dms.services.national_numbers import own_numbers
from dms.services.shapes import PageView
from ingest.rules.numbers_masked import without_numbers
from storage.vault import Vault

OUTWARD = (RedactionGround.OUTSIDER, RedactionGround.SWV, RedactionGround.BY_HAND)
"""Copies made for others than the pupil and her parents: in a copy for a data subject her own number may stay."""
PAGES = 10_000
"""Renditions of one copy are numbered from its own: the file there, its pages behind it (docs/redaction.md)."""


def finished(session: Session, versions: Mapping[UUID, int]) -> dict[UUID, UUID]:
    """By document: the rendition of its newest finished copy, of the version named for it; none where there is none."""
    rows = session.scalars(
        select(RedactionRow)
        .where(
            RedactionRow.document_id.in_(versions),
            RedactionRow.state == RedactionState.DONE,
            RedactionRow.ground.in_(OUTWARD),
            RedactionRow.request_id.is_(None),
            RedactionRow.rendition_id.is_not(None),
        )
        .order_by(RedactionRow.settled_at, RedactionRow.number)
    )
    return {
        x.document_id: x.rendition_id
        for x in rows
        if x.version == versions[x.document_id] and x.rendition_id is not None
    }


def standing_copies(session: Session, wanted: Collection[UUID]) -> frozenset[UUID]:
    """Of these renditions the ones that are a finished copy now."""
    if not wanted:
        return frozenset()
    asked = select(RedactionRow.rendition_id).where(
        RedactionRow.rendition_id.in_(wanted), RedactionRow.state == RedactionState.DONE
    )
    return frozenset(x for x in session.scalars(asked) if x is not None)


def copy_file(session: Session, copy_id: UUID) -> RenditionRow:
    """The copy as a file. Raises NotFound."""
    row = session.get(RenditionRow, copy_id)
    if row is None or row.kind is not Rendition.REDACTED:
        raise NotFound
    return row


def copy_page(session: Session, copy: RenditionRow, number: int) -> RenditionRow | None:
    """The picture of a page of the copy; None where it has no such page."""
    if not 0 < number < PAGES:
        return None
    return session.scalar(
        select(RenditionRow).where(
            RenditionRow.document_id == copy.document_id,
            RenditionRow.version == copy.version,
            RenditionRow.kind == Rendition.REDACTED_PAGE,
            RenditionRow.page == copy.page + number,
        )
    )


def copy_pages(session: Session, copy: RenditionRow) -> tuple[PageView, ...]:
    """The pages of the copy that can be shown, in order."""
    rows = session.scalars(
        select(RenditionRow)
        .where(
            RenditionRow.document_id == copy.document_id,
            RenditionRow.version == copy.version,
            RenditionRow.kind == Rendition.REDACTED_PAGE,
            RenditionRow.page.between(copy.page + 1, copy.page + PAGES - 1),
        )
        .order_by(RenditionRow.page)
    )
    return tuple(PageView(x.page - copy.page, x.width, x.height, x.confidence) for x in rows)


def masked(session: Session, vault: Vault, pupil_id: UUID, text: str) -> str:
    """A title or file name as it may stand beside a redacted copy: without national numbers."""
    return without_numbers(text, own_numbers(vault, session.get_one(PupilRow, pupil_id)))
