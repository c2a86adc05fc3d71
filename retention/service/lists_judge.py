"""Decides items of disposal lists anew, from what is so at this moment: never from what was written on them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dms.db.tables import DisposalItemRow, DocumentRow, DocumentVersionRow
from dms.kernel.outcome import Reason
from dms.model.disposal import CLOSED_STEPS, Answer, DisposalStep, ListKind
from dms.model.documents import PlacementState
from retention.rules.disposal_items import ItemFacts, obstacle
from retention.rules.due import Due
from retention.terms.places import AT_ONCE, Judged, Place, batched, judged

KEPT_BY_ANSWER = "answered_keep"


@dataclass(frozen=True, slots=True)
class Standing:
    """What is so of one item now. `against` is why it may not go; None where nothing stands in the way.

    `content_version` and `content_hash` are those of the document's current version.
    """

    place: Place | None
    due: Due | None
    content_version: int
    content_hash: str
    against: Reason | None


def standings(
    session: Session, items: Sequence[DisposalItemRow], kind: ListKind, today: date, *, started: bool = False
) -> dict[UUID, Standing]:
    """The standing of each item of one list, by the item's id. `started`: what the execution has hidden still lies."""
    found = judged(session, [x.placement_id for x in items], today)
    contents = contents_of(session, {x.document_id for x in items})
    later = deferred(session, [x.placement_id for x in items], today)
    return {
        x.id: _standing(
            x, kind, found.get(x.placement_id), contents.get(x.document_id), later.get(x.placement_id), today, started
        )
        for x in items
    }


def _standing(
    item: DisposalItemRow,
    kind: ListKind,
    one: Judged | None,
    content: tuple[int, str] | None,
    later: date | None,
    today: date,
    started: bool,
) -> Standing:
    if one is None or content is None:
        return Standing(None, None, 0, "", obstacle(ItemFacts(kind, None), today))
    place, due = one
    facts = ItemFacts(
        kind,
        due,
        living=place.state in (LYING_STARTED if started else LYING),
        same_category=place.category == item.category,
        same_content=content == (item.content_version, item.content_hash),
        deferred_until=later,
    )
    return Standing(place, due, *content, obstacle(facts, today))


LYING = (PlacementState.ACTIVE,)
LYING_STARTED = (PlacementState.ACTIVE, PlacementState.DISPOSING)


def contents_of(session: Session, documents: Iterable[UUID]) -> dict[UUID, tuple[int, str]]:
    """Per document the number and the keyed digest of its current version."""
    found: dict[UUID, tuple[int, str]] = {}
    for some in batched(sorted(documents), AT_ONCE):
        rows = session.execute(
            select(DocumentRow.id, DocumentVersionRow.number, DocumentVersionRow.digest)
            .join(
                DocumentVersionRow,
                (DocumentVersionRow.document_id == DocumentRow.id)
                & (DocumentVersionRow.number == DocumentRow.current_version),
            )
            .where(DocumentRow.id.in_(some))
        )
        found |= {document_id: (number, digest) for document_id, number, digest in rows}
    return found


def deferred(session: Session, placements: Iterable[UUID], today: date) -> dict[UUID, date]:
    """Placements that an approved review decided to keep, with the day until which that still holds."""
    found: dict[UUID, date] = {}
    for some in batched(placements, AT_ONCE):
        rows = session.execute(
            select(DisposalItemRow.placement_id, func.max(DisposalItemRow.answer_until))
            .where(
                DisposalItemRow.placement_id.in_(some),
                DisposalItemRow.state == DisposalStep.EXCLUDED,
                DisposalItemRow.state_reason == KEPT_BY_ANSWER,
                DisposalItemRow.answer == Answer.KEEP,
                DisposalItemRow.answer_until > today,
            )
            .group_by(DisposalItemRow.placement_id)
        )
        found |= {placement_id: day for placement_id, day in rows if day is not None}
    return found


def claimed(session: Session, placements: Iterable[UUID]) -> set[UUID]:
    """Placements that are on a list that still has them."""
    found: set[UUID] = set()
    for some in batched(placements, AT_ONCE):
        asked = select(DisposalItemRow.placement_id).where(
            DisposalItemRow.placement_id.in_(some), DisposalItemRow.state.not_in(CLOSED_STEPS)
        )
        found |= set(session.scalars(asked))
    return found


def against_new(
    found: Sequence[Judged], taken: set[UUID], later: Mapping[UUID, date], today: date, kind: ListKind
) -> dict[UUID, Reason | None]:
    """Why placements that are on no list yet may not come on one of `kind`; by placement."""
    return {
        place.placement_id: obstacle(
            ItemFacts(
                kind,
                due,
                living=place.state in LYING,
                elsewhere=place.placement_id in taken,
                deferred_until=later.get(place.placement_id),
            ),
            today,
        )
        for place, due in found
    }
