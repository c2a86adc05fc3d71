"""The stored shapes of a version: finding them and streaming them. Asks no rights: callers have."""

import json
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import DocumentRow, DocumentVersionRow, RenditionRow
from dms.model.documents import Rendition
from dms.services.shapes import Content, PageView, WordBox
from storage.vault import Vault

LARGEST_WORDS = 64 * 1024 * 1024
LARGEST_TEXT = 256 * 1024 * 1024


def current_version(session: Session, document: DocumentRow) -> DocumentVersionRow:
    """The version that counts now."""
    return session.scalars(
        select(DocumentVersionRow).where(
            DocumentVersionRow.document_id == document.id, DocumentVersionRow.number == document.current_version
        )
    ).one()


def rendition_row(
    session: Session, document_id: UUID, version: int, kind: Rendition, page: int = 0
) -> RenditionRow | None:
    """Where one rendition lies, or None. `page` counts from 1 for page images, thumbnails and words, else 0."""
    return session.scalar(
        select(RenditionRow).where(
            RenditionRow.document_id == document_id,
            RenditionRow.version == version,
            RenditionRow.kind == kind,
            RenditionRow.page == page,
        )
    )


def page_views(session: Session, document_id: UUID, version: int) -> tuple[PageView, ...]:
    """The pages that can be shown, in order."""
    rows = session.scalars(
        select(RenditionRow)
        .where(
            RenditionRow.document_id == document_id,
            RenditionRow.version == version,
            RenditionRow.kind == Rendition.PAGE,
        )
        .order_by(RenditionRow.page)
    )
    return tuple(PageView(x.page, x.width, x.height, x.confidence) for x in rows)


def stream(vault: Vault, row: RenditionRow, file_name: str) -> Content:
    """The plain bytes of a rendition; damage to the first piece shows here, before anything was sent."""
    return Content(
        chunks=vault.open(row.document_id, row.object_key, row.version),
        media_type=row.media_type,
        size=row.size,
        file_name=file_name,
    )


def text_of(vault: Vault, row: RenditionRow) -> str:
    """The text of a version, pages parted by form feeds."""
    return vault.read(row.document_id, row.object_key, row.version, LARGEST_TEXT).decode("utf-8")


def words_of(vault: Vault, row: RenditionRow) -> tuple[WordBox, ...]:
    """The words of a page with their boxes."""
    raw = json.loads(vault.read(row.document_id, row.object_key, row.version, LARGEST_WORDS))
    return tuple(WordBox(*x) for x in raw)
