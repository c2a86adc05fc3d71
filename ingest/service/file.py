"""Files an item: document, version, placement, audit and outbox in ONE transaction, exactly once.

The document's id was drawn at receipt, so a second attempt meets its own row and does nothing.
"""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import select

from dms.db.tables import DocumentRow, DocumentVersionRow, DossierRow, ItemRow, PlacementRow
from dms.db.unit_of_work import INDEX, UnitOfWork
from dms.kernel.crashpoints import CrashPoint, reached
from dms.kernel.errors import Conflict, NotFound
from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.documents import ItemState, PlacementState
from dms.model.events import Event, EventKind
from ingest.service.state import VERSION, Filing, ItemFacts
from retention.terms.follow import follow_documents


def file_document(
    uow: UnitOfWork, item: ItemFacts, filing: Filing, still_ours: Callable[[UnitOfWork, ItemRow], bool]
) -> UUID:
    """File the item as a document in the pupil's dossier, within the caller's transaction; returns its id.

    `still_ours` looks at the locked row: a worker checks its lease, a desk the row version. Raises Conflict when it
    says no, NotFound when the pupil has no dossier at this school.
    """
    row = uow.session.scalars(
        select(ItemRow).where(ItemRow.id == item.item_id).with_for_update().execution_options(populate_existing=True)
    ).one()
    if row.state is ItemState.FILED and uow.session.get(DocumentRow, item.document_id) is not None:
        return item.document_id
    if not still_ours(uow, row):
        raise Conflict(
            N_("Dit stuk is intussen door iemand anders behandeld."),
            N_("Ga verder met het volgende."),
            code="taken_meanwhile",
        )
    file_row(uow, item, row, filing)
    return item.document_id


def file_row(uow: UnitOfWork, item: ItemFacts, row: ItemRow, filing: Filing) -> None:
    """File the item of the locked `row`, which the caller may. Raises NotFound like `file_document`."""
    dossier = uow.session.scalar(
        select(DossierRow).where(DossierRow.pupil_id == filing.pupil_id, DossierRow.school_id == item.school_id)
    )
    if dossier is None:
        raise NotFound
    _insert(uow, item, row, dossier, filing)


def _insert(uow: UnitOfWork, item: ItemFacts, row: ItemRow, dossier: DossierRow, filing: Filing) -> None:
    confirmed_at = uow.now if filing.confirmed_by is not None else None
    uow.session.add(
        DocumentRow(
            id=item.document_id,
            board_id=item.board_id,
            school_id=item.school_id,
            item_id=item.item_id,
            title=filing.title[:300],
            document_date=filing.document_date,
            fields=filing.fields,
            source=item.source,
            current_version=VERSION,
            confidence=filing.confidence,
            filed_by=filing.by.user_id,
            confirmed_by=filing.confirmed_by,
            confirmed_at=confirmed_at,
            created_at=uow.now,
            changed_at=uow.now,
        )
    )
    uow.flush()
    reached(CrashPoint.FILING_DOCUMENT)
    uow.session.add(
        DocumentVersionRow(
            document_id=item.document_id,
            number=VERSION,
            file_name=row.name,
            media_type=row.media_type,
            size=row.size,
            digest=row.digest,
            pages=row.pages or 0,
            text_source=row.text_source,
            text_confidence=row.text_confidence,
            created_at=uow.now,
        )
    )
    placement = PlacementRow(
        document_id=item.document_id,
        dossier_id=dossier.id,
        board_id=dossier.board_id,
        school_id=dossier.school_id,
        pupil_id=dossier.pupil_id,
        category=filing.category.code,
        category_version_id=filing.category.version_id,
        level=int(filing.category.level),
        state=PlacementState.ACTIVE,
        confirmed=confirmed_at is not None,
        created_at=uow.now,
        changed_at=uow.now,
    )
    uow.session.add(placement)
    uow.flush()
    follow_documents(uow, [item.document_id])
    reached(CrashPoint.FILING_PLACEMENT)
    settle(row, uow, ItemState.FILED, filing.reason)
    row.desk = None
    row.pupil_id, row.category, row.document_date = dossier.pupil_id, filing.category.code, filing.document_date
    row.level, row.title, row.confidence = int(filing.category.level), filing.title[:300], filing.confidence
    uow.flush()
    reached(CrashPoint.FILING_ITEM)
    uow.after_commit(INDEX, item.document_id)
    uow.flush()
    reached(CrashPoint.FILING_OUTBOX)
    uow.record(
        Event(
            EventKind.DOCUMENT_FILED,
            filing.by,
            dossier.board_id,
            dossier.school_id,
            dossier.pupil_id,
            object_kind="document",
            object_id=item.document_id,
            details={
                "item": str(item.item_id),
                "placement": str(placement.id),
                "category": filing.category.code,
                "source": item.source.value,
                "reason": filing.reason.code,
                "confirmed": confirmed_at is not None,
            },
        )
    )
    uow.flush()
    reached(CrashPoint.FILING_AUDITED)


def settle(row: ItemRow, uow: UnitOfWork, state: ItemState, reason: Reason, advice: str = "") -> None:
    """Give an item its outcome and free its lease."""
    row.state = state
    row.reason_code, row.reason_text, row.reason_params = reason.code, reason.text, dict(reason.params)
    row.advice_text = advice
    row.lease_owner = row.lease_until = None
    row.row_version += 1
    row.changed_at = uow.now
