"""The papers that recognition may learn from: what a person confirmed at a school, as numbers, with what it is.

One in five is never learned from, by its id, so that every version is measured on papers that it has not seen. A paper
that was filed wrongly and put right counts double. Text is opened for the time of turning it into numbers.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID
from zlib import crc32

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dms.db.engine import Database
from dms.db.tables import DocumentRow, ItemRow, LearnedExampleRow, PlacementRow, RenditionRow
from dms.model.documents import PlacementState, Rendition
from dms.services.renditions import texts_of
from ingest.rules.learned.features import Features, features
from ingest.rules.learned.train import Example
from ingest.rules.text import PageText
from ingest.service.confirming import self_filed
from storage.vault import Vault

MOST_PAPERS = 3000
"""The newest so many confirmed papers of a school; older habits may have changed."""
HELD_SHARE = 5
CORRECTED_WEIGHT = 2.0
TOGETHER = 40


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A paper that a person confirmed: what it is, whose, and whether it had filed itself as something else."""

    document_id: UUID
    category: str
    pupil_id: UUID
    corrected: bool
    version: int

    @property
    def held(self) -> bool:
        """Whether no version ever learns from it."""
        return crc32(self.document_id.bytes) % HELD_SHARE == 0


@dataclass(frozen=True, slots=True)
class Paper:
    """A confirmed paper with its text, for as long as it is needed."""

    confirmed: Confirmed
    pages: tuple[PageText, ...]
    text: Features

    @property
    def example(self) -> Example:
        """What training gets of it."""
        return Example(self.text, self.confirmed.category, CORRECTED_WEIGHT if self.confirmed.corrected else 1.0)


def confirmed_papers(session: Session, school_id: UUID) -> list[Confirmed]:
    """What the school confirmed and still has, newest first; a document in several dossiers counts once."""
    rows = session.execute(
        select(
            DocumentRow.id,
            PlacementRow.category,
            PlacementRow.pupil_id,
            (self_filed() & (ItemRow.category != PlacementRow.category)).label("corrected"),
            DocumentRow.current_version,
        )
        .join(PlacementRow, PlacementRow.document_id == DocumentRow.id)
        .outerjoin(ItemRow, ItemRow.id == DocumentRow.item_id)
        .where(
            DocumentRow.school_id == school_id,
            DocumentRow.confirmed_at.is_not(None),
            PlacementRow.state == PlacementState.ACTIVE,
        )
        .order_by(DocumentRow.confirmed_at.desc(), DocumentRow.id, PlacementRow.created_at)
        .limit(MOST_PAPERS)
    )
    found: dict[UUID, Confirmed] = {}
    for document_id, category, pupil_id, corrected, version in rows:
        found.setdefault(document_id, Confirmed(document_id, category, pupil_id, bool(corrected), version))
    return list(found.values())


def papers(database: Database, vault: Vault, wanted: Sequence[Confirmed], alive: Callable[[], None]) -> Iterable[Paper]:
    """These papers with their text; one whose text is gone, damaged or empty is left out."""
    for start in range(0, len(wanted), TOGETHER):
        alive()
        part = {x.document_id: x for x in wanted[start : start + TOGETHER]}
        with database.read() as session:
            rows = session.scalars(
                select(RenditionRow).where(
                    RenditionRow.document_id.in_(part), RenditionRow.kind == Rendition.TEXT, RenditionRow.page == 0
                )
            ).all()
        current = [x for x in rows if x.version == part[x.document_id].version]
        for document_id, text in texts_of(vault, current).items():
            pages = tuple(PageText(n, one) for n, one in enumerate(text.split("\f"), 1))
            numbers = features(pages)
            if len(numbers.places):
                yield Paper(part[document_id], pages, numbers)


def gone(session: Session, version_id: UUID) -> int:
    """How many documents that a version learned from lie in no dossier any more."""
    here = (
        select(PlacementRow.document_id)
        .where(PlacementRow.state.in_((PlacementState.ACTIVE, PlacementState.BIN, PlacementState.DISPOSING)))
        .where(PlacementRow.document_id == LearnedExampleRow.document_id)
        .exists()
    )
    return (
        session.scalar(
            select(func.count())
            .select_from(LearnedExampleRow)
            .where(LearnedExampleRow.version_id == version_id, LearnedExampleRow.held.is_(False), ~here)
        )
        or 0
    )
