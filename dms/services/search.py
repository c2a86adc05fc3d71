"""Searching: the question within the rights of whoever asks, and every hit checked against the database.

The index says which documents match; the mask keeps its counts within the person's scope; documents that the index
has not caught up with are left out inside the query, so that no count betrays a hit that the check would remove.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.outbox import pending_documents
from dms.db.tables import DocumentRow, GroupPlacementRow, PlacementRow, PupilRow
from dms.db.visibility import blocking_shields, placed_on
from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from dms.model.documents import Rendition, Source
from dms.model.events import By, Event, EventKind
from dms.services.catalogue import categories
from dms.services.renditions import rendition_row, text_of
from dms.services.shapes import FacetValue, SearchHit, SearchPage
from dms.services.tools import Tools, full_name, school_by_brin
from indexing.nodes import Node
from indexing.port import Facet, Hit, SearchIndex, SearchRequest, Sort
from indexing.query import parse
from indexing.snippets import snippet
from indexing.visibility import IndexMask, ShieldRow, mask
from rights.rules.actions import Action
from rights.rules.scope import Scope
from rights.service.gate import Gate
from storage.errors import KeyMissing, ObjectMissing

SNIPPET_WIDTH = 240
MOST_PER_PAGE = 100
FACETS = (Facet.CATEGORY, Facet.YEAR, Facet.SOURCE)


class Search:
    """Full-text search over what the person may see."""

    def __init__(self, tools: Tools, index: SearchIndex) -> None:
        self._tools = tools
        self._index = index

    def search(
        self, by: By, query: str, *, brin: str | None = None, page: int = 1, size: int = 20, sort: str = "relevance"
    ) -> SearchPage:
        """One page of documents that match `query`, with exact counts. `brin` keeps it to one school.

        Raises BadInput for a page, size or order that does not exist, OutsideDown when the index does not answer.
        """
        if page < 1 or not 1 <= size <= MOST_PER_PAGE or sort not in {x.value for x in Sort}:
            raise BadInput(N_("Deze bladzijde of volgorde bestaat niet."), N_("Begin de zoekvraag opnieuw."))
        tree = parse(query)
        pending = pending_documents(self._tools.database)
        today = self._tools.clock.today()
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, today)
            school_id = school_by_brin(session, brin).id if brin else None
            read = _mask(gate, Action.READ, school_id)
            seen = _mask(gate, Action.SEE, school_id)
        result = self._index.search(
            SearchRequest(
                query=tree,
                mask=read,
                seen=seen,
                page=page,
                size=size,
                sort=Sort(sort),
                facets=tuple(x.value for x in FACETS),
                pending=pending,
            )
        )
        with self._tools.database.begin() as uow:
            gate = Gate(uow.session, by.user_id, today)
            hits = [x for x in (self._hit(gate, one, tree) for one in result.hits) if x is not None]
            board = next((x.board_id for x in gate.actor.roles), None)
            uow.record(
                Event(EventKind.SEARCHED, by, board, details={"total": result.total, "shown": len(hits), "page": page})
            )
            facets = _facets(uow.session, gate, result.facets)
        return SearchPage(result.total, page, size, tuple(hits), facets)

    def _hit(self, gate: Gate, hit: Hit, tree: Node) -> SearchHit | None:
        """What the database says of a hit now; None when the person may not see it (any more)."""
        session = gate.session
        row = session.execute(
            select(PlacementRow, DocumentRow, PupilRow)
            .join(DocumentRow, DocumentRow.id == PlacementRow.document_id)
            .join(PupilRow, PupilRow.id == PlacementRow.pupil_id)
            .where(PlacementRow.id.in_(hit.placement_ids), gate.visible(Action.SEE))
            .order_by(PlacementRow.created_at, PlacementRow.id)
            .limit(1)
        ).first()
        if row is None:
            return None
        placement, document, pupil = row
        readable = bool(gate.placements(document.id, Action.READ))
        known = categories(session, document.board_id)
        return SearchHit(
            document_id=document.id,
            title=document.title,
            pupil_id=pupil.id,
            pupil_name=full_name(pupil),
            pupil_number=pupil.number,
            category_code=placement.category,
            category_name=known[placement.category].name if placement.category in known else placement.category,
            document_date=document.document_date,
            snippet=self._snippet(session, document, tree) if readable else (),
        )

    def _snippet(self, session: Session, document: DocumentRow, tree: Node) -> tuple[tuple[str, bool], ...]:
        row = rendition_row(session, document.id, document.current_version, Rendition.TEXT)
        if row is None:
            return ()
        try:
            return tuple(snippet(text_of(self._tools.vault, row), tree, SNIPPET_WIDTH))
        except (ObjectMissing, KeyMissing):
            return ()


def _mask(gate: Gate, action: Action, school_id: UUID | None) -> IndexMask:
    scope = gate.scope(action)
    if school_id is not None:
        narrowed = tuple(replace(x, school_id=school_id) for x in scope.clauses if x.school_id in (None, school_id))
        scope = Scope(scope.user_id, scope.action, narrowed)
    boards = frozenset(x.board_id for x in scope.clauses)
    shields = blocking_shields(gate.session, scope.user_id, boards, gate.today) if boards else []
    return mask(
        scope,
        pupils_by_group(gate.session, scope, gate.today),
        [ShieldRow(dossier_id=x.dossier_id, document_id=x.document_id, category=x.category) for x in shields],
    )


def pupils_by_group(session: Session, scope: Scope, today: date) -> Mapping[UUID, frozenset[UUID]]:
    """Who is placed today in each group that the scope speaks of."""
    wanted = {g for x in scope.clauses if x.group_ids for g in x.group_ids}
    found: dict[UUID, set[UUID]] = {}
    if wanted:
        for group_id, pupil_id in session.execute(
            select(GroupPlacementRow.group_id, GroupPlacementRow.pupil_id).where(
                GroupPlacementRow.group_id.in_(wanted), placed_on(today)
            )
        ):
            found.setdefault(group_id, set()).add(pupil_id)
    return {k: frozenset(v) for k, v in found.items()}


def _facets(
    session: Session, gate: Gate, counted: Mapping[str, Mapping[str, int]]
) -> dict[str, tuple[FacetValue, ...]]:
    names: dict[str, str] = {}
    for board_id in {x.board_id for x in gate.actor.roles}:
        names.update({code: x.name for code, x in categories(session, board_id).items()})
    labels = {Facet.CATEGORY.value: names, Facet.SOURCE.value: {x.value: SOURCE_LABELS[x] for x in Source}}
    return {
        name: tuple(
            FacetValue(value, labels.get(name, {}).get(value, value), count)
            for value, count in sorted(values.items(), key=lambda x: (-x[1], x[0]))
            if count
        )
        for name, values in counted.items()
    }


SOURCE_LABELS = {
    Source.UPLOAD: N_("Geüpload"),
    Source.API: N_("Koppeling"),
    Source.COMMAND: N_("Opdracht"),
    Source.DEMO: N_("Voorbeeld"),
    Source.SCANNER: N_("Scanner"),
    Source.MAIL: N_("E-mail"),
    Source.ARCHIVE: N_("Archief"),
}
