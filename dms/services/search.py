"""Searching: the question within the rights of whoever asks, and every hit checked against the database.

The index says which documents match; the mask keeps its counts within the person's scope; documents that the index
has not caught up with are left out inside the query, so that no count betrays a hit that the check would remove.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import String, and_, cast, func, select
from sqlalchemy.orm import Session

from dms.db.outbox import pending_documents
from dms.db.tables import DocumentRow, GroupPlacementRow, GroupRow, PlacementRow, PupilRow, RenditionRow
from dms.db.visibility import blocking_shields, placed_on
from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from dms.model.catalogue import Category
from dms.model.documents import Rendition, Source
from dms.model.events import By, Event, EventKind
from dms.services.catalogue import categories
from dms.services.renditions import texts_of
from dms.services.shapes import FacetValue, SearchHit, SearchPage
from dms.services.tools import Tools, full_name, school_by_brin
from indexing.nodes import Everything, Node
from indexing.port import Facet, Hit, SearchIndex, SearchRequest, Sort
from indexing.query import parse
from indexing.snippets import snippet
from indexing.visibility import IndexMask, ShieldRow, mask
from rights.rules.actions import Action
from rights.rules.scope import Scope
from rights.service.gate import Gate

SNIPPET_WIDTH = 240
MOST_PER_PAGE = 100
FACETS = (Facet.CATEGORY, Facet.YEAR, Facet.SOURCE)
IN_A_SCHOOL = (Facet.CATEGORY, Facet.GROUP, Facet.SCHOOL_YEAR, Facet.SOURCE)
"""What is counted within one school: groups have names there, and years begin in August."""


class Search:
    """Full-text search over what the person may see."""

    def __init__(self, tools: Tools, index: SearchIndex) -> None:
        self._tools = tools
        self._index = index

    def search(
        self,
        by: By,
        query: str,
        *,
        brin: str | None = None,
        group: str | None = None,
        page: int = 1,
        size: int = 20,
        sort: str = "relevance",
        facets: tuple[Facet, ...] = FACETS,
        browse: bool = False,
    ) -> SearchPage:
        """One page of documents that match `query`, with exact counts of `facets`. `brin` keeps it to one school,
        `group` to pupils who are placed there today in the group of that name. A facet or order that goes by groups
        or pupils' names asks for a school. With `browse` an empty query is all that the person may see there.

        Raises BadInput for a page, size or order that does not exist, OutsideDown when the index does not answer.
        """
        if page < 1 or not 1 <= size <= MOST_PER_PAGE or sort not in {x.value for x in Sort}:
            raise BadInput(N_("Deze bladzijde of volgorde bestaat niet."), N_("Begin de zoekvraag opnieuw."))
        tree: Node = Everything() if browse and not query.strip() else parse(query)
        pending = pending_documents(self._tools.database)
        today = self._tools.clock.today()
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, today)
            school_id = school_by_brin(session, brin).id if brin else None
            groups = _groups(session, school_id, today) if school_id and (group or Facet.GROUP in facets) else {}
            members = frozenset(UUID(bytes=k) for k, v in groups.items() if v == group) if group else None
            read = _mask(gate, Action.READ, school_id, members)
            seen = _mask(gate, Action.SEE, school_id, members)
            ranks = _ranks(session, school_id) if school_id and sort == Sort.PUPIL else {}
        result = self._index.search(
            SearchRequest(
                query=tree,
                mask=read,
                seen=seen,
                page=page,
                size=size,
                sort=Sort(sort),
                facets=tuple(x.value for x in facets),
                pending=pending,
                groups=groups,
                ranks=ranks,
            )
        )
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, today)
            board = next((x.board_id for x in gate.actor.roles), None)
            known = {x: categories(session, x) for x in {y.board_id for y in gate.actor.roles}}
            hits = self._hits(gate, result.hits, tree, known)
            counted = _facets(known, result.facets)
        # Texts have been read by now: whoever writes waits for a row in the log, and for nothing else.
        with self._tools.database.begin() as uow:
            uow.record(
                Event(EventKind.SEARCHED, by, board, details={"total": result.total, "shown": len(hits), "page": page})
            )
        return SearchPage(result.total, page, size, tuple(hits), counted)

    def _hits(
        self, gate: Gate, found: Sequence[Hit], tree: Node, known: Mapping[UUID, Mapping[str, Category]]
    ) -> list[SearchHit]:
        """What the database says of the hits now, without those that the person may not see (any more). `known` are
        the categories of the person's boards.
        """
        session = gate.session
        placements = [y for x in found for y in x.placement_ids]
        documents = [x.document_id for x in found]
        seen: dict[UUID, tuple[PlacementRow, DocumentRow, PupilRow]] = {}
        for placement, document, pupil in session.execute(
            select(PlacementRow, DocumentRow, PupilRow)
            .join(DocumentRow, DocumentRow.id == PlacementRow.document_id)
            .join(PupilRow, PupilRow.id == PlacementRow.pupil_id)
            .where(PlacementRow.id.in_(placements), gate.visible(Action.SEE))
            .order_by(PlacementRow.created_at, PlacementRow.id)
        ):
            seen.setdefault(document.id, (placement, document, pupil))
        readable = frozenset(
            session.scalars(
                select(PlacementRow.document_id).where(
                    PlacementRow.document_id.in_(documents), gate.visible(Action.READ)
                )
            )
        )
        boards = {document.board_id for _, document, _ in seen.values()}
        named = {x: known[x] if x in known else categories(session, x) for x in boards}
        texts = texts_of(self._tools.vault, _text_rows(session, readable))
        hits = []
        for document_id in documents:
            if document_id not in seen:
                continue
            placement, document, pupil = seen[document_id]
            names = named[document.board_id]
            hits.append(
                SearchHit(
                    document_id=document.id,
                    title=document.title,
                    pupil_id=pupil.id,
                    pupil_name=full_name(pupil),
                    pupil_number=pupil.number,
                    category_code=placement.category,
                    category_name=names[placement.category].name if placement.category in names else placement.category,
                    document_date=document.document_date,
                    snippet=snippet(texts[document.id], tree, SNIPPET_WIDTH) if document.id in texts else (),
                )
            )
        return hits


def _text_rows(session: Session, documents: frozenset[UUID]) -> Sequence[RenditionRow]:
    """Where the text of the current version of each document lies."""
    return session.scalars(
        select(RenditionRow)
        .join(
            DocumentRow,
            and_(DocumentRow.id == RenditionRow.document_id, DocumentRow.current_version == RenditionRow.version),
        )
        .where(RenditionRow.document_id.in_(documents), RenditionRow.kind == Rendition.TEXT, RenditionRow.page == 0)
    ).all()


def _groups(session: Session, school_id: UUID, today: date) -> dict[bytes, str]:
    """The group of every pupil who is placed in one at the school today (the first by name where there are more).

    Pupils by the bytes of their ids, a whole group in one row: ten thousand ids as objects would take longer than all
    of the search.
    """
    found: dict[bytes, str] = {}
    for name, pupils in session.execute(
        select(GroupRow.name, func.aggregate_strings(cast(GroupPlacementRow.pupil_id, String), ""))
        .join(GroupRow, GroupRow.id == GroupPlacementRow.group_id)
        .where(GroupRow.school_id == school_id, placed_on(today))
        .group_by(GroupRow.id, GroupRow.name)
        .order_by(GroupRow.name)
    ):
        for pupil in _ids(pupils):
            found.setdefault(pupil, name)
    return found


def _ranks(session: Session, school_id: UUID) -> dict[bytes, int]:
    """The place of every pupil of the school in the alphabet, by the bytes of their ids."""
    rows = session.connection().execute(
        select(cast(PupilRow.id, String))
        .where(PupilRow.school_id == school_id)
        .order_by(PupilRow.sort_name, PupilRow.given_name, PupilRow.number_key)
    )
    return {pupil: nth for nth, pupil in enumerate(_ids("".join([x for (x,) in rows.all()])))}


def _ids(text: str) -> list[bytes]:
    """The bytes of ids that stand behind one another as text, with dashes or without."""
    whole = bytes.fromhex(text.replace("-", ""))
    return [whole[at : at + 16] for at in range(0, len(whole), 16)]


def _mask(gate: Gate, action: Action, school_id: UUID | None, members: frozenset[UUID] | None = None) -> IndexMask:
    scope = gate.scope(action)
    if school_id is not None:
        narrowed = tuple(replace(x, school_id=school_id) for x in scope.clauses if x.school_id in (None, school_id))
        scope = Scope(scope.user_id, scope.action, narrowed)
    boards = frozenset(x.board_id for x in scope.clauses)
    shields = blocking_shields(gate.session, scope.user_id, boards, gate.today) if boards else []
    made = mask(
        scope,
        pupils_by_group(gate.session, scope, gate.today),
        [ShieldRow(dossier_id=x.dossier_id, document_id=x.document_id, category=x.category) for x in shields],
    )
    if members is None:
        return made
    own = (x.pupil_ids for x in made.clauses)
    narrowed_to = (members if x is None else x & members for x in own)
    clauses = (replace(x, pupil_ids=y) for x, y in zip(made.clauses, narrowed_to, strict=True))
    return replace(made, clauses=tuple(x for x in clauses if not x.hopeless))


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
    known: Mapping[UUID, Mapping[str, Category]], counted: Mapping[str, Mapping[str, int]]
) -> dict[str, tuple[FacetValue, ...]]:
    names = {code: x.name for of_board in known.values() for code, x in of_board.items()}
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
    Source.SIGNING: N_("Ondertekening"),
    Source.TRANSFER: N_("Van een andere school"),
    Source.OUTSIDER: N_("Teruggestuurd"),
}
