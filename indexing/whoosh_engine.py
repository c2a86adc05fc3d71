"""Whoosh 2.7.4 behind the port: the embedded default.

Whoosh keeps the words and the posting lists; rights, counting, scores and durability are ours (see `whoosh_mask`,
`whoosh_evaluate`, `whoosh_store`). Deleted words stay in its files until a merge: `compact` forces one.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import structlog
from whoosh.index import LockError

from dms.kernel.errors import Conflict, SetupWrong
from dms.kernel.text import N_
from indexing.analysis import question
from indexing.entry import prepare
from indexing.fields import WITH_POSITIONS, WITHOUT_POSITIONS, surfaces
from indexing.port import Facet, IndexEntry, SearchIndex, SearchRequest, SearchResult, Sort
from indexing.visibility import IndexMask
from indexing.whoosh_answer import Matches
from indexing.whoosh_evaluate import Evaluation, View
from indexing.whoosh_mask import admitted, without
from indexing.whoosh_merge import Policy, purged, tiered
from indexing.whoosh_postings import postings
from indexing.whoosh_schema import WholeListCodec, cells, document_of, uuid_of
from indexing.whoosh_segment import Facts, FactsShelf, terms_from
from indexing.whoosh_snapshot import Snapshot, SnapshotPool
from indexing.whoosh_store import IndexHouse

_SUGGEST_FROM = 3
_POOL_MB = 64
_log = structlog.get_logger(__name__)


class WhooshIndex(SearchIndex):
    """An index in a directory of its own. Safe to share between threads."""

    def __init__(self, root: Path) -> None:
        self._house = IndexHouse(root)
        self._pool = SnapshotPool(self._house)
        # Keeps what the writer looks up in from being read again for every commit.
        self._held: list[Facts] = []

    def _search(self, request: SearchRequest) -> SearchResult:
        with self._pool.newest() as snapshot:
            views = _views(snapshot, request.mask, request.seen, request.pending)
            evaluation = Evaluation(views)
            matches = Matches(views, evaluation.match(request.query), snapshot.ids, request)
            scores = evaluation.scores(request.query) if request.sort is Sort.RELEVANCE and matches.total else None
            return SearchResult(
                total=matches.total,
                hits=matches.page(scores, request.sort, (request.page - 1) * request.size, request.size),
                facets={name: matches.facet(Facet(name)) for name in request.facets},
                generation=snapshot.generation,
            )

    def _suggest(
        self, start: str, mask: IndexMask, seen: IndexMask, pending: frozenset[UUID], limit: int
    ) -> tuple[str, ...]:
        words = question(start)
        if not words or words[-1].is_date or len(words[-1].surface) < _SUGGEST_FROM:
            return ()
        with self._pool.newest() as snapshot:
            counts = suggestions(_views(snapshot, mask, seen, pending), words[-1].surface)
        return tuple(sorted(counts, key=lambda x: (-counts[x], x))[:limit])

    def apply(self, upserts: Sequence[IndexEntry], deletions: Sequence[UUID]) -> None:
        """As the port says. The words are taken before the lock, so that the commit itself is short."""
        gone = frozenset(deletions)
        entries = {x.placement_id: x for x in upserts if x.placement_id not in gone}
        documents = [document_of(prepare(x)) for x in entries.values()]
        with self._house.writing():
            directory = self._writable()
            touched = gone | entries.keys()
            if touched:
                self._commit(directory, documents, touched, tiered)
            self._house.sweep()
        _log.debug("index_applied", upserts=len(entries), deletions=len(gone))

    def rebuild(self, entries: Iterator[IndexEntry]) -> None:
        """As the port says. Raises ValueError where a placement comes twice."""
        with self._house.writing():
            self._house.sweep()
            directory, index = self._house.create()
            seen: set[UUID] = set()
            writer = _writer(index)
            try:
                for entry in entries:
                    if entry.placement_id in seen:
                        raise ValueError("a placement comes twice")
                    seen.add(entry.placement_id)
                    writer.add_document(**document_of(prepare(entry)))
            except BaseException:
                writer.cancel()
                self._house.sweep()
                raise
            writer.commit(merge=False)
            self._house.publish(directory)
            self._house.sweep()
        _log.info("index_rebuilt", entries=len(seen))

    def compact(self) -> None:
        """As the port says."""
        with self._house.writing():
            self._commit(self._writable(), (), frozenset(), purged)
            self._house.sweep()

    def traces(self, words: Collection[str]) -> frozenset[str]:
        """As the port says."""
        wanted = {x: x.encode() for x in words if x}
        dead: set[str] = set()
        with self._pool.newest() as snapshot:
            for reader, live in zip(snapshot.readers, snapshot.live, strict=True):
                for spec in (*WITH_POSITIONS, *WITHOUT_POSITIONS):
                    for word, raw in wanted.items():
                        if (found := postings(reader, spec.name, raw)) is not None:
                            dead.update([word] if not live[found.places].any() else [])
        return frozenset(dead)

    def placement_ids(self) -> Iterator[tuple[UUID, int]]:
        """As the port says."""
        with self._pool.newest() as snapshot:
            found = [
                (uuid_of(placement), version)
                for facts, live in zip(snapshot.facts, snapshot.live, strict=True)
                for placement, version in zip(facts.placement[live].tolist(), facts.version[live].tolist(), strict=True)
            ]
        return iter(found)

    @property
    def generation(self) -> str:
        """As the port says."""
        return self._pool.generation()

    def needs_rebuild(self) -> bool:
        """As the port says."""
        return not self._house.usable()

    def probe(self) -> None:
        """As the port says."""
        with self._pool.newest():
            pass

    def close(self) -> None:
        """As the port says."""
        self._pool.close()

    def _writable(self) -> Path:
        directory = self._house.current()
        if directory is None or not self._house.fits(directory):
            raise SetupWrong(
                N_("Het zoekregister moet eerst opnieuw worden opgebouwd."),
                N_("Voer `dms reindex` uit."),
                code="index_needs_rebuild",
            )
        return directory

    def _commit(
        self, directory: Path, documents: Iterable[dict[str, object]], gone: frozenset[UUID], policy: Policy
    ) -> None:
        writer = _writer(self._house.open(directory))
        try:
            self._held = _delete(writer, directory, self._pool.shelf, gone) or self._held
            for document in documents:
                writer.add_document(**document)
        except BaseException:
            writer.cancel()
            raise
        writer.commit(mergetype=policy)


def suggestions(views: Sequence[View], start: str) -> dict[str, int]:
    """The words that begin with `start` with the number of visible entries; what nobody may see is not there."""
    counts: dict[str, int] = {}
    for view in views:
        for spec in surfaces(None):
            allowed = view.allowed(spec)
            for word in terms_from(view.reader, spec.name, start.encode()):
                found = postings(view.reader, spec.name, word)
                many = 0 if found is None else int(np.count_nonzero(allowed[found.places]))
                if many:
                    counts[word.decode()] = counts.get(word.decode(), 0) + many
    return counts


def _views(snapshot: Snapshot, mask: IndexMask, seen: IndexMask, pending: frozenset[UUID]) -> list[View]:
    views = []
    for reader, facts, live in zip(snapshot.readers, snapshot.facts, snapshot.live, strict=True):
        readable = without(live & admitted(mask, facts), pending, facts)
        visible = readable | without(live & admitted(seen, facts), pending, facts)
        if visible.any():
            views.append(View(reader, facts, visible, readable))
    return views


def _writer(index: Any) -> Any:  # noqa: ANN401 - whoosh has no types
    try:
        return index.writer(compound=False, codec=WholeListCodec(), limitmb=_POOL_MB)
    except LockError:
        raise Conflict(
            N_("Het zoekregister wordt al bijgewerkt."),
            N_("Wacht tot dat klaar is en probeer het dan opnieuw."),
            code="index_busy",
        ) from None


def _delete(  # the facts of the segments looked at
    writer: Any,  # noqa: ANN401 - whoosh has no types
    directory: Path,
    shelf: FactsShelf,
    gone: frozenset[UUID],
) -> list[Facts]:
    if not gone:
        return []
    wanted = cells(gone)
    held = []
    for segment in writer.segments:
        facts = shelf.facts(directory, segment)
        held.append(facts)
        for place in facts.places(wanted).tolist():
            if not segment.is_deleted(place):
                segment.delete_document(place)
    return held
