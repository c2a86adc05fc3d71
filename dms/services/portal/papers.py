"""Which documents of a pupil stand in the portal: opened, confirmed by a person, and about nobody else's child.

Within somebody's transaction; the condition comes from the gate, or from a scope that is tried on.
"""

from collections.abc import Callable, Iterable
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from dms.db.tables import DocumentRow, DocumentVersionRow, PlacementRow
from dms.model.catalogue import Category
from dms.model.documents import PlacementState
from dms.services.portal.shapes import Paper, Part
from rights.rules.family import Module

Admitted = Callable[[], ColumnElement[bool]]
"""The condition on placements that says what may be read."""


def admitted_placements(session: Session, admitted: Admitted, which: ColumnElement[bool]) -> list[PlacementRow]:
    """The placements within `which` that may be read.

    What also lies in the dossier of a pupil whom the person may not read (a group plan, a letter of a sibling's class)
    is left out: it leaves a dossier only redacted.
    """
    rows = list(
        session.scalars(
            select(PlacementRow).where(which, admitted()).order_by(PlacementRow.created_at, PlacementRow.id)
        )
    )
    documents = {x.document_id for x in rows}
    if not documents:
        return []
    every = session.execute(
        select(PlacementRow.id, PlacementRow.document_id).where(
            PlacementRow.document_id.in_(documents), PlacementRow.state == PlacementState.ACTIVE
        )
    )
    lies: dict[UUID, UUID] = dict(every.tuples().all())
    readable = set(session.scalars(select(PlacementRow.id).where(PlacementRow.id.in_(lies), admitted())))
    of_others = {document for placement, document in lies.items() if placement not in readable}
    return [x for x in rows if x.document_id not in of_others]


def parts(
    session: Session, pupil_id: UUID, admitted: Admitted, modules: Iterable[Module], known: dict[str, Category]
) -> tuple[Part, ...]:
    """The documents of a pupil by module, newest first. A module without documents is there too, empty."""
    rows = admitted_placements(session, admitted, PlacementRow.pupil_id == pupil_id)
    facts = {
        document.id: (document, pages)
        for document, pages in session.execute(
            select(DocumentRow, DocumentVersionRow.pages)
            .join(
                DocumentVersionRow,
                (DocumentVersionRow.document_id == DocumentRow.id)
                & (DocumentVersionRow.number == DocumentRow.current_version),
            )
            .where(DocumentRow.id.in_([x.document_id for x in rows]))
        )
    }
    found = []
    for module in modules:
        papers = [
            Paper(
                x.document_id,
                facts[x.document_id][0].title,
                facts[x.document_id][0].document_date,
                known[x.category].name if x.category in known else x.category,
                facts[x.document_id][1] or 0,
            )
            for x in rows
            if x.document_id in facts and any(y.matches(x.category) for y in module.categories)
        ]
        papers.sort(key=lambda x: (x.document_date is not None, x.document_date, x.title), reverse=True)
        found.append(Part(module.code, module.name, tuple(papers)))
    return tuple(found)
