"""The one port of search. Engines implement the hooks; the rules that must never differ stand here.

What an engine may not decide: that an empty mask finds nothing, how pages are bounded, which facets exist.
Risk left: a hit says what the index knew; the caller checks every hit against the database before it shows it.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import final
from uuid import UUID

from dms.model.catalogue import Level
from indexing.nodes import Node
from indexing.visibility import NOTHING, IndexMask

MAX_PAGE_SIZE = 200
MAX_SUGGESTIONS = 20


class Sort(StrEnum):
    """The order of hits. Ties fall by date, then by document id. PUPIL goes by the ranks in the request."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"
    PUPIL = "pupil"


class Facet(StrEnum):
    """What can be counted. Keys: category code, school id, source, level (`L1`), year, pupil id, school year.

    GROUP counts by the request's own `groups`. No date, no group: `""`.
    """

    CATEGORY = "category"
    SCHOOL = "school"
    SOURCE = "source"
    LEVEL = "level"
    YEAR = "year"
    PUPIL = "pupil"
    SCHOOL_YEAR = "school_year"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """One placement as the index gets it. Nothing of it is stored as text; see `indexing.entry` for BSNs.

    `text` is the whole text of the current version. `category_name` and `metadata` (values of the typed fields) are
    searchable words. `index_version` is the database's counter for this placement; `placement_ids` gives it back.
    """

    placement_id: UUID
    document_id: UUID
    board_id: UUID
    school_id: UUID
    pupil_id: UUID
    dossier_id: UUID
    category: str
    level: Level
    index_version: int
    text: str
    title: str = ""
    pupil_name: str = ""
    pupil_number: str = ""
    category_name: str = ""
    metadata: tuple[str, ...] = ()
    document_date: date | None = None
    source: str = ""
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A question within rights.

    `mask` holds what the person may READ: all fields are searched there. `seen` holds what the person may only SEE
    that it exists: there the content counts as unknown, only title, pupil, category and metadata are searched.
    `pending` are documents with an index event not yet handled: they are left out inside the query. `groups` (pupil →
    name) and `ranks` (pupil → place in the alphabet, from 0), pupils by the 16 bytes of their ids, are what the index
    does not know and the facet GROUP and the order PUPIL need; pupils left out have no group, and come last. Pages
    count from 1, `size` lies in 1..200.
    Raises ValueError for a page or size outside its bounds.
    """

    query: Node
    mask: IndexMask
    page: int = 1
    size: int = 20
    sort: Sort = Sort.RELEVANCE
    facets: tuple[str, ...] = ()
    pending: frozenset[UUID] = frozenset()
    seen: IndexMask = NOTHING
    groups: Mapping[bytes, str] = field(default_factory=dict)
    ranks: Mapping[bytes, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.page < 1 or not 1 <= self.size <= MAX_PAGE_SIZE:
            raise ValueError("page from 1, size in 1..200")
        for name in self.facets:
            Facet(name)


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that was found, through the visible placements that match, best first. Higher scores are better."""

    document_id: UUID
    placement_ids: tuple[UUID, ...]
    score: float


@dataclass(frozen=True, slots=True)
class SearchResult:
    """`total` and `facets` are exact numbers of distinct documents; `hits` is the page that was asked for."""

    total: int = 0
    hits: tuple[Hit, ...] = ()
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=lambda: MappingProxyType({}))
    generation: str = ""


class SearchIndex(ABC):
    """A full-text index of placements. One process writes, any number read."""

    def __init_subclass__(cls, **more: object) -> None:
        super().__init_subclass__(**more)
        for name in ("search", "suggest"):
            if name in cls.__dict__:
                raise TypeError(f"{cls.__name__}.{name}: engines implement _{name}; the port guards the empty mask")

    @final
    def search(self, request: SearchRequest) -> SearchResult:
        """The documents within the mask that match. An empty mask finds nothing, before any engine runs.

        Raises OutsideDown where the index cannot be read now or must be built first, SetupWrong where others may
        write in its directory.
        """
        if request.mask.empty and request.seen.empty:
            return SearchResult(facets={name: {} for name in request.facets})
        return self._search(request)

    @final
    def suggest(
        self,
        start: str,
        mask: IndexMask,
        *,
        seen: IndexMask = NOTHING,
        pending: frozenset[UUID] = frozenset(),
        limit: int = 8,
    ) -> tuple[str, ...]:
        """Words that begin with `start` and stand in visible placements, most frequent first. Empty mask: none."""
        if (mask.empty and seen.empty) or limit < 1:
            return ()
        return self._suggest(start, mask, seen, pending, min(limit, MAX_SUGGESTIONS))

    @abstractmethod
    def _search(self, request: SearchRequest) -> SearchResult:
        """Answer a request; at least one of its masks has a clause that can admit something."""

    @abstractmethod
    def _suggest(
        self, start: str, mask: IndexMask, seen: IndexMask, pending: frozenset[UUID], limit: int
    ) -> tuple[str, ...]:
        """Answer a type-ahead; at least one of the masks has a clause that can admit something."""

    @abstractmethod
    def apply(self, upserts: Sequence[IndexEntry], deletions: Sequence[UUID]) -> None:
        """Put entries in the place of those with the same placement id and drop `deletions` (placement ids).

        One commit, on disk when it returns; doing it twice is doing it once. An id in both is deleted. Raises
        Conflict when another writer is at work, SetupWrong when the index must be rebuilt first.
        """

    @abstractmethod
    def rebuild(self, entries: Iterator[IndexEntry]) -> None:
        """Build a new index beside the old one and put it in its place in one step. Readers notice nothing.

        Raises Conflict when another writer is at work. An error in `entries` leaves the old index as it was.
        """

    @abstractmethod
    def compact(self) -> None:
        """Rewrite what holds deleted entries: afterwards no file of the index has a word of them (destruction).

        Raises Conflict when another writer is at work.
        """

    @abstractmethod
    def traces(self, words: Collection[str]) -> frozenset[str]:
        """Those of `words` (as the analyser writes them) that some file of the index has and no live entry does."""

    @abstractmethod
    def placement_ids(self) -> Iterator[tuple[UUID, int]]:
        """Every placement in the index with the `index_version` it was written at; in no order."""

    @property
    @abstractmethod
    def generation(self) -> str:
        """Changes with every commit and every rebuild; empty where there is no index yet."""

    @abstractmethod
    def needs_rebuild(self) -> bool:
        """Whether there is no index yet, or one that another version of the analyser or the schema wrote."""

    @abstractmethod
    def probe(self) -> None:
        """Return when searches can be answered. Raises OutsideDown or SetupWrong, as `search` would."""

    @abstractmethod
    def close(self) -> None:
        """Give back open files and connections; the index may be used again afterwards."""
