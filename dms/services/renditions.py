"""The stored shapes of a version: finding them and streaming them. Asks no rights: callers have."""

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import RenditionRow
from dms.kernel.errors import Broken
from dms.kernel.text import N_
from dms.model.documents import Rendition
from dms.services.shapes import Content, PageView, WordBox
from storage.errors import Damaged, KeyMissing, ObjectMissing
from storage.vault import Vault

LARGEST_WORDS = 64 * 1024 * 1024
LARGEST_TEXT = 256 * 1024 * 1024


class Unreadable(Broken):
    """Bytes of a document that are not what was put in, or are gone, or whose key is. `code` says which."""

    def __init__(self, document_id: UUID, code: str) -> None:
        super().__init__(
            N_("Een bestand van document %(document)s is beschadigd of weg. Het wordt niet getoond."),
            N_(
                "De kenmerken van het document kloppen nog. Meld dit nummer bij de applicatiebeheerder: die vindt met"
                " `dms check --full` wat er mis is en zet het bestand terug uit een reservekopie."
            ),
            code=code,
            params={"document": str(document_id)},
        )
        self.document_id = document_id


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
    """The plain bytes of a rendition. Raises `Unreadable` for damage to the first piece, before anything was sent."""
    with _named(row.document_id):
        chunks = vault.open(row.document_id, row.object_key, row.version)
    return Content(
        chunks=chunks,
        media_type=row.media_type,
        size=row.size,
        file_name=file_name,
    )


def text_of(vault: Vault, row: RenditionRow) -> str:
    """The text of a version, pages parted by form feeds. Raises `Unreadable`."""
    with _named(row.document_id):
        return vault.read(row.document_id, row.object_key, row.version, LARGEST_TEXT).decode("utf-8")


def texts_of(vault: Vault, rows: Collection[RenditionRow]) -> dict[UUID, str]:
    """The text of several documents at once, by document; one that cannot be read is left out."""
    found = vault.read_many([(x.document_id, x.object_key, x.version) for x in rows], LARGEST_TEXT)
    return {x.document_id: found[x.object_key].decode("utf-8") for x in rows if x.object_key in found}


def words_of(vault: Vault, row: RenditionRow) -> tuple[WordBox, ...]:
    """The words of a page with their boxes. Raises `Unreadable`."""
    with _named(row.document_id):
        raw = json.loads(vault.read(row.document_id, row.object_key, row.version, LARGEST_WORDS))
    return tuple(WordBox(*x) for x in raw)


@contextmanager
def _named(document_id: UUID) -> Iterator[None]:
    """Say of which document the bytes are that fail; an object's name says nothing to people."""
    try:
        yield
    except (Damaged, KeyMissing, ObjectMissing) as fault:
        raise Unreadable(document_id, fault.code) from fault
