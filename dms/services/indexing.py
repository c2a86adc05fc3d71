"""Makes the index follow the database. Called by the indexer only (one writer), never inside a transaction."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import DocumentRow, PlacementRow, PupilRow
from dms.kernel.crashpoints import CrashPoint, reached
from dms.model.catalogue import Category, Level
from dms.model.documents import PlacementState, Rendition
from dms.services.catalogue import categories
from dms.services.renditions import Unreadable, rendition_row, text_of
from dms.services.tools import Tools, full_name
from indexing.port import IndexEntry, SearchIndex

BATCH = 200

COMPACT = "compact_index"
"""The outbox kind that takes what was destroyed out of the index's files."""

log = structlog.get_logger(__name__)


class Indexing:
    """From rows and decrypted text to index entries."""

    def __init__(self, tools: Tools, index: SearchIndex) -> None:
        self._tools = tools
        self._index = index

    def follow(self, documents: Iterable[UUID]) -> int:
        """Bring these documents up to date in the index, in one commit. Returns how many placements were written.

        A document that is gone, or a placement that is not live, leaves the index.
        """
        wanted = list(dict.fromkeys(documents))
        upserts: list[IndexEntry] = []
        deletions: list[UUID] = []
        with self._tools.database.read() as session:
            for placement in session.scalars(select(PlacementRow).where(PlacementRow.document_id.in_(wanted))):
                if placement.state is not PlacementState.ACTIVE:
                    deletions.append(placement.id)
            upserts.extend(self._entries(session, wanted))
        if upserts or deletions:
            reached(CrashPoint.INDEX_GATHERED)
            self._index.apply(upserts, deletions)
            reached(CrashPoint.INDEX_APPLIED)
        return len(upserts)

    def drop(self, placements: Iterable[UUID]) -> None:
        """Remove entries that are no live placement any more."""
        gone = list(placements)
        if gone:
            self._index.apply([], gone)

    def rebuild(self) -> int:
        """Build the whole index anew beside the old one and swap. Returns how many placements it holds."""
        count = 0

        def all_entries() -> Iterator[IndexEntry]:
            nonlocal count
            with self._tools.database.read() as session:
                ids = session.scalars(select(DocumentRow.id).order_by(DocumentRow.id)).all()
            for start in range(0, len(ids), BATCH):
                with self._tools.database.read() as session:
                    for entry in self._entries(session, ids[start : start + BATCH]):
                        count += 1
                        yield entry

        self._index.rebuild(all_entries())
        return count

    def compact(self) -> None:
        """Write anew what holds deleted entries: no file of the index has a word of them any more."""
        self._index.compact()

    def traces(self, words: Collection[str]) -> frozenset[str]:
        """Those of `words` that the index's dictionaries have although no live entry does."""
        return self._index.traces(words)

    def ensure(self) -> bool:
        """Rebuild when there is no index, or one of another version. Returns whether it did."""
        if not self._index.needs_rebuild():
            return False
        log.info("index_rebuild", documents=self.rebuild())
        return True

    def _entries(self, session: Session, documents: Sequence[UUID]) -> Iterator[IndexEntry]:
        rows = session.execute(
            select(PlacementRow, DocumentRow, PupilRow)
            .join(DocumentRow, DocumentRow.id == PlacementRow.document_id)
            .join(PupilRow, PupilRow.id == PlacementRow.pupil_id)
            .where(PlacementRow.document_id.in_(documents), PlacementRow.state == PlacementState.ACTIVE)
            .order_by(DocumentRow.id)
        ).all()
        known: dict[UUID, dict[str, Category]] = {}
        last: tuple[UUID, str] | None = None
        for placement, document, pupil in rows:
            if document.board_id not in known:
                known[document.board_id] = categories(session, document.board_id)
            if last is None or last[0] != document.id:
                last = (document.id, self._text(session, document))
            category = known[document.board_id].get(placement.category)
            yield IndexEntry(
                placement_id=placement.id,
                document_id=document.id,
                board_id=placement.board_id,
                school_id=placement.school_id,
                pupil_id=placement.pupil_id,
                dossier_id=placement.dossier_id,
                category=placement.category,
                level=Level(placement.level),
                index_version=document.index_version,
                text=last[1],
                title=document.title,
                pupil_name=full_name(pupil),
                pupil_number=pupil.number,
                category_name=category.name if category else placement.category,
                metadata=(*(str(x) for x in document.fields.values()), *(category.search_words if category else ())),
                document_date=document.document_date,
                source=document.source.value,
                confirmed=placement.confirmed,
            )

    def _text(self, session: Session, document: DocumentRow) -> str:
        row = rendition_row(session, document.id, document.current_version, Rendition.TEXT)
        if row is None:
            return ""
        try:
            return text_of(self._tools.vault, row)
        except Unreadable as fault:
            # what is known of the document stays findable; `dms check` reports the loss
            log.error("index_text_missing", document_id=str(document.id), code=fault.code)
            return ""
