"""Where the renditions of a redaction lie: which page number a row has, and how its object is called."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

from dms.db.tables import RenditionRow
from dms.kernel.ids import new_id
from dms.model.documents import Rendition
from storage.vault import StoredRef, Vault

PAGES = 10_000
"""A rendition's page is the number of its redaction times this, plus the page: 0 for the whole."""
_PIECE = 1 << 20


def place_of(number: int, page: int) -> int:
    """The `page` of a rendition of redaction `number`."""
    return number * PAGES + page


def put(vault: Vault, document_id: UUID, version: int, kind: Rendition, place: int, path: Path) -> StoredRef:
    """Keep a file under the document's key."""
    return vault.put(document_id, f"{kind.value.replace('_', '-')}-{place:09d}", version, _bytes_of(path))


def row_of(
    document_id: UUID,
    version: int,
    kind: Rendition,
    place: int,
    ref: StoredRef,
    now: datetime,
    size: tuple[int, int] | None = None,
) -> RenditionRow:
    """The row of what `put` kept. `size`: of a picture, in pixels."""
    return RenditionRow(
        id=new_id(),
        document_id=document_id,
        version=version,
        kind=kind,
        page=place,
        object_key=ref.object_key,
        media_type="application/pdf" if kind is Rendition.REDACTED else "image/jpeg",
        size=ref.size_plain,
        width=size[0] if size else None,
        height=size[1] if size else None,
        created_at=now,
    )


def _bytes_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_PIECE):
            yield chunk
